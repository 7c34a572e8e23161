"""Groups, hooks, policies and scheduled actions, in MiniStack's stores.

A group is a record of `autoscaling._asgs` with the members of the API; what only the engine needs (causes, deadlines,
activities under way) is in members that begin with an underscore.
"""

import threading

from ministack.services import autoscaling

from aws.runtime.query import ServiceRefusal

# Guards groups and their instances: API calls come on the event loop, the control plane and CloudFormation on threads.
lock = threading.RLock()


def find_group(name: str) -> dict:
    """The record of a group, or the refusal that Auto Scaling answers with."""
    group = autoscaling._asgs.get(name)
    if group is None:
        raise refused(f"AutoScalingGroup name not found - AutoScalingGroup {name} not found")
    return group


def find_instance(instance_id: str) -> tuple[dict, dict]:
    """The group and the record of an instance that a group manages."""
    for group in autoscaling._asgs.values():
        for instance in group["Instances"]:
            if instance["InstanceId"] == instance_id:
                return group, instance
    raise refused(f"Instance Id not found - No managed instance found for instance ID: {instance_id}")


def hooks_of(group: dict, transition: str | None = None) -> list[dict]:
    """A group's lifecycle hooks, all or those of one transition (`LAUNCHING`, `TERMINATING`)."""
    return [
        each
        for each in autoscaling._hooks.values()
        if each["AutoScalingGroupName"] == group["AutoScalingGroupName"]
        and (transition is None or each["LifecycleTransition"] == f"autoscaling:EC2_INSTANCE_{transition}")
    ]


def refused(message: str) -> ServiceRefusal:
    """Auto Scaling answers nearly every wrong request with the same code."""
    return ServiceRefusal("ValidationError", message)


def runs(group: dict, process: str) -> bool:
    """Whether a process (`Launch`, `Terminate`, ...) of a group is not suspended."""
    return process not in group["_suspended"]
