"""What Auto Scaling tells EventBridge.

https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-event-reference.html
"""

import json

from ministack.core.responses import get_account_id, get_region, new_uuid

from aws.runtime import events

_SOURCE = "aws.autoscaling"


def lifecycle_action(group: dict, instance_id: str, hook: dict, token: str) -> None:
    """An instance entered a wait state: one event for each hook."""
    launching = hook["LifecycleTransition"].endswith("LAUNCHING")
    detail = {
        "LifecycleActionToken": token,
        "AutoScalingGroupName": group["AutoScalingGroupName"],
        "LifecycleHookName": hook["LifecycleHookName"],
        "EC2InstanceId": instance_id,
        "LifecycleTransition": hook["LifecycleTransition"],
        "Origin": "EC2" if launching else "AutoScalingGroup",
        "Destination": "AutoScalingGroup" if launching else "EC2",
    }
    if hook.get("NotificationMetadata"):
        detail["NotificationMetadata"] = hook["NotificationMetadata"]
    transition = "launch" if launching else "terminate"
    events.emit(_SOURCE, f"EC2 Instance-{transition} Lifecycle Action", detail, [group["AutoScalingGroupARN"]])


def ended(group: dict, instance_id: str, activity: dict, transition: str, succeeded: bool) -> None:
    """A launch or a terminate has ended; `transition` is `Launch` or `Terminate`."""
    launching = transition == "Launch"
    detail = {
        "StatusCode": "InProgress" if succeeded else "Failed",
        "AutoScalingGroupName": group["AutoScalingGroupName"],
        "ActivityId": activity["ActivityId"],
        "Details": json.loads(activity["Details"]),
        "RequestId": new_uuid(),
        "StatusMessage": activity.get("StatusMessage", ""),
        "StartTime": activity["StartTime"],
        "EndTime": activity.get("EndTime", activity["StartTime"]),
        "EC2InstanceId": instance_id,
        "Description": activity["Description"],
        "Cause": activity["Cause"],
        "Origin": "EC2" if launching else "AutoScalingGroup",
        "Destination": "AutoScalingGroup" if launching else "EC2",
    }
    resources = [group["AutoScalingGroupARN"]]
    if instance_id:
        resources.append(f"arn:aws:ec2:{get_region()}:{get_account_id()}:instance/{instance_id}")
    outcome = "Successful" if succeeded else "Unsuccessful"
    events.emit(_SOURCE, f"EC2 Instance {transition} {outcome}", detail, resources)
