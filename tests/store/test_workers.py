"""Several workers on one PostgreSQL, a PostgreSQL that goes away and comes back, and what tests leave on it."""

from __future__ import annotations

import asyncio
import random
from collections import Counter

import asyncpg
import pytest

from bot.store.ballots import Ballots, Receipt, Standing
from bot.store.database import Database, DatabaseProblem
from bot.store.rebuild import rebuild_scores
from tests.postgres import Server
from tests.store.town import account, answered, close, day, kept, settle


@pytest.fixture
async def url(postgres: Server) -> str:
    return await postgres.fresh()


async def test_workers_never_count_anything_twice(database: Database) -> None:
    """Three workers, the same people at each of them, in different orders and with strangers among them."""
    town = await settle(database, numbers=4, questions=2)
    workers = [Ballots(database) for _ in range(3)]
    every = [(f"u{user}", number, card) for user in range(40) for number in range(1, 5) for card in (1, 2)]
    chance = random.Random(7)

    async def work(ballots: Ballots) -> list[Receipt]:
        mine = chance.sample(every, len(every))
        receipts: list[Receipt] = []
        while mine:
            some, mine = mine[:60], mine[60:]
            receipts += await asyncio.gather(*(ballots.cast(town.ballot(*press)) for press in some))
        return receipts

    receipts = [receipt for told in await asyncio.gather(*(work(ballots) for ballots in workers)) for receipt in told]
    for ballots in workers:
        await ballots.stop()
    standings = Counter(receipt.standing for receipt in receipts)
    assert standings == {Standing.RECORDED: len(every), Standing.ALREADY: 2 * len(every)}
    assert len({receipt.answer_id for receipt in receipts}) == len(every) == await answered(database)
    before = await kept(database)
    assert max(row[4] for row in before["scores"]) == 80
    async with database.write() as tx:
        await rebuild_scores(tx, town.community, day(1))
    assert await kept(database) == before


async def test_workers_that_meet_a_stranger_at_once_make_one_person(database: Database) -> None:
    town = await settle(database, questions=2)
    workers = [Ballots(database) for _ in range(4)]
    for each in range(10):
        presses = (ballots.cast(town.ballot(f"u{each}", card=1 + place % 2)) for place, ballots in enumerate(workers))
        assert len({receipt.person_id for receipt in await asyncio.gather(*presses)}) == 1
    for ballots in workers:
        await ballots.stop()


async def test_no_answer_slips_in_after_a_post_was_closed(database: Database) -> None:
    """Once the closing is committed, the results can be counted: an answer on its way comes before it or not at all."""
    town = await settle(database, numbers=10)
    ballots = Ballots(database)
    for number in range(1, 11):
        before = await answered(database)
        presses = [asyncio.create_task(ballots.cast(town.ballot(f"u{each}", number))) for each in range(30)]
        await asyncio.sleep(0.001 * number)
        await close(database, town.posts[number, 1, "general"])
        counted = await answered(database) - before
        receipts = await asyncio.gather(*presses)
        assert [receipt.standing for receipt in receipts].count(Standing.RECORDED) == counted
    await ballots.stop()


async def test_ballots_go_on_when_the_server_comes_back(postgres: Server, url: str) -> None:
    database = await Database.open(url)
    town = await settle(database, numbers=2)
    ballots = Ballots(database)
    await ballots.cast(town.ballot("ada", 1))
    postgres.stop()
    with pytest.raises(DatabaseProblem, match=r"PostgreSQL at 127\.0\.0\.1"):
        await ballots.cast(town.ballot("ada", 2))
    with pytest.raises(DatabaseProblem, match=r"PostgreSQL at 127\.0\.0\.1"):
        async with database.read():
            pass
    postgres.start()
    assert (await ballots.cast(town.ballot("ada", 2))).streak.current == 2
    async with database.read():
        pass
    await ballots.stop()
    await database.close()


async def test_a_server_restarted_between_two_ballots_is_not_noticed(postgres: Server, url: str) -> None:
    database = await Database.open(url)
    town = await settle(database, numbers=2)
    ballots = Ballots(database)
    await ballots.cast(town.ballot("ada", 1))
    postgres.stop()
    postgres.start()
    receipt = await ballots.cast(town.ballot("ada", 2, account=account("ada", "Ada II")))
    assert receipt.standing is Standing.RECORDED
    await ballots.stop()
    await database.close()


async def test_databases_go_with_the_test_that_asked_for_them(postgres: Server) -> None:
    kept = await postgres.fresh()
    await postgres.empty()
    still_there = await asyncpg.connect(kept)
    await postgres.clear()
    connection = await asyncpg.connect(postgres.url("postgres"))
    left = await connection.fetchval(r"SELECT count(*) FROM pg_database WHERE datname LIKE 'test\_%'")
    await connection.close()
    assert left == 1, "more than the one that others are copied from"
    with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError)):
        await still_there.execute("SELECT 1")
