"""Question days: the days on which a community was asked something, numbered in a row. Streaks are counted by them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

from sqlalchemy import bindparam, delete, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import settings
from bot.store.posts import PostRow, State
from bot.store.tables import answers, posts, question_days
from bot.store.upsert import insert

_DAY_NUMBERS = select(question_days.c.community_id, question_days.c.day, question_days.c.number).where(
    question_days.c.community_id.in_(bindparam("communities", expanding=True)),
    question_days.c.day.in_(bindparam("days", expanding=True)),
)
_LAST_NUMBERS = (
    select(question_days.c.community_id, func.max(question_days.c.number).label("number"))
    .where(question_days.c.community_id.in_(bindparam("communities", expanding=True)))
    .group_by(question_days.c.community_id)
)


async def numbers_of(tx: AsyncConnection, days: Mapping[int, date]) -> tuple[dict[int, int], Collection[int]]:
    """The numbers of the communities' question days, by community; given out now where a day has its first question.

    Where no streaks are kept the numbers stand still: such days neither lengthen a streak nor break one. The second is where.
    """
    numbers = await _known_numbers(tx, days)
    new = sorted(days.keys() - numbers.keys())
    if not new:
        return numbers, ()
    last = {row.community_id: row.number for row in await tx.execute(_LAST_NUMBERS, {"communities": new})}
    still = {each: last[each] for each in await settings.without_streaks(tx, new) if each in last}
    if still:
        others, _none = await numbers_of(tx, {each: day for each, day in days.items() if each not in still})
        return {**still, **others}, still
    rows = [{"community_id": each, "day": days[each], "number": last.get(each, 0) + 1} for each in new]
    await tx.execute(insert(tx, question_days).on_conflict_do_nothing(), rows)
    return await _known_numbers(tx, days), ()  # another worker may have been quicker with a day


async def _known_numbers(tx: AsyncConnection, days: Mapping[int, date]) -> dict[int, int]:
    asked = {"communities": sorted(days), "days": sorted(set(days.values()))}
    rows = (await tx.execute(_DAY_NUMBERS, asked)).all()
    return {row.community_id: row.number for row in rows if days[row.community_id] == row.day}


async def withdraw(tx: AsyncConnection, post: PostRow) -> None:
    """Let a day whose only question failed be none: it breaks no streak."""
    mine = question_days.c.community_id == post.community_id
    others = select(posts.c.id).where(
        (posts.c.community_id == post.community_id)
        & (posts.c.day_number >= post.day_number)
        & (posts.c.state != State.FAILED)
    )
    answered = select(answers.c.id).where(answers.c.post_id == post.id)
    if (await tx.execute(others.limit(1))).first() is None and (await tx.execute(answered.limit(1))).first() is None:
        await tx.execute(delete(question_days).where(mine & (question_days.c.number == post.day_number)))


async def next_number(tx: AsyncConnection, community_id: int, after: int) -> int:
    """The first question day past number `after` that isn't over: one of which a question can be answered still, or its
    answers be counted. If every day there is is over it is the one that comes next.
    """
    here = (posts.c.community_id == community_id) & posts.c.state.in_((State.CLAIMED, State.OPEN, State.COLLECTING))
    standing = select(func.min(posts.c.day_number)).where(here & (posts.c.day_number > after))
    latest = select(func.max(question_days.c.number)).where(question_days.c.community_id == community_id)
    open_now, last = (await tx.execute(select(standing.scalar_subquery(), latest.scalar_subquery()))).one()
    return int(open_now or max(after, last or 0) + 1)
