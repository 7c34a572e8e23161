"""Scheduled actions: sizes that a group takes on at a time, once or by a cron expression.

https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-scheduled-scaling.html
https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_PutScheduledUpdateGroupAction.html
"""

from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ministack.core.responses import get_account_id, get_region, new_uuid
from ministack.services import autoscaling

from aws.autoscaling import activities
from aws.autoscaling.cron import Cron
from aws.autoscaling.group_members import sizes
from aws.autoscaling.store import find_group, lock, refused, runs
from aws.ec2.paging import page

_PAGE = 50
_SIZES = ("MinSize", "MaxSize", "DesiredCapacity")


def put_scheduled_action(request: dict) -> dict:
    """PutScheduledUpdateGroupAction: a start time that is over, or no size at all, is refused."""
    if not any(each in request for each in _SIZES):
        raise refused("At least one of MinSize, MaxSize and DesiredCapacity must be specified")
    if "Recurrence" not in request and "StartTime" not in request:
        raise refused("Either a StartTime or a Recurrence must be specified")
    if "Recurrence" in request:
        _schedule(request)
    start = request.get("StartTime")
    if start and start < datetime.now(timezone.utc) - timedelta(seconds=60):
        raise refused("Given start time is in the past")
    with lock:
        group = find_group(request["AutoScalingGroupName"])
        key = f"{group['AutoScalingGroupName']}/{request['ScheduledActionName']}"
        before = autoscaling._scheduled_actions.get(key)
        record = {
            "ScheduledActionARN": before["ScheduledActionARN"] if before else _arn(request),
            "ScheduledActionName": request["ScheduledActionName"],
            "AutoScalingGroupName": group["AutoScalingGroupName"],
            "Recurrence": request.get("Recurrence", ""),
            **{each: request.get(each, -1) for each in _SIZES},
        }
        for member in ("StartTime", "EndTime"):
            if request.get(member):
                record[member] = request[member].astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
        if request.get("TimeZone"):
            record["TimeZone"] = request["TimeZone"]
        autoscaling._scheduled_actions[key] = record
    return {}


def _arn(request: dict) -> str:
    return (
        f"arn:aws:autoscaling:{get_region()}:{get_account_id()}:scheduledUpdateGroupAction:{new_uuid()}"
        f":autoScalingGroupName/{request['AutoScalingGroupName']}"
        f":scheduledActionName/{request['ScheduledActionName']}"
    )


def describe_scheduled_actions(request: dict) -> dict:
    """DescribeScheduledActions, by group and by name."""
    name, names = request.get("AutoScalingGroupName"), request.get("ScheduledActionNames")
    actions = [
        _described(each)
        for each in autoscaling._scheduled_actions.values()
        if (not name or each["AutoScalingGroupName"] == name) and (not names or each["ScheduledActionName"] in names)
    ]
    shown, token = page(actions, request.get("MaxRecords", _PAGE), request.get("NextToken"))
    return {"ScheduledUpdateGroupActions": shown, "NextToken": token}


def _described(record: dict) -> dict:
    unset = ("", -1, None)
    shown = {key: value for key, value in record.items() if value not in unset}
    due = _next_run(record, datetime.now(timezone.utc))
    return {**shown, "StartTime": due, "Time": due} if due else shown


def delete_scheduled_action(request: dict) -> dict:
    """DeleteScheduledAction."""
    with lock:
        key = f"{request['AutoScalingGroupName']}/{request['ScheduledActionName']}"
        if autoscaling._scheduled_actions.pop(key, None) is None:
            raise refused(f"Scheduled action {request['ScheduledActionName']} not found")
    return {}


def run_due() -> None:
    """Run what is due, in real time; an action that is over is forgotten."""
    now = datetime.now(timezone.utc)
    for key, record in autoscaling._scheduled_actions.items():
        with lock:
            last = record.setdefault("_looked_at", now)
            due = _next_run(record, last)
            group = autoscaling._asgs.get(record["AutoScalingGroupName"])
            if due is not None and due <= now and group is not None and runs(group, "ScheduledActions"):
                _run(group, record)
            record["_looked_at"] = now
            end = _time(record, "EndTime")
            once_over = not record.get("Recurrence") and due is not None and due <= now
            if once_over or (end and end < now):
                autoscaling._scheduled_actions.pop(key, None)


def _run(group: dict, record: dict) -> None:
    given = {each: int(record[each]) for each in _SIZES if record.get(each, -1) not in (-1, None, "")}
    low = given.get("MinSize", group["MinSize"])
    high = max(given.get("MaxSize", group["MaxSize"]), low)
    wanted = given.get("DesiredCapacity", group["DesiredCapacity"])
    before = group["DesiredCapacity"]
    group.update(sizes(low, high, None, wanted))
    group["_cause"] = (
        f"At {activities.now()} a scheduled action {record['ScheduledActionName']} update of AutoScalingGroup "
        f"constraints to min: {low}, max: {high}, desired: {group['DesiredCapacity']} changing the desired capacity "
        f"from {before} to {group['DesiredCapacity']}."
    )


def _next_run(record: dict, after: datetime) -> datetime | None:
    start, end = _time(record, "StartTime"), _time(record, "EndTime")
    if not record.get("Recurrence"):
        return start
    due = _schedule(record).next_after(max(after, start - timedelta(seconds=1)) if start else after)
    return None if due is None or (end and due > end) else due


def _schedule(record: dict) -> Cron:
    try:
        return Cron.parse(record["Recurrence"], ZoneInfo(record.get("TimeZone") or "UTC"))
    except (ValueError, ZoneInfoNotFoundError) as error:
        raise refused(f"Given recurrence string: {record['Recurrence']} is invalid: {error}") from error


def _time(record: dict, member: str) -> datetime | None:
    text = record.get(member)
    return datetime.fromisoformat(str(text).replace("Z", "+00:00")) if text else None
