"""The tags of a stack reach every resource whose type takes tags.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-resource-tags.html
"""

from ministack.services.cloudformation import provisioners

from aws.cloudformation.registry import facts_of, listed_types

# AWS documents that CloudFormation does not pass stack tags on to these.
# https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-launchtemplate.html
UNTAGGED = frozenset({"AWS::EC2::LaunchTemplate", "AWS::CloudWatch::Dashboard"})


def install() -> None:
    """Give MiniStack the tag property of each listed type, from its registry schema."""
    for resource_type in listed_types():
        facts = facts_of(resource_type)
        if facts and facts.tag_property and facts.tag_shape and resource_type not in UNTAGGED:
            provisioners._STACK_TAG_PROPERTY[resource_type] = (facts.tag_property, facts.tag_shape)
