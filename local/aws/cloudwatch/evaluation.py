"""Alarms on metrics, evaluated by the clock.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html
Each minute, in real time, an alarm looks at its last whole periods; one with a period below a minute does so each ten
seconds. What SetAlarmState says lasts until then. Alarms on expressions are kept and not evaluated.
"""

import operator
import time
from datetime import datetime, timezone

from ministack.core.responses import get_account_id, get_region
from ministack.services import cloudwatch

from aws.cloudwatch.alarm_state import FURTHER_PERIODS, decide

# What was measured in a minute is there a few seconds after it.
_ARRIVES_AFTER_SECONDS = 5
_MINUTE = 60
_CYCLES = (10, _MINUTE)

_OPERATORS = {
    "GreaterThanOrEqualToThreshold": (operator.ge, "greater than or equal to"),
    "GreaterThanThreshold": (operator.gt, "greater than"),
    "LessThanOrEqualToThreshold": (operator.le, "less than or equal to"),
    "LessThanThreshold": (operator.lt, "less than"),
}

# Until when the alarms of an account and region have been evaluated, by cycle.
_evaluated_until: dict[tuple[str, str, int], int] = {}


def install() -> None:
    """Neither a new data point nor a changed alarm is evaluated before its time."""
    cloudwatch._evaluate_alarm = lambda _alarm: None
    cloudwatch._evaluate_all_alarms = lambda: None


def evaluate_due() -> None:
    """Evaluate the alarms of the current account and region whose next cycle has come."""
    for cycle in _CYCLES:
        end = int((time.time() - _ARRIVES_AFTER_SECONDS) // cycle) * cycle
        scope = (get_account_id(), get_region(), cycle)
        if end <= _evaluated_until.setdefault(scope, end):
            continue
        _evaluated_until[scope] = end
        for alarm in cloudwatch._alarms.values():
            if alarm.get("MetricName") and _cycle_of(alarm) == cycle:
                _evaluate(alarm, end)


def _cycle_of(alarm: dict) -> int:
    return _CYCLES[0] if alarm["Period"] < _MINUTE else _MINUTE


def _evaluate(alarm: dict, end: int) -> None:
    compare = _OPERATORS.get(alarm["ComparisonOperator"])
    # The others compare with the band of an anomaly detector, of which there is none here.
    if compare is None:
        return
    breaches, words = compare
    periods = alarm["EvaluationPeriods"]
    to_alarm = alarm.get("DatapointsToAlarm") or periods
    values = _newest_first(alarm, end, periods + FURTHER_PERIODS)
    found = [None if value is None else breaches(value, alarm["Threshold"]) for value, _ in values]
    state = decide(found, periods, to_alarm, _missing(alarm))
    if state is None or state == alarm["StateValue"]:
        return
    shown = [each for each in values if each[0] is not None][:periods]
    _enter(alarm, state, _reason(alarm, state, shown, words))


def _missing(alarm: dict) -> str:
    # https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
    return "ignore" if alarm["Namespace"] == "AWS/DynamoDB" else alarm.get("TreatMissingData") or "missing"


def _newest_first(alarm: dict, end: int, count: int) -> list[tuple[float | None, int]]:
    """The value of each of so many periods before `end`, None where there is no data, with the period's start."""
    dimensions = cloudwatch._dims_from_list(alarm.get("Dimensions") or [])
    key = (alarm["Namespace"], alarm["MetricName"], cloudwatch._dims_key(dimensions))
    unit, period = alarm.get("Unit"), alarm["Period"]
    points = [each for each in cloudwatch._metrics.get(key) or [] if not unit or each["Unit"] == unit]
    starts = [end - period * (index + 1) for index in range(count)]
    return [(_value(alarm, [p for p in points if start <= p["Timestamp"] < start + period]), start) for start in starts]


def _value(alarm: dict, points: list[dict]) -> float | None:
    statistics = cloudwatch._calc_stats(points)
    statistic = alarm.get("ExtendedStatistic") or alarm["Statistic"]
    return cloudwatch._stat_value(statistics, statistic, points) if statistics else None


def _reason(alarm: dict, state: str, shown: list[tuple[float, int]], words: str) -> str:
    if state == "INSUFFICIENT_DATA":
        return f"Insufficient Data: {_plural(alarm['EvaluationPeriods'], 'datapoint')} unknown."
    if not shown:
        periods = _plural(alarm["EvaluationPeriods"], "period")
        treated = {"breaching": "Breaching", "notBreaching": "NonBreaching"}[_missing(alarm)]
        return f"Threshold Crossed: no datapoints were received for {periods}, missing data is treated as [{treated}]."
    listed = ", ".join(
        f"{value} ({datetime.fromtimestamp(start, timezone.utc):%d/%m/%y %H:%M:%S})" for value, start in shown
    )
    verb = "was" if len(shown) == 1 else "were"
    negated = "" if state == "ALARM" else "not "
    return (
        f"Threshold Crossed: the last {_plural(len(shown), 'datapoint')} [{listed}] {verb} {negated}{words} "
        f"the threshold ({alarm['Threshold']})."
    )


def _plural(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _enter(alarm: dict, state: str, reason: str) -> None:
    before, now = alarm["StateValue"], int(time.time())
    alarm.update(
        {"StateValue": state, "StateReason": reason, "StateUpdatedTimestamp": now, "StateTransitionedTimestamp": now}
    )
    cloudwatch._record_history(alarm["AlarmName"], before, state, reason)
    cloudwatch._dispatch_alarm_actions(alarm, before, state, reason)
    cloudwatch._evaluate_parent_alarms(alarm)
