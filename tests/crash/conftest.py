from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.crash.chats import DiscordChat
from tests.crash.nursery import Nursery, started
from tests.crash.plans import ANN, BOB
from tests.crash.scene import Scene, scene
from tests.crash.slack import SlackChat
from tests.emulators.discord import client as discord
from tests.emulators.discord.errors import Json
from tests.emulators.slack import client as slack
from tests.postgres import Server, postgres, postgres_server

__all__ = ["postgres", "postgres_server"]

WORKERS = ["one worker", "two workers"]


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    with started() as made:
        yield made


@pytest.fixture(scope="module")
def loopback_discord() -> Iterator[Json]:
    with discord.started() as ready:
        yield ready


@pytest.fixture(scope="module")
def loopback_slack() -> Iterator[Json]:
    with slack.started() as ready:
        yield ready


async def database(request: pytest.FixtureRequest, folder: Path) -> tuple[str, int]:
    """One worker works with SQLite, two with PostgreSQL."""
    if request.param == "one worker":
        return f"sqlite:///{folder / 'studybot.db'}", 1
    server: Server = request.getfixturevalue("postgres")
    return await server.fresh(), 2


@pytest.fixture(params=WORKERS)
async def on_discord(
    loopback_discord: Json, nursery: Nursery, tmp_path: Path, request: pytest.FixtureRequest
) -> AsyncIterator[Scene]:
    async with discord.connected(loopback_discord) as control:
        chat = await DiscordChat.made(control, (ANN, BOB))
        async with scene(tmp_path, nursery, chat, *await database(request, tmp_path)) as made:
            yield made


@pytest.fixture(params=WORKERS)
async def on_slack(
    loopback_slack: Json, nursery: Nursery, tmp_path: Path, request: pytest.FixtureRequest
) -> AsyncIterator[Scene]:
    async with slack.connected(loopback_slack) as control:
        chat = await SlackChat.made(control, (ANN, BOB))
        async with scene(tmp_path, nursery, chat, *await database(request, tmp_path)) as made:
            yield made
