"""An emulator for a module's tests, empty again for each of them, and the real discord.py pointed at it."""

from __future__ import annotations

import asyncio
import warnings
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack

import aiohttp
import pytest
import yarl

from tests.emulators.discord.client import Discord, connected, started
from tests.emulators.discord.errors import Json
from tests.emulators.discord.servers import Channel, Guild

with warnings.catch_warnings():
    # Up to Python 3.12 discord.py imports audioop, which announces its own end.
    warnings.simplefilter("ignore", DeprecationWarning)
    from discord.gateway import DiscordWebSocket
    from discord.http import Route

    from tests.emulators.discord.testbot import TestBot


@pytest.fixture(scope="module")
def emulator() -> Iterator[Json]:
    with started() as ready:
        yield ready


@pytest.fixture
async def discord(emulator: Json) -> AsyncIterator[Discord]:
    """The emulator, empty. A violation that the test didn't expect fails it."""
    async with connected(emulator) as control:
        await control.reset()
        # A busy machine's pauses are nobody's silence; the tests of the rule itself move the clock.
        await control.settings(first_response=60)
        yield control
        await control.assert_no_violations()


@pytest.fixture
async def guild(discord: Discord) -> Guild:
    return await discord.guild()


@pytest.fixture
async def channel(guild: Guild) -> Channel:
    return await guild.channel()


@pytest.fixture
async def http(discord: Discord) -> AsyncIterator[aiohttp.ClientSession]:
    """Raw HTTP with the bot's token; paths are relative to the API."""
    headers = {"Authorization": f"Bot {discord.token}"}
    async with aiohttp.ClientSession(f"{discord.api}/", headers=headers) as session:
        yield session


@pytest.fixture
async def bots(discord: Discord, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Callable[..., Awaitable[TestBot]]]:
    """Log the test bot in with the real discord.py; only its two addresses are changed."""
    monkeypatch.setattr(Route, "BASE", discord.api)
    monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", yarl.URL(discord.gateway))
    async with AsyncExitStack() as stack:

        async def log_in(**options: object) -> TestBot:
            bot = TestBot(**options)
            task = asyncio.create_task(bot.start(discord.token))

            async def log_out() -> None:
                await bot.close()
                await asyncio.wait([task])

            stack.push_async_callback(log_out)
            ready = asyncio.create_task(bot.wait_until_ready())
            await asyncio.wait([ready, task], return_when=asyncio.FIRST_COMPLETED)
            if task.done():
                ready.cancel()
                await task
            return bot

        yield log_in


@pytest.fixture
async def bot(bots: Callable[..., Awaitable[TestBot]], channel: Channel) -> TestBot:
    """A bot that has logged in after the server and its channel were there."""
    return await bots()
