"""Recaps: a channel's week in numbers, and the message that tells of it, from claim to posting."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Integer, Row, Select, bindparam, cast, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.events import Place
from bot.quiz.weeks import SIX_DAYS, WEEK
from bot.store import posts
from bot.store.posts import PostRow
from bot.store.schedules import Schedule
from bot.store.stood import Stood
from bot.store.tables import Moment, answers, days, recap_events, recaps
from bot.store.upsert import insert

LATE = timedelta(days=2)
"""How long after its time a recap is still worth posting."""


class State(StrEnum):
    """See `tables.recaps`."""

    CLAIMED = "claimed"
    POSTED = "posted"
    FAILED = "failed"


class What(StrEnum):
    """What can happen to a recap; named as with posts."""

    CLAIMED = "claimed"
    TAKEN_OVER = "taken over"
    NOT_SENT = "not sent"
    IN_WORDS = "without its picture"
    POSTED = "posted"
    FOUND = "found"
    TWIN = "twin deleted"
    LEFT_OUT = "left out"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class RecapEvent:
    """Something that happened to a recap; `at` is aware."""

    at: datetime
    what: What
    detail: str | None


@dataclass(frozen=True, slots=True)
class RecapRow:
    """A channel's recap of the week that began on `first`; it came due with the schedule."""

    id: int
    community_id: int
    schedule_id: int
    place: Place
    first: date
    key: str
    message: str | None
    state: State
    due_at: datetime
    claimed_at: datetime

    @property
    def claimed(self) -> bool:
        return self.state is State.CLAIMED

    @property
    def since(self) -> datetime:
        return self.due_at

    @property
    def until(self) -> datetime:
        return self.due_at + LATE


def _recap(row: Row[Any]) -> RecapRow:
    return RecapRow(
        id=row.id,
        community_id=row.community_id,
        schedule_id=row.schedule_id,
        place=Place(row.platform, row.workspace, row.channel),
        first=row.first,
        key=row.key,
        message=row.message_id,
        state=State(row.state),
        due_at=row.due_at,
        claimed_at=row.claimed_at,
    )


async def _recaps(
    tx: AsyncConnection, query: Select[Any], values: Mapping[str, object] | None = None
) -> list[RecapRow]:
    return [_recap(row) for row in await tx.execute(query, values)]


async def by_id(tx: AsyncConnection, recap_id: int) -> RecapRow | None:
    return next(iter(await _recaps(tx, select(recaps).where(recaps.c.id == recap_id))), None)


# As in `posts`: what every tick asks is written once, and past the index of platforms.
_OURS = recaps.c.platform.concat("").in_(bindparam("platforms", expanding=True))
_NOW = bindparam("now", type_=Moment())
_LIMIT = bindparam("few", type_=Integer())
_UNSETTLED = (
    select(recaps)
    .where((recaps.c.state == State.CLAIMED) & (recaps.c.claimed_at < _NOW) & _OURS)
    .order_by(recaps.c.claimed_at)
    .limit(_LIMIT)
)
_TO_LOOK_AT = (  # not by the state: SQLite would go through all that ever were posted
    select(recaps)
    .where((recaps.c.look_at <= _NOW) & recaps.c.message_id.is_not(None) & _OURS)
    .order_by(recaps.c.look_at)
    .limit(_LIMIT)
)


async def unsettled(
    tx: AsyncConnection, claimed_before: datetime, platforms: Collection[str], limit: int
) -> list[RecapRow]:
    """Claims on these platforms that nobody finished: the message may have been sent or not."""
    return await _recaps(tx, _UNSETTLED, {"now": claimed_before, "platforms": list(platforms), "few": limit})


async def to_look_at(tx: AsyncConnection, now: datetime, platforms: Collection[str], limit: int) -> list[RecapRow]:
    """Recaps on these platforms of which there may be a twin."""
    return await _recaps(tx, _TO_LOOK_AT, {"now": now, "platforms": list(platforms), "few": limit})


async def of_place(tx: AsyncConnection, place: Place, limit: int) -> list[RecapRow]:
    """The latest recaps of a channel, the newest first."""
    here = (recaps.c.platform == place.platform) & (recaps.c.workspace == place.workspace)
    query = select(recaps).where(here & (recaps.c.channel == place.channel)).order_by(recaps.c.first.desc())
    return await _recaps(tx, query.limit(limit))


# ---------------------------------------------------------------- from claim to posting


async def claim(
    tx: AsyncConnection, schedule: Schedule, first: date, due_at: datetime, now: datetime
) -> RecapRow | None:
    """A claimed recap of the schedule's channel, or None when somebody has claimed that week's already.

    One that failed is claimed anew: its message never stood.
    """
    row = _row(schedule, first, due_at, now, State.CLAIMED)
    failed = (recaps.c.key == row["key"]) & (recaps.c.state == State.FAILED)
    again = update(recaps).where(failed).values({**row, "problem": None}).returning(recaps)
    found = (await tx.execute(again)).one_or_none()
    if found is None:
        claimed = insert(tx, recaps).values(row).on_conflict_do_nothing().returning(recaps)
        found = (await tx.execute(claimed)).one_or_none()
    if found is None:
        return None
    await note(tx, _recap(found), now, What.CLAIMED, f"with daily question {schedule.id}")
    return _recap(found)


async def leave_out(
    tx: AsyncConnection, schedule: Schedule, first: date, due_at: datetime, now: datetime, why: str
) -> None:
    """There will be no recap of that week, unless another of the channel's schedules finds a reason for one."""
    row = {**_row(schedule, first, due_at, now, State.FAILED), "problem": why}
    left = insert(tx, recaps).values(row).on_conflict_do_nothing().returning(recaps)
    if (made := (await tx.execute(left)).one_or_none()) is not None:
        await note(tx, _recap(made), now, What.LEFT_OUT, why)


