"""When a daily question is due: one instant for each local date, through clock changes and moved date lines."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from zoneinfo import ZoneInfo

_DAY = dt.timedelta(days=1)
_HOUR = dt.timedelta(hours=1)

LONGEST = 23 * _HOUR
"""How long a question is open unless its schedule says otherwise."""

_SEARCHED = 22
"""Days looked through: a weekday comes in each seven, and a zone that moves over the date line leaves out one of them."""


def instant(date: dt.date, time: dt.time, zone: ZoneInfo) -> dt.datetime | None:
    """The UTC instant at which `time` of `date` comes in `zone`; None where that date is left out of the calendar.

    Of an hour that comes twice the first counts. A time that the clock jumps over is moved forward by the jump: 02:30
    becomes 03:30. Samoa had no 30 December 2011.
    """
    wall = dt.datetime.combine(date, time.replace(tzinfo=None, fold=0))
    moment = wall.replace(tzinfo=zone).astimezone(dt.UTC)
    jump = moment.astimezone(zone).replace(tzinfo=None) - wall
    return None if jump >= _DAY else moment


def next_due(time: dt.time, zone: ZoneInfo, days: frozenset[int], after: dt.datetime) -> tuple[dt.date, dt.datetime]:
    """The first local date and UTC instant later than `after`, on one of `days` (0 is Monday).

    ValueError for a naive `after`, and for days that are none or no weekdays.
    """
    start = _local_date(after, zone, days) - _DAY  # yesterday's time may have been moved past midnight
    return next(due for due in _dues(time, zone, days, start, _DAY) if due[1] > after)


def latest_due(
    time: dt.time, zone: ZoneInfo, days: frozenset[int], at: dt.datetime
) -> tuple[dt.date, dt.datetime] | None:
    """The last local date and UTC instant not later than `at`; None where there is none in the three weeks before.

    ValueError as for `next_due`.
    """
    start = _local_date(at, zone, days) + _DAY  # at is before midnight again where the clock goes back over it
    return next((due for due in _dues(time, zone, days, start, -_DAY) if due[1] <= at), None)


def closing(opens: dt.datetime, following: dt.datetime, wanted: dt.timedelta | None) -> dt.datetime:
    """When a question that opens at `opens` closes: after `wanted`, at the latest when the `following` one opens.

    Where nothing is wanted, an hour before the following one and at most `LONGEST` after opening; one that is followed
    within two hours is open until then.
    """
    if wanted is not None:
        return min(opens + wanted, following)
    return min(opens + LONGEST, following - _HOUR if following - opens > 2 * _HOUR else following)


def _dues(
    time: dt.time, zone: ZoneInfo, days: frozenset[int], start: dt.date, step: dt.timedelta
) -> Iterator[tuple[dt.date, dt.datetime]]:
    for offset in range(_SEARCHED):
        date = start + offset * step
        if date.weekday() in days and (moment := instant(date, time, zone)) is not None:
            yield date, moment


def _local_date(at: dt.datetime, zone: ZoneInfo, days: frozenset[int]) -> dt.date:
    if at.tzinfo is None:
        raise ValueError(f"a time without a zone: {at!r}")
    if not days or not days <= set(range(7)):
        raise ValueError(f"not days of the week: {sorted(days)}")
    return at.astimezone(zone).date()
