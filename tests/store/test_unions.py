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
from bot.store.tables import accounts, answers, later_answers, regraded, scores
from tests import sqlite
from tests.postgres import Server
from tests.store.parts import PLACES, Parts, left_and_unlinked, sound

NAMES = ("ada", "bob", "T1/ada", "T1/bob")
NUMBERS, QUESTIONS = 3, 1

places = st.integers(0, len(PLACES) - 1)
names = st.sampled_from(NAMES)
answer = st.tuples(places, names, st.integers(1, NUMBERS), st.integers(1, QUESTIONS), st.sampled_from([0, 5, 10]))
presses = st.lists(st.tuples(names, st.sampled_from("AB")), min_size=1, max_size=4)
steps = st.one_of(
    st.tuples(st.just("answers"), st.lists(answer, min_size=1, max_size=12)),
    st.tuples(st.just("answers"), st.lists(answer, min_size=1, max_size=12)),
    st.tuples(st.just("practise"), st.tuples(places, names, st.integers(1, NUMBERS))),
    *[st.tuples(st.just("link"), st.tuples(places, names, names))] * 3,
    *[st.tuples(st.just("fix"), st.tuples(places, st.integers(1, QUESTIONS), st.sampled_from("AB"), st.integers(0, 4)))]
    * 2,
    st.tuples(st.just("report"), st.tuples(places, names, st.integers(1, QUESTIONS))),
    st.tuples(st.just("play"), st.tuples(places, presses)),
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
        pytest.param("sqlite", 25, marks=pytest.mark.slow),
        pytest.param("postgresql", 12, marks=pytest.mark.slow),
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
                named = sqlite.fresh(tmp_path / f"{next(fresh)}.db")
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
    await parts.play(0, [("ada", "B"), ("bob", "B")])
    await parts.play(1, [("ada", "A"), ("bob", "B")])
    await parts.join(0, 1)
    assert await won(database) == {"Ada": (1000, 2), "Bob": (975 + 975, 2)}
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


async def test_of_two_answers_in_a_live_round_the_first_counts_while_the_accounts_are_one(database: Database) -> None:
    parts = await Parts.settled(database, "")
    await parts.join(0, 2)
    await parts.play(0, [("T1/ada", "A"), ("ada", "B"), ("bob", "B")])
    assert await won(database) == {"T1/Ada": (0, 1), "Ada": (975, 1), "Bob": (950, 1)}
    assert await parts.link(0, "ada", "T1/ada")
    await sound(parts)
    assert (await won(database)).keys() == {"T1/Ada", "Bob"}
    assert (await won(database))["T1/Ada"] == (0, 1)
    await parts.leave(2)
    await sound(parts)
    await parts.unlink("ada")
    await sound(parts)
    assert {name: each for name, each in (await won(database)).items() if each[1]} == {
        "T1/Ada": (0, 1),
        "Ada": (975, 1),
        "Bob": (950, 1),
    }


async def won(database: Database) -> dict[str, tuple[int, int]]:
    """Points and answers of all time in live rounds, by the first account of each person."""
    async with database.read() as tx:
        first: dict[int, str] = {}
        for row in await tx.execute(select(accounts).order_by(accounts.c.id)):
            first.setdefault(row.person_id, f"{row.workspace}/{row.name}".lstrip("/"))
        found = select(scores).where(scores.c.period == "lall")
        return {first[row.person_id]: (row.points, row.answered) for row in await tx.execute(found)}


async def counted(database: Database) -> tuple[int, int]:
    """How many answers count, and how many are set aside."""
    async with database.read() as tx:
        return tuple(  # type: ignore[return-value]
            [
                (await tx.execute(select(func.count()).select_from(table))).scalar_one()
                for table in (answers, later_answers)
            ]
        )


async def test_a_card_corrected_on_one_side_is_so_for_both_while_they_are_one(database: Database) -> None:
    parts, ballots = await Parts.settled(database, "", questions=1), Ballots(database)
    for at, name in ((0, "ada"), (1, "bob")):
        assert await parts.answer(ballots, at, name, 1, 1) is Standing.RECORDED
    await parts.fix(1, 1, "A", 9)
    assert await right(database) == {"ada": True, "bob": False}
    await parts.join(0, 1)
    await sound(parts)
    assert await right(database) == {"ada": False, "bob": False}
    await parts.leave(1)
    await sound(parts)
    assert await right(database) == {"ada": True, "bob": False}
    await parts.join(1, 0)
    await parts.fix(0, 1, "B", 1)
    await parts.leave(1)
    await sound(parts)
    assert await right(database) == {"ada": True, "bob": False}
    await ballots.stop()
    await left_and_unlinked(parts)


async def right(database: Database) -> dict[str, bool]:
    """Who was right."""
    async with database.read() as tx:
        query = select(accounts.c.user_id, answers.c.correct).join(answers, answers.c.account_id == accounts.c.id)
        return {row.user_id: row.correct for row in await tx.execute(query)}


async def test_who_is_linked_is_to_be_told_of_a_correction_once(database: Database) -> None:
    parts, ballots = await Parts.settled(database, "", questions=1), Ballots(database)
    for number, name in ((1, "ada"), (2, "bob"), (3, "ada")):
        await parts.answer(ballots, 0, name, number, 1)
    await parts.fix(0, 1, "A", 9)
    assert sorted(await to_tell(database)) == [-2.0, -1.0]
    assert await parts.link(0, "ada", "bob")
    assert await to_tell(database) == [-3.0]
    await parts.forget("ada")
    assert await to_tell(database) == []
    await ballots.stop()


async def to_tell(database: Database) -> list[float]:
    """By how much the grades of those who are to be told have changed."""
    async with database.read() as tx:
        return list((await tx.execute(select(regraded.c.fraction))).scalars())


async def test_an_answer_set_aside_is_regraded_before_it_counts_again(database: Database) -> None:
    parts, ballots = await Parts.settled(database, "", questions=1), Ballots(database)
    await parts.join(0, 2)
    await parts.answer(ballots, 0, "ada", 1, 1)
    await parts.answer(ballots, 0, "bob", 1, 1)
    assert await parts.link(0, "ada", "bob")
    assert await counted(database) == (1, 1)
    await parts.fix(0, 1, "A", 9)
    await parts.unlink("bob")
    await sound(parts)
    assert await right(database) == {"ada": False, "bob": False}
    await ballots.stop()
