"""DeregisterTargets: a target drains for the deregistration delay of its group, in real time, then it is gone.

https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DeregisterTargets.html
https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-target-group-attributes.html#deregistration-delay
"""

import time

from ministack.services import alb, ec2

from aws.elasticloadbalancing.register_targets import check_target_id
from aws.elasticloadbalancing.store import (
    deregistration_delay_seconds,
    load_balancers_of,
    lock,
    port_of,
    target_group,
    targets,
)


def deregister_targets(request: dict) -> dict:
    """Deregister the targets; one that is not registered needs nothing done."""
    group = target_group(request["TargetGroupArn"])
    for target in request["Targets"]:
        check_target_id(target, group)
    for target in request["Targets"]:
        deregister(group, target["Id"], target.get("Port"))
    return {}


def deregister(group: dict, target_id: str, port: int | None = None) -> None:
    """Begin to drain a target on one port, or on all that it is registered with."""
    arn = group["TargetGroupArn"]
    delay = deregistration_delay_seconds(arn) if load_balancers_of(arn) else 0
    with lock:
        for target in list(targets(arn)):
            if target["Id"] != target_id or (port and port_of(target, group) != port):
                continue
            if target.get("_drains_until") is None:
                target["_drains_until"] = time.monotonic() + delay
        drop_drained(arn)


def is_registered(arn: str, target_id: str) -> bool:
    """Whether a target still serves or drains in a group."""
    drop_drained(arn)
    return any(each["Id"] == target_id for each in targets(arn))


def drop_drained(arn: str) -> None:
    """Forget the targets of a group that have drained, and those whose instance has ended."""
    with lock:
        group = alb._tgs.get(arn)
        if group is not None:
            targets(arn)[:] = [each for each in targets(arn) if not _has_drained(each, group)]


def _has_drained(target: dict, group: dict) -> bool:
    until = target.get("_drains_until")
    if until is None:
        return False
    if group["TargetType"] == "instance":
        instance = ec2._instances.get(target["Id"])
        if instance is None or instance["State"]["Name"] in ("shutting-down", "terminated"):
            return True
    return time.monotonic() >= until
