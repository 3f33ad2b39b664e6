"""Whatever admins do to the channels of a daily question, and whatever is closed meanwhile: one question for each channel and
date, and one card for each date.
"""

from __future__ import annotations

import random
from collections import defaultdict
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.events import Workspace, WorkspaceChanged
from bot.platform import Forbidden
from bot.store import questions
from bot.store.tables import posts
from tests.decks import SHELF
from tests.stage import Stage, said, stage

CHANNELS = ("general", "hall", "talk", "lobby")


async def do(scene: Stage, typed: str) -> str:
    return said(await scene.types("Olga", f"schedule {typed}", admin=True))


async def step(scene: Stage, chance: random.Random, there: list[str]) -> list[str]:
    """Something happens; the channels in which the question is to stand after it."""
    some = chance.sample(CHANNELS, chance.randint(1, len(CHANNELS)))
    one = some[0]
    match chance.randrange(9):
        case 0 | 1:
            answer = await do(scene, f"set id:1 also:#{one}")
            assert ("already" in answer) is (one in there), answer
            return there if one in there else [*there, one]
        case 2:
            answer = await do(scene, f"set id:1 without:#{one}")
            left = [each for each in there if each != one]
            assert ("is changed" in answer) is (one in there and bool(left)), answer
            return left or there
        case 3:
            await do(scene, f"set id:1 channel:{','.join(some)} time:{chance.randint(9, 22)}")
            return some
        case 4:
            await do(scene, chance.choice(["pause 1", "resume 1"]))
        case 5:
            await do(scene, "now 1")
        case 6:
            if scene.paper.closed.pop(one, None) is None:
                scene.paper.closed[one] = Forbidden("I lack Send Messages.")
            await scene.app.handle(WorkspaceChanged("c", Workspace("paper", "w1", "Study Hall")))
        case _:
            await scene.passes(hours=chance.randint(1, 14))
    return there


async def held(scene: Stage, there: list[str]) -> int:
    """What must hold at any time; on how many dates several channels had the question."""
    async with scene.database.read() as tx:
        every = await questions.of_community(tx, 1)
        query = select(posts.c.channel, posts.c.local_date, posts.c.card_id).where(posts.c.state != "failed")
        rows = (await tx.execute(query.where(posts.c.local_date.is_not(None)))).all()
    assert [each.number for each in every] == [1]
    assert sorted(place.channel for place in every[0].places) == sorted(there)
    assert len({(row.channel, row.local_date) for row in rows}) == len(rows), "one for each channel and date"
    cards = defaultdict(list)
    for row in rows:
        cards[row.local_date].append(row.card_id)
    assert all(len(set(given)) == 1 for given in cards.values()), "one card for each date"
    return sum(len(given) > 1 for given in cards.values())


@pytest.mark.parametrize("seeds", [range(1), pytest.param(range(1, 31), marks=pytest.mark.slow)], ids=["one", "many"])
async def test_each_channel_has_one_question_a_date_and_each_date_one_card(tmp_path: Path, seeds: range) -> None:
    together = 0
    for seed in seeds:
        folder = tmp_path / str(seed)
        folder.mkdir()
        chance = random.Random(seed)
        async with stage(folder, SHELF, scheduled=False) as scene:
            await do(scene, "set time:10 days:daily channel:#general,#hall")
            there = ["general", "hall"]
            for _ in range(40):
                there = await step(scene, chance, there)
                shared = await held(scene, there)
            together += shared
    assert together > 2 * len(seeds), "several channels had the question"
