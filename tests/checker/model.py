"""What a schedule promises, worked out anew and naively: for each local date the instants between which its question stands,
and for each week the instants between which it is told of.

It shares nothing with `bot.quiz.due` and `bot.quiz.weeks`: a zone is read as the list of its stretches of one offset, a date's time is looked for
in each of them.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from bot.events import Place
from bot.store.schedules import Plan

STEP = timedelta(minutes=15)
"""Clocks are changed at full quarters of an hour, UTC."""

LONGEST_OPEN = timedelta(hours=23)

TOLD_FOR = timedelta(days=2)
"""How long a recap may come after its time."""


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

    @property
    def last(self) -> datetime:
        """When it can't come any more."""
        return self.closes


@dataclass(frozen=True, slots=True)
class Week:
    """The recap of the week that began on `first`: it comes from `opens` on, and until `closes` if somebody took part; with
    another of the channel's questions it may come until `last`.
    """

    place: Place
    first: date
    opens: datetime
    closes: datetime
    last: datetime

    @property
    def key(self) -> str:
        return f"recap:{self.place.platform}:{self.place.workspace}:{self.place.channel}:{self.first}"

    @property
    def home(self) -> tuple[str, str]:
        return self.place.platform, self.place.channel


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


def weeks(place: Place, plans: Sequence[Plan], home: str, since: datetime, until: datetime) -> list[Week]:
    """The recaps of a channel that has these plans and whose community lives in the zone `home`, in order."""
    margin = timedelta(days=20)
    at_home = stretches(home, since - margin, until + margin)
    found = []
    monday = since.date() - timedelta(days=since.weekday())
    while monday <= until.date():
        over = instant(monday, "00:00", at_home)
        assert over is not None
        told = []
        for plan in plans:
            among = stretches(plan.zone, since - margin, until + margin)
            near = (instant(monday + timedelta(days=step), plan.time, among) for step in range(-3, 4))
            told.append(min(at for at in near if at is not None and at >= over))
        if since < min(told) <= until:
            first = monday - timedelta(days=7)
            found.append(Week(place, first, min(told), min(told) + TOLD_FOR, max(told) + TOLD_FOR))
        monday += timedelta(days=7)
    return found
