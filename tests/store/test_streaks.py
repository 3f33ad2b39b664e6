from __future__ import annotations

from datetime import date

from sqlalchemy import select

from bot.quiz.streaks import Streak
from bot.store.ballots import Ballots
from bot.store.database import Database
from bot.store.people import person_of
from bot.store.streaks import days_practised, practised, streak
from bot.store.tables import days
from tests.store.town import NOW, account, day, settle


async def test_a_person_without_answers_has_no_streak(database: Database) -> None:
    async with database.read() as tx:
        assert await streak(tx, 1) == Streak()


async def test_a_streak_is_read_as_it_was_told(database: Database) -> None:
    town = await settle(database, numbers=8)
    ballots = Ballots(database)
    for number in range(1, 9):
        receipt = await ballots.cast(town.ballot("ada", number))
    await ballots.stop()
    async with database.read() as tx:
        assert await streak(tx, receipt.person_id or 0) == receipt.streak == Streak(8, 8, 1, 8)


async def test_a_day_counts_once_for_questions_and_practice_together(database: Database) -> None:
    town = await settle(database)
    ballots = Ballots(database)
    async with database.write() as tx:
        person = (await person_of(tx, town.community, account("ada"), NOW)).id
        await practised(tx, person, town.community, day(1))
        await practised(tx, person, town.community, day(1))
        await practised(tx, person, town.community, day(5))
    await ballots.cast(town.ballot("ada", 1))
    await ballots.cast(town.ballot("ada", 2))
    await ballots.stop()
    async with database.write() as tx:
        await practised(tx, person, town.community, day(2))
        assert await days_practised(tx, person, day(1), day(5)) == 3
        assert await days_practised(tx, person, day(2), day(4)) == 1
        assert await days_practised(tx, person, date(2026, 3, 1), date(2026, 3, 31)) == 0
        rows = (await tx.execute(select(days).order_by(days.c.day))).all()
    assert [(row.day, row.number, row.questions, row.practised) for row in rows] == [
        (day(1), 1, 1, 2),
        (day(2), 2, 1, 1),
        (day(5), None, 0, 1),
    ]
    assert {row.community_id for row in rows} == {town.community}
