"""The periods that boards rank: today, week, month, season and all time, named by a key that sorts by time."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum

from bot.quiz.seasons import QUARTERS, Seasons


class Period(StrEnum):
    TODAY = "today"
    WEEK = "week"
    MONTH = "month"
    SEASON = "season"
    ALL = "all"


PASSING = (Period.TODAY, Period.WEEK, Period.MONTH)
"""Those whose boards go with time, and that are the calendar's in every community."""


def key(period: Period, day: date, seasons: Seasons) -> str:
    """The key under which `day` counts: `d2026-11-22`, `w2026-47` (ISO week), `m2026-11`, `s2026-10-01` (the season's first day),
    `all`.
    """
    match period:
        case Period.TODAY:
            return f"d{day.isoformat()}"
        case Period.WEEK:
            year, week, _ = day.isocalendar()
            return f"w{year:04}-{week:02}"
        case Period.MONTH:
            return f"m{day.year:04}-{day.month:02}"
        case Period.SEASON:
            return seasons.key(day)
        case Period.ALL:
            return "all"


def keys(day: date, season: str) -> tuple[str, ...]:
    """Every key under which an answer to a question of `day` counts; `season` is that of the day."""
    return (*team_keys(day, season), "all")


def team_keys(day: date, season: str) -> tuple[str, ...]:
    """Every key under which an answer counts for a team; `season` is the team's. It lasts a season, so that is all time to it."""
    return (*(key(period, day, QUARTERS) for period in PASSING), season)


def live(key: str) -> str:
    """The key of the board of live rounds over the same period. It stands apart from all others."""
    return f"l{key}"


def before(period: Period, day: date) -> str | None:
    """The key of the period before the one that `day` is in; None for seasons, which begin anew, and all time."""
    match period:
        case Period.TODAY:
            return key(period, day - timedelta(days=1), QUARTERS)
        case Period.WEEK:
            return key(period, day - timedelta(weeks=1), QUARTERS)
        case Period.MONTH:
            return key(period, day.replace(day=1) - timedelta(days=1), QUARTERS)
        case Period.SEASON | Period.ALL:
            return None


def kept(day: date) -> tuple[str, ...]:
    """The day, week and month keys whose boards are kept on `day`: the current and the previous of each.

    Seasons and all time are kept for good.
    """
    pairs = ((before(period, day), key(period, day, QUARTERS)) for period in PASSING)
    return tuple(name for last, now in pairs if last is not None for name in (last, now))
