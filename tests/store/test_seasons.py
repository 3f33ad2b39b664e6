"""Seasons that admins close: what is counted where, whatever is joined, parted, corrected and forgotten meanwhile."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from bot.quiz.seasons import QUARTERS
from bot.store import seasons
from bot.store import settings as kept_settings
from bot.store.ballots import Ballots
from bot.store.database import Database
from bot.store.rebuild import rebuild_scores
from bot.store.sqlite import Sqlite
from bot.store.tables import scores
from tests import sqlite
from tests.postgres import Server
from tests.store.parts import PLACES, left_and_unlinked
from tests.store.town import day, kept, settle
from tests.store.years import CARD, Years, seasonal

NAMES = ("ada", "bob", "T1/ada")

places = st.integers(0, len(PLACES) - 1)
names = st.sampled_from(NAMES)
answer = st.tuples(places, names, st.integers(0, 2), st.sampled_from([0, 5, 10]))
steps = st.one_of(
    *[st.tuples(st.just("answers"), st.lists(answer, min_size=3, max_size=9))] * 4,
    *[st.tuples(st.just("passes"), st.just(()))] * 4,
    *[st.tuples(st.just("close"), st.tuples(places))] * 3,
    st.tuples(st.just("undo"), st.tuples(places)),
    *[st.tuples(st.just("make"), st.tuples(places, st.sampled_from(["Red", "Blue"])))] * 2,
    *[st.tuples(st.just("side"), st.tuples(places, names, st.integers(0, 2)))] * 4,
    *[st.tuples(st.just("go_on"), st.tuples(places))] * 2,
    *[st.tuples(st.just("join"), st.tuples(places, places))] * 2,
    *[st.tuples(st.just("leave"), st.tuples(places))] * 2,
    st.tuples(st.just("link"), st.tuples(places, names, names)),
    st.tuples(st.just("unlink"), st.tuples(names)),
    st.tuples(st.just("fix"), st.tuples(places, st.just(CARD), st.sampled_from("AB"), st.integers(0, 4))),
    st.tuples(st.just("forget"), st.tuples(names)),
    st.tuples(st.just("veil"), st.tuples(places, names, st.booleans())),
)
Step: TypeAlias = tuple[str, Any]

QUIET = ("passes", "close", "undo", "make", "side")
"""Steps that change no board: what they do shows with the next answers."""

ALL: Step = ("answers", [(at, name, 0, 10) for at in (0, 1, 2) for name in ("ada", "bob")])

DAY: Step = ("passes", ())

JOINED: list[Step] = [
    *[
        ("side", (0, "T1/ada", 0)),
        DAY,
        ALL,
        ("answers", [(0, "T1/ada", 0, 5)]),
        ("forget", ("T1/ada",)),
        ("close", (1,)),
    ],
    *[DAY, DAY, ("join", (0, 1)), ("link", (0, "ada", "bob")), ("fix", (0, CARD, "A", 20)), ("unlink", ("ada",)), ALL],
    *[
        ("fix", (0, CARD, "B", 20)),
        ("close", (0,)),
        ("undo", (1,)),
        ("close", (1,)),
        DAY,
        DAY,
        ALL,
        ("go_on", (0,)),
        DAY,
        ALL,
    ],
    *[
        ("leave", (1,)),
        ("close", (0,)),
        DAY,
        ALL,
        ("go_on", (0,)),
        DAY,
        ALL,
        ("join", (1, 0)),
        ALL,
        ("forget", ("ada",)),
        ALL,
    ],
]
"""One that has closed a season joins one that hasn't, before anything is answered in the next; two are one there for a while, and a
card is corrected. They close a season together, part, one of them closes another, and they join again.
"""


async def test_two_communities_may_have_different_seasons_on_one_day(database: Database) -> None:
    ours, theirs = await settle(database, "g"), await settle(database, "h")
    async with database.write() as tx:
        await seasons.keep(tx, theirs.community, QUARTERS.and_on(day(2)))
    ballots = Ballots(database)
    await asyncio.gather(*(ballots.cast(town.ballot("ada", number)) for town in (ours, theirs) for number in (1, 2)))
    await ballots.stop()
    async with database.read() as tx:
        query = select(scores.c.community_id, scores.c.period, scores.c.points).where(scores.c.period.like("s%"))
        assert sorted(tuple(row) for row in await tx.execute(query)) == [
            (ours.community, "s2026-01-01", 20),
            (theirs.community, "s2026-01-01", 10),
            (theirs.community, "s2026-01-31", 10),
        ]
    before = await kept(database)
    async with database.write() as tx:
        await rebuild_scores(tx, theirs.community, day(1))
    assert await kept(database) == before


async def test_settings_that_were_read_before_a_season_was_closed_open_none_again(database: Database) -> None:
    town = await settle(database)
    async with database.write() as tx:
        before = await kept_settings.of(tx, town.community)
        await seasons.keep(tx, town.community, QUARTERS.and_on(day(2)))
        await kept_settings.keep(tx, town.community, replace(before, language="de"))
        found = await kept_settings.of(tx, town.community)
    assert found == replace(before, language="de", seasons=QUARTERS.and_on(day(2)))


async def test_an_answer_costs_no_more_statements_where_seasons_were_closed(tmp_path: Path) -> None:
    database = await Database.open(f"sqlite:///{tmp_path / 'studybot.db'}")
    assert isinstance(database, Sqlite)
    town = await settle(database)
    ballots = Ballots(database)
    await ballots.cast(town.ballot("ada"))
    asked: list[str] = []
    await database.batch(lambda connection: connection.set_trace_callback(asked.append))
    counted: list[int] = []
    for number in (2, 3):
        asked.clear()
        await ballots.cast(town.ballot("ada", number))
        counted.append(len(asked))
        async with database.write() as tx:
            await seasons.keep(tx, town.community, QUARTERS.and_on(day(3)))
    await ballots.stop()
    await database.close()
    assert counted[0] == counted[1] > 5


async def live(parts: Years, history: list[Step]) -> None:
    for at in range(len(PLACES)):  # each workspace has a team of that name
        await parts.make(at, "Red")
    for at, name in ((0, "ada"), (1, "ada"), (2, "T1/ada"), (1, "bob")):
        await parts.side(at, name, 0)
    await parts.passes()
    workers = [Ballots(parts.database), Ballots(parts.database)]
    for what, said in history:
        if what == "answers":
            await asyncio.gather(*(parts.lately(workers[place % 2], *each) for place, each in enumerate(said)))
        else:
            await getattr(parts, what)(*said)
        if what not in QUIET:
            await seasonal(parts)
    for worker in workers:
        await worker.stop()
    await left_and_unlinked(parts)
    await seasonal(parts)


@pytest.mark.parametrize(
    ("kind", "examples", "most"),
    [
        ("sqlite", 1, 8),
        pytest.param("sqlite", 30, 25, marks=[pytest.mark.slow, pytest.mark.timeout(1800)]),
        pytest.param("postgresql", 15, 25, marks=[pytest.mark.slow, pytest.mark.timeout(1800)]),
    ],
)
def test_every_answer_counts_in_the_season_of_its_day(
    kind: str, examples: int, most: int, postgres: Server, tmp_path: Path
) -> None:
    with asyncio.Runner() as runner:
        fresh = count()
        seen: set[str] = set()

        @example(history=JOINED)
        @given(history=st.lists(steps, min_size=most // 2, max_size=most))
        @settings(max_examples=examples, phases=[Phase.explicit, Phase.generate])
        def check(history: list[Step]) -> None:
            async def run() -> None:
                named = sqlite.fresh(tmp_path / f"{next(fresh)}.db")
                database = await Database.open(named if kind == "sqlite" else await postgres.fresh())
                try:
                    parts = await Years.settled(database, "", numbers=1, questions=1)
                    await live(parts, history)
                    seen.update(parts.seen)
                finally:
                    await database.close()

            runner.run(run())

        check()
    # Histories in which these don't come about show nothing.
    assert seen >= {"closed", "undone", "divided", "went on", "past and on", "left"}
