"""Schedules: when and where a daily question goes out, and what keeps one from doing so.

A removed schedule's row stays, because its posts and their keys name it; nothing here finds it any more.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Column, ColumnElement, Integer, Row, Select, bindparam, case, func, literal, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.events import Actor, Place
from bot.marked import Marked
from bot.quiz import rhythm
from bot.quiz.cards import Level
from bot.quiz.selection import EVERYTHING, Selection
from bot.store.tables import Moment, communities, schedules
from bot.store.upsert import insert


class Mode(StrEnum):
    """How a channel answers."""

    BUTTONS = "buttons"
    REACTIONS = "reactions"


class Feedback(StrEnum):
    """When people learn how they did. Until the close an answer may be changed; reactions are always told of then."""

    NOW = "now"
    AT_CLOSE = "at_close"


class Pause(StrEnum):
    """Why a schedule posts nothing. All but ADMIN end by themselves when the platform lets the bot work again."""

    ADMIN = "admin"
    FORBIDDEN = "forbidden"
    MISSING = "missing"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class Plan:
    """What an admin chooses. `time` is HH:MM in `zone`, `days` are 0 (Monday) to 6; for `open_minutes` see quiz.due.closing."""

    place: Place
    time: str
    zone: str
    days: frozenset[int] = rhythm.DAILY
    selection: Selection = EVERYTHING
    mode: Mode = Mode.BUTTONS
    feedback: Feedback = Feedback.NOW
    open_minutes: int | None = None

    @property
    def open_for(self) -> timedelta | None:
        return None if self.open_minutes is None else timedelta(minutes=self.open_minutes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule(Plan):
    """A daily question in one channel. `due_at` is its next instant, on `due_date` in `zone`; `tell`: who is told of trouble, if not the owner.

    `recap_at`: when the week in its channel is next told of, None where it is not. While it is paused both stand still, so that
    what it missed last may still go out when the pause ends in time.
    `trouble` without a pause: it goes on, but its last question could not be posted.
    `question_id`: what it is a line of where the question stands in several channels, see `store.questions`.
    """

    id: int
    community_id: int
    due_at: datetime
    due_date: date
    recap_at: datetime | None
    paused: Pause | None
    trouble: Marked | None
    tell: Actor | None
    question_id: int | None = None

    @property
    def number(self) -> int:
        """By which people know the question."""
        return self.id if self.question_id is None else self.question_id


_STANDING = schedules.c.removed_at.is_(None)
_SCHEDULE = select(schedules).where(_STANDING)


def _schedule(row: Row[Any]) -> Schedule:
    days = rhythm.read_days(row.days)
    assert days is not None
    return Schedule(
        id=row.id,
        community_id=row.community_id,
        place=Place(row.platform, row.workspace, row.channel),
        time=row.time,
        zone=row.zone,
        days=days,
        selection=Selection(tuple(row.decks), tuple(map(Level, row.levels)), tuple(row.topics)),
        mode=Mode(row.mode),
        feedback=Feedback(row.feedback),
        open_minutes=row.open_minutes,
        due_at=row.due_at,
        due_date=row.due_date,
        recap_at=row.recap_at,
        paused=None if row.paused is None else Pause(row.paused),
        trouble=None if row.trouble is None else Marked.read(row.trouble),
        tell=None if row.tell_id is None else Actor(row.platform, row.tell_realm, row.tell_id, ""),
        question_id=row.question_id,
    )


async def _schedules(tx: AsyncConnection, where: ColumnElement[bool]) -> list[Schedule]:
    return [_schedule(row) for row in await tx.execute(_SCHEDULE.where(where).order_by(schedules.c.id))]


async def by_id(tx: AsyncConnection, schedule_id: int) -> Schedule | None:
    return next(iter(await _schedules(tx, schedules.c.id == schedule_id)), None)


async def of_community(tx: AsyncConnection, community_id: int) -> list[Schedule]:
    """Every schedule of a community, the oldest first."""
    return await _schedules(tx, schedules.c.community_id == community_id)


async def of_question(tx: AsyncConnection, number: int) -> list[Schedule]:
    """The lines of the question of a number, and the schedule of that number."""
    return await _schedules(tx, (schedules.c.question_id == number) | (schedules.c.id == number))


async def of_workspace(tx: AsyncConnection, platform: str, workspace: str) -> list[Schedule]:
    """Every schedule of a workspace, the oldest first."""
    return await _schedules(tx, (schedules.c.platform == platform) & (schedules.c.workspace == workspace))


async def of_place(tx: AsyncConnection, place: Place) -> list[Schedule]:
    """Every schedule of a channel, the oldest first."""
    return await _schedules(tx, _at(place))


async def paused_by_us(tx: AsyncConnection, platform: str) -> list[Schedule]:
    """The platform's schedules that wait for something to be mended."""
    ours = schedules.c.paused.in_((Pause.FORBIDDEN, Pause.MISSING, Pause.LEFT))
    return await _schedules(tx, (schedules.c.platform == platform) & ours)


