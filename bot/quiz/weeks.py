"""Weeks, Monday to Sunday in a community's own zone, and when each is over and can be told of."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from bot.quiz import due, rhythm

WEEK = dt.timedelta(weeks=1)
SIX_DAYS = dt.timedelta(days=6)


def monday(day: dt.date) -> dt.date:
    """The first day of the week of `day`."""
    return day - dt.timedelta(days=day.weekday())


def told_at(first: dt.date, time: dt.time, zone: ZoneInfo, home: ZoneInfo) -> dt.datetime:
    """The first instant of `time` in `zone` at which the week that began on `first` in `home` is over.

    Where both zones are one it is the next Monday's; else a day of `home` may be half over when it begins in `zone`.
    """
    over = dt.datetime.combine(first + WEEK, dt.time(), home).astimezone(dt.UTC)
    return due.next_due(time, zone, rhythm.DAILY, over - dt.timedelta(microseconds=1))[1]


def latest(time: dt.time, zone: ZoneInfo, home: ZoneInfo, at: dt.datetime) -> tuple[dt.date, dt.datetime]:
    """The first day of the last week that was to be told of at `at` or before, and that instant."""
    first = monday(at.astimezone(home).date()) - WEEK
    instant = told_at(first, time, zone, home)
    if instant <= at:
        return first, instant
    return first - WEEK, told_at(first - WEEK, time, zone, home)


def following(time: dt.time, zone: ZoneInfo, home: ZoneInfo, after: dt.datetime) -> dt.datetime:
    """When a week is next told of, later than `after`."""
    return told_at(latest(time, zone, home, after)[0] + WEEK, time, zone, home)
