"""Who is still to be told that a correction changed their grade."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.events import Actor
from bot.store.tables import accounts, answers, cards, corrections, regraded

TINY = 1e-9
"""Of a fraction: what sums of fractions are apart by rounding alone."""


@dataclass(frozen=True, slots=True)
class Notice:
    """Somebody whose grade changed: by which account to tell them, what they answered last, and how much more (or less) it
    is worth now. `given` and `card_id` are None where the answer is no longer kept.
    """

    correction_id: int
    person_id: int
    to: Actor
    points: int
    fraction: float
    card_id: int | None
    given: str | None

    @property
    def nothing(self) -> bool:
        """Whether it comes out as it was, as after two corrections that undo each other."""
        return not self.points and abs(self.fraction) < TINY


async def untold(tx: AsyncConnection, correction_id: int, platforms: Collection[str], most: int) -> list[Notice]:
    """Some of those who are still to be told and have an account on one of these platforms; each once."""
    waiting = (regraded.c.correction_id == correction_id) & regraded.c.told_at.is_(None)
    reached = accounts.c.platform.in_(platforms)
    query = select(regraded, accounts.c.platform, accounts.c.workspace, accounts.c.user_id, accounts.c.name)
    query = query.join(accounts, accounts.c.person_id == regraded.c.person_id).where(waiting, reached)
    query = query.order_by(regraded.c.person_id, accounts.c.platform, accounts.c.workspace, accounts.c.user_id)
    rows = {row.person_id: row for row in reversed((await tx.execute(query.limit(most))).all())}
    last = await _last_answers(tx, correction_id, rows)
    return [
        Notice(
            row.correction_id,
            row.person_id,
            Actor(row.platform, row.workspace, row.user_id, row.name),
            row.points,
            row.fraction,
            *last.get(row.person_id, (None, None)),
        )
        for row in sorted(rows.values(), key=lambda row: int(row.person_id))
    ]


async def _last_answers(
    tx: AsyncConnection, correction_id: int, everyone: Collection[int]
) -> dict[int, tuple[int, str]]:
    """What each of them answered last to the card: its version, and the answer."""
    here = (cards.c.community_id == corrections.c.community_id) & (cards.c.deck == corrections.c.deck)
    concerned = select(cards.c.id).join(corrections, here & (cards.c.card == corrections.c.card))
    concerned = concerned.where(corrections.c.id == correction_id)
    query = select(answers.c.person_id, answers.c.card_id, answers.c.given)
    query = query.where(answers.c.person_id.in_(everyone), answers.c.card_id.in_(concerned))
    query = query.order_by(answers.c.answered_at, answers.c.id)
    return {row.person_id: (row.card_id, row.given) for row in await tx.execute(query)}


async def take(tx: AsyncConnection, notice: Notice, now: datetime) -> bool:
    """Be the one who tells somebody; False when another worker is."""
    waiting = _mine(notice) & regraded.c.told_at.is_(None)
    return (await tx.execute(update(regraded).where(waiting).values(told_at=now))).rowcount == 1


async def give_back(tx: AsyncConnection, notice: Notice) -> None:
    """They could not be told for now."""
    await tx.execute(update(regraded).where(_mine(notice)).values(told_at=None))


async def drop(tx: AsyncConnection, correction_id: int, now: datetime) -> None:
    """Whoever could not be told by now won't be: it is old news."""
    waiting = (regraded.c.correction_id == correction_id) & regraded.c.told_at.is_(None)
    await tx.execute(update(regraded).where(waiting).values(told_at=now))


async def inherit(tx: AsyncConnection, kept: int, gone: int) -> None:
    """Let somebody who is one with another be told what the other was to be told, and have corrected what they did."""
    await tx.execute(update(corrections).where(corrections.c.person_id == gone).values(person_id=kept))
    both = (await tx.execute(select(regraded).where(regraded.c.person_id.in_((kept, gone))))).all()
    ours = {row.correction_id: row for row in both if row.person_id == kept}
    for theirs in both:
        if theirs.person_id == kept:
            continue
        at = regraded.c.correction_id == theirs.correction_id
        mine = ours.get(theirs.correction_id)
        if mine is not None and theirs.told_at is None:
            untold = (mine,) if mine.told_at is None else ()
            more = {
                "points": theirs.points + sum(row.points for row in untold),
                "fraction": theirs.fraction + sum(row.fraction for row in untold),
                "told_at": None,
            }
            await tx.execute(update(regraded).where(at, regraded.c.person_id == kept).values(more))
        if mine is None:
            await tx.execute(update(regraded).where(at, regraded.c.person_id == gone).values(person_id=kept))
    await tx.execute(delete(regraded).where(regraded.c.person_id == gone))


async def drop_people(tx: AsyncConnection, some: Sequence[int]) -> None:
    """These people are known no longer: nobody tells them anything, and the log has no name for them."""
    await tx.execute(delete(regraded).where(regraded.c.person_id.in_(some)))
    await tx.execute(update(corrections).where(corrections.c.person_id.in_(some)).values(person_id=0))


def _mine(notice: Notice) -> ColumnElement[bool]:
    return (regraded.c.correction_id == notice.correction_id) & (regraded.c.person_id == notice.person_id)
