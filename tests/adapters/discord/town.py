"""A server with the whole bot in it: real features, a real store, the real library, and a clock that the test sets."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Table, func, select

from adapters.discord.client import DiscordPlatform
from bot.app import App
from bot.events import Place
from bot.features.desk import Desk
from bot.library.shelf import Shelf
from bot.platform import Platform
from bot.steward import Steward
from bot.store import schedules
from bot.store.ballots import Ballots
from bot.store.database import Database
from bot.store.schedules import Mode, Plan
from bot.timetable import Timetable
from bot.world import World
from tests import sqlite
from tests.emulators.discord.client import Discord
from tests.emulators.discord.seen import Message
from tests.emulators.discord.servers import Channel, Guild


@dataclass
class Town:
    """A server with a running bot and an open question; `now` is the bot's clock."""

    discord: Discord
    guild: Guild
    channel: Channel
    timetable: Timetable
    database: Database
    now: datetime

    async def post(self) -> Message:
        return (await self.channel.messages())[-1]

    async def rows(self, table: Table) -> int:
        async with self.database.read() as tx:
            return int((await tx.execute(select(func.count()).select_from(table))).scalar_one())

    async def until_rows(self, table: Table, count: int) -> None:
        async with asyncio.timeout(20):
            while await self.rows(table) != count:
                await asyncio.sleep(0.02)

    async def ticks(self, **later: float) -> None:
        self.now += timedelta(**later)
        await self.timetable.tick()


@asynccontextmanager
async def running(discord: Discord, folder: Path, shelf: Shelf, mode: Mode = Mode.BUTTONS) -> AsyncIterator[Town]:
    """A town with a question of the day in its channel, due now and open for 23 hours."""
    guild = await discord.guild("Study Hall")
    channel = await guild.channel("daily")
    database = await Database.open(sqlite.fresh(folder / "studybot.db"))
    ballots = Ballots(database)
    desk = Desk(database, ballots, "UTC")
    platform = DiscordPlatform(discord.token, discord.api)
    platforms: dict[str, Platform] = {platform.name: platform}
    town: Town
    world = World(database, desk, shelf, platforms, lambda: town.now, random.Random(7))
    steward = Steward(world)
    app, timetable = App(world, steward), Timetable(world, steward)
    town = Town(discord, guild, channel, timetable, database, datetime.now(UTC).replace(second=0, microsecond=0))
    place = Place("discord", guild.id, channel.id)
    community = await desk.community(place, town.now)
    async with database.write() as tx:
        due = (town.now.date(), town.now)
        plan = Plan(place, f"{town.now:%H:%M}", "UTC", mode=mode, open_minutes=23 * 60)
        await schedules.make(tx, community.id, plan, due, town.now)
    run = asyncio.create_task(platform.run(app.handle))
    await discord.until_connected()
    try:
        yield town
    finally:
        run.cancel()
        with suppress(asyncio.CancelledError):
            await run
        await ballots.stop()
        await database.close()
