"""Which instances a scale-in ends.

First the zone with the most instances, then the group's termination policies in order:
https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-termination-policies.html
The default one takes an instance of the oldest launch template version, then the one that is closest to its next
billing hour, which is here the oldest.
"""

from collections.abc import Callable

from aws.autoscaling.zones import fullest_zone

POLICIES = (
    "Default",
    "AllocationStrategy",
    "OldestLaunchTemplate",
    "OldestLaunchConfiguration",
    "ClosestToNextInstanceHour",
    "NewestInstance",
    "OldestInstance",
)


def victims(instances: list[dict], count: int, policies: list[str], current_template: dict) -> list[dict]:
    """The `count` instances to end, of those that live; protected ones never, pending ones only when no other is left.

    `current_template` is the group's launch template (id): versions of another template count as older than its own.
    """
    remaining, chosen = list(instances), []
    for _ in range(count):
        free = [each for each in remaining if not each["ProtectedFromScaleIn"]]
        candidates = [each for each in free if each["LifecycleState"] == "InService"] or free
        if not candidates:
            break
        candidates = fullest_zone(remaining, candidates)
        victim = min(candidates, key=_order(policies, current_template))
        chosen.append(victim)
        remaining.remove(victim)
    return chosen


def _order(policies: list[str], current_template: dict) -> Callable[[dict], tuple]:
    def template_age(each: dict) -> tuple:
        of_current = each["LaunchTemplate"]["LaunchTemplateId"] == current_template["LaunchTemplateId"]
        return of_current, int(each["LaunchTemplate"]["Version"])

    keys: dict[str, Callable[[dict], tuple]] = {
        "Default": lambda each: (template_age(each), each["_launched_at"]),
        "OldestLaunchTemplate": template_age,
        "OldestInstance": lambda each: (each["_launched_at"],),
        "ClosestToNextInstanceHour": lambda each: (each["_launched_at"],),
        "NewestInstance": lambda each: (-each["_launched_at"],),
    }
    wanted = [keys[each] for each in policies if each in keys] or [keys["Default"]]
    return lambda each: (*(key(each) for key in wanted), each["InstanceId"])
