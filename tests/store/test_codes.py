from __future__ import annotations

import asyncio
import random
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from bot.store import codes
from bot.store.ballots import Ballots, MovedError, Standing
from bot.store.codes import Code, Kind, Refusal
from bot.store.database import Database
from bot.store.tables import link_codes
from tests.store.parts import Parts, sound, whom
from tests.store.town import NOW, settle

CHANCE = random.Random(4)


@given(number=st.integers(0, 2**130 - 1), other=st.integers(0, 2**130 - 1))
def test_every_code_is_one_of_its_own_and_survives_a_careless_hand(number: int, other: int) -> None:
    code = codes.written(number)
    assert (codes.written(other) == code) == (other == number)
    careless = code.lower().replace("-", " ").replace("0", "O").replace("1", "l")
    assert codes.meant(careless) == codes.meant(code) == code.replace("-", "")
    assert len(codes.meant(code)) == 26


async def test_the_code_itself_is_not_kept(database: Database) -> None:
    town = await settle(database)
    async with database.write() as tx:
        code = await codes.make(tx, Kind.PERSON, town.community, whom("ada"), CHANCE, NOW)
        rows = (await tx.execute(select(link_codes))).all()
    assert code.replace("-", "") not in repr(rows)
    assert len(rows) == 1


async def test_of_many_who_enter_a_code_at_once_one_gets_in(database: Database) -> None:
    town = await settle(database)
    async with database.write() as tx:
        typed = await codes.make(tx, Kind.PERSON, town.community, whom("ada"), CHANCE, NOW)

    async def enter(name: str) -> bool:
        async with database.write() as tx:
            found = await codes.read(tx, typed, Kind.PERSON, whom(name), NOW)
            return isinstance(found, Code) and await codes.spend(tx, found, NOW)

    assert sorted(await asyncio.gather(*(enter(name) for name in ("b", "c", "d", "e")))) == [False, False, False, True]


async def test_guesses_that_come_at_once_are_counted_one_by_one(database: Database) -> None:
    async def guess(number: int) -> Code | Refusal:
        async with database.write() as tx:
            return await codes.read(tx, f"guess {number}", Kind.PERSON, whom("eve"), NOW)

    said = await asyncio.gather(*(guess(number) for number in range(9)))
    assert sorted(said) == [Refusal.TOO_MANY] * 4 + [Refusal.WRONG] * 5  # type: ignore[type-var]
    async with database.write() as tx:
        later = NOW + codes.LASTS + timedelta(seconds=1)
        assert await codes.read(tx, "guess", Kind.PERSON, whom("eve"), later) is Refusal.WRONG


async def test_a_ballot_for_a_post_that_moved_is_cast_anew_and_counts_in_the_new_community(database: Database) -> None:
    parts = await Parts.settled(database, "")
    async with database.read() as tx:
        stale = await parts.ballot(tx, 1, "ada", 2, 1)
        fine = await parts.ballot(tx, 0, "bob", 2, 1)
    await parts.join(0, 1)
    ballots = Ballots(database)
    moved, other = await asyncio.gather(ballots.cast(stale), ballots.cast(fine), return_exceptions=True)
    assert isinstance(moved, MovedError)
    assert not isinstance(other, BaseException)
    assert other.standing is Standing.RECORDED
    parts.facts[fine.post_id, "bob"] = fine.at
    assert await parts.answer(ballots, 1, "ada", 2, 1) is Standing.RECORDED
    await ballots.stop()
    await sound(parts)


@pytest.mark.parametrize("first", ["ada", "T1/ada"])
async def test_linking_while_both_answer_counts_one_answer(database: Database, first: str) -> None:
    parts = await Parts.settled(database, "")
    await parts.join(0, 2)
    ballots = Ballots(database)
    for number in (1, 2):
        await parts.answer(ballots, 0, "ada", number, 1)
        await parts.answer(ballots, 2, "T1/ada", number, 2)
    both = [("ada", 0), ("T1/ada", 2)]
    work = [
        parts.answer(ballots, at, name, number, card) for number in (3, 4, 5) for card in (1, 2) for name, at in both
    ]
    await asyncio.gather(parts.link(0, "ada", "T1/ada") if first == "ada" else parts.link(0, "T1/ada", "ada"), *work)
    await ballots.stop()
    await sound(parts)
