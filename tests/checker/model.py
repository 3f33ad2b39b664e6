"""What a schedule promises, worked out anew and naively: for each local date the instants between which its question stands.

It shares nothing with `bot.quiz.due`: a zone is read as the list of its stretches of one offset, a date's time is looked for
in each of them.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from bot.store.schedules import Plan

STEP = timedelta(minutes=15)
"""Clocks are changed at full quarters of an hour, UTC."""

LONGEST_OPEN = timedelta(hours=23)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A time in which a zone keeps its offset; `since` and `until` are UTC."""

    since: datetime
    until: datetime
    offset: timedelta


@dataclass(frozen=True, slots=True)
class Window:
    """The question of a date: from `opens` on it may be posted, from `closes` on not any more."""

    schedule: int
    on: date
    opens: datetime
    closes: datetime

    @property
    def key(self) -> str:
        return f"daily:{self.schedule}:{self.on}"


@lru_cache(maxsize=1000)
def stretches(zone: str, since: datetime, until: datetime) -> tuple[Stretch, ...]:
    found: list[Stretch] = []
    began, at, wall = since, since, ZoneInfo(zone)
    offset = _offset(at, wall)
    while at < until:
        at += STEP
        if (now := _offset(at, wall)) != offset or at >= until:
            found.append(Stretch(began, at, offset))
            began, offset = at, now
    return tuple(found)


def _offset(at: datetime, zone: ZoneInfo) -> timedelta:
    offset = at.astimezone(zone).utcoffset()
    assert offset is not None
    return offset


def instant(on: date, time: str, among: tuple[Stretch, ...]) -> datetime | None:
    """When a clock on the wall shows this time of this date first. Where it leaps over it, as long after the leap as the
    time lies after the moment of the leap; None where it leaps over the whole date.
    """
    wall = datetime.fromisoformat(f"{on}T{time}").replace(tzinfo=UTC)
    for stretch in among:
        if stretch.since <= wall - stretch.offset < stretch.until:
            return wall - stretch.offset
    for before, after in itertools.pairwise(among):
        if before.until + before.offset <= wall < before.until + after.offset:
            return None if after.offset - before.offset >= timedelta(days=1) else wall - before.offset
    return None


def windows(schedule: int, plan: Plan, since: datetime, until: datetime) -> list[Window]:
    """The windows of every question that opens in a time, in order."""
    margin = timedelta(days=20)
    among = stretches(plan.zone, since - margin, until + margin)
    first = since.date() - timedelta(days=2)
    opens: list[tuple[date, datetime]] = []
    for step in range((until - since).days + 16):
        on = first + timedelta(days=step)
        if on.weekday() in plan.days and (at := instant(on, plan.time, among)) is not None:
            opens.append((on, at))
    found = []
    for (on, at), (_, following) in itertools.pairwise(opens):
        if plan.open_minutes is not None:
            closes = at + timedelta(minutes=plan.open_minutes)
        elif following - at > timedelta(hours=2):
            closes = min(at + LONGEST_OPEN, following - timedelta(hours=1))
        else:
            closes = following
        if since < at <= until:
            found.append(Window(schedule, on, at, min(closes, following)))
    return found
