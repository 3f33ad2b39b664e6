from __future__ import annotations

import asyncio
import re
from typing import Any

import pytest
from sqlalchemy import event, text

from bot.store.ballots import Ballots
from bot.store.boards import Board, board, season_after, season_before
from bot.store.database import Database
from bot.store.people import hide
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


async def test_below_the_top_one_sees_oneself_and_two_neighbours_on_either_side(database: Database) -> None:
    community, people = await rank(database, {f"p{place:02}": 100 - place for place in range(1, 21)})
    got = await seen(database, community, people["p15"])
    assert [row.rank for row in got.top] == list(range(1, 11))
    assert [(row.rank, row.name) for row in got.around] == [(rank, f"p{rank}") for rank in range(13, 18)]
    assert got.me == got.around[2]
    assert got.people == 20


async def test_the_last_has_neighbours_above(database: Database) -> None:
    community, people = await rank(database, {"a": 4, "b": 3, "c": 2, "d": 1})
    got = await seen(database, community, people["d"], top=1)
    assert [(row.rank, row.name) for row in got.around] == [(2, "b"), (3, "c"), (4, "d")]


async def test_neighbours_who_are_in_the_top_are_not_shown_twice(database: Database) -> None:
    community, people = await rank(database, {f"p{place:02}": 100 - place for place in range(1, 21)})
    got = await seen(database, community, people["p11"])
    assert [row.name for row in got.around] == ["p11", "p12", "p13"]


@pytest.mark.parametrize(
    ("who", "around"),
    [
        ("b", [(2, "b"), (2, "c"), (2, "d")]),
        ("c", [(2, "b"), (2, "c"), (2, "d"), (5, "e")]),
        ("d", [(2, "b"), (2, "c"), (2, "d"), (5, "e"), (5, "f")]),
        ("e", [(2, "c"), (2, "d"), (5, "e"), (5, "f")]),
        ("f", [(2, "d"), (5, "e"), (5, "f")]),
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


async def test_who_hides_is_on_no_board_and_in_no_count(database: Database) -> None:
    community, people = await rank(database, {"a": 9, "b": 7, "c": 5, "d": 3})
    async with database.write() as tx:
        assert await hide(tx, community, people["b"])
        assert not await hide(tx, community, people["b"])
    for asker in ("a", "b", "d"):
        got = await seen(database, community, people[asker])
        assert [(row.rank, row.name) for row in got.top] == [(1, "a"), (2, "c"), (3, "d")]
        assert got.people == 3
    assert (got.me, got.hidden) == (got.top[2], None)
    got = await seen(database, community, people["b"], top=1)
    assert (got.me, got.around) == (None, ())
    assert got.hidden is not None
    assert got.hidden.points == 7
    near = await seen(database, community, people["c"], top=1)
    assert [row.name for row in near.around] == ["c", "d"]
    async with database.write() as tx:
        assert await hide(tx, community, people["b"], hidden=False)
    got = await seen(database, community, people["b"])
    assert [(row.rank, row.name) for row in got.top] == [(1, "a"), (2, "b"), (3, "c"), (4, "d")]
    assert (got.me, got.people) == (got.top[1], 4)


async def test_who_hides_goes_on_gaining_unseen(database: Database) -> None:
    town = await settle(database)
    ballots = Ballots(database)
    receipt = await ballots.cast(town.ballot("ada", 1))
    async with database.write() as tx:
        await hide(tx, town.community, receipt.person_id or 0)
    await asyncio.gather(*(ballots.cast(town.ballot(user, 2)) for user in ("ada", "bob")))
    got = await seen(database, town.community, receipt.person_id)
    assert [(row.name, row.points) for row in got.top] == [("Bob", 10)]
    assert got.hidden is not None
    assert (got.hidden.points, got.people) == (20, 1)
    async with database.write() as tx:
        await hide(tx, town.community, receipt.person_id or 0, hidden=False)
    assert [row.points for row in (await seen(database, town.community, None)).top] == [20, 10]
    await ballots.stop()


async def test_a_board_tells_the_ranks_of_the_period_before(database: Database) -> None:
    town = await settle(database)
    ballots = Ballots(database)
    before, today = {"ada": 9, "bob": 5, "cy": 5, "eve": 7}, {"bob": 9, "ada": 5, "dan": 3, "cy": 2}
    ids: dict[str, int] = {}
    for number, points in ((1, before), (2, today)):
        for user, won in points.items():
            ids[user] = (await ballots.cast(town.ballot(user, number, points=won))).person_id or 0
    await ballots.stop()
    async with database.read() as tx:
        got = await board(tx, town.community, "d2026-01-31", None, earlier="d2026-01-30")
        first = await board(tx, town.community, "d2026-01-30", None, earlier="d2026-01-29")
    assert [(row.name, row.rank, row.was) for row in got.top] == [
        ("Bob", 1, 3),
        ("Ada", 2, 1),
        ("Dan", 3, None),
        ("Cy", 4, 3),
    ]
    assert (got.compared, first.compared) == (True, False)
    async with database.write() as tx:
        await hide(tx, town.community, ids["eve"])
    async with database.read() as tx:
        got = await board(tx, town.community, "d2026-01-31", None, earlier="d2026-01-30")
    assert [(row.name, row.was) for row in got.top] == [("Bob", 2), ("Ada", 1), ("Dan", None), ("Cy", 2)]


async def test_seasons_are_found_one_after_the_other(database: Database) -> None:
    town = await settle(database, numbers=70)
    ballots = Ballots(database)
    for number in (1, 70):
        await ballots.cast(town.ballot("ada", number))
    await ballots.stop()
    async with database.read() as tx:
        assert await season_before(tx, town.community, "s2026-10-01") == "s2026-04-01"
        assert await season_before(tx, town.community, "s2026-04-01") == "s2026-01-01"
        assert await season_before(tx, town.community, "s2026-01-01") is None
        assert await season_after(tx, town.community, "s2026-01-01") == "s2026-04-01"
        assert await season_after(tx, town.community, "s2026-04-01") is None


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
        await board(tx, community, "all", people["p01"], earlier="d2026-01-30")
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
