from __future__ import annotations

import asyncio
import re
from typing import Any

import pytest
from sqlalchemy import event, text

from bot.store.ballots import Ballots
from bot.store.boards import Board, board
from bot.store.database import Database
from tests.store.town import account, settle


async def rank(database: Database, points: dict[str, int]) -> tuple[int, dict[str, int]]:
    """A community in which these people have these points; its id, and the people's ids by name."""
    town = await settle(database)
    ballots = Ballots(database)
    receipts = await asyncio.gather(
        *(
            ballots.cast(town.ballot(f"id of {name}", account=account(f"id of {name}", name), points=won))
            for name, won in points.items()
        )
    )
    await ballots.stop()
    return town.community, {name: receipt.person_id or 0 for name, receipt in zip(points, receipts, strict=True)}


async def seen(database: Database, community: int, person: int | None, top: int = 10) -> Board:
    async with database.read() as tx:
        return await board(tx, community, "all", person, top)


async def test_ties_share_a_rank_and_go_by_name(database: Database) -> None:
    community, people = await rank(database, {"zoe": 9, "Ben": 5, "éva": 5, "adam": 5, "Zed": 5, "Cy": 1})
    got = await seen(database, community, people["Ben"])
    assert [(row.rank, row.name) for row in got.top] == [
        (1, "zoe"),
        (2, "adam"),
        (2, "Ben"),
        (2, "Zed"),
        (2, "éva"),
        (6, "Cy"),
    ]
    assert got.me == got.top[2]
    assert got.around == ()
    assert got.people == 6


async def test_people_of_one_name_go_by_who_came_first(database: Database) -> None:
    town = await settle(database)
    ballots = Ballots(database)
    for user in ("1", "2", "3"):
        await ballots.cast(town.ballot(user, account=account(user, "Sam")))
    await ballots.stop()
    ids = [row.person_id for row in (await seen(database, town.community, None)).top]
    assert ids == sorted(ids)


async def test_below_the_top_one_sees_oneself_and_two_neighbours(database: Database) -> None:
    community, people = await rank(database, {f"p{place:02}": 100 - place for place in range(1, 21)})
    got = await seen(database, community, people["p15"])
    assert [row.rank for row in got.top] == list(range(1, 11))
    assert [(row.rank, row.name) for row in got.around] == [(14, "p14"), (15, "p15"), (16, "p16")]
    assert got.me == got.around[1]
    assert got.people == 20


async def test_the_last_has_one_neighbour(database: Database) -> None:
    community, people = await rank(database, {"a": 3, "b": 2, "c": 1})
    got = await seen(database, community, people["c"], top=1)
    assert [(row.rank, row.name) for row in got.around] == [(2, "b"), (3, "c")]


@pytest.mark.parametrize(
    ("who", "around"),
    [
        ("b", [(1, "a"), (2, "b"), (2, "c")]),
        ("c", [(2, "b"), (2, "c"), (2, "d")]),
        ("d", [(2, "c"), (2, "d"), (5, "e")]),
        ("e", [(2, "d"), (5, "e"), (5, "f")]),
        ("f", [(5, "e"), (5, "f")]),
    ],
)
async def test_neighbours_in_ties_have_their_own_ranks(
    database: Database, who: str, around: list[tuple[int, str]]
) -> None:
    community, people = await rank(database, {"a": 9, "b": 5, "c": 5, "d": 5, "e": 0, "f": 0})
    got = await seen(database, community, people[who], top=1)
    assert [(row.rank, row.name) for row in got.around] == around


async def test_who_has_not_answered_is_not_on_the_board(database: Database) -> None:
    community, _ = await rank(database, {f"p{place}": place for place in range(12)})
    for person in (None, 987_654_321):
        got = await seen(database, community, person)
        assert (got.me, got.around, got.people) == (None, (), 12)


async def test_an_empty_board_is_empty(database: Database) -> None:
    town = await settle(database)
    assert await seen(database, town.community, 1) == Board((), (), None, 0)


async def test_communities_and_periods_do_not_mix(database: Database) -> None:
    here, there = await settle(database, "here"), await settle(database, "there")
    ballots = Ballots(database)
    await asyncio.gather(
        ballots.cast(here.ballot("ada", 1)), ballots.cast(here.ballot("bob", 2)), ballots.cast(there.ballot("cy", 1))
    )
    await ballots.stop()
    async with database.read() as tx:
        today = await board(tx, here.community, "d2026-01-30", None)
    assert [row.name for row in today.top] == ["Ada"]
    assert today.people == 1


async def test_a_rank_is_read_from_indexes(database: Database) -> None:
    """No plan goes through a whole table and none sorts, so the time can't grow with the number of answers."""
    community, people = await rank(database, {f"p{place:02}": place // 3 for place in range(40)})
    asked: list[tuple[str, Any]] = []
    async with database.read() as tx:
        if database.dialect == "postgresql":  # forty rows are one page, which it would rightly read as a whole
            for way in ("seqscan", "bitmapscan"):
                await tx.execute(text(f"SET LOCAL enable_{way} = off"))

        def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
            asked.append((statement, parameters))

        event.listen(tx.sync_connection, "before_cursor_execute", note)
        await board(tx, community, "all", people["p01"])
        event.remove(tx.sync_connection, "before_cursor_execute", note)
        ((query, values),) = asked
        explain = "EXPLAIN QUERY PLAN" if database.dialect == "sqlite" else "EXPLAIN"
        plan = [str(line[-1]) for line in (await tx.exec_driver_sql(f"{explain} {query}", values)).all()]
    gone_through = [
        line for line in plan if "Seq Scan" in line or re.match("SCAN (scores|score_counts|people|answers)", line)
    ]
    assert gone_through == []
    sorted_rows = [line for line in plan if "Sort Key" in line or "TEMP B-TREE" in line]
    assert len(sorted_rows) == 1  # the dozen that were found
