"""Live rounds: one going on in a channel at a time, each a row that says what its message shows and when it is next to be seen to.

Whoever sees to a round holds it for a while. What people do meanwhile (join, start, stop) grows its `step`, and is seen
to next; a worker that dies leaves a round that is due, and another takes it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Integer, Row, bindparam, case, func, literal, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.events import MessageRef, Place
from bot.quiz.live import GRACE, LOBBY
from bot.store.tables import Moment, accounts, live_rounds, people
from bot.store.upsert import insert

LEASE = timedelta(seconds=20)
"""How long a worker holds a round. No request to a platform is waited for as long."""

GATHER = timedelta(seconds=2)
"""Who joins or answers is shown together with whoever does in so much time."""


class State(StrEnum):
    """See `tables.live_rounds`."""

    POSTING = "posting"
    LOBBY = "lobby"
    ASKING = "asking"
    REVEALED = "revealed"
    OVER = "over"


class Ending(StrEnum):
    """How a round came to its end."""

    FINISHED = "finished"
    STOPPED = "stopped"
    EMPTY = "empty"  # nobody joined
    ABANDONED = "abandoned"  # nobody drove it, as while the bot was away
    FAILED = "failed"  # its message can't be shown


@dataclass(frozen=True, slots=True)
class LiveRound:
    """A row of `live_rounds`. `cards` are ids, in order; `account_id` is the host's, None when they were forgotten."""

    id: int
    community_id: int
    place: Place
    account_id: int | None
    deck: str
    cards: tuple[int, ...]
    seconds: int
    day: date
    key: str
    message: str | None
    state: State
    position: int
    ending: Ending | None
    asked_for_at: datetime
    begins_at: datetime
    ends_at: datetime
    step: int
    shown: int
    due_at: datetime | None
    held_until: datetime | None
    """By which whoever holds it knows that they still do."""

    @property
    def ref(self) -> MessageRef:
        assert self.message is not None
        return MessageRef(self.place, self.message)

    @property
    def over_at(self) -> datetime:
        """When the state gives way to the next."""
        return self.ends_at + GRACE if self.state is State.ASKING else self.ends_at


def _round(row: Row[Any]) -> LiveRound:
    return LiveRound(
        id=row.id,
        community_id=row.community_id,
        place=Place(row.platform, row.workspace, row.channel, row.thread or None),
        account_id=row.account_id,
        deck=row.deck,
        cards=tuple(row.cards),
        seconds=row.seconds,
        day=row.day,
        key=row.key,
        message=row.message_id,
        state=State(row.state),
        position=row.position,
        ending=None if row.ending is None else Ending(row.ending),
        asked_for_at=row.asked_for_at,
        begins_at=row.begins_at,
        ends_at=row.ends_at,
        step=row.step,
        shown=row.shown,
        due_at=row.due_at,
        held_until=row.held_until,
    )


@dataclass(frozen=True, slots=True)
class Wish:
    """A round that somebody asks for; `key` is what a second delivery of the same request repeats."""

    community_id: int
    place: Place
    account_id: int
    deck: str
    cards: Sequence[int]
    seconds: int
    day: date
    key: str


async def begin(tx: AsyncConnection, wish: Wish, now: datetime) -> LiveRound | None:
    """A round about to be posted, held by whoever posts it; None where one is going on in the place already."""
    row = {
        "community_id": wish.community_id,
        "platform": wish.place.platform,
        "workspace": wish.place.workspace,
        "channel": wish.place.channel,
        "thread": wish.place.thread or "",
        "account_id": wish.account_id,
        "deck": wish.deck,
        "cards": list(wish.cards),
        "seconds": wish.seconds,
        "day": wish.day,
        "key": wish.key,
        "state": State.POSTING,
        "position": 0,
        "asked_for_at": now,
        "begins_at": now,
        "ends_at": now + LOBBY,
        "step": 0,
        "shown": 0,
        "due_at": now,
        "held_until": now + LEASE,
    }
    made = insert(tx, live_rounds).values(row).on_conflict_do_nothing().returning(live_rounds)
    found = (await tx.execute(made)).one_or_none()
    return None if found is None else _round(found)


