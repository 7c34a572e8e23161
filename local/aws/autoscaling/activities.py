"""Scaling activities: what a group did, why, and how it ended.

https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-verify-scaling-activity.html
https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DescribeScalingActivities.html
"""

import json
from datetime import datetime, timezone

from ministack.core.responses import AccountRegionScopedDict, new_uuid

from aws.autoscaling.store import refused
from aws.ec2.paging import page

_PAGE = 100
_KEPT = 500

_by_group = AccountRegionScopedDict()


def now() -> str:
    """The time as causes and activities have it."""
    return datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def begin(group: dict, description: str, cause: str, details: dict, status: str) -> dict:
    """Begin an activity of a group; `details` are the subnet and zone."""
    activity = {
        "ActivityId": new_uuid(),
        "AutoScalingGroupName": group["AutoScalingGroupName"],
        "AutoScalingGroupARN": group["AutoScalingGroupARN"],
        "Description": description,
        "Cause": cause,
        "StartTime": now(),
        "StatusCode": status,
        "Progress": 0,
        "Details": json.dumps(details),
    }
    activities = _by_group.setdefault(group["AutoScalingGroupName"], [])
    activities.insert(0, activity)
    del activities[_KEPT:]
    return activity


def end(activity: dict, status: str, message: str = "") -> None:
    """End an activity (Successful, Failed, Cancelled)."""
    activity.update({"StatusCode": status, "EndTime": now(), "Progress": 100})
    if message:
        activity["StatusMessage"] = message


def first_failed(group: dict) -> dict | None:
    """The earliest failed activity of a group."""
    activities = reversed(_by_group.get(group["AutoScalingGroupName"], []))
    own = (each for each in activities if each["AutoScalingGroupARN"] == group["AutoScalingGroupARN"])
    return next((each for each in own if each["StatusCode"] == "Failed"), None)


def describe_scaling_activities(request: dict) -> dict:
    """The activities of a group, or all, newest first."""
    name = request.get("AutoScalingGroupName")
    wanted = request.get("ActivityIds") or []
    activities = _by_group.get(name, []) if name else [each for one in _by_group.values() for each in one]
    if wanted:
        activities = [each for each in activities if each["ActivityId"] in wanted]
        if len(activities) < len(wanted):
            raise refused("Activity not found")
    shown, token = page(activities, request.get("MaxRecords", _PAGE), request.get("NextToken"))
    return {"Activities": shown, "NextToken": token}
