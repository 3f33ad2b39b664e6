"""A worker that dies at any step of a live round, before it or after it, leaves a round that another brings to its podium."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.events import MessageRef
from bot.messages import Message
from bot.quizmaster import Quizmaster
from bot.store.database import Database
from bot.store.rebuild import rebuild_scores
from bot.store.tables import live_rounds, scores
from tests.decks import shelf
from tests.stage import HERE, Paper, Stage, labels, said, stage
from tests.store.town import kept

STEP = timedelta(seconds=4)


class Killed(BaseException):
    """Nobody catches it, as nobody catches a kill."""


@dataclass
class Fate:
    """Which of the moments to come is the last one."""

    left: int

    def passes(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise Killed


class Mortal(Database):
    """A database of which a worker dies before or after a commit."""

    dialect = "sqlite"

    def __init__(self, real: Database, fate: Fate) -> None:
        self._real = real
        self._fate = fate

    def read(self) -> AbstractAsyncContextManager[AsyncConnection]:
        return self._real.read()

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        async with self._real.write() as tx:
            yield tx
            self._fate.passes()
        self._fate.passes()

    async def clear(self, most: int) -> bool:
        return await self._real.clear(most)

    async def close(self) -> None:
        """The real one is closed by whoever opened it."""


class Perilous(Paper):
    """A platform at which a worker dies before or after an edit."""

    def __init__(self, real: Paper, fate: Fate) -> None:
        super().__init__()
        self._real = real
        self._fate = fate

    async def edit(self, ref: MessageRef, message: Message) -> None:
        self._fate.passes()
        await self._real.edit(ref, message)
        self._fate.passes()


def mortal(scene: Stage, fate: Fate) -> Quizmaster:
    world = scene.world
    chat = Perilous(scene.paper, fate)
    return Quizmaster(replace(world, database=Mortal(scene.database, fate), platforms={chat.name: chat}))


async def whole_round(scene: Stage, fate: Fate) -> tuple[bool, int]:
    """A round to its end; Ada answers whatever she sees. Whether somebody died, and how many answers of hers were taken."""
    driver, died = mortal(scene, fate), False
    assert "The lobby is open" in said(await scene.types("Olga", "live small"))
    await scene.presses("Ada", "Join")
    pressed: set[str] = set()
    for _ in range(100):
        scene.now += STEP
        try:
            await driver.tick()
        except (Killed, BaseExceptionGroup):
            driver, died = scene.app.quizmaster, True
        ref, shown = scene.paper.last
        for action in shown.actions:
            right = action.verb == "live-answer" and action.args[-1] in ("B", "true")
            if right and await scene.acts("Ada", action, ref) is None:
                pressed.add(str(action))
        if "Board of live rounds" in labels(shown):
            break
    scene.now += timedelta(minutes=1)
    with suppress(Killed, BaseExceptionGroup):
        await driver.tick()
    await scene.passes(minutes=1)
    async with scene.database.read() as tx:
        row = (await tx.execute(select(live_rounds).order_by(live_rounds.c.id.desc()).limit(1))).one()
    assert (row.state, row.ending, row.due_at) == ("over", "finished", None)
    return died, len(pressed)


async def answered(scene: Stage) -> int:
    """How many answers the board of live rounds counts."""
    async with scene.database.read() as tx:
        found = await tx.execute(select(scores.c.answered).where(scores.c.period == "lall"))
        return found.scalar_one_or_none() or 0


@pytest.mark.parametrize("every", [11, pytest.param(1, marks=pytest.mark.slow)])
async def test_whenever_a_worker_dies_another_brings_the_round_to_its_podium(tmp_path: Path, every: int) -> None:
    async with stage(tmp_path, shelf("ring", "sync"), scheduled=False) as scene:
        number, pressed, died = 0, 0, True
        while died:
            died, more = await whole_round(scene, Fate(number * every))
            number, pressed = number + 1, pressed + more
            assert await answered(scene) == pressed, "what was locked in counts, once"
            assert len(scene.paper.shown) == number, "one message each"
        assert number * every > 40, "there are so many moments, and more"
        before = await kept(scene.database)
        community = await scene.desk.community(HERE, scene.now)
        async with scene.database.write() as tx:
            await rebuild_scores(tx, community.id, scene.now.date())
        assert await kept(scene.database) == before
