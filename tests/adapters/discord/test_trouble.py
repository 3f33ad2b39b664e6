"""A channel that the bot can't use any more: its question waits, the owner is told once, and it goes on by itself."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.discord import lifecycle, servers
from bot.store import schedules
from bot.store.schedules import Pause, Schedule
from tests.adapters.discord.bench import text
from tests.adapters.discord.town import Town, running
from tests.decks import shelf
from tests.emulators.discord.client import Discord
from tests.emulators.discord.people import Person


@pytest.fixture
async def town(discord: Discord, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Town]:
    monkeypatch.setattr(servers, "COMPLETE", 0.1)
    monkeypatch.setattr(lifecycle, "QUIET", 0.05)
    async with running(discord, tmp_path, shelf("ring", "sync")) as town:
        yield town


async def owned(town: Town) -> Person:
    """The owner of the server, whom the bot knows of by then."""
    owner = await town.guild.person("Olga")
    await town.guild.hand_over(owner)
    return owner


async def until(town: Town, paused: Pause | None) -> Schedule:
    """The schedule, once it is paused for that."""
    async with asyncio.timeout(20):
        while True:
            async with town.database.read() as tx:
                (schedule,) = await schedules.of_workspace(tx, "discord", town.guild.id)
            if schedule.paused == paused:
                return schedule
            await asyncio.sleep(0.02)


async def told(person: Person, count: int) -> list[str]:
    """What somebody was told in private, once it is so much."""
    async with asyncio.timeout(20):
        while len(found := await person.direct_messages()) < count:
            await asyncio.sleep(0.02)
    return [text(message) for message in found]


async def test_a_permission_that_is_taken_pauses_and_one_that_is_given_resumes(town: Town) -> None:
    owner = await owned(town)
    await town.channel.permit(deny=["SEND_MESSAGES", "ADD_REACTIONS"])
    schedule = await until(town, Pause.FORBIDDEN)
    (said,) = await told(owner, 1)
    assert schedule.trouble is not None
    assert str(schedule.trouble) in said
    assert "In Study Hall I can’t post" in said
    assert "I lack Send Messages and Add Reactions in #daily. In the channel’s settings" in said
    await town.ticks()
    assert await town.channel.messages() == []
    await town.channel.permit()
    await until(town, None)
    await town.ticks(minutes=1)
    assert len(await town.channel.messages()) == 1
    assert len(await told(owner, 1)) == 1


async def test_a_channel_that_is_deleted_is_told_of_once(town: Town) -> None:
    owner = await owned(town)
    await town.channel.delete()
    await until(town, Pause.MISSING)
    (said,) = await told(owner, 1)
    assert "The channel is gone. Choose another one" in said


async def test_a_server_that_the_bot_leaves_and_joins_again_goes_on(town: Town) -> None:
    await town.guild.remove_bot()
    await until(town, Pause.LEFT)
    await town.ticks()
    await town.guild.add_bot()
    await until(town, None)
    await town.ticks(minutes=1)
    assert len(await town.channel.messages()) == 1
