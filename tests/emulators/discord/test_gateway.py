"""The gateway: hello, sessions, resuming, shards, intents, close codes."""

from __future__ import annotations

import pytest
from aiohttp import WSServerHandshakeError

from tests.emulators.discord.client import Discord
from tests.emulators.discord.errors import Json
from tests.emulators.discord.rawbot import raw_bot
from tests.emulators.discord.servers import Channel, Guild

MESSAGE_CONTENT = 1 << 15
GUILDS, GUILD_MESSAGES, REACTIONS = 1, 1 << 9, 1 << 10


async def test_ready_lists_servers_as_unavailable_and_each_follows(discord: Discord, channel: Channel) -> None:
    async with raw_bot(discord) as raw:
        assert (await raw.payload(op=10))["d"]["heartbeat_interval"] > 0
        ready = await raw.event("READY")
        assert ready["guilds"] == [{"id": channel.guild, "unavailable": True}]
        assert {"v", "user", "session_id", "resume_gateway_url", "application", "shard"} <= set(ready)
        created = await raw.event("GUILD_CREATE")
        assert [one["name"] for one in created["channels"]] == ["general"]
        assert [one["user"]["id"] for one in created["members"]] == [discord.application_id]


@pytest.mark.parametrize("compress", [False, True])
async def test_events_come_plain_or_as_one_zlib_stream(discord: Discord, guild: Guild, compress: bool) -> None:
    async with raw_bot(discord, compress=compress) as raw:
        for n in range(5):
            await guild.channel(f"c{n}")
        assert (await raw.event("CHANNEL_CREATE", 4))["name"] == "c4"
        assert [one["s"] for one in raw.payloads if one["op"] == 0] == list(range(1, len(raw.events()) + 1))


async def test_a_heartbeat_is_acknowledged(discord: Discord) -> None:
    async with raw_bot(discord, identify=False) as raw:
        await raw.send(1, None)
        assert (await raw.payload(op=11))["op"] == 11


async def test_a_resumed_session_hears_what_it_missed(discord: Discord, guild: Guild) -> None:
    async with raw_bot(discord) as raw:
        ready = await raw.event("READY")
        await raw.event("GUILD_CREATE")
        seen = raw.payloads[-1]["s"]
        await discord.drop_gateway()
        await raw.task
    await guild.channel("missed")
    async with raw_bot(discord, identify=False) as raw:
        await raw.resume(ready["session_id"], seen)
        await raw.event("RESUMED")
        assert raw.events() == ["CHANNEL_CREATE", "RESUMED"]


async def test_an_unknown_session_is_invalid_and_a_future_sequence_closes(discord: Discord) -> None:
    async with raw_bot(discord) as raw:
        session = (await raw.event("READY"))["session_id"]
        async with raw_bot(discord, identify=False) as other:
            await other.resume("none", 1)
            assert (await other.payload(op=9))["d"] is False
        async with raw_bot(discord, identify=False) as other:
            await other.resume(session, 10_000)
            assert await other.close_code() == 4007


async def test_a_goodbye_with_1000_ends_the_session(discord: Discord) -> None:
    async with raw_bot(discord) as raw:
        await raw.socket.close(code=1000)
        await raw.task
    assert (await discord.sessions())["sessions"] == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"token": "wrong"}, 4004),
        ({"shard": [1, 1]}, 4010),
        ({"intents": -1}, 4013),
        ({"intents": 1 << 40}, 4013),
        ({"intents": MESSAGE_CONTENT}, 4014),
        ({"properties": None}, 4002),
    ],
)
async def test_a_wrong_identity_is_closed_with_its_code(discord: Discord, change: Json, code: int) -> None:
    async with raw_bot(discord, identify=False) as raw:
        await raw.identify(**change)
        assert await raw.close_code() == code


async def test_what_is_out_of_order_is_closed_with_its_code(discord: Discord) -> None:
    async with raw_bot(discord, identify=False) as raw:
        await raw.send(8, {})
        assert await raw.close_code() == 4003
    async with raw_bot(discord) as raw:
        await raw.identify()
        assert await raw.close_code() == 4005
    async with raw_bot(discord) as raw:
        await raw.send(99, {})
        assert await raw.close_code() == 4001
    async with raw_bot(discord) as raw:
        await raw.socket.send_str("{")
        assert await raw.close_code() == 4002
    async with raw_bot(discord, identify=False, version=9) as raw:
        assert await raw.close_code() == 4012


