"""Desired and actual capacity: what a group launches and ends, decided from what it has.

https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-scale-desired-capacity.html (desired capacity)
https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-instance-maintenance-policy.html (replacements)
With an instance maintenance policy a replacement keeps the healthy capacity at its minimum percentage and the launched
capacity at most at its maximum: with 100 and more, the new instance serves before the old one goes. Without one the old
one goes at once.
"""

import math
from dataclasses import dataclass, field

from aws.autoscaling.termination_policy import victims


@dataclass
class Decision:
    """How many instances to launch, which to replace and which to end for good."""

    launches: int = 0
    replaced: list[dict] = field(default_factory=list)
    ended: list[dict] = field(default_factory=list)


def decide(group: dict) -> Decision:
    """What brings a group closer to its desired capacity."""
    desired = group["DesiredCapacity"]
    living = [each for each in group["Instances"] if not each["LifecycleState"].startswith("Terminating")]
    unfit = [each for each in living if is_unfit(each)]
    replaced = _replaceable(group, living, unfit)
    staying = [each for each in living if each not in replaced]
    waiting = len(unfit) - len(replaced)
    allowed = desired + min(waiting, _surplus(group))
    surplus = len(staying) - allowed
    if surplus <= 0:
        return Decision(launches=-surplus, replaced=replaced)
    ended = [each for each in staying if is_unfit(each)][:surplus]
    fit = [each for each in staying if each not in ended]
    ended += victims(fit, surplus - len(ended), group["TerminationPolicies"], group["LaunchTemplate"])
    return Decision(replaced=replaced, ended=ended)


def is_unfit(instance: dict) -> bool:
    """Whether an instance is to be replaced: it is unhealthy."""
    return instance["HealthStatus"] != "Healthy"


def _replaceable(group: dict, living: list[dict], unfit: list[dict]) -> list[dict]:
    """The unfit instances that may go now. One whose EC2 instance has ended already is no capacity to keep."""
    policy = group.get("InstanceMaintenancePolicy")
    if not policy:
        return unfit
    floor = math.ceil(group["DesiredCapacity"] * policy["MinHealthyPercentage"] / 100)
    serving = [each for each in living if each["LifecycleState"] == "InService" and not is_unfit(each)]
    if len(serving) >= floor:
        return unfit
    return [each for each in unfit if each.get("_has_ended")]


def _surplus(group: dict) -> int:
    """How many instances above the desired capacity a replacement may have."""
    policy = group.get("InstanceMaintenancePolicy")
    if not policy:
        return 0
    return math.ceil(group["DesiredCapacity"] * policy["MaxHealthyPercentage"] / 100) - group["DesiredCapacity"]
