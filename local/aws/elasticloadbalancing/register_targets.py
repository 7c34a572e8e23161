"""RegisterTargets: an instance is registered when it runs, in the target group's VPC.

https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_RegisterTargets.html
A draining target that is registered again serves again:
https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-register-targets.html
"""

import re

from ministack.services import ec2

from aws.elasticloadbalancing.store import lock, port_of, target_group, targets
from aws.runtime.query import ServiceRefusal

_INSTANCE_ID = re.compile(r"i-(?:[0-9a-f]{8}|[0-9a-f]{17})")


def register_targets(request: dict) -> dict:
    """Register every target of the request, or none."""
    group = target_group(request["TargetGroupArn"])
    for target in request["Targets"]:
        check_target_id(target, group)
        if group["TargetType"] == "instance":
            _check_instance(target["Id"], group)
    for target in request["Targets"]:
        register(group, target)
    return {}


def register(group: dict, target: dict) -> None:
    """Register one target, initial until its first health check; registering a registered one changes nothing."""
    with lock:
        registered = targets(group["TargetGroupArn"])
        for each in registered:
            if each["Id"] == target["Id"] and port_of(each, group) == port_of(target, group):
                if each.get("_drains_until") is None:
                    return
                registered.remove(each)
        registered.append({"Id": target["Id"], "Port": port_of(target, group), "_state": "initial"})


def check_target_id(target: dict, group: dict) -> None:
    """Refuse what cannot be the id of an instance."""
    if group["TargetType"] == "instance" and not _INSTANCE_ID.fullmatch(target["Id"]):
        raise ServiceRefusal("ValidationError", f"Instance ID '{target['Id']}' is not valid")


def _check_instance(instance_id: str, group: dict) -> None:
    instance = ec2._instances.get(instance_id)
    if instance is None or instance["State"]["Name"] != "running":
        raise ServiceRefusal(
            "InvalidTarget",
            f"The following targets are not in a running state and cannot be registered: '{instance_id}'",
        )
    if group.get("VpcId") and instance["VpcId"] != group["VpcId"]:
        raise ServiceRefusal(
            "InvalidTarget",
            f"The following targets are not in the target group VPC '{group['VpcId']}': '{instance_id}'",
        )
