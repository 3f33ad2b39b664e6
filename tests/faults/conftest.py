from __future__ import annotations

import warnings
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

with warnings.catch_warnings():  # the library looks for voice at import, which the bot never uses
    warnings.filterwarnings("ignore", "'audioop' is deprecated", DeprecationWarning)
    from discord.gateway import DiscordWebSocket
    from discord.http import Route

from adapters.discord import servers
from tests.emulators.discord import client as discord
from tests.emulators.discord.errors import Json
from tests.emulators.slack import client as slack
from tests.faults.town import Errand, Town, running
from tests.faults.trouble import ANN, BOB, OLGA, Troubled, TroubledDiscord, TroubledSlack

PEOPLE = (ANN, BOB, OLGA)


@pytest.fixture(scope="package")
def loopback_discord() -> Iterator[Json]:
    with discord.started() as ready:
        yield ready


@pytest.fixture(scope="package")
def loopback_slack() -> Iterator[Json]:
    with slack.started() as ready:
        yield ready


@pytest.fixture
async def on_discord(loopback_discord: Json, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[TroubledDiscord]:
    """A channel on the loopback Discord. The adapter's attempts follow each other at once."""
    monkeypatch.setattr(Route, "BASE", Route.BASE)  # the adapter sets both; they are put back afterwards
    monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", DiscordWebSocket.DEFAULT_GATEWAY)
    monkeypatch.setattr("adapters.discord.errors.WAITS", (0.0, 0.0, 0.0))
    monkeypatch.setattr(servers, "COMPLETE", 0.1)
    monkeypatch.setattr("adapters.discord.lifecycle.QUIET", 0.05)
    async with discord.connected(loopback_discord) as control:
        yield await TroubledDiscord.made(control, PEOPLE)


@pytest.fixture
async def on_slack(loopback_slack: Json, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[TroubledSlack]:
    """A channel on the loopback Slack. The adapter's attempts, and its looks between them, follow each other at once."""
    monkeypatch.setattr("adapters.slack.errors.WAITS", (0.0, 0.0, 0.0))
    monkeypatch.setattr("adapters.slack.posts.SETTLING", (0.0, 0.05))
    monkeypatch.setattr("adapters.slack.lifecycle.QUIET", 0.05)
    async with slack.connected(loopback_slack) as control:
        yield await TroubledSlack.made(control, PEOPLE)


@pytest.fixture(params=["on_discord", "on_slack"])
def chat(request: pytest.FixtureRequest) -> Troubled:
    """A channel on any platform."""
    found: Troubled = request.getfixturevalue(request.param)
    return found


@pytest.fixture(params=Errand)
def errand(request: pytest.FixtureRequest) -> Errand:
    found: Errand = request.param
    return found


@pytest.fixture
async def town(chat: Troubled, errand: Errand, tmp_path: Path) -> AsyncIterator[Town]:
    """A question or a recap is due, on any platform."""
    async with running(tmp_path, chat, errand) as made:
        yield made


@pytest.fixture
async def asking(chat: Troubled, tmp_path: Path) -> AsyncIterator[Town]:
    """A question is due, on any platform."""
    async with running(tmp_path, chat, Errand.QUESTION) as made:
        yield made
