"""Unix cron expressions, as recurring scheduled actions have them: minute, hour, day, month, day of the week.

https://docs.aws.amazon.com/autoscaling/ec2/userguide/scheduled-scaling-recurring-schedules.html
"""

import calendar
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

_FIELDS = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7))
_NAMES = (
    {},
    {},
    {},
    {name.upper(): number for number, name in enumerate(calendar.month_abbr) if name},
    {name: number for number, name in enumerate(("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"))},
)
_LONGEST_SEARCH = timedelta(days=4 * 366)


@dataclass(frozen=True)
class Cron:
    """A schedule in a time zone."""

    minutes: frozenset[int]
    hours: frozenset[int]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]
    either_day: bool
    zone: tzinfo

    @staticmethod
    def parse(expression: str, zone: tzinfo) -> "Cron":
        """Read an expression of five fields; ValueError says what is wrong with it."""
        fields = expression.split()
        if len(fields) != len(_FIELDS):
            raise ValueError(f"a cron expression has five fields, not {len(fields)}")
        values = [
            _values(field.upper(), *bounds, names) for field, bounds, names in zip(fields, _FIELDS, _NAMES, strict=True)
        ]
        weekdays = frozenset(each % 7 for each in values[4])
        # With both days given, either of them is enough.
        either = fields[2] != "*" and fields[4] != "*"
        return Cron(*values[:4], weekdays, either, zone)

    def next_after(self, moment: datetime) -> datetime | None:
        """The first time after a moment; None when there is none for years."""
        local = moment.astimezone(self.zone).replace(second=0, microsecond=0) + timedelta(minutes=1)
        last = local + _LONGEST_SEARCH
        while local < last:
            if local.month not in self.months or not self._on_day(local):
                local = local.replace(hour=0, minute=0) + timedelta(days=1)
            elif local.hour not in self.hours:
                local = local.replace(minute=0) + timedelta(hours=1)
            elif local.minute not in self.minutes:
                local += timedelta(minutes=1)
            else:
                return local
        return None

    def _on_day(self, local: datetime) -> bool:
        in_month, in_week = local.day in self.days, local.isoweekday() % 7 in self.weekdays
        return in_month or in_week if self.either_day else in_month and in_week


def _values(field: str, low: int, high: int, names: dict[str, int]) -> frozenset[int]:
    values: set[int] = set()
    for part in field.split(","):
        span, _, step = part.partition("/")
        first, _, last = span.partition("-")
        if span == "*":
            begin, end = low, high
        else:
            begin = names[first] if first in names else int(first)
            end = (names[last] if last in names else int(last)) if last else (high if step else begin)
        if not low <= begin <= end <= high:
            raise ValueError(f"{part!r} is not within {low}-{high}")
        values.update(range(begin, end + 1, int(step or 1)))
    return frozenset(values)
