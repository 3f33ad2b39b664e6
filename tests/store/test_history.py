"""After any history of ballots, of people who join and leave teams, of such who hide, of cards that are corrected and of live
rounds, what is kept is what the answers say.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import TypeAlias

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from bot.events import Place
from bot.quiz.corrections import Extent
from bot.store import cards, corrections, memberships, regrading, teams
from bot.store.ballots import Ballot, Ballots, Receipt, StaleError, Standing
from bot.store.database import Database
from bot.store.people import hide, person_of
from bot.store.rebuild import rebuild_scores
from bot.store.regrading import Mark
from bot.store.tables import answers, posts, regraded, scores, team_totals
from bot.store.teams import Team
from tests.postgres import Server
from tests.store import rounds
from tests.store.town import HERE, NOW, Town, account, close, day, kept, miscounted, opening, settle

NUMBERS, QUESTIONS, CHANNELS = 16, 2, ("general", "random")
USERS = ("ada", "bob", "cy", "dan")
SEASON = "s2026-01-01"
TEAMS = ("Red", "Blue", "Green")

PART = 3
"""Answers that are regraded at once here."""


@dataclass(frozen=True)
class Closing:
    post: tuple[int, int, str]


presses = st.tuples(
    st.sampled_from(USERS),
    st.integers(1, NUMBERS),
    st.integers(1, QUESTIONS),
    st.sampled_from(CHANNELS),
    st.sampled_from([0, 0, 5, 10, 20]),  # points
    st.sampled_from(["", "", "", "!"]),  # now and then somebody changes their name
)
moves = st.tuples(st.sampled_from(USERS), st.sampled_from([*TEAMS, "leave", "hide", "show"]))
closings = st.tuples(st.integers(1, NUMBERS), st.integers(1, QUESTIONS), st.sampled_from(CHANNELS))
fixes = st.tuples(st.integers(1, QUESTIONS), st.sampled_from("AB"), st.integers(0, 4))  # and how far it comes for now
plays = st.lists(st.tuples(st.sampled_from(USERS), st.sampled_from("AB"), st.sampled_from(["", "!"])), max_size=5)
steps = st.tuples(
    st.lists(presses, max_size=30),
    st.lists(moves, max_size=6),
    st.lists(fixes, max_size=2),
    st.just([]) | st.lists(plays, max_size=2),
)
histories = st.lists(st.one_of(steps, closings.map(Closing)), min_size=1, max_size=8)
Press: TypeAlias = tuple[str, int, int, str, int, str]
Move: TypeAlias = tuple[str, str]
Fix: TypeAlias = tuple[int, str, int]
Play: TypeAlias = list[tuple[str, str, str]]
Step: TypeAlias = tuple[list[Press], list[Move], list[Fix], list[Play]] | Closing


def pressed(town: Town, press: Press) -> Ballot:
    user, number, card, channel, points, mark = press
    named = account(user, user.title() + mark)
    return town.ballot(user, number, card, channel, account=named, points=points, on_offer=20, correct=points > 0)


async def moved(database: Database, town: Town, sides: dict[str, Team], move: Move, now: datetime) -> None:
    user, what = move
    async with database.write() as tx:
        person = (await person_of(tx, town.community, account(user), now)).id
        match what:
            case "leave":
                await memberships.leave(tx, town.community, SEASON, person, now)
            case "hide" | "show":
                await hide(tx, town.community, person, hidden=what == "hide")
            case _:
                await memberships.join(tx, town.community, SEASON, person, sides[what].id, now)


async def cast(database: Database, worker: Ballots, ballot: Ballot) -> Receipt:
    """Cast a ballot, and once more where its card was corrected meanwhile."""
    while True:
        async with database.read() as tx:
            query = select(posts.c.correction).where(posts.c.id == ballot.post_id)
            known = (await tx.execute(query)).scalar_one()
        with suppress(StaleError):
            return await worker.cast(replace(ballot, correction=known))


async def fixed(database: Database, town: Town, fix: Fix) -> None:
    """Somebody corrects a card; as many parts of its answers as the history says are regraded."""
    card, said, parts = fix
    async with database.write() as tx:
        looked_at = (await cards.by_ids(tx, [town.cards[card - 1]]))[town.cards[card - 1]]
        number = await corrections.propose(tx, town.community, looked_at, 1, said, Extent.ONLY, NOW, HERE)
        assert await corrections.confirm(tx, number, 1, Extent.ONLY, NOW)
        confirmed = await corrections.by_id(tx, number)
    assert confirmed is not None
    async with database.write() as tx:
        await corrections.begin(tx, confirmed)
    await go_on(database, number, parts)


async def go_on(database: Database, number: int, parts: int) -> None:
    """Regrade, by grades that nobody could guess."""
    for _ in range(parts):
        async with database.read() as tx:
            found = await regrading.waiting(tx, number, PART)
        points = {each.id: (0, 5, 10, 20)[(each.id + number) % 4] for each in found}
        marks = [Mark(answer, won / 20, won > 0, won, 20) for answer, won in points.items()]
        async with database.write() as tx:
            if not marks or not await regrading.regrade(tx, number, marks):
                return


async def played(database: Database, town: Town, channel: int, play: Play, now: datetime) -> None:
    """A live round of one question in a channel of its own."""
    place = Place("discord", "g", f"live {channel}")
    row = await rounds.asked(database, town.community, place, town.cards[0], account("dan"), now.date(), now)
    every = [
        (account(user, user.title() + mark), said, now + timedelta(seconds=after))
        for after, (user, said, mark) in enumerate(play)
    ]
    await rounds.pressed(database, row, every)
    await rounds.over(database, row)


async def finish(database: Database) -> None:
    """Regrade what is left of every correction; each answer goes by its card's latest then."""
    async with database.read() as tx:
        every = await corrections.going_on(tx)
    for each in every:
        await go_on(database, each.id, 10_000)
    async with database.read() as tx:
        apart = select(answers.c.id).join(posts, posts.c.id == answers.c.post_id)
        assert (await tx.execute(apart.where(answers.c.correction != posts.c.correction))).all() == []


