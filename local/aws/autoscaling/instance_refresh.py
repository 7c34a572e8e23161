"""Instance refresh: every instance that does not match is replaced, a few at a time.

https://docs.aws.amazon.com/autoscaling/ec2/userguide/instance-refresh-overview.html
https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_StartInstanceRefresh.html
https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_CancelInstanceRefresh.html
The minimum healthy percentage is 90 unless the refresh or the group's maintenance policy says otherwise, the warmup the
group's default one or its grace period, in real time. A desired configuration becomes the group's when the refresh has
succeeded. Checkpoints, bake time, alarms and rollback are not part of the local AWS: a request for them is refused.
"""

from ministack.core.responses import new_uuid

from aws.autoscaling import activities
from aws.autoscaling.capacity import is_serving
from aws.autoscaling.launch_template import current_version, specification, template_in_use
from aws.autoscaling.store import find_group, lock, refused, runs
from aws.ec2.paging import page
from aws.runtime.query import ServiceRefusal

_PAGE = 50
_UNSUPPORTED = ("CheckpointPercentages", "CheckpointDelay", "AutoRollback", "AlarmSpecification", "BakeTime")


def start_instance_refresh(request: dict) -> dict:
    """StartInstanceRefresh."""
    with lock:
        group = find_group(request["AutoScalingGroupName"])
        if group.get("_refresh"):
            raise ServiceRefusal(
                "InstanceRefreshInProgress",
                "An Instance Refresh is already in progress and blocks the execution of this Instance Refresh.",
            )
        preferences = _preferences(group, request.get("Preferences") or {})
        wanted = request.get("DesiredConfiguration") or {}
        refresh = {
            "InstanceRefreshId": new_uuid(),
            "AutoScalingGroupName": group["AutoScalingGroupName"],
            "Status": "Pending",
            "StartTime": activities.now(),
            "PercentageComplete": 0,
            "InstancesToUpdate": 0,
            "Preferences": preferences,
            "_outdated": set(),
        }
        if wanted.get("LaunchTemplate"):
            refresh["DesiredConfiguration"] = {"LaunchTemplate": specification(wanted["LaunchTemplate"])}
        group["_refresh"] = refresh
        group.setdefault("_refreshes", []).insert(0, refresh)
    return {"InstanceRefreshId": refresh["InstanceRefreshId"]}


def _preferences(group: dict, given: dict) -> dict:
    unsupported = [each for each in _UNSUPPORTED if given.get(each)]
    if unsupported:
        raise refused(f"The local AWS has no {unsupported[0]} in an instance refresh")
    policy = group.get("InstanceMaintenancePolicy") or {"MinHealthyPercentage": 90, "MaxHealthyPercentage": 100}
    warmup = group["DefaultInstanceWarmup"]
    low, high = (given.get(each, policy[each]) for each in ("MinHealthyPercentage", "MaxHealthyPercentage"))
    if not (0 <= low <= 100 <= high <= 200 and high - low <= 100):
        raise refused(
            "MinHealthyPercentage must be 0-100 and MaxHealthyPercentage 100-200, with a difference of at most 100."
        )
    return {
        "MinHealthyPercentage": low,
        "MaxHealthyPercentage": high,
        "InstanceWarmup": given.get("InstanceWarmup", group["HealthCheckGracePeriod"] if warmup is None else warmup),
        "SkipMatching": given.get("SkipMatching", False),
        "ScaleInProtectedInstances": given.get("ScaleInProtectedInstances", "Wait"),
    }


def cancel_instance_refresh(request: dict) -> dict:
    """CancelInstanceRefresh: nothing more is replaced."""
    with lock:
        group = find_group(request["AutoScalingGroupName"])
        refresh = group.get("_refresh")
        if not refresh:
            raise ServiceRefusal("ActiveInstanceRefreshNotFound", "No in progress or pending Instance Refresh found.")
        _end(group, refresh, "Cancelled", "Cancelled by user")
    return {"InstanceRefreshId": refresh["InstanceRefreshId"]}


def describe_instance_refreshes(request: dict) -> dict:
    """DescribeInstanceRefreshes, newest first."""
    group, wanted = find_group(request["AutoScalingGroupName"]), request.get("InstanceRefreshIds")
    found = [each for each in group.get("_refreshes", []) if not wanted or each["InstanceRefreshId"] in wanted]
    shown, token = page(found, request.get("MaxRecords", _PAGE), request.get("NextToken"))
    return {"InstanceRefreshes": shown, "NextToken": token}


def advance(group: dict) -> None:
    """Begin a refresh that is pending, and end one that has nothing left to replace."""
    refresh = group.get("_refresh")
    if not refresh or not runs(group, "InstanceRefresh"):
        return
    living = [each for each in group["Instances"] if not each["LifecycleState"].startswith("Terminating")]
    if refresh["Status"] == "Pending":
        refresh["Status"] = "InProgress"
        refresh["_outdated"] = {each["InstanceId"] for each in living if not _stays(group, refresh, each)}
        refresh["_total"] = len(refresh["_outdated"])
    left = [each for each in living if each["InstanceId"] in refresh["_outdated"]]
    total = refresh["_total"]
    refresh["InstancesToUpdate"] = len(left)
    refresh["PercentageComplete"] = 100 * (total - len(left)) // total if total else 0
    serving = [each for each in group["Instances"] if is_serving(group, each)]
    # The old ones count as long as they drain and wait for their hooks.
    if not left and len(group["Instances"]) == len(serving) >= group["DesiredCapacity"]:
        wanted = refresh.get("DesiredConfiguration")
        if wanted:
            group["LaunchTemplate"] = wanted["LaunchTemplate"]
        refresh["PercentageComplete"] = 100
        _end(group, refresh, "Successful", "")


def _stays(group: dict, refresh: dict, instance: dict) -> bool:
    preferences = refresh["Preferences"]
    if instance["ProtectedFromScaleIn"] and preferences["ScaleInProtectedInstances"] == "Ignore":
        return True
    template = instance["LaunchTemplate"]
    matches = (template["LaunchTemplateId"], template["Version"]) == (
        template_in_use(group)["LaunchTemplateId"],
        current_version(group),
    )
    return preferences["SkipMatching"] and matches


def _end(group: dict, refresh: dict, status: str, reason: str) -> None:
    refresh.update({"Status": status, "EndTime": activities.now(), "_outdated": set()})
    if reason:
        refresh["StatusReason"] = reason
    group["_refresh"] = None
