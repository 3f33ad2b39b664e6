"""What changes in a server: who may do what there, and what the bot is told of it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.emulators.discord.client import Discord
from tests.emulators.discord.rawbot import RawBot, raw_bot
from tests.emulators.discord.servers import Channel, Guild


@pytest.fixture
async def raw(discord: Discord, channel: Channel) -> AsyncIterator[RawBot]:
    async with raw_bot(discord) as bot:
        yield bot


async def said(raw: RawBot, channel: Channel) -> int:
    """The status of an attempt to say something."""
    return int((await raw.request("POST", f"/channels/{channel.id}/messages", {"content": "x"}))[0])


async def test_what_everybody_may_is_changed_and_told(raw: RawBot, guild: Guild, channel: Channel) -> None:
    await guild.permit_everyone("VIEW_CHANNEL")
    told = await raw.event("GUILD_ROLE_UPDATE")
    assert (told["guild_id"], told["role"]["id"], told["role"]["permissions"]) == (guild.id, guild.id, str(1 << 10))
    assert await said(raw, channel) == 403


async def test_a_role_that_is_deleted_is_nobody_s_any_more(raw: RawBot, guild: Guild, channel: Channel) -> None:
    await guild.permit_everyone("VIEW_CHANNEL")
    await guild.grant(None, "SEND_MESSAGES")
    assert await said(raw, channel) == 200
    await guild.delete_roles(None)
    granted = await raw.event("GUILD_ROLE_CREATE")
    assert await raw.event("GUILD_ROLE_DELETE") == {"guild_id": guild.id, "role_id": granted["role"]["id"]}
    assert await said(raw, channel) == 403


async def test_a_time_out_silences_until_it_is_over(
    discord: Discord, raw: RawBot, guild: Guild, channel: Channel
) -> None:
    await guild.time_out(None, 600)
    assert (await raw.event("GUILD_MEMBER_UPDATE"))["communication_disabled_until"] is not None
    assert await said(raw, channel) == 403
    await discord.advance(601)
    assert await said(raw, channel) == 200
    await guild.time_out(None, 600)
    await guild.time_out(None, None)
    assert (await raw.event("GUILD_MEMBER_UPDATE", 2))["communication_disabled_until"] is None
    assert await said(raw, channel) == 200


async def test_an_administrator_is_not_silenced(raw: RawBot, guild: Guild, channel: Channel) -> None:
    await guild.grant(None, "ADMINISTRATOR")
    await guild.time_out(None, 600)
    assert await said(raw, channel) == 200


async def test_a_server_gets_another_owner(raw: RawBot, guild: Guild) -> None:
    ann = await guild.person("Ann")
    await guild.hand_over(ann)
    assert (await raw.event("GUILD_UPDATE"))["owner_id"] == ann.id


async def test_a_channel_moves_into_a_category_where_nobody_writes(raw: RawBot, guild: Guild, channel: Channel) -> None:
    category = await guild.channel("Courses", kind="category")
    await channel.move(category)
    assert (await raw.event("CHANNEL_UPDATE"))["parent_id"] == category.id
    assert (await raw.request("POST", f"/channels/{category.id}/messages", {"content": "x"}))[1]["code"] == 50008


async def test_a_thread_is_locked_and_unlocked(raw: RawBot, guild: Guild, channel: Channel) -> None:
    thread = await channel.thread("side", await guild.person("Ann"))
    assert (await raw.event("THREAD_CREATE"))["newly_created"] is True
    await thread.archive(locked=True)
    assert (await raw.event("THREAD_UPDATE"))["thread_metadata"]["locked"] is True
    await thread.unlock()
    assert (await raw.event("THREAD_UPDATE", 1))["thread_metadata"]["locked"] is False
    assert await said(raw, thread) == 200


async def test_who_comes_during_an_outage_is_told_of_the_server_when_it_is_over(discord: Discord, guild: Guild) -> None:
    await guild.outage()
    async with raw_bot(discord) as raw:
        assert (await raw.event("READY"))["guilds"] == [{"id": guild.id, "unavailable": True}]
        await discord.guild("Elsewhere")
        assert (await raw.event("GUILD_CREATE"))["name"] == "Elsewhere"
        await guild.outage(over=True)
        assert (await raw.event("GUILD_CREATE", 1))["id"] == guild.id
