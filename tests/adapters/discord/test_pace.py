"""Many posts at once, beside Discord's limit for all requests of a bot."""

from __future__ import annotations

import asyncio

import pytest

from adapters.discord import pace
from adapters.discord.shards import Shards
from bot.events import MessageRef, Place
from tests.adapters.contract import ADA, QUESTION, VERDICT
from tests.adapters.discord.bench import DiscordBench

LIMIT = 25
MANY = 60
AT_ONCE = 8


async def posted(bench: DiscordBench, places: list[Place]) -> list[MessageRef]:
    turns = asyncio.Semaphore(AT_ONCE)

    async def post(place: Place) -> MessageRef:
        async with turns:
            return await bench.platform.post(place, QUESTION, f"daily:{place.channel}")

    return await asyncio.gather(*map(post, places))


async def test_a_bot_that_was_over_the_limit_keeps_to_it_and_says_everything_once(
    bench: DiscordBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pace, "A_SECOND", LIMIT * 0.9)
    await bench.restart()
    channels = [await bench.guild.channel(f"c{number}") for number in range(MANY)]
    await bench.discord.limit_together(LIMIT)
    bench.answer = lambda _: VERDICT
    places = [*(Place("discord", bench.guild.id, each.id) for each in channels), bench.place]
    posting = asyncio.create_task(posted(bench, places))
    while not await bench.discord.turned_away():
        await asyncio.sleep(0.01)
    refs = await posting
    assert await bench.discord.turned_away() <= 3 * AT_ONCE, (
        "those that were on their way when the limit was met, and again"
    )
    await bench.press(ADA, refs[-1].message, "A")
    assert [each.text for each in await bench.seen(ADA) if each.private] == ["✅ Correct"]
    assert [len(await each.messages()) for each in channels] == [1] * MANY
    assert await bench.discord.violations() == []


async def test_nothing_is_held_back_before_discord_says_so(
    bench: DiscordBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pace, "A_SECOND", 0.01)
    await bench.restart()
    for number in range(3):
        await bench.platform.post(bench.place, QUESTION, f"daily:{number}")
    assert len(await bench.channel.messages()) == 3


def test_processes_share_the_limit_as_they_share_the_servers() -> None:
    assert Shards.parse("").share == 1.0
    assert [Shards.parse(each).share for each in ("0-7/16", "3/16")] == [1 / 2, 1 / 16]
