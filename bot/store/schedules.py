"""Schedules: when and where a daily question goes out, and what keeps one from doing so."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Row, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.events import Place
from bot.store.tables import schedules
from bot.store.upsert import insert


class Mode(StrEnum):
    """How a channel answers."""

    BUTTONS = "buttons"
    REACTIONS = "reactions"


class Pause(StrEnum):
    """Why a schedule posts nothing. All but ADMIN end by themselves when the platform lets the bot work again."""

    ADMIN = "admin"
    FORBIDDEN = "forbidden"
    MISSING = "missing"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class Schedule:
    """When and where a daily question goes out. `due_at` is its next instant, on `due_date` in `zone`.

    While it is paused `due_at` stands still, so that what it missed last may still go out when the pause ends in time.
    """

    id: int
    community_id: int
    place: Place
    time: str
    zone: str
    open_minutes: int
    mode: Mode
    due_at: datetime
    due_date: date
    paused: Pause | None
    trouble: str | None


_SCHEDULE = select(schedules)


def _schedule(row: Row[Any]) -> Schedule:
    return Schedule(
        id=row.id,
        community_id=row.community_id,
        place=Place(row.platform, row.workspace, row.channel),
        time=row.time,
        zone=row.zone,
        open_minutes=row.open_minutes,
        mode=Mode(row.mode),
        due_at=row.due_at,
        due_date=row.due_date,
        paused=None if row.paused is None else Pause(row.paused),
        trouble=row.trouble,
    )


async def _schedules(tx: AsyncConnection, where: ColumnElement[bool]) -> list[Schedule]:
    return [_schedule(row) for row in await tx.execute(_SCHEDULE.where(where).order_by(schedules.c.id))]


async def by_id(tx: AsyncConnection, schedule_id: int) -> Schedule | None:
    return next(iter(await _schedules(tx, schedules.c.id == schedule_id)), None)


async def of_workspace(tx: AsyncConnection, platform: str, workspace: str) -> list[Schedule]:
    """Every schedule of a workspace, the oldest first."""
    return await _schedules(tx, (schedules.c.platform == platform) & (schedules.c.workspace == workspace))


async def paused_by_us(tx: AsyncConnection, platform: str) -> list[Schedule]:
    """The platform's schedules that wait for something to be mended."""
    ours = schedules.c.paused.in_((Pause.FORBIDDEN, Pause.MISSING, Pause.LEFT))
    return await _schedules(tx, (schedules.c.platform == platform) & ours)


async def in_trouble(tx: AsyncConnection, community_id: int) -> list[Schedule]:
    """The community's schedules that the bot itself has paused."""
    return await _schedules(tx, (schedules.c.community_id == community_id) & schedules.c.trouble.is_not(None))


# ---------------------------------------------------------------- what is due

_RUNNING = schedules.c.paused.is_(None)


async def due(tx: AsyncConnection, now: datetime, platforms: Collection[str], limit: int = 100) -> list[Schedule]:
    """Schedules of these platforms whose instant has come, the longest overdue first."""
    come = _RUNNING & (schedules.c.due_at <= now) & schedules.c.platform.in_(platforms)
    return [_schedule(row) for row in await tx.execute(_SCHEDULE.where(come).order_by(schedules.c.due_at).limit(limit))]


async def next_due(tx: AsyncConnection, platforms: Collection[str]) -> datetime | None:
    """The next instant of any schedule of these platforms."""
    ours = _RUNNING & schedules.c.platform.in_(platforms)
    at: datetime | None = (await tx.execute(select(func.min(schedules.c.due_at)).where(ours))).scalar_one()
    return at


async def advance(tx: AsyncConnection, schedule_id: int, due_at: datetime, due_date: date) -> None:
    """The schedule's next instant."""
    await tx.execute(update(schedules).where(schedules.c.id == schedule_id).values(due_at=due_at, due_date=due_date))


# ---------------------------------------------------------------- pausing


async def pause(tx: AsyncConnection, schedule_id: int, why: Pause, trouble: str | None) -> bool:
    """Stop a schedule; False when it is stopped already. `trouble` is told to an admin once."""
    running = _RUNNING & (schedules.c.id == schedule_id)
    stopped = update(schedules).where(running).values(paused=why, trouble=trouble, told_at=None)
    return (await tx.execute(stopped)).rowcount == 1


async def resume(tx: AsyncConnection, schedule_id: int) -> None:
    """Let a schedule go on. What it missed last is due at once, if it is due still."""
    going = {"paused": None, "trouble": None, "told_at": None}
    await tx.execute(update(schedules).where(schedules.c.id == schedule_id).values(going))


async def due_again(tx: AsyncConnection, schedule_id: int, at: datetime, on: date) -> None:
    """Put a schedule back to an instant that came to nothing."""
    back = (schedules.c.id == schedule_id) & (schedules.c.due_at > at)
    await tx.execute(update(schedules).where(back).values(due_at=at, due_date=on))


async def untold(tx: AsyncConnection, platforms: Collection[str], now: datetime) -> Sequence[Schedule]:
    """Schedules in trouble of which no admin has been told, marked as told now: whoever reads this tells."""
    waiting = schedules.c.trouble.is_not(None) & schedules.c.told_at.is_(None) & schedules.c.platform.in_(platforms)
    marked = update(schedules).where(waiting).values(told_at=now).returning(schedules)
    return sorted((_schedule(row) for row in await tx.execute(marked)), key=lambda each: each.id)


async def not_told(tx: AsyncConnection, ids: Collection[int]) -> None:
    """The telling came to nothing for now."""
    await tx.execute(update(schedules).where(schedules.c.id.in_(ids)).values(told_at=None))


# ---------------------------------------------------------------- making


async def ensure(
    tx: AsyncConnection,
    community_id: int,
    place: Place,
    time: str,
    zone: str,
    open_minutes: int,
    due: tuple[date, datetime],
    now: datetime,
    mode: Mode = Mode.BUTTONS,
) -> None:
    """A schedule for `place` at `time`, made where it is missing and left alone where it is."""
    row = {
        "community_id": community_id,
        "platform": place.platform,
        "workspace": place.workspace,
        "channel": place.channel,
        "time": time,
        "zone": zone,
        "open_minutes": open_minutes,
        "mode": mode,
        "due_date": due[0],
        "due_at": due[1],
        "created_at": now,
    }
    await tx.execute(insert(tx, schedules).values(row).on_conflict_do_nothing())


async def places(tx: AsyncConnection) -> list[Place]:
    """Every channel that has a schedule."""
    columns = schedules.c.platform, schedules.c.workspace, schedules.c.channel
    return [Place(*row) for row in await tx.execute(select(*columns).distinct().order_by(*columns))]