async def by_id(tx: AsyncConnection, round_id: int) -> LiveRound | None:
    row = (await tx.execute(select(live_rounds).where(live_rounds.c.id == round_id))).one_or_none()
    return None if row is None else _round(row)


async def locked(tx: AsyncConnection, ids: Collection[int]) -> dict[int, LiveRound]:
    """Rounds by their ids, which nobody else changes until the transaction is over."""
    query = select(live_rounds).where(live_rounds.c.id.in_(ids)).order_by(live_rounds.c.id)
    return {row.id: _round(row) for row in await tx.execute(query.with_for_update(key_share=True))}


async def host(tx: AsyncConnection, row: LiveRound) -> str | None:
    """The host's name, as long as they are known."""
    query = select(people.c.name).join(accounts, accounts.c.person_id == people.c.id)
    name: str | None = (await tx.execute(query.where(accounts.c.id == row.account_id))).scalar_one_or_none()
    return name


# ---------------------------------------------------------------- what is to be seen to

_LIMIT = bindparam("few", type_=Integer())
_NOW = bindparam("now", type_=Moment())
_OURS = live_rounds.c.platform.concat("").in_(bindparam("platforms", expanding=True))  # past the index of channels
_FREE = live_rounds.c.held_until.is_(None) | (live_rounds.c.held_until <= _NOW)
_DUE = select(live_rounds).where((live_rounds.c.due_at <= _NOW) & _FREE & _OURS)
_DUE = _DUE.order_by(live_rounds.c.due_at).limit(_LIMIT)
_WAKING = case((live_rounds.c.held_until > live_rounds.c.due_at, live_rounds.c.held_until), else_=live_rounds.c.due_at)
_NEXT = select(func.min(_WAKING, type_=Moment())).where(live_rounds.c.due_at.is_not(None) & _OURS)


async def due(tx: AsyncConnection, now: datetime, platforms: Collection[str], limit: int) -> list[LiveRound]:
    """Rounds on these platforms that are to be seen to, and that nobody holds."""
    asked = {"now": now, "platforms": list(platforms), "few": limit}
    return [_round(row) for row in await tx.execute(_DUE, asked)]


async def next_due(tx: AsyncConnection, platforms: Collection[str]) -> datetime | None:
    """When a round on these platforms is next to be seen to; None where none is going on."""
    at: datetime | None = (await tx.execute(_NEXT, {"platforms": list(platforms)})).scalar_one()
    return at


async def take(tx: AsyncConnection, row: LiveRound, now: datetime) -> LiveRound | None:
    """Hold a round that is due; as it is now, or None when another worker was quicker."""
    free = live_rounds.c.held_until.is_(None) | (live_rounds.c.held_until <= now)
    mine = (live_rounds.c.id == row.id) & (live_rounds.c.due_at <= now) & free
    held = update(live_rounds).where(mine).values(held_until=now + LEASE).returning(live_rounds)
    found = (await tx.execute(held)).one_or_none()
    return None if found is None else _round(found)


async def move(tx: AsyncConnection, row: LiveRound, now: datetime, **changes: object) -> LiveRound | None:
    """A round goes into another state, and its message is to show it; None when somebody has changed it meanwhile."""
    values = {"step": row.step + 1, "held_until": now + LEASE, **changes}
    moved = update(live_rounds).where(_as_read(row)).values(values).returning(live_rounds)
    found = (await tx.execute(moved)).one_or_none()
    return None if found is None else _round(found)


def _as_read(row: LiveRound) -> ColumnElement[bool]:
    return (live_rounds.c.id == row.id) & (live_rounds.c.step == row.step)