def _at(place: Place) -> ColumnElement[bool]:
    workspace = (schedules.c.platform == place.platform) & (schedules.c.workspace == place.workspace)
    return workspace & (schedules.c.channel == place.channel)


# ---------------------------------------------------------------- what is due

_RUNNING = _STANDING & schedules.c.paused.is_(None)


_NOW = bindparam("now", type_=Moment())
_PLATFORMS = schedules.c.platform.in_(bindparam("platforms", expanding=True))


def _come(at: Column[datetime]) -> Select[Any]:
    """Those whose instant of a kind has come, those nearest to it first: who is late already can wait."""
    come = _RUNNING & (at <= _NOW) & _PLATFORMS
    return _SCHEDULE.where(come).order_by(at.desc(), schedules.c.id).limit(bindparam("few", type_=Integer()))


def _next(at: Column[datetime]) -> Select[Any]:
    """The next instant of a kind on one platform: the first of an index."""
    return select(func.min(at)).where(_RUNNING & (at > _NOW), schedules.c.platform == bindparam("platform"))


# What every tick asks is written once: to build a statement takes as long as to run it.
_DUE, _RECAPS_DUE = _come(schedules.c.due_at), _come(schedules.c.recap_at)
_NEXT_DUE, _NEXT_RECAP = _next(schedules.c.due_at), _next(schedules.c.recap_at)


async def due(tx: AsyncConnection, now: datetime, platforms: Collection[str], limit: int = 100) -> list[Schedule]:
    """Schedules of these platforms whose instant has come, those nearest to it first."""
    found = await tx.execute(_DUE, {"now": now, "platforms": list(platforms), "few": limit})
    return [_schedule(row) for row in found]


async def next_due(tx: AsyncConnection, platforms: Collection[str], after: datetime) -> datetime | None:
    """The next instant of any schedule of these platforms later than `after`."""
    return await _first(tx, _NEXT_DUE, platforms, after)


async def recaps_due(tx: AsyncConnection, now: datetime, platforms: Collection[str], limit: int) -> list[Schedule]:
    """Schedules of these platforms with which a recap has come due, in the order of `due`."""
    found = await tx.execute(_RECAPS_DUE, {"now": now, "platforms": list(platforms), "few": limit})
    return [_schedule(row) for row in found]


async def next_recap(tx: AsyncConnection, platforms: Collection[str], after: datetime) -> datetime | None:
    """The next instant of any recap of these platforms later than `after`."""
    return await _first(tx, _NEXT_RECAP, platforms, after)


async def _first(
    tx: AsyncConnection, query: Select[Any], platforms: Collection[str], after: datetime
) -> datetime | None:
    """The first of what each platform has."""
    firsts = [(await tx.execute(query, {"now": after, "platform": each})).scalar_one() for each in tuple(platforms)]
    return min((at for at in firsts if at is not None), default=None)


async def set_recap(tx: AsyncConnection, schedule_id: int, at: datetime | None) -> None:
    """When the week in a schedule's channel is next told of; None for not at all."""
    await tx.execute(update(schedules).where(schedules.c.id == schedule_id).values(recap_at=at))


async def advance_recap(tx: AsyncConnection, schedule: Schedule, at: datetime) -> bool:
    """The schedule's next recap; False when its recap is not due any more as it was read: another worker saw to it, or an
    admin has turned it off.
    """
    due_still = (schedules.c.id == schedule.id) & (schedules.c.recap_at == schedule.recap_at)
    return (await tx.execute(update(schedules).where(due_still).values(recap_at=at))).rowcount == 1