async def test_who_sends_too_much_is_closed_with_4008(discord: Discord) -> None:
    async with raw_bot(discord) as raw:
        for _ in range(125):
            await raw.send(1, None)
        assert await raw.close_code() == 4008


async def test_the_gateway_closes_asks_and_invalidates_on_command(discord: Discord) -> None:
    async with raw_bot(discord) as raw:
        assert await discord.ask_to_reconnect() == 1
        assert (await raw.payload(op=7))["d"] is None
        await discord.invalidate_sessions(resumable=True)
        assert (await raw.payload(op=9))["d"] is True
        await discord.close_gateway(4009)
        assert await raw.close_code() == 4009


async def test_new_connections_are_refused_for_a_while(discord: Discord) -> None:
    await discord.refuse_gateway(60)
    with pytest.raises(WSServerHandshakeError):
        async with raw_bot(discord):
            pass
    await discord.advance(61)
    async with raw_bot(discord) as raw:
        assert raw.closed is None


async def test_a_guild_goes_to_its_shard_and_direct_messages_to_the_first(discord: Discord) -> None:
    # (id >> 22) % 2 is the shard.
    even, odd = str(2 << 22), str(3 << 22)
    async with (
        raw_bot(discord, shard=(0, 2), intents=GUILDS | 1 << 12) as first,
        raw_bot(discord, shard=(1, 2), intents=GUILDS | 1 << 12) as second,
    ):
        guild = await discord.guild("Even", number=even)
        await discord.guild("Odd", number=odd)
        assert (await first.event("GUILD_CREATE"))["name"] == "Even"
        assert (await second.event("GUILD_CREATE"))["name"] == "Odd"
        await (await guild.person("Ann")).say(None, "psst")
        assert (await first.event("MESSAGE_CREATE"))["content"] == "psst"
        assert "MESSAGE_CREATE" not in second.events()


async def test_every_client_of_a_shard_hears_the_same(discord: Discord, guild: Guild) -> None:
    async with raw_bot(discord) as first, raw_bot(discord) as second:
        await guild.rename("New")
        assert (await first.event("GUILD_UPDATE"))["name"] == (await second.event("GUILD_UPDATE"))["name"] == "New"


async def test_what_was_not_asked_for_is_not_told(discord: Discord, guild: Guild, channel: Channel) -> None:
    await discord.settings(privileged_intents=MESSAGE_CONTENT)
    ann = await guild.person("Ann")
    async with (
        raw_bot(discord, intents=GUILDS) as deaf,
        raw_bot(discord, intents=GUILDS | GUILD_MESSAGES) as half,
        raw_bot(discord, intents=GUILDS | GUILD_MESSAGES | REACTIONS | MESSAGE_CONTENT) as full,
    ):
        message = await ann.say(channel, "hello")
        await ann.say(channel, f"hello <@{discord.application_id}>")
        await ann.react(message, "✅")
        assert (await full.event("MESSAGE_CREATE"))["content"] == "hello"
        assert (await half.event("MESSAGE_CREATE"))["content"] == ""
        assert (await half.event("MESSAGE_CREATE", 1))["content"] == f"hello <@{discord.application_id}>"
        assert (await full.event("MESSAGE_REACTION_ADD"))["user_id"] == ann.id
        await guild.rename("New")
        for raw in (deaf, half):
            await raw.event("GUILD_UPDATE")
            assert "MESSAGE_REACTION_ADD" not in raw.events()
        assert "MESSAGE_CREATE" not in deaf.events()


async def test_the_bot_is_told_of_its_going_and_coming(discord: Discord, guild: Guild, channel: Channel) -> None:
    async with raw_bot(discord) as raw:
        await raw.event("GUILD_CREATE")
        await guild.outage()
        assert await raw.event("GUILD_DELETE") == {"id": guild.id, "unavailable": True}
        await guild.outage(over=True)
        await guild.remove_bot()
        assert await raw.event("GUILD_DELETE", 1) == {"id": guild.id}
        await guild.add_bot()
        assert (await raw.event("GUILD_CREATE", 2))["id"] == guild.id
        await channel.rename("new")
        assert (await raw.event("CHANNEL_UPDATE"))["name"] == "new"
        await channel.delete()
        assert (await raw.event("CHANNEL_DELETE"))["id"] == channel.id