async def shown(tx: AsyncConnection, row: LiveRound, now: datetime, *, since: datetime | None = None) -> bool:
    """The message shows a round as it was read, and nobody holds it any more; it is next due when the state is over, or sooner
    where somebody has changed it meanwhile or answered. With `since` the question that it asks has its time from then on. False
    when it was held too long, and another worker has taken it over.
    """
    now_on = row if since is None else replace(row, begins_at=since, ends_at=since + timedelta(seconds=row.seconds))
    heard = live_rounds.c.due_at != row.due_at
    values = {
        "held_until": None,
        "shown": row.step,
        "begins_at": now_on.begins_at,
        "ends_at": now_on.ends_at,
        "due_at": None if row.state is State.OVER else case((heard, live_rounds.c.due_at), else_=now_on.over_at),
    }
    mine = update(live_rounds).where(_as_read(row), _held(row)).values(values)
    if (await tx.execute(mine)).rowcount == 1:
        return True
    soon = case((live_rounds.c.ends_at < now + GATHER, live_rounds.c.ends_at), else_=now + GATHER)
    due_at = case((live_rounds.c.state == State.LOBBY, soon), else_=live_rounds.c.due_at)
    let_go = {"held_until": None, "shown": row.step, "due_at": due_at}
    changed = update(live_rounds).where(live_rounds.c.id == row.id, _held(row)).values(let_go)
    return (await tx.execute(changed)).rowcount == 1


def _held(row: LiveRound) -> ColumnElement[bool]:
    return live_rounds.c.held_until == row.held_until


async def stand(tx: AsyncConnection, row: LiveRound, message: str, now: datetime) -> None:
    """The lobby stands as this message, and is open for a while yet, however late it was found."""
    until = max(row.ends_at, now + LOBBY / 3)
    another = (live_rounds.c.step != live_rounds.c.shown) | literal(until != row.ends_at)  # than what was posted
    standing = {"state": State.LOBBY, "message_id": message, "begins_at": now, "ends_at": until, "held_until": None}
    posting = (live_rounds.c.id == row.id) & (live_rounds.c.state == State.POSTING)
    await tx.execute(update(live_rounds).where(posting).values(**standing, due_at=case((another, now), else_=until)))


async def let_go(tx: AsyncConnection, row: LiveRound) -> None:
    """Nobody holds it any more."""
    await tx.execute(update(live_rounds).where(live_rounds.c.id == row.id, _held(row)).values(held_until=None))


async def put_off(tx: AsyncConnection, row: LiveRound, until: datetime) -> None:
    """What was tried failed for now: nobody tries again before then. What nobody has seen yet begins when it is tried again."""
    waiting = {"begins_at": until, "ends_at": until + (row.ends_at - row.begins_at)}
    unseen = row.state in (State.ASKING, State.REVEALED) and row.shown < row.step
    values = {"held_until": until, **(waiting if unseen else {})}
    await tx.execute(update(live_rounds).where(live_rounds.c.id == row.id, _held(row)).values(values))


async def fail(tx: AsyncConnection, row: LiveRound) -> None:
    """Its message can't be shown: it is over, and nothing more is done."""
    gone = {"state": State.OVER, "ending": row.ending or Ending.FAILED, "due_at": None, "held_until": None}
    await tx.execute(update(live_rounds).where(live_rounds.c.id == row.id).values(gone))


# ---------------------------------------------------------------- what people do


async def heard(tx: AsyncConnection, row: LiveRound, now: datetime) -> None:
    """Somebody has answered the question that is asked: its message says so soon, with those who answer in the same moment."""
    soon = now + GATHER
    if soon >= row.over_at:
        return
    awaited = (live_rounds.c.due_at > now) & (live_rounds.c.due_at < soon)
    due_at = case((awaited, live_rounds.c.due_at), else_=soon)
    await tx.execute(update(live_rounds).where(live_rounds.c.id == row.id).values(due_at=due_at))


async def stir(tx: AsyncConnection, row: LiveRound, due_at: datetime, **changes: object) -> bool:
    """Change a round, whoever holds it: it is seen to at `due_at` at the latest. False when it was changed meanwhile."""
    sooner = case((live_rounds.c.due_at < due_at, live_rounds.c.due_at), else_=due_at)
    values = {"step": row.step + 1, "due_at": sooner, **changes}
    return (await tx.execute(update(live_rounds).where(_as_read(row)).values(values))).rowcount == 1
