"""After any history of ballots, of people who join and leave teams and of such who hide, what is kept is what the answers say."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import TypeAlias

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from bot.store import memberships, teams
from bot.store.ballots import Ballot, Ballots, Standing
from bot.store.database import Database
from bot.store.people import hide, person_of
from bot.store.rebuild import rebuild_scores
from bot.store.tables import scores, team_totals
from bot.store.teams import Team
from tests.postgres import Server
from tests.store.town import Town, account, close, day, kept, miscounted, opening, settle

NUMBERS, QUESTIONS, CHANNELS = 16, 2, ("general", "random")
USERS = ("ada", "bob", "cy", "dan")
SEASON = "s2026-1"
TEAMS = ("Red", "Blue", "Green")

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
steps = st.tuples(st.lists(presses, max_size=30), st.lists(moves, max_size=6))
histories = st.lists(st.one_of(steps, closings), min_size=1, max_size=8)
Press: TypeAlias = tuple[str, int, int, str, int, str]
Move: TypeAlias = tuple[str, str]
Closing: TypeAlias = tuple[int, int, str]
Step: TypeAlias = tuple[list[Press], list[Move]] | Closing


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
        if len(step) == 3:
            await close(database, town.posts[step])
            continue
        pressing, moving = step
        now = opening(1) + timedelta(days=NUMBERS * at / len(history) - 1)
        casts = (workers[place % 2].cast(pressed(town, press)) for place, press in enumerate(pressing))
        moves = (moved(database, town, sides, move, now) for move in moving)
        told = asyncio.gather(*casts)
        await asyncio.gather(told, *moves)
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
    before = await kept(database)
    async with database.write() as tx:
        assert (await rebuild_scores(tx, town.community, day(1))).answers == len(recorded)
    assert await kept(database) == before


async def seen(database: Database) -> bool:
    """Whether there are scores of people who hide, and such of teams."""
    async with database.read() as tx:
        hidden = (await tx.execute(select(scores.c.person_id).where(scores.c.hidden))).first()
        return hidden is not None and (await tx.execute(select(team_totals.c.team_id))).first() is not None


@pytest.mark.parametrize(
    ("kind", "examples"),
    [
        ("sqlite", 15),
        ("postgresql", 15),
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
        assert runner.run(seen(database)), "histories in which nobody hid, or nothing counted for a team, show nothing"
        runner.run(database.close())
