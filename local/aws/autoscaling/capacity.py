"""Desired and actual capacity: what a group launches and ends, decided from what it has.

https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-scale-desired-capacity.html (desired capacity)
https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-instance-maintenance-policy.html (replacements)
https://docs.aws.amazon.com/autoscaling/ec2/userguide/instance-refresh-overview.html (refreshes)
A replacement keeps the healthy capacity at its minimum percentage and the launched capacity at most at its maximum:
with 100 and more, the new instance serves before the old one goes. Without a policy an unhealthy instance goes at once.
"""

import math
import time
from dataclasses import dataclass, field

from aws.autoscaling.termination_policy import victims


@dataclass
class Decision:
    """How many instances to launch, which unhealthy or outdated ones to replace and which to end for good."""

    launches: int = 0
    replaced: list[dict] = field(default_factory=list)
    ended: list[dict] = field(default_factory=list)


@dataclass(frozen=True)
class Limits:
    """How many healthy instances replacements leave, and how many they may launch above; no floor: they go at once."""

    floor: int | None
    surplus: int


def decide(group: dict) -> Decision:
    """What brings a group closer to its desired capacity."""
    desired = group["DesiredCapacity"]
    living = [each for each in group["Instances"] if not each["LifecycleState"].startswith("Terminating")]
    unhealthy = [each for each in living if is_unhealthy(each)]
    outdated = [each for each in living if is_outdated(group, each) and each not in unhealthy]
    limits = _limits(group, bool(outdated))
    replaced = _replaced_now(group, living, unhealthy, outdated, limits)
    staying = [each for each in living if each not in replaced]
    waiting = len(unhealthy) + len(outdated) - len(replaced)
    allowed = desired + min(waiting, limits.surplus)
    excess = len(staying) - allowed
    if excess <= 0:
        return Decision(launches=-excess, replaced=replaced)
    ended = [each for each in staying if is_unhealthy(each)][:excess]
    others = [each for each in staying if each not in ended]
    ended += victims(others, excess - len(ended), group["TerminationPolicies"], group["LaunchTemplate"])
    return Decision(replaced=replaced, ended=ended)


def is_unhealthy(instance: dict) -> bool:
    """Whether a health check failed."""
    return instance["HealthStatus"] != "Healthy"


def is_outdated(group: dict, instance: dict) -> bool:
    """Whether a running refresh has an instance still to replace."""
    refresh = group.get("_refresh")
    return bool(refresh) and instance["InstanceId"] in refresh["_outdated"]


def is_serving(group: dict, instance: dict) -> bool:
    """Whether an instance counts as healthy capacity: in service, healthy, and warmed up while a refresh runs."""
    if instance["LifecycleState"] != "InService" or is_unhealthy(instance):
        return False
    refresh = group.get("_refresh")
    if not refresh or is_outdated(group, instance):
        return True
    return time.monotonic() - instance["_in_service_at"] >= refresh["Preferences"]["InstanceWarmup"]


def _limits(group: dict, refreshing: bool) -> Limits:
    refresh = group.get("_refresh")
    policy = refresh["Preferences"] if refresh else group.get("InstanceMaintenancePolicy")
    if not policy:
        return Limits(None, 0)
    desired = group["DesiredCapacity"]
    floor = math.ceil(desired * policy["MinHealthyPercentage"] / 100)
    surplus = math.ceil(desired * policy["MaxHealthyPercentage"] / 100) - desired
    # A refresh that may launch nothing first replaces at least one at a time.
    return Limits(min(floor, desired - 1) if refreshing and surplus == 0 else floor, surplus)


def _replaced_now(
    group: dict, living: list[dict], unhealthy: list[dict], outdated: list[dict], limits: Limits
) -> list[dict]:
    """What may go now. One whose EC2 instance has ended already is no capacity to keep."""
    if limits.floor is None:
        return unhealthy
    spare = len([each for each in living if is_serving(group, each)]) - limits.floor
    gone = unhealthy if spare >= 0 else [each for each in unhealthy if each.get("_has_ended")]
    replaceable = [each for each in outdated if is_serving(group, each) and not _is_kept(group, each)]
    return [*gone, *replaceable[: max(spare, 0)]]


def _is_kept(group: dict, instance: dict) -> bool:
    """A protected instance is replaced only when the refresh says so; else it waits for its protection to end."""
    return instance["ProtectedFromScaleIn"] and group["_refresh"]["Preferences"]["ScaleInProtectedInstances"] == "Wait"
