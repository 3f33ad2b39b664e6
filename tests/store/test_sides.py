"""Teams go along, whatever accounts are linked, communities joined and parted, and people forgotten."""

from __future__ import annotations

import asyncio
from itertools import count
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

from bot.store.ballots import Ballots
from bot.store.database import Database
from tests import sqlite
from tests.postgres import Server
from tests.store.parts import PLACES, left_and_unlinked
from tests.store.sides import Sides, sided

NAMES = ("ada", "bob", "T1/ada")
NUMBERS, QUESTIONS = 3, 1

places = st.integers(0, len(PLACES) - 1)
names = st.sampled_from(NAMES)
which = st.integers(0, 2)
answer = st.tuples(places, names, st.integers(1, NUMBERS), st.integers(1, QUESTIONS), st.sampled_from([0, 5, 10]))
answers = st.tuples(st.just("answers"), st.lists(answer, min_size=3, max_size=12))
groups = st.sampled_from(["g1", "g2"])
side = st.tuples(st.just("side"), st.tuples(places, names, which, st.sampled_from([False, False, True])))
steps = st.one_of(
    *[answers] * 4,
    *[side] * 4,
    *[st.tuples(st.just("link"), st.tuples(places, names, names))] * 3,
    *[st.tuples(st.just("unlink"), st.tuples(names))] * 2,
    *[st.tuples(st.just("join"), st.tuples(places, places))] * 3,
    *[st.tuples(st.just("leave"), st.tuples(places))] * 2,
    st.tuples(st.just("fix"), st.tuples(places, st.integers(1, QUESTIONS), st.sampled_from("AB"), st.integers(0, 4))),
    st.tuples(st.just("forget"), st.tuples(names)),
    st.tuples(st.just("veil"), st.tuples(places, names, st.booleans())),
    st.tuples(st.just("make"), st.tuples(places, st.sampled_from(["Red", "Blue"]), st.booleans())),
    st.tuples(st.just("quit"), st.tuples(places, names)),
    st.tuples(st.just("remove"), st.tuples(places, which)),
    st.tuples(st.just("deal"), st.tuples(places)),
    *[st.tuples(st.just("bind"), st.tuples(places, which, groups))] * 2,
    st.tuples(st.just("unbind"), st.tuples(places, which)),
    *[st.tuples(st.just("role"), st.tuples(places, names, st.sets(groups).map(sorted).map(tuple)))] * 4,
)
Step: TypeAlias = tuple[str, tuple[Any, ...]]

TWICE: list[Step] = [("answers", ((at, "ada", 3 - at, 1, 10),)) for at in (0, 1)] + [("join", (0, 1))]
"""Somebody in a team answers a card on the same day in two workspaces, which join then: rare among drawn histories."""

ROLES: list[Step] = [
    ("bind", (0, 0, "g1")),
    ("role", (0, "bob", ("g1",))),
    ("answers", ((0, "bob", 1, 1, 10), (1, "ada", 1, 1, 5))),
    ("make", (0, "Blue", False)),
    ("bind", (0, 0, "g2")),
    ("role", (0, "bob", ("g1", "g2"))),
    ("answers", ((0, "bob", 2, 1, 5),)),
    ("leave", (0,)),
    ("role", (0, "bob", ())),
    ("join", (0, 1)),
    ("role", (0, "bob", ("g2",))),
    ("answers", ((0, "bob", 3, 1, 10),)),
    ("forget", ("bob",)),
]
"""A team goes by a group, is parted and joined again, and somebody comes into the group, loses it and is forgotten at last."""


async def live(parts: Sides, joint: bool, history: list[Step]) -> None:
    for at in range(len(PLACES)):  # each workspace has a team of that name
        await parts.make(at, "Red")
    for at, name in ((0, "ada"), (1, "ada"), (2, "T1/ada"), (1, "bob")):
        await parts.side(at, name, 0)
    if joint:
        await parts.join(0, 1)
        await parts.join(0, 2)
    workers = [Ballots(parts.database), Ballots(parts.database)]
    for what, said in history:
        if what == "answers":
            await asyncio.gather(*(parts.answer(workers[place % 2], *each) for place, each in enumerate(said)))
        else:
            await getattr(parts, what)(*said)
        await sided(parts)
    for worker in workers:
        await worker.stop()
    await left_and_unlinked(parts)
    await sided(parts)


@pytest.mark.parametrize(
    ("kind", "examples", "most"),
    [
        ("sqlite", 3, 8),
        pytest.param("sqlite", 25, 20, marks=[pytest.mark.slow, pytest.mark.timeout(1800)]),
        pytest.param("postgresql", 12, 20, marks=[pytest.mark.slow, pytest.mark.timeout(1800)]),
    ],
)
def test_teams_go_along_whatever_is_joined_and_parted(
    kind: str, examples: int, most: int, postgres: Server, tmp_path: Path
) -> None:
    with asyncio.Runner() as runner:
        fresh = count()
        seen: set[str] = set()

        @example(joint=False, history=TWICE)
        @example(joint=True, history=ROLES)
        @given(joint=st.booleans(), history=st.lists(steps, min_size=most // 2, max_size=most))
        @settings(max_examples=examples, phases=[Phase.explicit, Phase.generate])
        def check(joint: bool, history: list[Step]) -> None:
            async def run() -> None:
                named = sqlite.fresh(tmp_path / f"{next(fresh)}.db")
                database = await Database.open(named if kind == "sqlite" else await postgres.fresh())
                try:
                    parts = await Sides.settled(database, "", numbers=NUMBERS, questions=QUESTIONS)
                    await live(parts, joint, history)
                    seen.update(parts.seen)
                finally:
                    await database.close()

            runner.run(run())

        check()
    if examples > 10:  # histories in which these don't come about show nothing
        assert seen == {"followed", "apart", "twin", "renamed", "later", "left"}
