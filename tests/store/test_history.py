"""After any history of ballots, what is kept is what the answers say."""

from __future__ import annotations

import asyncio
from itertools import count
from pathlib import Path
from typing import TypeAlias

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from bot.store.ballots import Ballot, Ballots, Standing
from bot.store.database import Database
from bot.store.rebuild import rebuild_scores
from tests.postgres import Server
from tests.store.town import Town, account, close, day, kept, settle

NUMBERS, QUESTIONS, CHANNELS = 16, 2, ("general", "random")

presses = st.tuples(
    st.sampled_from(["ada", "bob", "cy", "dan"]),
    st.integers(1, NUMBERS),
    st.integers(1, QUESTIONS),
    st.sampled_from(CHANNELS),
    st.sampled_from([0, 0, 5, 10, 20]),  # points
    st.sampled_from(["", "", "", "!"]),  # now and then somebody changes their name
)
closings = st.tuples(st.integers(1, NUMBERS), st.integers(1, QUESTIONS), st.sampled_from(CHANNELS))
histories = st.lists(st.one_of(st.lists(presses, min_size=1, max_size=40), closings), min_size=1, max_size=8)
Press: TypeAlias = tuple[str, int, int, str, int, str]
Closing: TypeAlias = tuple[int, int, str]


def pressed(town: Town, press: Press) -> Ballot:
    user, number, card, channel, points, mark = press
    named = account(user, user.title() + mark)
    return town.ballot(user, number, card, channel, account=named, points=points, on_offer=20, correct=points > 0)


async def live(database: Database, town: Town, history: list[list[Press] | Closing]) -> None:
    workers = [Ballots(database), Ballots(database)]
    recorded: set[tuple[str, int, int]] = set()
    for step in history:
        if isinstance(step, tuple):
            await close(database, town.posts[step])
            continue
        casts = (workers[place % 2].cast(pressed(town, press)) for place, press in enumerate(step))
        receipts = await asyncio.gather(*casts)
        marks = [press[:3] for press in step]
        new = [mark for mark, receipt in zip(marks, receipts, strict=True) if receipt.standing is Standing.RECORDED]
        assert len(new) == len({*new})
        assert not recorded & {*new}
        recorded |= {*new}
        for mark, receipt in zip(marks, receipts, strict=True):
            assert (mark in recorded) is (receipt.standing is not Standing.CLOSED)
    for worker in workers:
        await worker.stop()
    before = await kept(database)
    async with database.write() as tx:
        assert (await rebuild_scores(tx, town.community, day(1))).answers == len(recorded)
    assert await kept(database) == before


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_what_is_kept_is_what_the_answers_say(kind: str, postgres: Server, tmp_path: Path) -> None:
    with asyncio.Runner() as runner:
        url = runner.run(postgres.fresh()) if kind == "postgresql" else f"sqlite:///{tmp_path / 'studybot.db'}"
        database = runner.run(Database.open(url))
        towns = count()

        @given(history=histories)
        @settings(max_examples=40, phases=[Phase.explicit, Phase.generate])
        def check(history: list[list[Press] | Closing]) -> None:
            async def run() -> None:
                name = f"town {next(towns)}"
                town = await settle(database, name, numbers=NUMBERS, questions=QUESTIONS, channels=CHANNELS)
                await live(database, town, history)

            runner.run(run())

        check()
        runner.run(database.close())
