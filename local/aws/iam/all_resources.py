"""The other resources that a request names, each judged like the first.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/ec2-api-permissions.html,
https://docs.aws.amazon.com/systems-manager/latest/userguide/run-command-setting-up.html
"""

from collections.abc import Iterator

from aws.iam import resources, tags
from aws.iam.parameters import Judged, Parameters

Check = tuple[str, str, dict]


def of(request: Judged) -> Iterator[Check]:
    """Every further (action, resource ARN, condition keys)."""
    service, operation, given = request.service, request.operation, request.given
    if service == "ec2" and not operation.startswith("Describe"):
        for instance in given.texts(r"InstanceId\.\d+")[1:]:
            yield f"ec2:{operation}", resources.arn("ec2", f"instance/{instance}"), {}
    elif service == "ssm" and operation == "SendCommand":
        yield from _command_targets(given)
    elif service == "ssm" and operation in ("GetParameters", "DeleteParameters"):
        for name in (given.value("Names") or [])[1:]:
            yield f"ssm:{operation}", resources.parameter_arn(name), {}
    elif service == "autoscaling":
        for group in given.texts(r"Tags\.member\.\d+\.ResourceId")[1:]:
            yield f"autoscaling:{operation}", resources.group_arn(group), {}


def _command_targets(given: Parameters) -> Iterator[Check]:
    for instance in _command_instances(given):
        arn = resources.arn("ec2", f"instance/{instance}")
        keys = {f"ssm:resourceTag/{key}": value for key, value in tags.of(arn).items()}
        yield "ssm:SendCommand", arn, keys


def _command_instances(given: Parameters) -> Iterator[str]:
    yield from given.value("InstanceIds") or ()
    for target in given.value("Targets") or ():
        key, values = target.get("Key", ""), target.get("Values") or []
        if key == "InstanceIds":
            yield from values
        elif key.startswith("tag:"):
            yield from _tagged(key[4:], values)


def _tagged(key: str, values: list[str]) -> Iterator[str]:
    from ministack.services import ec2

    for instance in ec2._instances:
        if any(tag["Key"] == key and tag.get("Value") in values for tag in ec2._tags.get(instance) or ()):
            yield instance
