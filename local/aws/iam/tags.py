"""The tags behind aws:ResourceTag, for services whose tags MiniStack does not look up.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-resourcetag
"""

from collections.abc import Iterable

from ministack.services import tagging

# Where tagging's own collectors serve GetResources only, they serve here too.
ALSO_COLLECTED = ("backup", "elasticache", "elasticfilesystem", "events", "scheduler")


def install() -> None:
    for service in ALSO_COLLECTED:
        tagging._RESOURCE_TAG_COLLECTORS.setdefault(service, tagging._COLLECTORS[service])
    known = tagging.resource_tags

    def resource_tags(resource_arn: str) -> dict[str, str] | None:
        parts = resource_arn.split(":", 5)
        read = READERS.get(parts[2]) if len(parts) == 6 else None
        return read(resource_arn, parts[5]) if read else known(resource_arn)

    tagging.resource_tags = resource_tags


def of(resource_arn: str) -> dict[str, str]:
    """The tags of a resource; none for one that does not exist."""
    return tagging.resource_tags(resource_arn) or {}


def _of_group(resource_arn: str, _resource: str) -> dict[str, str]:
    from ministack.services import autoscaling

    groups = (each for each in autoscaling._asgs.values() if each["AutoScalingGroupARN"] == resource_arn)
    return _pairs(next(groups, {}).get("Tags"))


def _of_ec2(_arn: str, resource: str) -> dict[str, str]:
    from ministack.services import ec2

    return _pairs(ec2._tags.get(resource.rpartition("/")[2]))


def _of_load_balancing(resource_arn: str, _resource: str) -> dict[str, str]:
    from ministack.services import alb

    return _pairs(alb._tags.get(resource_arn))


def _of_rds(resource_arn: str, _resource: str) -> dict[str, str]:
    from ministack.services import rds

    return _pairs(rds._tags.get(resource_arn))


def _of_stack(resource_arn: str, _resource: str) -> dict[str, str]:
    from ministack.services import cloudformation

    stacks = (each for each in cloudformation._stacks.values() if each["StackId"] == resource_arn)
    return _pairs(next(stacks, {}).get("Tags"))


def _pairs(tags: Iterable[dict] | None) -> dict[str, str]:
    return {tag["Key"]: tag.get("Value", "") for tag in tags or ()}


READERS = {
    "autoscaling": _of_group,
    "cloudformation": _of_stack,
    "ec2": _of_ec2,
    "elasticloadbalancing": _of_load_balancing,
    "rds": _of_rds,
}
