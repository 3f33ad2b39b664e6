"""The real discord.py meets what goes wrong: lost connections, limits, failures, missing permissions."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import aiohttp
import discord as sdk
import pytest

from tests.emulators.discord.client import Discord
from tests.emulators.discord.servers import Channel, Guild
from tests.emulators.discord.testbot import TestBot

POST = "/channels/{channel_id}/messages"


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not true():
            await asyncio.sleep(0.02)


async def test_a_dropped_bot_resumes_and_hears_what_it_missed(
    discord: Discord, bot: TestBot, guild: Guild, channel: Channel
) -> None:
    ann = await guild.person("Ann")
    message = await bot.ask(channel.id)
    await discord.drop_gateway()
    (post,) = await channel.messages()
    await ann.react(post, "1️⃣")
    await until(lambda: bool(bot.reactions))
    assert (bot.reactions[0].message_id, bot.reactions[0].user_id) == (message.id, int(ann.id))
    assert (await discord.sessions())["resumed"] == 1


async def test_a_bot_reconnects_when_asked_and_identifies_anew_when_invalid(discord: Discord, bot: TestBot) -> None:
    await discord.ask_to_reconnect()
    await until(lambda: bot.resumes == 1)
    await discord.invalidate_sessions()
    async with asyncio.timeout(20):
        while (await discord.sessions())["identified"] < 2:
            await asyncio.sleep(0.02)
    await discord.until_connected()


async def test_a_wrong_token_and_a_forbidden_intent_are_told(
    discord: Discord, bots: Callable[..., Awaitable[TestBot]], guild: Guild
) -> None:
    with pytest.raises(sdk.PrivilegedIntentsRequired):
        await bots(intents=sdk.Intents(guilds=True, message_content=True))
    client = TestBot()
    with pytest.raises(sdk.LoginFailure):
        await client.login("wrong")
    await client.close()


async def test_several_shards_each_have_their_servers(
    discord: Discord, bots: Callable[..., Awaitable[TestBot]]
) -> None:
    for n in range(4):
        await discord.guild(f"G{n}", number=str((n + 1) << 22))
    bot = await bots(shard_count=2)
    assert {guild.name: guild.shard_id for guild in bot.guilds} == {"G0": 1, "G1": 0, "G2": 1, "G3": 0}
    assert [one["shard"] for one in (await discord.sessions())["sessions"]] == [0, 1]


async def test_a_limited_request_is_repeated_after_its_wait_and_a_ban_is_not(
    discord: Discord, bot: TestBot, channel: Channel
) -> None:
    await discord.limited("POST", POST, seconds=0.05, times=2)
    await bot.place(channel.id).send("hello")
    assert [one.text for one in await channel.messages()] == ["hello"]
    await discord.limited("POST", POST, seconds=0.05, via=False)
    with pytest.raises(sdk.HTTPException) as banned:
        await bot.place(channel.id).send("again")
    assert banned.value.status == 429


async def test_a_bucket_that_a_test_narrows_holds_the_bot_back(
    discord: Discord, bot: TestBot, channel: Channel
) -> None:
    await discord.rate_limit("POST", POST, limit=2, window=0.3)
    for n in range(5):
        await bot.place(channel.id).send(str(n))
    assert [one.text for one in await channel.messages()] == ["0", "1", "2", "3", "4"]
    times = [one["at"] for one in await discord.requests("POST", POST)]
    assert times[4] - times[0] >= 0.3


@pytest.mark.slow
async def test_a_server_error_is_repeated_and_an_outage_is_not(
    discord: Discord, bot: TestBot, channel: Channel
) -> None:
    await discord.failing("POST", POST, 502)
    await bot.place(channel.id).send("hello")
    assert len(await channel.messages()) == 1
    await discord.failing("POST", POST, 503)
    with pytest.raises(sdk.DiscordServerError):
        await bot.place(channel.id).send("again")
    assert len(await channel.messages()) == 1


@pytest.mark.parametrize(("after", "count"), [(False, 1), (True, 2)])
async def test_a_lost_connection_may_have_had_its_effect(
    discord: Discord, bot: TestBot, channel: Channel, after: bool, count: int
) -> None:
    await discord.dropped("POST", POST, after_effect=after)
    with pytest.raises((aiohttp.ClientError, OSError)):
        await bot.place(channel.id).send("hello")
    await bot.place(channel.id).send("hello")
    assert len(await channel.messages()) == count


async def test_the_same_nonce_after_a_lost_answer_makes_no_twin(
    discord: Discord, bot: TestBot, channel: Channel
) -> None:
    await discord.dropped("POST", POST, after_effect=True)
    with pytest.raises((aiohttp.ClientError, OSError)):
        await bot.place(channel.id).send("hello", nonce="key")
    sent = await bot.place(channel.id).send("hello", nonce="key")
    assert [one.id for one in await channel.messages()] == [str(sent.id)]


async def test_missing_permissions_and_channels_are_told_as_the_sdk_knows_them(bot: TestBot, channel: Channel) -> None:
    place = bot.place(channel.id)
    await channel.permit(deny=["SEND_MESSAGES"])
    with pytest.raises(sdk.Forbidden) as forbidden:
        await place.send("hello")
    assert forbidden.value.code == 50013
    await until(lambda: not place.permissions_for(place.guild.me).send_messages)
    await channel.delete()
    with pytest.raises(sdk.NotFound) as gone:
        await place.send("hello")
    assert gone.value.code == 10003


async def test_reactions_are_seeded_counted_and_read(bot: TestBot, guild: Guild, channel: Channel) -> None:
    ann, bob = await guild.person("Ann"), await guild.person("Bob")
    message = await bot.place(channel.id).send("vote")
    await message.add_reaction("1️⃣")
    (post,) = await channel.messages()
    for person in (ann, bob):
        await person.react(post, "1️⃣")
    await until(lambda: len(bot.reactions) == 3)
    (reaction,) = (await message.fetch()).reactions
    assert {user.display_name async for user in reaction.users()} == {"loopback_bot", "Ann", "Bob"}
    assert (reaction.count, reaction.me) == (3, True)


async def test_a_direct_message_is_sent_and_refused(bot: TestBot, guild: Guild) -> None:
    ann, bob = await guild.person("Ann"), await guild.person("Bob", takes_dms=False)
    await (await bot.fetch_user(int(ann.id))).send("psst")
    assert [one.text for one in await ann.direct_messages()] == ["psst"]
    with pytest.raises(sdk.Forbidden) as refused:
        await (await bot.fetch_user(int(bob.id))).send("psst")
    assert refused.value.code == 50007


async def test_the_bot_joins_and_leaves_servers(discord: Discord, bot: TestBot, guild: Guild) -> None:
    await discord.guild("Another")
    await guild.remove_bot()
    await until(lambda: bot.joined == ["Another"] and bot.left == ["Study Hall"])


@pytest.mark.slow
async def test_a_burst_is_answered_and_measured(discord: Discord, bot: TestBot, guild: Guild, channel: Channel) -> None:
    await discord.settings(first_response=60)
    await bot.ask(channel.id)
    (post,) = await channel.messages()
    people = await guild.people(200)
    report = await channel.burst(post, ["answer:A", "answer:B"], people, seconds=0.2, wait=60)
    assert (report.pressed, report.answered, report.unanswered) == (200, 200, 0)
    assert report.p50 is not None
    assert report.max is not None
    assert 0 < report.p50 <= report.max
    assert (await people[7].private_messages(channel))[0].text == "Pressed 0 times\n[Again]"


@pytest.mark.slow
async def test_a_client_without_shards_finds_the_gateway_and_survives_an_invalid_session(
    discord: Discord, bots: Callable[..., Awaitable[TestBot]], guild: Guild
) -> None:
    client = sdk.Client(intents=sdk.Intents(guilds=True), guild_ready_timeout=0.1)
    await client.login(discord.token)
    task = asyncio.create_task(client.connect())
    await client.wait_until_ready()
    await discord.invalidate_sessions()
    async with asyncio.timeout(20):
        while (await discord.sessions())["identified"] < 2:
            await asyncio.sleep(0.02)
    await discord.until_connected()
    assert [one.name for one in client.guilds] == ["Study Hall"]
    await client.close()
    await task
