"""What a group says about itself and what it is told not to do: metrics, notifications, suspended processes.

https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_EnableMetricsCollection.html
https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_PutNotificationConfiguration.html
https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_SuspendProcesses.html
"""

from ministack.services import autoscaling

from aws.autoscaling.store import find_group, lock, refused

METRICS = (
    "GroupMinSize",
    "GroupMaxSize",
    "GroupDesiredCapacity",
    "GroupInServiceInstances",
    "GroupPendingInstances",
    "GroupStandbyInstances",
    "GroupTerminatingInstances",
    "GroupTotalInstances",
)
PROCESSES = (
    "Launch",
    "Terminate",
    "AddToLoadBalancer",
    "AlarmNotification",
    "AZRebalance",
    "HealthCheck",
    "InstanceRefresh",
    "ReplaceUnhealthy",
    "ScheduledActions",
)


def set_metrics(group: dict, metrics: list[str] | None, granularity: str) -> None:
    """Collect these metrics of a group; none named means all."""
    unknown = [each for each in metrics or [] if each not in METRICS]
    if unknown:
        raise refused(f"Invalid metric: {unknown[0]}")
    if granularity != "1Minute":
        raise refused("The granularity must be 1Minute")
    group["EnabledMetrics"] = [{"Metric": each, "Granularity": granularity} for each in metrics or METRICS]


def enable_metrics(request: dict) -> dict:
    """EnableMetricsCollection: adds to what is collected."""
    with lock:
        group = find_group(request["AutoScalingGroupName"])
        collected = [each["Metric"] for each in group["EnabledMetrics"]]
        wanted = [*collected, *request["Metrics"]] if request.get("Metrics") else None
        set_metrics(group, list(dict.fromkeys(wanted)) if wanted else None, request["Granularity"])
    return {}


def disable_metrics(request: dict) -> dict:
    """DisableMetricsCollection: none named means all."""
    with lock:
        group = find_group(request["AutoScalingGroupName"])
        dropped = request.get("Metrics") or METRICS
        group["EnabledMetrics"] = [each for each in group["EnabledMetrics"] if each["Metric"] not in dropped]
    return {}


def set_notifications(group: dict, topic: str, types: list[str]) -> None:
    """Tell a topic of these events of a group, and of no others."""
    group.setdefault("_notifications", {})[topic] = list(types)


def put_notification_configuration(request: dict) -> dict:
    """PutNotificationConfiguration."""
    with lock:
        set_notifications(
            find_group(request["AutoScalingGroupName"]), request["TopicARN"], request["NotificationTypes"]
        )
    return {}


def describe_notification_configurations(request: dict) -> dict:
    """DescribeNotificationConfigurations: one entry for each group, topic and type."""
    names = request.get("AutoScalingGroupNames")
    return {
        "NotificationConfigurations": [
            {"AutoScalingGroupName": group["AutoScalingGroupName"], "TopicARN": topic, "NotificationType": kind}
            for group in autoscaling._asgs.values()
            if not names or group["AutoScalingGroupName"] in names
            for topic, kinds in group.get("_notifications", {}).items()
            for kind in kinds
        ]
    }


def delete_notification_configuration(request: dict) -> dict:
    """DeleteNotificationConfiguration."""
    with lock:
        group = find_group(request["AutoScalingGroupName"])
        group.get("_notifications", {}).pop(request["TopicARN"], None)
    return {}


def suspend_processes(request: dict) -> dict:
    """SuspendProcesses: none named means all."""
    with lock:
        group = find_group(request["AutoScalingGroupName"])
        for process in _named(request):
            group["_suspended"][process] = "User suspended"
    return {}


def resume_processes(request: dict) -> dict:
    """ResumeProcesses: none named means all."""
    with lock:
        group = find_group(request["AutoScalingGroupName"])
        for process in _named(request):
            group["_suspended"].pop(process, None)
    return {}


def _named(request: dict) -> list[str]:
    named = request.get("ScalingProcesses") or list(PROCESSES)
    unknown = [each for each in named if each not in PROCESSES]
    if unknown:
        raise refused(f"Unknown process: {unknown[0]}")
    return named
