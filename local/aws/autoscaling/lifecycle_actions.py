"""Lifecycle actions: what an instance in a wait state waits for.

https://docs.aws.amazon.com/autoscaling/ec2/userguide/lifecycle-hooks-overview.html
All hooks of a transition run at once, each with a token of its own. An action ends with CompleteLifecycleAction, or
with the hook's default result when its heartbeat times out, in real time; heartbeats prolong it to at most 48 hours or
100 times the heartbeat timeout, whichever is smaller.
https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_CompleteLifecycleAction.html
https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_RecordLifecycleActionHeartbeat.html
"""

import time

from ministack.core.responses import new_uuid

from aws.autoscaling import notices
from aws.autoscaling.store import find_group, hooks_of, lock, refused

_LONGEST_SECONDS = 48 * 3600
_HEARTBEATS = 100


def begin(group: dict, instance: dict, transition: str) -> bool:
    """Begin an action for each hook of a transition and say whether there is one."""
    instance["_actions"] = []
    for hook in hooks_of(group, transition):
        now, heartbeat = time.monotonic(), hook["HeartbeatTimeout"]
        action = {
            "hook": hook["LifecycleHookName"],
            "token": new_uuid(),
            "heartbeat_timeout": heartbeat,
            "default_result": hook["DefaultResult"],
            "ends_at": now + heartbeat,
            "ends_at_latest": now + min(_LONGEST_SECONDS, _HEARTBEATS * heartbeat),
            "result": None,
            "timed_out": False,
        }
        instance["_actions"].append(action)
        notices.lifecycle_action(group, instance["InstanceId"], hook, action["token"])
    return bool(instance["_actions"])


def outcome(instance: dict) -> tuple[str, str] | None:
    """How the instance's actions ended, CONTINUE or ABANDON, with a reason; None while one is open.

    One ABANDON ends all of them.
    """
    actions = instance["_actions"]
    for action in actions:
        if action["result"] is None and time.monotonic() >= action["ends_at"]:
            action.update(result=action["default_result"], timed_out=True)
    abandoned = next((each for each in actions if each["result"] == "ABANDON"), None)
    if abandoned:
        how = "Heartbeat Timeout" if abandoned["timed_out"] else "Lifecycle Action Completed with ABANDON Result"
        return "ABANDON", f"Lifecycle Action with token {abandoned['token']} was abandoned: {how}"
    if any(each["result"] is None for each in actions):
        return None
    return "CONTINUE", ""


def end_actions_of(group: dict, hook_name: str, result: str) -> None:
    """End the open actions of a hook, when it is deleted."""
    for instance in group["Instances"]:
        for action in instance["_actions"]:
            if action["hook"] == hook_name and action["result"] is None:
                action["result"] = result


def complete_lifecycle_action(request: dict) -> dict:
    """CompleteLifecycleAction, with the token or with the instance's id."""
    if request["LifecycleActionResult"] not in ("CONTINUE", "ABANDON"):
        raise refused("The lifecycle action result must be either CONTINUE or ABANDON")
    with lock:
        _open_action(request)["result"] = request["LifecycleActionResult"]
    return {}


def record_lifecycle_action_heartbeat(request: dict) -> dict:
    """RecordLifecycleActionHeartbeat: another heartbeat timeout from now."""
    with lock:
        action = _open_action(request)
        action["ends_at"] = min(time.monotonic() + action["heartbeat_timeout"], action["ends_at_latest"])
    return {}


def _open_action(request: dict) -> dict:
    group = find_group(request["AutoScalingGroupName"])
    if not any(each["LifecycleHookName"] == request["LifecycleHookName"] for each in hooks_of(group)):
        raise refused(f"No Lifecycle Hook found with name: {request['LifecycleHookName']}")
    token, instance_id = request.get("LifecycleActionToken"), request.get("InstanceId")
    if not token and not instance_id:
        raise refused("Either LifecycleActionToken or InstanceId must be specified")
    for instance in group["Instances"]:
        if instance_id and instance["InstanceId"] != instance_id:
            continue
        for action in instance["_actions"]:
            waits = action["result"] is None and time.monotonic() < action["ends_at"]
            if waits and action["hook"] == request["LifecycleHookName"] and token in (None, action["token"]):
                return action
    sought = f"token {token}" if token else f"instance ID {instance_id}"
    raise refused(f"No active Lifecycle Action found with {sought}")
