"""The state of an alarm, from what was found in the periods that it looks at.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html
"""

from collections.abc import Sequence

# How many more periods than EvaluationPeriods are read, for when some of these are missing: the page's tables read five
# for three; for other alarms it gives no number.
FURTHER_PERIODS = 2


def decide(found: Sequence[bool | None], periods: int, to_alarm: int, missing: str) -> str | None:
    """The state that an alarm goes to, or None when it stays as it is.

    `found` says of each period of the evaluation range, the newest first, whether it breaches (None: no data);
    `periods` and `to_alarm` are EvaluationPeriods and DatapointsToAlarm, `missing` is TreatMissingData.
    """
    real = [each for each in found if each is not None]
    if len(real) >= periods:
        return _alarm_if(real[:periods].count(True) >= to_alarm)
    breaching = real.count(True)
    if missing == "breaching":
        return _alarm_if(breaching + periods - len(real) >= to_alarm)
    if missing == "notBreaching" or breaching >= to_alarm:
        return _alarm_if(breaching >= to_alarm)
    if missing == "missing" and not real:
        return "INSUFFICIENT_DATA"
    if missing == "missing" and len(real) < to_alarm and _breaches_long_enough(found, to_alarm):
        return "ALARM"
    return "OK" if False in real else None


def _alarm_if(breaching: bool) -> str:
    return "ALARM" if breaching else "OK"


def _breaches_long_enough(found: Sequence[bool | None], to_alarm: int) -> bool:
    """A breach that is old enough and was not contradicted since counts as one, however little data came after it.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html#CloudWatch-alarms-avoiding-premature-transition
    """
    ages = [age for age, each in enumerate(found, 1) if each]
    return bool(ages) and max(ages) >= to_alarm and False not in found[: max(ages)]
