"""Claims: a question is a row before it is sent, so that nobody sends it a second time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import question_days
from bot.store.cards import KeptCard
from bot.store.post_log import What, note, note_each
from bot.store.posts import PostRow, State, held
from bot.store.schedules import Mode, Schedule
from bot.store.tables import posts


@dataclass(frozen=True, slots=True)
class Wanted:
    """A question to be claimed: `card` for a schedule, until `closes_at` at most.

    `slot` is its date in the schedule's zone; in place of one, a text names a post by hand that is none of its dates', once.
    `day` is the community's.
    """

    schedule: Schedule
    slot: date | str
    card: KeptCard
    day: date
    closes_at: datetime

    @property
    def local_date(self) -> date | None:
        return self.slot if isinstance(self.slot, date) else None

    @property
    def key(self) -> str:
        return f"{'extra' if self.local_date is None else 'daily'}:{self.schedule.id}:{self.slot}"


_FAILED = select(posts.c.id, posts.c.schedule_id, posts.c.local_date).where(
    posts.c.schedule_id.in_(bindparam("schedules", expanding=True)),
    posts.c.local_date.in_(bindparam("dates", expanding=True)),
    posts.c.state == State.FAILED,
)
_REVIVE = update(posts).where((posts.c.id == bindparam("post")) & (posts.c.state == State.FAILED))
_CLAIM = {
    "sqlite": sqlite.insert(posts).on_conflict_do_nothing().returning(posts.c.id, posts.c.key),
    "postgresql": postgresql.insert(posts).on_conflict_do_nothing().returning(posts.c.id, posts.c.key),
}


async def claim(tx: AsyncConnection, wanted: Sequence[Wanted], now: datetime) -> dict[int, PostRow]:
    """Claimed posts by their schedules, at most one of each; without those that somebody has claimed already.

    A post of the same date that failed is claimed anew: its message never stood.
    """
    if not wanted:
        return {}
    numbers, still = await question_days.numbers_of(tx, {each.schedule.community_id: each.day for each in wanted})
    rows = {
        each.key: {
            **_row(each, numbers[each.schedule.community_id], now),
            "numbered": each.schedule.community_id not in still,
        }
        for each in wanted
    }
    ids = {row.key: row.id for row in await tx.execute(_CLAIM[tx.dialect.name], [*rows.values()])}
    ids |= await _revived(tx, [each for each in wanted if each.key not in ids], rows)
    claimed = {
        each.schedule.id: _made(ids[each.key], each, numbers[each.schedule.community_id], now)
        for each in wanted
        if each.key in ids
    }
    await note_each(tx, [(post, f"{post.deck}/{post.card.id}") for post in claimed.values()], now, What.CLAIMED)
    return claimed


async def _revived(
    tx: AsyncConnection, wanted: Sequence[Wanted], rows: Mapping[str, Mapping[str, Any]]
) -> dict[str, int]:
    """The posts of these dates that had failed, claimed anew: their ids by key."""
    dated = {(each.schedule.id, each.local_date): each.key for each in wanted if each.local_date is not None}
    asked = {"schedules": sorted({of for of, _ in dated}), "dates": sorted({on for _, on in dated})}
    revived: dict[str, int] = {}
    for failed in (await tx.execute(_FAILED, asked)).all() if dated else ():
        key = dated.get((failed.schedule_id, failed.local_date))
        if key is None:
            continue
        again = {**rows[key], "problem": None, "post": failed.id}
        if (await tx.execute(_REVIVE, again)).rowcount == 1:
            revived[key] = failed.id
    return revived


def _row(each: Wanted, number: int, now: datetime) -> Mapping[str, Any]:
    schedule = each.schedule
    return {
        "community_id": schedule.community_id,
        "schedule_id": schedule.id,
        "local_date": each.local_date,
        "platform": schedule.place.platform,
        "workspace": schedule.place.workspace,
        "channel": schedule.place.channel,
        "card_id": each.card.id,
        "key": each.key,
        "mode": schedule.mode,
        "feedback": schedule.feedback,
        "seeded": schedule.mode is Mode.BUTTONS,
        "state": State.CLAIMED,
        "day": each.day,
        "day_number": number,
        "opens_at": now,
        "closes_at": each.closes_at,
        "claimed_at": now,
        "correction": each.card.correction,
        "shown": each.card.correction,
        "corrected": False,
    }


def _made(post_id: int, each: Wanted, number: int, now: datetime) -> PostRow:
    """As `_post` reads it."""
    return PostRow(
        id=post_id,
        community_id=each.schedule.community_id,
        schedule_id=each.schedule.id,
        local_date=each.local_date,
        mode=each.schedule.mode,
        feedback=each.schedule.feedback,
        place=each.schedule.place,
        key=each.key,
        message=None,
        state=State.CLAIMED,
        day=each.day,
        day_number=number,
        opens_at=now,
        closes_at=each.closes_at,
        claimed_at=now,
        card_id=each.card.id,
        deck=each.card.deck,
        deck_title=each.card.deck_title,
        card=each.card.card,
        correction=each.card.correction,
    )


async def fail(tx: AsyncConnection, post: PostRow, problem: str, now: datetime) -> bool:
    """A post that will not be shown; False when the claim is ours no longer.

    If it was to be its day's only question the day is none: it breaks no streak.
    """
    failed = update(posts).where(held(post)).values(state=State.FAILED, problem=problem)
    if (await tx.execute(failed)).rowcount != 1:
        return False
    await note(tx, post, now, What.FAILED, problem)
    await question_days.withdraw(tx, post)
    return True