async def recap_again(tx: AsyncConnection, schedule_id: int, at: datetime) -> None:
    """Put a schedule back to a recap that came to nothing, unless it is to have none any more."""
    back = (schedules.c.id == schedule_id) & (schedules.c.recap_at > at)
    await tx.execute(update(schedules).where(back).values(recap_at=at))


_ADVANCE = update(schedules).where(schedules.c.id == bindparam("schedule"))
_ZONE = select(communities.c.zone).where(communities.c.id == bindparam("community"))


async def advance(tx: AsyncConnection, to: Mapping[int, tuple[date, datetime]]) -> None:
    """Schedules' next dates and instants, by id."""
    rows = [{"schedule": each, "due_date": on, "due_at": at} for each, (on, at) in sorted(to.items())]
    if rows:
        await tx.execute(_ADVANCE, rows)


async def community_zone(tx: AsyncConnection, community_id: int) -> ZoneInfo:
    """The zone in which a community's days are."""
    return ZoneInfo((await tx.execute(_ZONE, {"community": community_id})).scalar_one())


# ---------------------------------------------------------------- pausing


async def pause(
    tx: AsyncConnection, schedule_id: int, why: Pause, trouble: Marked | None, told_at: datetime | None = None
) -> bool:
    """Stop a schedule; False when it is stopped already. `trouble` is told to an admin once, unless it has been."""
    running = _RUNNING & (schedules.c.id == schedule_id)
    stopped = (
        update(schedules).where(running).values(paused=why, trouble=trouble and trouble.written(), told_at=told_at)
    )
    return (await tx.execute(stopped)).rowcount == 1


async def paused_for(
    tx: AsyncConnection, schedule_id: int, why: Pause, trouble: Marked, told_at: datetime | None = None
) -> bool:
    """What keeps a schedule paused is `trouble` now; False when that is known. Told anew where the reason is of another kind."""
    waiting = _STANDING & schedules.c.paused.in_((Pause.FORBIDDEN, Pause.MISSING)) & (schedules.c.id == schedule_id)
    written = trouble.written()
    news = (schedules.c.paused != why) | schedules.c.trouble.is_distinct_from(written)
    by_now = literal(told_at, schedules.c.told_at.type)
    told = case((schedules.c.paused == why, func.coalesce(schedules.c.told_at, by_now)), else_=by_now)
    noted = update(schedules).where(waiting & news).values(paused=why, trouble=written, told_at=told)
    return (await tx.execute(noted)).rowcount == 1


async def resume(tx: AsyncConnection, schedule_id: int) -> None:
    """Let a schedule go on. What it missed last is due at once, if it is due still."""
    going = {"paused": None, "trouble": None, "told_at": None}
    await tx.execute(update(schedules).where(schedules.c.id == schedule_id).values(going))


async def due_again(tx: AsyncConnection, schedule_id: int, at: datetime, on: date) -> None:
    """Put a schedule back to an instant that came to nothing."""
    back = (schedules.c.id == schedule_id) & (schedules.c.due_at > at)
    await tx.execute(update(schedules).where(back).values(due_at=at, due_date=on))


async def trouble(tx: AsyncConnection, schedule_id: int, why: Marked) -> bool:
    """Note what kept a schedule's question from being posted, to be told to an admin; False when it is known already."""
    news = _RUNNING & (schedules.c.id == schedule_id) & schedules.c.trouble.is_distinct_from(why.written())
    return (await tx.execute(update(schedules).where(news).values(trouble=why.written(), told_at=None))).rowcount == 1


async def mended(tx: AsyncConnection, schedule_id: int) -> None:
    """What kept a running schedule's question from being posted is over. What paused one is the steward's to look at."""
    gone = _RUNNING & (schedules.c.id == schedule_id)
    await tx.execute(update(schedules).where(gone).values(trouble=None, told_at=None))


# Spelled so that no index of platforms is taken: nearly all rows are of one.
_UNTOLD = (
    _STANDING
    & schedules.c.trouble.is_not(None)
    & schedules.c.told_at.is_(None)
    & schedules.c.platform.concat("").in_(bindparam("platforms", expanding=True))
)
_ANY_UNTOLD = select(schedules.c.id).where(_UNTOLD).limit(1)