def _row(schedule: Schedule, first: date, due_at: datetime, now: datetime, state: State) -> dict[str, Any]:
    place = schedule.place
    return {
        "community_id": schedule.community_id,
        "schedule_id": schedule.id,
        "platform": place.platform,
        "workspace": place.workspace,
        "channel": place.channel,
        "first": first,
        "key": f"recap:{place.platform}:{place.workspace}:{place.channel}:{first}",
        "state": state,
        "due_at": due_at,
        "claimed_at": now,
    }


def _claim(recap: RecapRow) -> ColumnElement[bool]:
    """The recap, as long as it is claimed by whoever read it so."""
    return (recaps.c.id == recap.id) & (recaps.c.state == State.CLAIMED) & (recaps.c.claimed_at == recap.claimed_at)


async def reclaim(tx: AsyncConnection, recap: RecapRow, now: datetime) -> RecapRow | None:
    """Take over a claim that nobody finished; None when another worker was quicker. The recap as it is ours now."""
    taken = (await tx.execute(update(recaps).where(_claim(recap)).values(claimed_at=now))).rowcount == 1
    if not taken:
        return None
    await note(tx, recap, now, What.TAKEN_OVER)
    return replace(recap, claimed_at=now)


async def stand(tx: AsyncConnection, stood: Sequence[Stood[RecapRow]], now: datetime) -> dict[int, RecapRow]:
    """Claimed recaps stand in their channels as messages: as they are now, by id, without those whose claim is ours no longer."""
    ours: dict[int, RecapRow] = {}
    for each in stood:
        standing = {"state": State.POSTED, "message_id": each.message, "look_at": each.look_at}
        if (await tx.execute(update(recaps).where(_claim(each.errand)).values(standing))).rowcount == 1:
            ours[each.errand.id] = replace(each.errand, state=State.POSTED, message=each.message)
            await note(tx, each.errand, now, What.POSTED if each.look_at is None else What.FOUND, each.message)
    return ours


async def look_again(tx: AsyncConnection, recap_id: int, at: datetime | None) -> None:
    """When to look for a twin next, if at all."""
    await tx.execute(update(recaps).where(recaps.c.id == recap_id).values(look_at=at))


async def fail(tx: AsyncConnection, recap: RecapRow, problem: str, now: datetime) -> bool:
    """A recap that will not be shown; False when the claim is ours no longer."""
    failed = update(recaps).where(_claim(recap)).values(state=State.FAILED, problem=problem)
    if (await tx.execute(failed)).rowcount != 1:
        return False
    await note(tx, recap, now, What.FAILED, problem)
    return True


# ---------------------------------------------------------------- what became of it


async def note(tx: AsyncConnection, recap: RecapRow, at: datetime, what: What, detail: str | None = None) -> None:
    """Keep what happened to a recap."""
    row = {"community_id": recap.community_id, "recap_id": recap.id, "at": at, "what": what, "detail": detail}
    await tx.execute(insert(tx, recap_events).values(row))


async def events(tx: AsyncConnection, recap_id: int) -> list[RecapEvent]:
    """What happened to a recap, in order."""
    query = select(recap_events).where(recap_events.c.recap_id == recap_id).order_by(recap_events.c.id)
    return [RecapEvent(row.at, What(row.what), row.detail) for row in await tx.execute(query)]


# ---------------------------------------------------------------- the numbers


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that was put in the channel, how many answered it there, and how many of them were right."""

    post: PostRow
    answered: int
    correct: int


@dataclass(frozen=True, slots=True)
class Week:
    """What a week came to in a channel.

    `took_part`: people who answered there; `before`: those of the week before, None when nothing was asked in it. `days`:
    on how many days each of those who took part did anything, a question or practice, all together.
    """

    first: date
    asked: tuple[Asked, ...]
    took_part: int
    before: int | None
    days: int

    @property
    def last(self) -> date:
        return self.first + SIX_DAYS


async def week(tx: AsyncConnection, community_id: int, place: Place, first: date) -> Week:
    """The week that began on `first` in a channel, by the questions of its days."""
    asked = await posts.of_days(tx, place, first, first + SIX_DAYS)
    earlier = await posts.of_days(tx, place, first - WEEK, first - WEEK + SIX_DAYS)
    here = answers.c.post_id.in_([post.id for post in asked])
    right = func.sum(cast(answers.c.correct, Integer))
    counted = select(answers.c.post_id, func.count(), right).where(here).group_by(answers.c.post_id)
    by_post = {row[0]: (row[1], row[2]) for row in await tx.execute(counted)}
    people = select(answers.c.person_id).where(here).distinct()
    practised = select(func.count()).where(
        (days.c.community_id == community_id)
        & days.c.day.between(first, first + SIX_DAYS)
        & days.c.person_id.in_(people)
    )
    return Week(
        first=first,
        asked=tuple(Asked(post, *by_post.get(post.id, (0, 0))) for post in asked),
        took_part=await _people(tx, asked),
        before=await _people(tx, earlier) if earlier else None,
        days=(await tx.execute(practised)).scalar_one(),
    )


async def _people(tx: AsyncConnection, asked: Sequence[PostRow]) -> int:
    """How many people answered any of the posts."""
    here = answers.c.post_id.in_([post.id for post in asked])
    number: int = (await tx.execute(select(func.count(answers.c.person_id.distinct())).where(here))).scalar_one()
    return number


async def given(tx: AsyncConnection, post_id: int) -> dict[str, int]:
    """How many gave each answer to a post."""
    counted = select(answers.c.given, func.count()).where(answers.c.post_id == post_id).group_by(answers.c.given)
    return {row[0]: row[1] for row in await tx.execute(counted)}
