"""A channel with the whole bot in it, in the test's own process, and a clock that the test sets."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path

from sqlalchemy import func, select, text, update

from bot.app import App
from bot.events import Place
from bot.features.desk import Desk
from bot.library.shelf import open_shelf
from bot.platform import Platform, SignedOut
from bot.steward import Steward
from bot.store import schedules
from bot.store.ballots import Ballots
from bot.store.database import Database
from bot.store.schedules import Pause
from bot.store.tables import answers
from bot.store.tables import schedules as schedules_table
from bot.timetable import Timetable
from bot.world import World
from tests import sqlite
from tests.crash import plans
from tests.faults.trouble import Troubled

STANDS = "stands"


class Errand(StrEnum):
    """What the channel is to be told; named like its table."""

    QUESTION = "posts"
    RECAP = "recaps"


@dataclass
class Town:
    """It is the minute at which the errand is due, and nobody has looked yet."""

    folder: Path
    url: str
    chat: Troubled
    errand: Errand
    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def place(self) -> Place:
        return self.chat.place

    async def ticks(self, **later: float) -> None:
        """Time goes by, and the bot sees to what is due."""
        self.now += timedelta(**later)
        await self.timetable.tick()

    async def seen(self) -> tuple[str, int]:
        """How its row has it, and how many messages the channel has."""
        async with self.database.read() as tx:
            ((state, message),) = (await tx.execute(text(f"SELECT state, message_id FROM {self.errand}"))).all()
        shown = await self.chat.shown()
        if state in ("open", "posted"):
            assert message in [each.id for each in shown]
            state = STANDS
        return state, len(shown)

    async def answered(self) -> int:
        async with self.database.read() as tx:
            return int((await tx.execute(select(func.count()).select_from(answers))).scalar_one())

    async def until_paused(self, why: Pause | None) -> None:
        """Wait until the schedule is paused for that, or goes on."""
        async with asyncio.timeout(20):
            while True:
                async with self.database.read() as tx:
                    (schedule,) = await schedules.of_place(tx, self.place)
                if schedule.paused == why:
                    return
                await asyncio.sleep(0.02)

    async def until_told(self) -> str:
        """What Olga was told, once it is one thing."""
        async with asyncio.timeout(20):
            while not (told := await self.chat.told()):
                await asyncio.sleep(0.02)
        (only,) = told
        return only

    # ------------------------------------------------ the bot

    async def start(self) -> None:
        self.database = await Database.open(self.url)
        self.ballots = Ballots(self.database)
        desk = Desk(self.database, self.ballots, "UTC")
        self.platform = self.chat.platform()
        platforms: dict[str, Platform] = {self.platform.name: self.platform}
        shelf = open_shelf([self.folder / "decks"])
        world = World(self.database, desk, shelf, platforms, lambda: self.now, random.Random(7))
        steward = Steward(world)
        self.timetable = Timetable(world, steward)
        self.running = asyncio.create_task(self.platform.run(App(world, steward).handle))
        await self.chat.until_connected(1)

    async def stop(self) -> None:
        self.running.cancel()
        with suppress(asyncio.CancelledError, SignedOut):
            await self.running
        await self.ballots.stop()
        await self.database.close()

    async def tells_olga(self) -> None:
        """It is she who has asked for the questions."""
        olga = self.chat.olga()
        async with self.database.write() as tx:
            await tx.execute(update(schedules_table).values(tell_realm=olga.workspace, tell_id=olga.id))


@asynccontextmanager
async def running(folder: Path, chat: Troubled, errand: Errand) -> AsyncIterator[Town]:
    town = Town(folder, sqlite.fresh(folder / "studybot.db"), chat, errand)
    plan = plans.question if errand is Errand.QUESTION else plans.recap_of_a_week
    due = await plan(town)
    town.now += timedelta(seconds=due)
    await chat.advance(due)
    await town.start()
    try:
        await town.tells_olga()
        yield town
        await chat.assert_no_violations()
    finally:
        await town.stop()
