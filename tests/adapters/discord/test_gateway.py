"""The connection: lost, resumed, begun anew, refused, shared; and what comes over it besides commands and presses."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable

import pytest

from adapters.discord import gateway
from adapters.discord.client import DiscordPlatform
from bot.events import Command, Event, Reaction
from bot.messages import Answer
from bot.platform import SignedOut
from tests.adapters.contract import ADA, GRACE, QUESTION, VERDICT
from tests.adapters.discord.bench import DiscordBench, text
from tests.emulators.discord.client import Discord

COMMANDS = "/applications/{application_id}/commands"


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not holds():
            await asyncio.sleep(0.01)


async def answers(bench: DiscordBench) -> None:
    """A command is answered."""
    bench.answer = lambda _: VERDICT
    await bench.command(ADA, "/quiz today")
    assert (await bench.seen(ADA))[-1].text == "✅ Correct"


async def test_commands_are_registered_once(discord: Discord, bench: DiscordBench) -> None:
    await bench.restart()
    assert len(await discord.requests("PUT", COMMANDS)) == 1
    assert [command["name"] for command in await discord.commands()] == ["quiz"]


async def test_commands_that_discord_refuses_leave_the_bot_running(discord: Discord, bench: DiscordBench) -> None:
    await bench.stop()
    await discord.failing("GET", COMMANDS, 400, code=50035, message="Invalid Form Body")
    await bench.connect()
    await answers(bench)
    await discord.violations(clear=True)


async def test_a_dropped_connection_is_taken_up_where_it_was(discord: Discord, bench: DiscordBench) -> None:
    await discord.drop_gateway()
    await discord.until_connected()
    await answers(bench)


async def test_discord_may_ask_to_reconnect(discord: Discord, bench: DiscordBench) -> None:
    before = len((await discord.sessions())["sessions"])
    await discord.ask_to_reconnect()
    await discord.until_connected()
    await answers(bench)
    assert len((await discord.sessions())["sessions"]) == before, "the session was resumed"


@pytest.mark.slow
async def test_a_lost_session_is_begun_anew_at_the_same_address(discord: Discord, bench: DiscordBench) -> None:
    await discord.invalidate_sessions()
    await asyncio.sleep(0.2)
    await discord.until_connected()
    await answers(bench)


async def test_a_refusal_of_the_gateway_ends_the_run(discord: Discord, bench: DiscordBench) -> None:
    await discord.close_gateway(4004)
    with pytest.raises(SignedOut, match="token"):
        await asyncio.wait_for(bench.running, 10)
    await discord.violations(clear=True)


async def test_an_outage_at_the_start_is_waited_out(discord: Discord, bench: DiscordBench) -> None:
    await bench.stop()
    await discord.failing("GET", "/users/@me", 503)
    await bench.connect()
    await answers(bench)
    await discord.violations(clear=True)


@pytest.mark.slow
async def test_a_range_of_shards_is_run_and_no_other(discord: Discord, bench: DiscordBench) -> None:
    await bench.stop()
    await discord.settings(shards=4)
    platform = DiscordPlatform(discord.token, discord.api, "1-2/4")
    running = asyncio.create_task(platform.run(bench.handle))
    await discord.until_connected(2, seconds=30)
    shards = [one["shard"] for one in (await discord.sessions())["sessions"] if one["connected"]]
    assert sorted(shards) == [1, 2]
    running.cancel()
    await asyncio.wait([running])


# ---------------------------------------------------------------- the end


class Gates:
    """Answers a command of each person when the test lets it. `begun` have asked, and `lost` never were answered."""

    def __init__(self) -> None:
        self.open: defaultdict[str, asyncio.Event] = defaultdict(asyncio.Event)
        self.begun: list[str] = []
        self.lost: list[str] = []

    async def handle(self, event: Event) -> Answer:
        if not isinstance(event, Command):
            return None
        name = event.actor.name
        self.begun.append(name)
        try:
            await self.open[name].wait()
        except asyncio.CancelledError:
            await asyncio.sleep(0.05)  # as a transaction takes a moment to be rolled back
            self.lost.append(name)
            raise
        return VERDICT


@pytest.fixture
async def gates(bench: DiscordBench, monkeypatch: pytest.MonkeyPatch) -> Gates:
    gates = Gates()
    monkeypatch.setattr(bench, "handle", gates.handle)
    await bench.restart()
    return gates


async def test_who_asks_while_the_bot_stops_is_answered_too(bench: DiscordBench, gates: Gates) -> None:
    early = asyncio.create_task(bench.people[ADA].command(bench.channel, "/quiz today"))
    await until(lambda: gates.begun == [ADA])
    stopping = asyncio.create_task(bench.stop())
    await asyncio.sleep(0)
    late = asyncio.create_task(bench.people[GRACE].command(bench.channel, "/quiz today"))
    await until(lambda: gates.begun == [ADA, GRACE])
    gates.open[ADA].set()
    assert text((await early).message) == "✅ Correct"
    await asyncio.sleep(0.2)
    gates.open[GRACE].set()
    assert text((await late).message) == "✅ Correct"
    await stopping


async def test_what_is_not_answered_in_time_is_over_when_the_bot_has_stopped(
    discord: Discord,
    bench: DiscordBench,
    gates: Gates,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(gateway, "DRAIN", 0.05)
    await bench.people[ADA].deed("command", bench.channel, command="/quiz today", wait=0.1, may_stay_unanswered=True)
    await until(lambda: gates.begun == [ADA])
    await bench.stop()
    assert gates.lost == [ADA]
    assert "replies that did not come out before the end: 1" in caplog.text


# ---------------------------------------------------------------- reactions


async def test_a_reaction_and_its_withdrawal_are_events(bench: DiscordBench) -> None:
    ref = await bench.platform.post(bench.place, QUESTION, "daily:1")
    (message,) = await bench.channel.messages()
    await bench.people[ADA].react(message, "1️⃣")
    await bench.people[ADA].unreact(message, "1️⃣")
    await until(lambda: len(bench.events) == 2)
    first, second = bench.events
    assert isinstance(first, Reaction)
    assert isinstance(second, Reaction)
    assert (first.emoji, first.added, first.ref, first.actor.name) == ("1️⃣", True, ref, ADA)
    assert (second.emoji, second.added, second.ref, second.actor.name) == ("1️⃣", False, ref, ADA)
    assert first.id != second.id


async def test_bots_the_bot_itself_and_others_messages_make_no_events(bench: DiscordBench) -> None:
    ref = await bench.platform.post(bench.place, QUESTION, "daily:1")
    (message,) = await bench.channel.messages()
    robot = await bench.guild.person("Robot", bot=True)
    chatter = await bench.people[ADA].say(bench.channel, "Hello")
    await robot.react(message, "1️⃣")
    await bench.platform.react(ref, "2️⃣")
    await bench.people[ADA].react(chatter, "3️⃣")
    await bench.people[ADA].react(message, "4️⃣")
    await until(lambda: bool(bench.events))
    assert [event.emoji for event in bench.events if isinstance(event, Reaction)] == ["4️⃣"]


async def test_a_reaction_in_a_thread_is_of_its_channel(bench: DiscordBench) -> None:
    thread = await bench.channel.thread("side", bench.people[ADA])
    place = type(bench.place)("discord", bench.guild.id, bench.channel.id, thread.id)
    ref = await bench.platform.post(place, QUESTION, "daily:1")
    (message,) = await thread.messages()
    await bench.people[ADA].react(message, "1️⃣")
    await until(lambda: bool(bench.events))
    (event,) = bench.events
    assert isinstance(event, Reaction)
    assert event.ref == ref


# ---------------------------------------------------------------- servers come and go


async def test_what_happens_to_servers_is_in_the_log(bench: DiscordBench, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("INFO", "adapters.discord"):
        await bench.guild.rename("Night School")
        await bench.channel.delete()
        await bench.guild.remove_bot()
        await until(lambda: "removed from the server Night School" in caplog.text)
    assert "is now called Night School" in caplog.text
    assert "channel #daily" in caplog.text
