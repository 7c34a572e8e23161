"""AWS::S3::Bucket: the dual-stack name.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-s3-bucket.html
"""

from ministack.core.responses import get_region

from aws.resources.handlers import amend


def install() -> None:
    """Add the attribute."""
    amend(
        "AWS::S3::Bucket",
        lambda name, _properties: {"DualStackDomainName": f"{name}.s3.dualstack.{get_region()}.amazonaws.com"},
    )