async def any_untold(tx: AsyncConnection, platforms: Collection[str]) -> bool:
    """Whether there is trouble of which no admin has been told."""
    return (await tx.execute(_ANY_UNTOLD, {"platforms": list(platforms)})).first() is not None


async def take_untold(tx: AsyncConnection, platforms: Collection[str], now: datetime) -> Sequence[Schedule]:
    """Schedules in trouble of which no admin has been told, marked as told now: whoever takes them tells."""
    marked = update(schedules).where(_UNTOLD).values(told_at=now).returning(schedules)
    found = await tx.execute(marked, {"platforms": list(platforms)})
    return sorted((_schedule(row) for row in found), key=lambda each: each.id)


async def not_told(tx: AsyncConnection, ids: Collection[int]) -> None:
    """The telling came to nothing for now."""
    await tx.execute(update(schedules).where(schedules.c.id.in_(ids)).values(told_at=None))


# ---------------------------------------------------------------- making


async def make(
    tx: AsyncConnection,
    community_id: int,
    plan: Plan,
    due: tuple[date, datetime],
    now: datetime,
    tell: Actor | None = None,
    recap_at: datetime | None = None,
    question_id: int | None = None,
) -> int | None:
    """A new schedule, first due on a date at an instant; None when its channel has one of the very same rhythm."""
    row = {
        "community_id": community_id,
        "question_id": question_id,
        **_chosen(plan),
        "due_date": due[0],
        "due_at": due[1],
        "recap_at": recap_at,
        "tell_realm": None if tell is None else tell.workspace,
        "tell_id": None if tell is None else tell.id,
        "created_at": now,
    }
    made = insert(tx, schedules).values(row).on_conflict_do_nothing().returning(schedules.c.id)
    schedule_id: int | None = (await tx.execute(made)).scalar_one_or_none()
    return schedule_id


async def change(
    tx: AsyncConnection, schedule_id: int, plan: Plan, due: tuple[date, datetime], tell: Actor | None = None
) -> None:
    """Another plan for a schedule, and who is told of trouble, if that is another. What has been wrong with it may be mended
    by that.
    """
    changed = {**_chosen(plan), "due_date": due[0], "due_at": due[1]}
    if tell is not None:
        changed |= {"tell_realm": tell.workspace, "tell_id": tell.id}
    await tx.execute(update(schedules).where(schedules.c.id == schedule_id).values(changed))
    await mended(tx, schedule_id)


async def remove(tx: AsyncConnection, schedule_id: int, now: datetime) -> None:
    """End a schedule for good. What it has posted stays, and goes on to its close."""
    await tx.execute(update(schedules).where(schedules.c.id == schedule_id).values(removed_at=now))


async def ensure(
    tx: AsyncConnection,
    community_id: int,
    place: Place,
    time: str,
    zone: str,
    open_minutes: int,
    due: tuple[date, datetime],
    now: datetime,
    recap_at: datetime | None = None,
) -> None:
    """A question every day for a channel that has never had one: what an admin changed or removed stays as they left it."""
    if (await tx.execute(select(schedules.c.id).where(_at(place)).limit(1))).first() is None:
        plan = Plan(place, time, zone, open_minutes=open_minutes)
        await make(tx, community_id, plan, due, now, recap_at=recap_at)


def _chosen(plan: Plan) -> Mapping[str, Any]:
    return {
        "platform": plan.place.platform,
        "workspace": plan.place.workspace,
        "channel": plan.place.channel,
        "time": plan.time,
        "zone": plan.zone,
        "days": rhythm.written(plan.days),
        "decks": list(plan.selection.decks),
        "levels": list(plan.selection.levels),
        "topics": list(plan.selection.topics),
        "mode": plan.mode,
        "feedback": plan.feedback,
        "open_minutes": plan.open_minutes,
    }


async def places(tx: AsyncConnection) -> list[Place]:
    """Every channel that has a schedule."""
    columns = schedules.c.platform, schedules.c.workspace, schedules.c.channel
    found = select(*columns).where(_STANDING).distinct().order_by(*columns)
    return [Place(*row) for row in await tx.execute(found)]
