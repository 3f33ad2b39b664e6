"""Servers that come, go and change: what the bot is told of them, in which order, and how often."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TypeVar

import pytest

from adapters.discord import lifecycle, servers
from adapters.discord.client import DiscordPlatform
from bot.events import Actor, Happening, Roster, Workspace, WorkspaceChanged, WorkspaceLeft
from bot.platform import Forbidden, Unavailable
from tests.adapters.contract import ADA
from tests.adapters.discord.bench import DiscordBench
from tests.emulators.discord.client import Discord
from tests.emulators.discord.servers import Guild

H = TypeVar("H", bound=Happening)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(servers, "COMPLETE", 0.1)
    monkeypatch.setattr(lifecycle, "QUIET", 0.05)


@pytest.fixture
async def bench(discord: Discord, quick: None) -> AsyncIterator[DiscordBench]:
    """Connected, and told of every server."""
    bench = DiscordBench(discord)
    await bench.start()
    await told(bench, Roster)
    yield bench
    await bench.stop()


async def told(bench: DiscordBench, kind: type[H], count: int = 1) -> list[H]:
    """The happenings of a kind, once there are so many."""
    async with asyncio.timeout(20):
        while sum(isinstance(each, kind) for each in bench.happened) < count:
            await asyncio.sleep(0.01)
    return [each for each in bench.happened if isinstance(each, kind)]


async def changed(bench: DiscordBench, elsewhere: Guild) -> list[Workspace]:
    """The servers that were told to have changed until now."""
    await elsewhere.rename("Marker")
    async with asyncio.timeout(20):
        while True:
            found = [each.workspace for each in bench.happened if isinstance(each, WorkspaceChanged)]
            if any(each.name == "Marker" for each in found):
                return [each for each in found if each.id != elsewhere.id]
            await asyncio.sleep(0.01)


# ---------------------------------------------------------------- the roster


async def test_the_bot_is_told_of_its_servers_when_it_has_connected(bench: DiscordBench) -> None:
    (roster,) = await told(bench, Roster)
    (workspace,) = roster.workspaces
    assert (workspace.platform, workspace.id, workspace.name) == ("discord", bench.guild.id, "Study Hall")
    assert workspace.owner is not None
    assert (workspace.owner.platform, workspace.owner.workspace) == ("discord", "")
    assert workspace.owner.id not in ("", bench.guild.id)
    assert roster.covers(bench.guild.id)
    assert roster.covers("123456789012345678"), "a server that the bot was removed from"
    assert not any(map(roster.covers, ("", "local", "١٢٣", "-1", "1.5", "9" * 5000)))
    assert bench.happened == [roster], "nothing is told twice"


async def test_a_restart_tells_of_what_happened_meanwhile(discord: Discord, bench: DiscordBench) -> None:
    other = await discord.guild("Night School")
    await told(bench, WorkspaceChanged)
    await bench.stop()
    await other.remove_bot()
    await bench.guild.rename("Great Hall")
    await bench.connect()
    _, roster = await told(bench, Roster, 2)
    assert [each.name for each in roster.workspaces] == ["Great Hall"]
    assert roster.covers(other.id)


async def test_of_a_server_that_is_down_nothing_is_concluded(discord: Discord, bench: DiscordBench) -> None:
    other = await discord.guild("Night School")
    await told(bench, WorkspaceChanged)
    await bench.stop()
    await other.outage()
    await bench.connect()
    _, roster = await told(bench, Roster, 2)
    assert [each.name for each in roster.workspaces] == ["Study Hall"]
    assert not roster.covers(other.id)
    await other.outage(over=True)
    _, back = await told(bench, WorkspaceChanged, 2)
    assert back.workspace.name == "Night School"


async def test_a_process_speaks_for_its_own_shards_only(discord: Discord, bench: DiscordBench) -> None:
    await bench.stop()
    await discord.settings(shards=2)
    mine = await discord.guild("Mine", number=str(3 << 22))
    other = await discord.guild("Other", number=str(2 << 22))
    bench.platform = DiscordPlatform(discord.token, discord.api, "1/2")
    bench.running = asyncio.create_task(bench.platform.run(bench.handle))
    _, roster = await told(bench, Roster, 2)
    assert mine.id in [each.id for each in roster.workspaces]
    assert other.id not in [each.id for each in roster.workspaces]
    assert (roster.covers(mine.id), roster.covers(other.id)) == (True, False)


@pytest.mark.slow
async def test_a_new_session_forgets_the_servers_that_are_gone_by_then(discord: Discord, bench: DiscordBench) -> None:
    await discord.refuse_gateway(2)
    await discord.close_gateway(4009, forget=True)
    await bench.guild.remove_bot()
    _, roster = await told(bench, Roster, 2)
    assert roster.workspaces == ()
    assert roster.covers(bench.guild.id)
    with pytest.raises(Forbidden, match="not in that server any more"):
        await bench.platform.check(bench.place)


# ---------------------------------------------------------------- coming and going


async def test_a_server_that_adds_the_bot_and_removes_it_is_told_once_each(
    discord: Discord, bench: DiscordBench, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("INFO", "adapters.discord"):
        guild = await discord.guild("Night School")
        (came,) = await told(bench, WorkspaceChanged)
        await guild.remove_bot()
        (went,) = await told(bench, WorkspaceLeft)
    assert (came.workspace.id, came.workspace.name) == (guild.id, "Night School")
    assert (went.platform, went.workspace) == ("discord", guild.id)
    assert len({event.id for event in bench.happened}) == len(bench.happened) == 3
    assert f"added to the server Night School ({guild.id})" in caplog.text
    assert f"removed from the server Night School ({guild.id})" in caplog.text


async def test_what_had_changed_in_a_server_that_is_left_is_not_told_after_it(
    bench: DiscordBench, discord: Discord
) -> None:
    elsewhere = await discord.guild("Elsewhere")
    await told(bench, WorkspaceChanged)
    await bench.guild.rename("Great Hall")
    await bench.guild.remove_bot()
    await told(bench, WorkspaceLeft)
    after = len(bench.happened)
    await changed(bench, elsewhere)
    assert [type(event) for event in bench.happened[after:]] == [WorkspaceChanged]


async def test_an_outage_is_no_leaving_and_its_end_is_worth_a_look(bench: DiscordBench) -> None:
    await bench.guild.outage()
    async with asyncio.timeout(20):
        while True:
            try:
                await bench.platform.check(bench.place)
            except Unavailable:
                break
            await asyncio.sleep(0.01)
    await bench.guild.outage(over=True)
    (event,) = await told(bench, WorkspaceChanged)
    assert event.workspace.name == "Study Hall"
    assert [each for each in bench.happened if isinstance(each, WorkspaceLeft)] == []


async def test_another_name_or_owner_is_told(bench: DiscordBench) -> None:
    await bench.guild.rename("Great Hall")
    (named,) = await told(bench, WorkspaceChanged)
    assert named.workspace.name == "Great Hall"
    await bench.guild.hand_over(bench.people[ADA])
    _, owned = await told(bench, WorkspaceChanged, 2)
    assert owned.workspace.owner == Actor("discord", "", bench.people[ADA].id, "")


# ---------------------------------------------------------------- what the bot may do

Deed = Callable[[DiscordBench], Awaitable[object]]


async def _moved(bench: DiscordBench) -> None:
    await bench.channel.move(await bench.guild.channel("Courses", kind="category"))


async def _role_deleted(bench: DiscordBench) -> None:
    await bench.guild.delete_roles(None)


async def _thread_deleted(bench: DiscordBench) -> None:
    await (await bench.channel.thread("side", bench.people[ADA])).delete()


async def _thread_locked(bench: DiscordBench) -> None:
    await (await bench.channel.thread("side", bench.people[ADA])).archive(locked=True)


@pytest.mark.parametrize(
    "deed",
    [
        pytest.param(lambda bench: bench.channel.permit(deny=["SEND_MESSAGES"]), id="a channel's permissions"),
        pytest.param(lambda bench: bench.channel.permit_everyone(deny=["VIEW_CHANNEL"]), id="everybody's in a channel"),
        pytest.param(_moved, id="a channel's category"),
        pytest.param(lambda bench: bench.channel.delete(), id="a channel deleted"),
        pytest.param(lambda bench: bench.guild.channel("new"), id="a channel made"),
        pytest.param(lambda bench: bench.guild.permit_everyone("VIEW_CHANNEL"), id="everybody's role"),
        pytest.param(lambda bench: bench.guild.grant(None, "MANAGE_MESSAGES"), id="the bot's roles"),
        pytest.param(lambda bench: bench.guild.time_out(None, 600), id="a time-out"),
        pytest.param(_thread_deleted, id="a thread deleted"),
        pytest.param(_thread_locked, id="a thread locked"),
    ],
)
async def test_what_may_change_what_the_bot_may_do_is_told(bench: DiscordBench, deed: Deed) -> None:
    await deed(bench)
    (event,) = await told(bench, WorkspaceChanged)
    assert event.workspace.id == bench.guild.id


async def test_a_role_that_is_taken_away_is_told(bench: DiscordBench) -> None:
    await bench.guild.grant(None, "MANAGE_MESSAGES")
    await told(bench, WorkspaceChanged)
    await bench.guild.delete_roles(None)
    await told(bench, WorkspaceChanged, 2)


async def test_what_can_t_change_it_is_not_told(discord: Discord, bench: DiscordBench) -> None:
    elsewhere = await discord.guild("Elsewhere")
    await told(bench, WorkspaceChanged)
    thread = await bench.channel.thread("side", bench.people[ADA])
    await thread.archive()
    await bench.channel.rename("weekly")
    await bench.guild.grant(bench.people[ADA], "MANAGE_MESSAGES")
    await bench.guild.rename("Study Hall")
    assert await changed(bench, elsewhere) == []


async def test_the_end_of_a_time_out_is_told_though_discord_does_not(bench: DiscordBench) -> None:
    await bench.guild.time_out(None, 1)
    first, second = await told(bench, WorkspaceChanged, 2)
    assert first.workspace == second.workspace
    await bench.platform.check(bench.place)
