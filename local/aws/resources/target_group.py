"""AWS::ElasticLoadBalancingV2::TargetGroup: its full name, as CloudWatch's dimension, starts with targetgroup/.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-elasticloadbalancingv2-targetgroup.html
"""

from ministack.services import alb

from aws.resources.handlers import amend


def _attributes(arn: str, _properties: dict) -> dict:
    return {
        "TargetGroupFullName": arn.rsplit(":", 1)[-1],
        "LoadBalancerArns": list(alb._tgs[arn].get("LoadBalancerArns", [])),
    }


def install() -> None:
    """Correct the attributes."""
    amend("AWS::ElasticLoadBalancingV2::TargetGroup", _attributes)
