from __future__ import annotations

import warnings
from collections.abc import AsyncIterator, Iterator

import pytest

with warnings.catch_warnings():  # the library looks for voice at import, which the bot never uses
    warnings.filterwarnings("ignore", "'audioop' is deprecated", DeprecationWarning)
    from discord.gateway import DiscordWebSocket
    from discord.http import Route

    from tests.adapters.discord.bench import DiscordBench

from tests.emulators.discord.client import Discord, connected, started
from tests.emulators.discord.errors import Json


@pytest.fixture(scope="module")
def emulator() -> Iterator[Json]:
    with started() as ready:
        yield ready


@pytest.fixture
async def discord(emulator: Json, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Discord]:
    """The loopback Discord, empty. Whatever a well-made bot would not have done fails the test."""
    monkeypatch.setattr(Route, "BASE", Route.BASE)  # the adapter sets both; they are put back afterwards
    monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", DiscordWebSocket.DEFAULT_GATEWAY)
    async with connected(emulator) as control:
        await control.reset()
        yield control
        await control.assert_no_violations()


@pytest.fixture
async def bench(discord: Discord) -> AsyncIterator[DiscordBench]:
    bench = DiscordBench(discord)
    await bench.start()
    yield bench
    await bench.stop()
