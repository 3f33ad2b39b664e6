from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update

from bot.store.ballots import Ballots
from bot.store.database import Database
from bot.store.rebuild import Rebuilt, prune_scores, rebuild_scores
from bot.store.streaks import practised
from bot.store.tables import answers, days, live_answers, score_counts, scores, streaks
from tests.store import rounds
from tests.store.town import HERE, NOW, Town, account, day, kept, settle


@pytest.fixture
async def town(database: Database) -> Town:
    """Three people over twelve question days, not all of them, and a neighbouring community."""
    town, other = await settle(database, numbers=12, questions=2), await settle(database, "other")
    ballots = Ballots(database)
    for number in range(1, 13):
        told = [town.ballot("ada", number), replace(town.ballot("bob", number), points=number % 4, correct=False)]
        if number % 3:
            told += [town.ballot("cy", number), town.ballot("cy", number, 2)]
        await asyncio.gather(*(ballots.cast(ballot) for ballot in told))
    await ballots.cast(other.ballot("dan"))
    for number in (1, 2, 12):
        at = NOW + timedelta(days=number - 1)
        row = await rounds.asked(database, town.community, HERE, town.cards[0], account("ada"), day(number), at)
        await rounds.pressed(database, row, [(account("ada"), "B", at), (account("bob"), "A", at)])
        await rounds.over(database, row)
    await ballots.stop()
    async with database.write() as tx:
        await practised(tx, 1, town.community, day(3))
        await practised(tx, 1, town.community, day(30))
    return town


async def test_rebuilding_what_is_right_changes_nothing(database: Database, town: Town) -> None:
    before = await kept(database)
    async with database.write() as tx:
        rebuilt = await rebuild_scores(tx, town.community, day(1))
    assert await kept(database) == before
    assert rebuilt == Rebuilt(people=3, answers=40, scores=len(before["scores"]) - 5)


async def test_rebuilding_mends_what_was_lost_or_spoilt(database: Database, town: Town) -> None:
    before = await kept(database)
    async with database.write() as tx:
        here = scores.c.community_id == town.community
        await tx.execute(update(scores).where(here).values(points=scores.c.points + 1, sort_name="x"))
        await tx.execute(delete(score_counts).where(score_counts.c.community_id == town.community))
        await tx.execute(delete(streaks).where(streaks.c.person_id == 1))
        await tx.execute(update(streaks).where(streaks.c.person_id == 2).values(current=99))
        await tx.execute(delete(days).where(days.c.person_id == 2))
        await tx.execute(update(days).where(days.c.person_id == 1).values(questions=7, number=None))
        await rebuild_scores(tx, town.community, day(1))
    assert await kept(database) == before


async def test_a_few_people_can_be_rebuilt_alone(database: Database, town: Town) -> None:
    async with database.write() as tx:
        await tx.execute(update(answers).where(answers.c.person_id.in_([1, 2])).values(points=5))
        rebuilt = await rebuild_scores(tx, town.community, day(1), only=[2])
        total = select(scores.c.person_id, scores.c.points).where(
            scores.c.period == "all", scores.c.person_id.in_([1, 2])
        )
        assert {row.person_id: row.points for row in await tx.execute(total)} == {1: 120, 2: 60}
    assert rebuilt.people == 1
    async with database.write() as tx:
        await rebuild_scores(tx, town.community, day(1), only=[1])
    few = await kept(database)
    async with database.write() as tx:
        await rebuild_scores(tx, town.community, day(1))
    assert await kept(database) == few


async def test_who_has_no_answers_left_leaves_the_boards(database: Database, town: Town) -> None:
    async with database.write() as tx:
        for table in (answers, live_answers):
            await tx.execute(delete(table).where(table.c.person_id == 1))
        await rebuild_scores(tx, town.community, day(1), only=[1])
        mine = select(days.c.day, days.c.questions, days.c.practised).where(days.c.person_id == 1).order_by(days.c.day)
        assert (await tx.execute(mine)).all() == [(day(3), 0, 1), (day(30), 0, 1)]
        assert (await tx.execute(select(scores).where(scores.c.person_id == 1))).all() == []
        assert (await tx.execute(select(streaks).where(streaks.c.person_id == 1))).all() == []


async def test_pruning_keeps_this_and_the_last_of_each_period(database: Database, town: Town) -> None:
    async with database.write() as tx:
        removed = await prune_scores(tx, [town.community], day(12))  # Tuesday, 10 February
        for table in (scores, score_counts):
            here = table.c.community_id == town.community
            left = set((await tx.execute(select(table.c.period).where(here))).scalars())
            months = {"m2026-01", "m2026-02"}
            daily = {"d2026-02-09", "d2026-02-10", "w2026-06", "w2026-07", *months, "s2026-01-01", "all"}
            assert left == daily | {"ld2026-02-10", "lw2026-07", "lm2026-01", "lm2026-02", "ls2026-01-01", "lall"}
    # days of ada and bob, of cy, and the first week; and of live rounds two days of ada and bob, and the first week
    assert removed == 10 * 2 + 7 + 3 + 2 * 2 + 2
    async with database.read() as tx:
        other = select(scores.c.period).where(scores.c.community_id != town.community)
        assert len((await tx.execute(other)).all()) == 5


async def test_pruned_boards_are_not_rebuilt(database: Database, town: Town) -> None:
    async with database.write() as tx:
        await prune_scores(tx, [town.community], day(12))
    before = await kept(database)
    async with database.write() as tx:
        await rebuild_scores(tx, town.community, day(12))
    assert await kept(database) == before
