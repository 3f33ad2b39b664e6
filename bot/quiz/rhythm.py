"""A schedule's time of day and days of the week, as people write them. Days are 0 (Monday) to 6."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Final

DAILY: Final = frozenset(range(7))
WEEKDAYS: Final = frozenset(range(5))
WEEKENDS: Final = DAILY - WEEKDAYS

_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_GROUPS: Mapping[str, frozenset[int]] = {
    "daily": DAILY,
    "every day": DAILY,
    "everyday": DAILY,
    "weekday": WEEKDAYS,
    "weekdays": WEEKDAYS,
    "weekend": WEEKENDS,
    "weekends": WEEKENDS,
}
_NAMED_TIMES: Mapping[str, dt.time] = {"midnight": dt.time(0), "noon": dt.time(12)}
_TIME = re.compile(r"([0-9]{1,2})(?:[:.h]?([0-9]{2}))?\s*(?:([ap])\.?m\.?)?")
_RANGE = re.compile(r"\s*(?:-|–|—|\bto\b|\bthrough\b)\s*")
_BETWEEN = re.compile(r"\s*(?:[,;&+/]|\band\b|\s)\s*")


def read_time(text: str) -> dt.time | None:
    """The time in `09:00`, `9:00`, `9.30`, `0900`, `9`, `9am`, `9:30 pm`, `noon` or `midnight`; None for anything else."""
    text = text.strip().lower()
    if (named := _NAMED_TIMES.get(text)) is not None:
        return named
    if (found := _TIME.fullmatch(text)) is None:
        return None
    hour, minute = int(found[1]), int(found[2] or 0)
    if found[3]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + 12 * (found[3] == "p")
    return dt.time(hour, minute) if hour < 24 and minute < 60 else None


def read_days(text: str) -> frozenset[int] | None:
    """The days in `weekdays`, `daily`, `weekends`, `mon,wed,fri`, `Mondays and Thursdays`, `mon-thu`; None for anything else.

    A range may go over the weekend: `fri-mon`.
    """
    text = " ".join(text.lower().split())
    if (group := _GROUPS.get(text)) is not None:
        return group
    days: set[int] = set()
    for part in _BETWEEN.split(_RANGE.sub("-", text)):
        found = _GROUPS.get(part) or _range(part)
        if found is None:
            return None
        days |= found
    return frozenset(days)


def _range(part: str) -> frozenset[int] | None:
    ends = [_day(name) for name in part.split("-")]
    if len(ends) > 2 or None in ends:
        return None
    first, last = ends[0], ends[-1]
    assert first is not None
    assert last is not None
    return frozenset((first + step) % 7 for step in range((last - first) % 7 + 1))


def _day(name: str) -> int | None:
    """A day by its name, its plural or its beginning: `we`, `wed`, `weds`, `wednesday`, `wednesdays`."""
    if len(name) < 2:
        return None
    return next((at for at, day in enumerate(_NAMES) if day.startswith((name, name.removesuffix("s")))), None)


def written(days: frozenset[int]) -> str:
    """The days as `read_days` reads them, shortest: `weekdays`, `daily`, `weekends` or `mon,wed,fri`."""
    group = next((name for name in ("daily", "weekdays", "weekends") if _GROUPS[name] == days), None)
    return group or ",".join(_NAMES[day][:3] for day in sorted(days))
