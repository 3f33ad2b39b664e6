"""Answers are regraded once each, whoever else is at work and however often the bot is killed."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.quiz.corrections import Extent
from bot.quiz.periods import keys
from bot.store import cards, corrections
from bot.store.ballots import Ballots, StaleError, Standing
from bot.store.corrections import State
from bot.store.database import Database
from bot.store.rebuild import prune_scores, rebuild_scores
from bot.store.tables import answers, posts, regraded, scores
from tests.store.regrader import part
from tests.store.test_kill import ROOT
from tests.store.town import HERE, NOW, Town, day, kept, settle

PEOPLE = 40


async def voted(database: Database, town: Town, number: int = 1) -> None:
    """Half of the people say A, half B, which the key has as right."""
    ballots = Ballots(database)
    said = ((f"u{at}", at % 2) for at in range(PEOPLE))
    every = (
        town.ballot(who, number, given="AB"[b], fraction=float(b), correct=bool(b), points=10 * b) for who, b in said
    )
    await asyncio.gather(*map(ballots.cast, every))
    await ballots.stop()


async def begun(database: Database, town: Town, said: str = "A", base: int | None = None) -> int:
    """A correction of the town's first card, in force."""
    async with database.write() as tx:
        card = (await cards.by_ids(tx, [town.cards[0]]))[town.cards[0]]
        number = await corrections.propose(tx, town.community, card, 1, said, Extent.ONLY, NOW, HERE)
        assert await corrections.confirm(tx, number, 1, Extent.ONLY, NOW)
        assert not await corrections.confirm(tx, number, 1, Extent.ONLY, NOW), "one yes is enough"
        confirmed = await corrections.by_id(tx, number)
    assert confirmed is not None
    async with database.write() as tx:
        assert await corrections.begin(tx, confirmed)
    async with database.write() as tx:
        assert await corrections.begin(tx, confirmed) is None, "nobody begins twice"
    return number


async def right(database: Database) -> int:
    async with database.read() as tx:
        return (await tx.execute(select(func.count()).where(answers.c.correct, answers.c.given == "A"))).scalar_one()


async def as_derived(database: Database, town: Town) -> bool:
    before = await kept(database)
    async with database.write() as tx:
        await rebuild_scores(tx, town.community, day(1))
    return await kept(database) == before


async def finish(database: Database, number: int) -> None:
    while await part(database, number):
        pass


async def test_two_workers_regrade_each_answer_once(database: Database) -> None:
    town = await settle(database)
    await voted(database, town)
    number = await begun(database, town)
    await asyncio.gather(*(finish(database, number) for _ in range(3)))
    async with database.read() as tx:
        done = await corrections.by_id(tx, number)
    assert done is not None
    assert (done.total, done.done, done.changed, done.before, done.after) == (PEOPLE, PEOPLE, PEOPLE, "B", "A")
    assert await right(database) == PEOPLE // 2
    assert await as_derived(database, town)


async def test_a_ballot_that_was_graded_by_the_old_key_is_sent_back_alone(database: Database) -> None:
    town = await settle(database, questions=2)
    ballots = Ballots(database)
    number = await begun(database, town)
    old, fresh = town.ballot("ada"), [town.ballot("bo", card=2), town.ballot("cy", correction=number)]
    told = await asyncio.gather(*(ballots.cast(each) for each in (old, *fresh)), return_exceptions=True)
    assert isinstance(told[0], StaleError)
    assert [each.standing for each in told[1:] if not isinstance(each, BaseException)] == [Standing.RECORDED] * 2
    await ballots.stop()


async def test_a_later_correction_takes_over_and_tells_of_both_at_once(database: Database) -> None:
    town = await settle(database)
    await voted(database, town)
    first = await begun(database, town)
    assert await part(database, first)
    second = await begun(database, town, "A, B")
    assert not await part(database, first)
    await finish(database, second)
    async with database.read() as tx:
        states = [each.state for each in await corrections.latest(tx, town.community, 9)]
        concerned = set((await tx.execute(select(regraded.c.correction_id))).scalars())
    assert states == [State.REGRADING, State.SUPERSEDED]
    assert concerned == {second}
    assert await as_derived(database, town)


async def test_who_looked_at_another_key_corrects_nothing(database: Database) -> None:
    town = await settle(database)
    async with database.write() as tx:
        card = (await cards.by_ids(tx, [town.cards[0]]))[town.cards[0]]
        late = await corrections.propose(tx, town.community, card, 1, "A, B", Extent.ONLY, NOW, HERE)
    await begun(database, town)
    async with database.write() as tx:
        assert await corrections.confirm(tx, late, 1, Extent.ONLY, NOW)
        confirmed = await corrections.by_id(tx, late)
        assert confirmed is not None
        assert await corrections.begin(tx, confirmed) == ()
        assert [each.said for each in await corrections.latest(tx, town.community, 9)] == ["A"]
        key = (await cards.by_ids(tx, [town.cards[0]]))[town.cards[0]].card
    assert [option.correct for option in key.options] == [True, False]  # type: ignore[union-attr]


async def test_boards_that_are_no_longer_kept_are_not_made_anew(database: Database) -> None:
    town = await settle(database, numbers=40)
    await voted(database, town)
    today = day(40)
    async with database.write() as tx:
        await prune_scores(tx, [town.community], today)
    await finish(database, await begun(database, town))
    async with database.read() as tx:
        periods = set((await tx.execute(select(scores.c.period))).scalars())
    assert not {period for period in keys(day(1), "s2026-01-01") if period[0] in "dw"} & periods
    before = await kept(database)
    async with database.write() as tx:
        await rebuild_scores(tx, town.community, today)
    assert await kept(database) == before


async def test_it_is_done_when_everyone_is_told_and_every_post_shown(database: Database) -> None:
    town = await settle(database)
    await voted(database, town)
    number = await begun(database, town)
    await finish(database, number)
    async with database.write() as tx:
        await tx.execute(posts.update().where(posts.c.id == town.posts[1, 1, "general"]).values(state="closed"))
        await corrections.is_regraded(tx, number)
        assert not await corrections.close(tx, number)
        await tx.execute(regraded.update().values(told_at=NOW))
        assert not await corrections.close(tx, number)
        (shown,) = await corrections.to_show(tx, number, ["discord"], 9)
        await corrections.shown(tx, shown, number)
        assert await corrections.close(tx, number)
        assert await corrections.going_on(tx) == []


@pytest.mark.parametrize("rounds", [2, pytest.param(12, marks=pytest.mark.slow)])
async def test_a_kill_in_the_middle_loses_nothing_and_counts_nothing_twice(tmp_path: Path, rounds: int) -> None:
    file = tmp_path / "studybot.db"
    database = await Database.open(f"sqlite:///{file}")
    town = await settle(database, numbers=6)
    for number in range(1, 7):
        await voted(database, town, number)
    correction = await begun(database, town)
    await database.close()
    command = [sys.executable, "-m", "tests.store.regrader", str(file), str(correction)]
    for each in range(rounds):
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as bot:
            assert bot.stdout is not None
            for _ in range(each + 1):
                bot.stdout.readline()
            bot.kill()
        database = await Database.open(f"sqlite:///{file}")
        assert await as_derived(database, town)
        await database.close()
    database = await Database.open(f"sqlite:///{file}")
    assert await right(database) < 120 or rounds > 2
    await finish(database, correction)
    assert await right(database) == 120
    assert await as_derived(database, town)
    await database.close()
