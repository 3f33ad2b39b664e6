"""Posts through the whole timetable to the loopback Discord, and the same client's bare create-message, by turns."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from adapters.discord import keys, render, views
from adapters.discord.client import DiscordPlatform
from bench._weights import bot, tuned
from bot.events import Event, Place
from bot.features import posting
from bot.library.shelf import open_shelf, shipped
from bot.steward import Steward
from bot.store import people, posts, schedules
from bot.store.database import Database
from bot.timetable import Timetable
from bot.turns import AT_ONCE
from tests.emulators.discord.client import Discord, running
from tests.emulators.discord.servers import Channel


@dataclass
class Turns:
    """What each turn took: ours, and the bare client's, one after the other and as many at once as ours."""

    ours: list[Took] = field(default_factory=list)
    loop: list[Took] = field(default_factory=list)
    at_once: list[Took] = field(default_factory=list)


@dataclass(frozen=True)
class Took:
    """Seconds, and seconds of this process's processor time."""

    seconds: float
    processor: float


async def measured(work: Callable[[], Awaitable[object]]) -> Took:
    gc.collect()
    began, processor = time.perf_counter(), time.process_time()
    await work()
    return Took(time.perf_counter() - began, time.process_time() - processor)


async def silent(_: Event) -> None:
    """Nobody presses here; what the connection tells of servers needs no answer."""


async def post_all(turns: int, number: int) -> Turns:
    async with AsyncExitStack() as stack:
        discord = await stack.enter_async_context(running())
        channels = [await channels_in(discord, number) for _ in range(turns)]
        await discord.settings(validate=False, openapi_every=0, record_requests=False)
        await discord.rate_limit("POST", "/channels/{channel_id}/messages", limit=100_000, window=1.0)
        platform = DiscordPlatform(discord.token, discord.api)
        connection = asyncio.create_task(platform.run(silent))
        stack.push_async_callback(ended, connection)
        await discord.until_connected()
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="studybot-bench-")))
        shelf = open_shelf([shipped()])
        world = await stack.enter_async_context(bot(folder / "studybot.db", shelf, platform))
        timetable, database = Timetable(world, Steward(world)), world.database
        await timetable.tick()
        took = Turns()
        tuned()
        for turn, mine in enumerate(channels):
            places = [Place("discord", str(channel.guild), channel.id) for channel in mine]
            await due_now(database, places)
            ours = await measured(timetable.tick)
            async with database.read() as tx:
                every = await posts.open_posts(tx, turn + 1, datetime.now(UTC))
            assert len(every) == number, f"{len(every)} posts stand of {number}"
            plain = [
                (place, render.to_components(posting.question(post, shelf), keys.marks(f"bare:{post.key}")))
                for place, post in zip(places, every, strict=True)
            ]
            took.ours.append(ours)
            took.loop.append(await measured(partial(_bare, platform, plain, "loop", 1)))
            took.at_once.append(await measured(partial(_bare, platform, plain, "at once", AT_ONCE)))
        sent = [len(await channel.messages()) for mine in channels for channel in mine]
        assert sent == [3] * (turns * number), "one message of each way stands in each channel"
        return took


async def channels_in(discord: Discord, number: int) -> list[Channel]:
    guild = await discord.guild("Study Hall")
    return [await guild.channel(f"daily-{each}") for each in range(number)]


async def due_now(database: Database, places: Sequence[Place]) -> None:
    """A schedule for each place, all of one community and due since midnight."""
    now = datetime.now(UTC)
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    async with database.write() as tx:
        for place in places:
            known = await people.community_of(tx, place.platform, place.workspace)
            community = known or await people.found_community(tx, place.platform, place.workspace, "UTC", now)
            plan = schedules.Plan(place, "00:00", "UTC", open_minutes=24 * 60)
            await schedules.make(tx, community.id, plan, (now.date(), midnight), now)


async def _bare(
    platform: DiscordPlatform, plain: Sequence[tuple[Place, render.Drawing]], way: str, together: int
) -> None:
    """The same client's create-message and nothing else, of messages that are drawn already."""
    client = platform._client
    assert client is not None
    turns = asyncio.Semaphore(together)

    async def send(place: Place, drawing: render.Drawing) -> None:
        async with turns:
            channel = client.get_partial_messageable(int(place.channel))
            nonce = keys.nonce(f"{way}:{place.channel}")
            await channel.send(view=views.Layout(drawing), files=views.files(drawing), nonce=nonce)

    await asyncio.gather(*(send(place, drawing) for place, drawing in plain))


async def ended(task: asyncio.Task[None]) -> None:
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
