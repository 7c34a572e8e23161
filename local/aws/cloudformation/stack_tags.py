"""The tags of a stack reach every resource whose type takes tags.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-resource-tags.html
"""

from collections.abc import Callable

from ministack.services.cloudformation import provisioners, stacks

from aws.cloudformation.registry import facts_of, listed_types

# AWS documents that CloudFormation does not pass stack tags on to these.
# https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-launchtemplate.html
UNTAGGED = frozenset({"AWS::EC2::LaunchTemplate", "AWS::CloudWatch::Dashboard"})

_merge: Callable[..., dict] = provisioners._with_stack_tags


def with_stack_tags(
    resource_type: str, properties: dict, stack_tags: list, stack_name: str, stack_id: str, logical_id: str
) -> dict:
    """A resource's properties with the tags that reach it, CloudFormation's own only where the registry says so."""
    merged = _merge(resource_type, properties, stack_tags, stack_name, stack_id, logical_id)
    facts = facts_of(resource_type)
    if facts is None or facts.system_tags or facts.tag_property not in merged:
        return merged
    tags = merged[facts.tag_property]
    if isinstance(tags, dict):
        kept = {key: value for key, value in tags.items() if not key.startswith("aws:")}
    else:
        kept = [tag for tag in tags if not tag["Key"].startswith("aws:")]
    own = {key: value for key, value in merged.items() if key != facts.tag_property}
    return {**own, facts.tag_property: kept} if kept else own


def install() -> None:
    """Give MiniStack the tag property of each listed type, from its registry schema."""
    for resource_type in listed_types():
        facts = facts_of(resource_type)
        if facts and facts.tag_property and facts.tag_shape and resource_type not in UNTAGGED:
            provisioners._STACK_TAG_PROPERTY[resource_type] = (facts.tag_property, facts.tag_shape)
    for module in (provisioners, stacks):
        module._with_stack_tags = with_stack_tags
