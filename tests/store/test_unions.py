"""Whatever people link and communities join, nothing is lost, and what is kept is what the answers say."""

from __future__ import annotations

import asyncio
from itertools import count
from pathlib import Path
from typing import TypeAlias

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from bot.store.ballots import Ballots, Standing
from bot.store.database import Database
from bot.store.tables import answers, later_answers
from tests.postgres import Server
from tests.store.parts import PLACES, Parts, left_and_unlinked, sound

NAMES = ("ada", "bob", "T1/ada", "T1/bob")
NUMBERS, QUESTIONS = 3, 1

places = st.integers(0, len(PLACES) - 1)
names = st.sampled_from(NAMES)
answer = st.tuples(places, names, st.integers(1, NUMBERS), st.integers(1, QUESTIONS), st.sampled_from([0, 5, 10]))
steps = st.one_of(
    st.tuples(st.just("answers"), st.lists(answer, min_size=1, max_size=12)),
    st.tuples(st.just("answers"), st.lists(answer, min_size=1, max_size=12)),
    st.tuples(st.just("practise"), st.tuples(places, names, st.integers(1, NUMBERS))),
    *[st.tuples(st.just("link"), st.tuples(places, names, names))] * 3,
    st.tuples(st.just("unlink"), st.tuples(names)),
    st.tuples(st.just("forget"), st.tuples(names)),
    *[st.tuples(st.just("join"), st.tuples(places, places))] * 2,
    st.tuples(st.just("leave"), st.tuples(places)),
)
Step: TypeAlias = tuple[str, tuple[object, ...]]


async def live(parts: Parts, joint: bool, history: list[Step]) -> None:
    if joint:
        await parts.join(0, 1)
        await parts.join(0, 2)
    workers = [Ballots(parts.database), Ballots(parts.database)]
    for what, said in history:
        if what == "answers":
            casts = (parts.answer(workers[place % 2], *each) for place, each in enumerate(said))  # type: ignore[misc]
            await asyncio.gather(*casts)
        else:
            await getattr(parts, what)(*said)
        await sound(parts)
    for worker in workers:
        await worker.stop()
    await left_and_unlinked(parts)


@pytest.mark.parametrize(
    ("kind", "examples"),
    [
        ("sqlite", 6),
        ("postgresql", 3),
        pytest.param("sqlite", 40, marks=pytest.mark.slow),
        pytest.param("postgresql", 20, marks=pytest.mark.slow),
    ],
)
def test_nothing_is_lost_whatever_is_joined_and_parted(
    kind: str, examples: int, postgres: Server, tmp_path: Path
) -> None:
    with asyncio.Runner() as runner:
        fresh = count()

        @given(joint=st.booleans(), history=st.lists(steps, min_size=4, max_size=9))
        @settings(max_examples=examples, phases=[Phase.explicit, Phase.generate])
        def check(joint: bool, history: list[Step]) -> None:
            async def run() -> None:
                named = f"sqlite:///{tmp_path / f'{next(fresh)}.db'}"
                database = await Database.open(named if kind == "sqlite" else await postgres.fresh())
                try:
                    await live(await Parts.settled(database, "", numbers=NUMBERS, questions=QUESTIONS), joint, history)
                finally:
                    await database.close()

            runner.run(run())

        check()


async def test_the_same_account_in_two_communities_is_one_person_while_they_are_one(database: Database) -> None:
    parts, ballots = await Parts.settled(database, ""), Ballots(database)
    assert await parts.answer(ballots, 1, "ada", 1, 1) is Standing.RECORDED
    assert await parts.answer(ballots, 0, "ada", 2, 1) is Standing.RECORDED  # the same card on the same day
    assert await parts.answer(ballots, 0, "ada", 3, 1) is Standing.RECORDED
    await parts.practise(0, "ada", 2)
    await parts.practise(1, "ada", 1)
    await parts.join(0, 1)
    await sound(parts)
    assert await counted(database) == (2, 1)
    assert await parts.answer(ballots, 1, "ada", 2, 1) is Standing.ALREADY
    await parts.leave(0)
    await sound(parts)
    assert await counted(database) == (3, 0)
    await parts.join(1, 0)
    await sound(parts)
    assert await counted(database) == (2, 1)
    await ballots.stop()
    await left_and_unlinked(parts)


async def test_who_is_linked_stays_linked_through_leaving_and_joining_again(database: Database) -> None:
    parts, ballots = await Parts.settled(database, ""), Ballots(database)
    await parts.join(0, 2)
    await parts.answer(ballots, 0, "ada", 3, 1)
    await parts.answer(ballots, 2, "T1/ada", 1, 1)
    assert await parts.link(0, "ada", "T1/ada")
    assert await counted(database) == (1, 1)
    await parts.leave(2)
    await sound(parts)
    assert await counted(database) == (2, 0)
    await parts.join(2, 0)
    await sound(parts)
    assert await counted(database) == (1, 1)
    await ballots.stop()


async def counted(database: Database) -> tuple[int, int]:
    """How many answers count, and how many are set aside."""
    async with database.read() as tx:
        return tuple(  # type: ignore[return-value]
            [
                (await tx.execute(select(func.count()).select_from(table))).scalar_one()
                for table in (answers, later_answers)
            ]
        )