async def live(database: Database, town: Town, history: list[Step]) -> None:
    workers = [Ballots(database), Ballots(database)]
    async with database.write() as tx:
        sides: dict[str, Team] = {}
        for name in TEAMS:
            made = await teams.create(tx, town.community, SEASON, name, opening(1), lasting=True)
            assert isinstance(made, Team)
            sides[name] = made
    recorded: set[tuple[str, int, int]] = set()
    for at, step in enumerate(history):
        if isinstance(step, Closing):
            await close(database, town.posts[step.post])
            continue
        pressing, moving, fixing, playing = step
        now = opening(1) + timedelta(days=NUMBERS * at / len(history) - 1)
        casts = (cast(database, workers[place % 2], pressed(town, press)) for place, press in enumerate(pressing))
        moves = (moved(database, town, sides, move, now) for move in moving)
        live_rounds = (played(database, town, place, play, now) for place, play in enumerate(playing))
        told = asyncio.gather(*casts)
        await asyncio.gather(told, *moves, *(fixed(database, town, fix) for fix in fixing), *live_rounds)
        receipts = told.result()
        marks = [press[:3] for press in pressing]
        new = [mark for mark, receipt in zip(marks, receipts, strict=True) if receipt.standing is Standing.RECORDED]
        assert len(new) == len({*new})
        assert not recorded & {*new}
        known = set(recorded)
        recorded |= {*new}
        for mark, receipt in zip(marks, receipts, strict=True):
            if receipt.standing is Standing.CLOSED:  # in that channel: another may ask the same card until later
                assert mark not in known
            else:
                assert mark in recorded
    for worker in workers:
        await worker.stop()
    assert await miscounted(database) == []
    for half in (True, False):  # however far the corrections are
        before = await kept(database)
        async with database.write() as tx:
            assert (await rebuild_scores(tx, town.community, day(1))).answers == len(recorded)
        assert await kept(database) == before
        if half:
            await finish(database)


async def seen(database: Database) -> bool:
    """Whether there are scores of people who hide, such of teams, and answers that were graded again."""
    async with database.read() as tx:
        if (await tx.execute(select(regraded.c.person_id))).first() is None:
            return False
        hidden = (await tx.execute(select(scores.c.person_id).where(scores.c.hidden))).first()
        if (await tx.execute(select(scores.c.person_id).where(scores.c.period == "lall"))).first() is None:
            return False
        return hidden is not None and (await tx.execute(select(team_totals.c.team_id))).first() is not None


@pytest.mark.parametrize(
    ("kind", "examples"),
    [
        ("sqlite", 10),
        pytest.param("sqlite", 100, marks=pytest.mark.slow),
        pytest.param("postgresql", 60, marks=pytest.mark.slow),
    ],
)
def test_what_is_kept_is_what_the_answers_say(kind: str, examples: int, postgres: Server, tmp_path: Path) -> None:
    with asyncio.Runner() as runner:
        url = runner.run(postgres.fresh()) if kind == "postgresql" else f"sqlite:///{tmp_path / 'studybot.db'}"
        database = runner.run(Database.open(url))
        towns = count()

        @given(history=histories)
        @settings(max_examples=examples, phases=[Phase.explicit, Phase.generate])
        def check(history: list[Step]) -> None:
            async def run() -> None:
                name = f"town {next(towns)}"
                town = await settle(database, name, numbers=NUMBERS, questions=QUESTIONS, channels=CHANNELS)
                await live(database, town, history)

            runner.run(run())

        check()
        assert runner.run(seen(database)), (
            "histories in which nobody hid, or nothing counted for a team, was corrected or won live, show nothing"
        )
        runner.run(database.close())
