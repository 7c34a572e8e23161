"""Lifecycle hooks of a group.

https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_PutLifecycleHook.html
https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DeleteLifecycleHook.html (what is waiting ends: ABANDON on
launch, CONTINUE on terminate)
"""

from ministack.services import autoscaling

from aws.autoscaling.lifecycle_actions import end_actions_of
from aws.autoscaling.store import find_group, hooks_of, lock, refused

_TRANSITIONS = ("autoscaling:EC2_INSTANCE_LAUNCHING", "autoscaling:EC2_INSTANCE_TERMINATING")
_SHORTEST_SECONDS, _LONGEST_SECONDS, _DEFAULT_SECONDS = 30, 7200, 3600
_MOST = 50
_MEMBERS = (
    "LifecycleTransition",
    "HeartbeatTimeout",
    "DefaultResult",
    "NotificationTargetARN",
    "RoleARN",
    "NotificationMetadata",
)


def put(group: dict, wanted: dict) -> None:
    """Add a hook to a group, or change the members of one that are given."""
    name, hook_name = group["AutoScalingGroupName"], wanted["LifecycleHookName"]
    key = f"{name}/{hook_name}"
    before = autoscaling._hooks.get(key)
    hook = {**(before or {}), **{each: wanted[each] for each in _MEMBERS if wanted.get(each) not in (None, "")}}
    if hook.get("LifecycleTransition") not in _TRANSITIONS:
        raise refused(f"LifecycleTransition must be one of {', '.join(_TRANSITIONS)}")
    seconds = int(hook.get("HeartbeatTimeout", _DEFAULT_SECONDS))
    if not _SHORTEST_SECONDS <= seconds <= _LONGEST_SECONDS:
        raise refused(f"HeartbeatTimeout must be between {_SHORTEST_SECONDS} and {_LONGEST_SECONDS} seconds")
    if hook.get("DefaultResult", "ABANDON") not in ("CONTINUE", "ABANDON"):
        raise refused("The default result must be either CONTINUE or ABANDON")
    if before is None and len(hooks_of(group)) >= _MOST:
        raise refused(f"A group has at most {_MOST} lifecycle hooks")
    autoscaling._hooks[key] = {
        "LifecycleHookName": hook_name,
        "AutoScalingGroupName": name,
        "LifecycleTransition": hook["LifecycleTransition"],
        "HeartbeatTimeout": seconds,
        "GlobalTimeout": min(48 * 3600, 100 * seconds),
        "DefaultResult": hook.get("DefaultResult", "ABANDON"),
        "NotificationTargetARN": hook.get("NotificationTargetARN", ""),
        "RoleARN": hook.get("RoleARN", ""),
        "NotificationMetadata": hook.get("NotificationMetadata", ""),
    }


def remove(group: dict, hook_name: str) -> None:
    """Delete a hook and end what waits for it."""
    hook = autoscaling._hooks.pop(f"{group['AutoScalingGroupName']}/{hook_name}", None)
    if hook is None:
        raise refused(f"No Lifecycle Hook found with name: {hook_name}")
    launching = hook["LifecycleTransition"].endswith("LAUNCHING")
    end_actions_of(group, hook_name, "ABANDON" if launching else "CONTINUE")


def put_lifecycle_hook(request: dict) -> dict:
    """PutLifecycleHook."""
    with lock:
        put(find_group(request["AutoScalingGroupName"]), request)
    return {}


def delete_lifecycle_hook(request: dict) -> dict:
    """DeleteLifecycleHook."""
    with lock:
        remove(find_group(request["AutoScalingGroupName"]), request["LifecycleHookName"])
    return {}


def describe_lifecycle_hooks(request: dict) -> dict:
    """DescribeLifecycleHooks: those of a group, all or by name."""
    names = request.get("LifecycleHookNames")
    hooks = hooks_of(find_group(request["AutoScalingGroupName"]))
    # A hook that was made without a member is shown without it.
    shown = [{key: value for key, value in each.items() if value != ""} for each in hooks]
    return {"LifecycleHooks": [each for each in shown if not names or each["LifecycleHookName"] in names]}


def describe_lifecycle_hook_types(_request: dict) -> dict:
    """DescribeLifecycleHookTypes."""
    return {"LifecycleHookTypes": list(_TRANSITIONS)}
