"""What the bot is told of its workspaces: which there are, and when a look at one is worth while."""

from __future__ import annotations

import asyncio

import pytest

from adapters.slack import lifecycle
from bot.events import Happening, Roster, WorkspaceChanged, WorkspaceLeft
from bot.platform import SignedOut
from tests.adapters.contract import QUESTION
from tests.adapters.slack.bench import SlackBench


@pytest.fixture(autouse=True)
def prompt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lifecycle, "QUIET", 0.2)


async def happened(bench: SlackBench, kind: type[Happening], count: int = 1) -> list[Happening]:
    async with asyncio.timeout(10):
        while len(found := [event for event in bench.happened if isinstance(event, kind)]) < count:
            await asyncio.sleep(0.02)
    return found


async def settled(bench: SlackBench) -> None:
    """Wait until what the test's beginning changed has been told, and forget it."""
    await happened(bench, WorkspaceChanged)
    bench.happened.clear()


async def test_the_start_tells_the_workspace_and_that_there_is_no_other(bench: SlackBench) -> None:
    (roster,) = await happened(bench, Roster)
    assert isinstance(roster, Roster)
    (workspace,) = roster.workspaces
    assert (workspace.platform, workspace.id, workspace.name) == ("slack", bench.workspace.id, "Study Hall")
    assert roster.covers("T0ANOTHER")


async def test_the_start_tells_who_owns_the_workspace(bench: SlackBench) -> None:
    """Of one for whom nobody is known to have installed the app. Admins, of whom there may be many, don't own it."""
    await bench.workspace.person("Adam", is_admin=True, is_owner=True)
    olga = await bench.workspace.person("Olga", is_primary_owner=True)
    bench.happened.clear()
    await bench.restart()
    roster = next(event for event in bench.happened if isinstance(event, Roster))
    (workspace,) = roster.workspaces
    assert workspace.owner is not None
    assert (workspace.owner.workspace, workspace.owner.id) == (bench.workspace.id, olga.id)


@pytest.mark.parametrize("deed", ["archive", "rename", "delete", "kick", "private"])
async def test_what_happens_to_a_channel_is_a_reason_to_look(bench: SlackBench, deed: str) -> None:
    await settled(bench)
    match deed:
        case "archive":
            await bench.channel.archive()
        case "rename":
            await bench.channel.rename("quiz")
        case "delete":
            await bench.channel.delete()
        case "kick":
            await bench.channel.kick_bot()
        case _:
            hidden = await bench.workspace.channel("hidden", private=True)
            await hidden.invite_bot()
    (changed,) = await happened(bench, WorkspaceChanged)
    assert isinstance(changed, WorkspaceChanged)
    assert (changed.workspace.id, changed.workspace.name) == (bench.workspace.id, "Study Hall")


async def test_a_workspace_s_new_name_is_told(bench: SlackBench) -> None:
    await settled(bench)
    await bench.workspace.rename("Reading Room")
    (changed,) = await happened(bench, WorkspaceChanged)
    assert isinstance(changed, WorkspaceChanged)
    assert changed.workspace.name == "Reading Room"


async def test_many_changes_are_told_once(bench: SlackBench) -> None:
    await settled(bench)
    for n in range(8):
        await bench.channel.rename(f"quiz-{n}")
    await happened(bench, WorkspaceChanged)
    await asyncio.sleep(2 * lifecycle.QUIET)
    assert len(bench.happened) == 1


async def test_that_somebody_joins_a_channel_is_nobody_s_concern(bench: SlackBench) -> None:
    await settled(bench)
    zoe = await bench.workspace.person("Zoe")
    await bench.channel.admit(zoe)
    await bench.channel.part(zoe)
    await bench.slack.until_event("member_left_channel")
    await asyncio.sleep(2 * lifecycle.QUIET)
    assert bench.happened == []


async def test_removal_is_told_and_ends_it(bench: SlackBench) -> None:
    await bench.workspace.uninstall()
    (left, *_) = await happened(bench, WorkspaceLeft)
    assert isinstance(left, WorkspaceLeft)
    assert left.workspace == bench.workspace.id
    with pytest.raises(SignedOut):
        await asyncio.wait_for(asyncio.shield(bench.running), 10)


async def test_the_bot_s_own_reaction_is_no_answer(bench: SlackBench) -> None:
    ref = await bench.platform.post(bench.place, QUESTION, "daily:1")
    await bench.platform.react(ref, "1️⃣")
    await bench.slack.until_event("reaction_added")
    await bench.quiet()
    assert bench.events == []
