"""An alarm that changes its state says so on the default bus, whatever its actions.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html
"""

from datetime import datetime, timezone

from ministack.services import cloudwatch

from aws.runtime import events


def install() -> None:
    act = cloudwatch._dispatch_alarm_actions

    def act_and_tell(alarm: dict, old_state: str, new_state: str, reason: str) -> None:
        act(alarm, old_state, new_state, reason)
        if old_state != new_state:
            detail = state_change(alarm, old_state, new_state, reason)
            events.emit("aws.cloudwatch", "CloudWatch Alarm State Change", detail, [alarm["AlarmArn"]])

    cloudwatch._dispatch_alarm_actions = act_and_tell


def state_change(alarm: dict, old_state: str, new_state: str, reason: str) -> dict:
    """The event's detail, for an alarm on a metric and for a composite one."""
    now = datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.000+0000")
    return {
        "alarmName": alarm["AlarmName"],
        "state": {"value": new_state, "reason": reason, "timestamp": now},
        "previousState": {"value": old_state},
        "configuration": _configuration(alarm),
    }


def _configuration(alarm: dict) -> dict:
    described = {"description": alarm["AlarmDescription"]} if alarm.get("AlarmDescription") else {}
    if alarm.get("AlarmRule"):
        return {**described, "alarmRule": alarm["AlarmRule"]}
    if not alarm.get("MetricName"):
        return described
    dimensions = {each["Name"]: each["Value"] for each in alarm.get("Dimensions") or ()}
    metric = {"namespace": alarm.get("Namespace"), "name": alarm["MetricName"], "dimensions": dimensions}
    stat = {"metric": metric, "period": alarm.get("Period"), "stat": alarm.get("Statistic")}
    return {**described, "metrics": [{"id": "m1", "metricStat": stat, "returnData": True}]}
