"""Streaks and days of practice as they are kept. The rules are in `bot.quiz.streaks`."""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.quiz import streaks as rules
from bot.quiz.streaks import Streak
from bot.store import upsert
from bot.store.tables import days, question_days, streaks


async def streak(tx: AsyncConnection, person_id: int) -> Streak:
    """A person's streak as of the question day that they answered last; `seen_from` brings it up to another."""
    query = select(streaks.c.current, streaks.c.best, streaks.c.freezes, streaks.c.last_number)
    row = (await tx.execute(query.where(streaks.c.person_id == person_id))).one_or_none()
    return Streak() if row is None else Streak(*row)


async def days_practised(tx: AsyncConnection, person_id: int, first: date, last: date) -> int:
    """On how many days from `first` to `last` inclusive a person did anything: a question of the day, or practice."""
    mine = (days.c.person_id == person_id) & days.c.day.between(first, last)
    count: int = (await tx.execute(select(func.count()).where(mine))).scalar_one()
    return count


async def activity(tx: AsyncConnection, person_id: int, first: date, last: date) -> list[tuple[date, int]]:
    """The days from `first` to `last` inclusive on which a person did anything, and how many answers they gave."""
    mine = (days.c.person_id == person_id) & days.c.day.between(first, last)
    query = select(days.c.day, days.c.questions + days.c.practised).where(mine).order_by(days.c.day)
    return [(day, number) for day, number in await tx.execute(query)]


async def frozen(tx: AsyncConnection, person_id: int, community_id: int, number: int) -> list[date]:
    """The question days before number `number` on which a freeze kept the person's streak."""
    mine = (days.c.person_id == person_id) & days.c.number.is_not(None)
    spent = rules.frozen((await tx.execute(select(days.c.number).where(mine))).scalars(), number)
    those = (question_days.c.community_id == community_id) & question_days.c.number.in_(spent)
    query = select(question_days.c.day).where(those).order_by(question_days.c.day)
    return list((await tx.execute(query)).scalars()) if spent else []


async def practised(tx: AsyncConnection, person_id: int, community_id: int, day: date) -> None:
    """Note one practice answer on a day. It keeps no streak: only a question of the day does."""
    row = upsert.insert(tx, days).values(
        person_id=person_id, community_id=community_id, day=day, questions=0, practised=1
    )
    same = [days.c.person_id, days.c.day]
    await tx.execute(row.on_conflict_do_update(index_elements=same, set_={"practised": days.c.practised + 1}))
