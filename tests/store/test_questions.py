"""Lines of one question, claimed by several workers at the same moment: one card for each question and date, one post for each
line and date.
"""

from __future__ import annotations

import asyncio
import random
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from bot.events import Place
from bot.features import claims
from bot.features.kin import Kin
from bot.store import cards, people, questions, schedules
from bot.store.database import Database
from bot.store.schedules import Plan, Schedule
from bot.store.tables import cards as kept_cards
from bot.store.tables import posts
from tests.decks import SHELF

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
UTC_ZONE = ZoneInfo("UTC")
WORKERS = 4


def place(channel: object) -> Place:
    return Place("paper", "w1", f"c{channel}")


async def planned(database: Database, *sizes: int) -> None:
    """Questions in so many channels each, at nine o'clock."""
    async with database.write() as tx:
        community = await people.found_community(tx, "paper", "w1", "UTC", START)
        channel = 0
        for size in sizes:
            first: int | None = None
            for _ in range(size):
                plan, channel = Plan(place(channel), "09:00", "UTC"), channel + 1
                due = claims.next_due(plan, START - timedelta(hours=1))
                made = await schedules.make(tx, community.id, plan, due, START, question_id=first)
                assert made is not None
                if first is None and size > 1:
                    await questions.be_one(tx, first := made)


async def lines(database: Database) -> list[Schedule]:
    async with database.read() as tx:
        return await schedules.of_community(tx, 1)


async def claim(database: Database, some: Sequence[Schedule], now: datetime, chance: random.Random) -> None:
    async with database.write() as tx:
        await claims.claim(tx, some, {1: UTC_ZONE}, SHELF, now, chance)


async def given(database: Database) -> dict[tuple[int, date], set[int]]:
    """Which cards each question was given on each date."""
    every = {line.id: line.number for line in await lines(database)}
    found: defaultdict[tuple[int, date], set[int]] = defaultdict(set)
    async with database.read() as tx:
        rows = (await tx.execute(select(posts.c.schedule_id, posts.c.local_date, posts.c.card_id))).all()
    assert len(rows) == len({(row.schedule_id, row.local_date) for row in rows})
    for row in rows:
        found[every[row.schedule_id], row.local_date].add(row.card_id)
    return found


async def days_of_storm(database: Database, seed: int, days: int) -> int:
    """Each day all lines come due, and every worker has all of them before it, in parts of its own; how many posts there are."""
    chance = random.Random(seed)
    for day in range(days):
        now = START + timedelta(days=day)
        every = await lines(database)

        async def work(number: int, every: list[Schedule] = every, now: datetime = now) -> None:
            mine = chance.sample(every, len(every))
            while mine:
                few = chance.randint(1, 5)
                some, mine = mine[:few], mine[few:]
                await claim(database, some, now, random.Random(chance.random()))

        await asyncio.gather(*map(work, range(WORKERS)))
        async with database.write() as tx:
            query = select(kept_cards.c.id).where(kept_cards.c.set_aside.is_(None)).order_by(kept_cards.c.id)
            left = (await tx.execute(query)).scalars().all()
            if len(left) > 2 and chance.random() < 0.3:  # so that there always is one to ask
                await cards.put_aside(tx, chance.choice(left), "no")
    async with database.read() as tx:
        return len((await tx.execute(select(posts.c.id))).all())


@pytest.mark.parametrize("days", [4, pytest.param(40, marks=pytest.mark.slow)])
async def test_workers_that_claim_lines_of_a_question_at_once_agree_on_the_card(database: Database, days: int) -> None:
    await planned(database, 6, 1, 3, 1)
    assert await days_of_storm(database, 7, days) == 11 * days
    found = await given(database)
    assert len(found) == 4 * days
    assert all(len(cards) == 1 for cards in found.values()), found


async def test_it_would_be_seen_if_they_did_not(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Kin, "agreed", lambda *_: None)
    await planned(database, 6)
    await days_of_storm(database, 7, 2)
    assert any(len(cards) > 1 for cards in (await given(database)).values())


async def test_a_card_that_is_set_aside_is_replaced_by_one_for_all_that_are_to_come(database: Database) -> None:
    await planned(database, 4)
    every, chance = await lines(database), random.Random(1)
    await claim(database, every[:1], START, chance)
    async with database.write() as tx:
        (first,) = (await tx.execute(select(posts.c.card_id))).scalars()
        await cards.put_aside(tx, first, "no platform takes it")
    for line in every[1:]:
        await claim(database, [line], START, chance)
    async with database.read() as tx:
        had = (await tx.execute(select(posts.c.card_id).order_by(posts.c.schedule_id))).scalars().all()
    assert had[0] == first not in had[1:]
    assert len(set(had[1:])) == 1


async def test_questions_that_stand_in_one_channel_are_asked_nothing_more(database: Database) -> None:
    """Most do: their claims cost no statement for what others have."""
    await planned(database, 1, 1)
    async with database.read() as tx:
        every = await schedules.of_community(tx, 1)
        assert [line.question_id for line in every] == [None, None]
        assert await questions.held(tx, [line.question_id for line in every]) == {}
