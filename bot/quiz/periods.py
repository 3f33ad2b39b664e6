"""The periods that boards rank: today, week, month, season and all time, named by a key that sorts by time."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum


class Period(StrEnum):
    TODAY = "today"
    WEEK = "week"
    MONTH = "month"
    SEASON = "season"
    ALL = "all"


def key(period: Period, day: date) -> str:
    """The key under which `day` counts: `d2026-11-22`, `w2026-47` (ISO week), `m2026-11`, `s2026-4` (quarter), `all`."""
    match period:
        case Period.TODAY:
            return f"d{day.isoformat()}"
        case Period.WEEK:
            year, week, _ = day.isocalendar()
            return f"w{year:04}-{week:02}"
        case Period.MONTH:
            return f"m{day.year:04}-{day.month:02}"
        case Period.SEASON:
            return f"s{day.year:04}-{(day.month + 2) // 3}"
        case Period.ALL:
            return "all"


def keys(day: date) -> tuple[str, ...]:
    """Every key under which an answer to a question of `day` counts."""
    return tuple(key(period, day) for period in Period)


def kept(day: date) -> tuple[str, ...]:
    """The day, week and month keys whose boards are kept on `day`: the current and the previous of each.

    Seasons and all time are kept for good.
    """
    last_month = day.replace(day=1) - timedelta(days=1)
    pairs = (
        (Period.TODAY, day - timedelta(days=1)),
        (Period.WEEK, day - timedelta(weeks=1)),
        (Period.MONTH, last_month),
    )
    return tuple(key(period, at) for period, before in pairs for at in (before, day))
