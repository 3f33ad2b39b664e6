"""Who is in which user group: what is asked of Slack, for how long it is believed, and what it is good for."""

from __future__ import annotations

import pytest

from adapters.slack import groups, parse
from bot.events import Command, Press
from tests.adapters.contract import ADA, GRACE, QUESTION
from tests.adapters.slack.bench import SlackBench


def seen(bench: SlackBench) -> list[tuple[str, ...] | None]:
    return [event.actor.groups for event in bench.events if isinstance(event, Command | Press)]


async def test_people_come_with_their_groups_which_are_asked_for_once(bench: SlackBench) -> None:
    mods = await bench.workspace.usergroup("mods", [bench.people[ADA]])
    readers = await bench.workspace.usergroup("readers", bench.people.values())
    for name in (ADA, GRACE, ADA):
        await bench.command(name, "/quiz today")
    assert seen(bench) == [(mods, readers), (readers,), (mods, readers)]
    assert (await bench.slack.counts())["usergroups.list"] == 1


async def test_what_is_too_old_is_asked_for_again(bench: SlackBench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(groups, "BELIEVED", 0.0)
    await bench.command(ADA, "/quiz today")
    mods = await bench.workspace.usergroup("mods", [bench.people[ADA]])
    await bench.command(ADA, "/quiz today")
    assert seen(bench) == [(), (mods,)]


async def test_without_the_scope_nobody_is_known_to_be_in_a_group_and_everything_else_works(bench: SlackBench) -> None:
    await bench.workspace.usergroup("mods", [bench.people[ADA]])
    await bench.workspace.change_scopes(drop=["usergroups:read"])
    for _time in range(2):
        await bench.command(ADA, "/quiz today")
    assert seen(bench) == [None, None]
    assert await bench.platform.groups(bench.place.workspace) is None
    assert (await bench.slack.counts())["usergroups.list"] == 1
    await bench.slack.violations(clear=True)


async def test_a_press_on_a_post_asks_for_no_groups(bench: SlackBench) -> None:
    ref = await bench.platform.post(bench.place, QUESTION, "daily:1")
    await bench.press(ADA, ref.message, "A")
    assert "usergroups.list" not in await bench.slack.counts()


async def test_all_groups_are_told_but_those_that_are_switched_off(
    bench: SlackBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(groups, "BELIEVED", 0.0)
    mods = await bench.workspace.usergroup("mods", [bench.people[ADA]])
    readers = await bench.workspace.usergroup("readers", bench.people.values())
    workspace = bench.place.workspace
    told = await bench.platform.groups(workspace)
    assert told is not None
    ada, grace = bench.people[ADA].id, bench.people[GRACE].id
    assert (told.names, told.realm) == ({mods: "mods", readers: "readers"}, workspace)
    assert (told.of(ada), told.of(grace)) == ((mods, readers), (readers,))
    await bench.workspace.change_usergroup(readers, [bench.people[GRACE]])
    await bench.workspace.disable_usergroup(mods)
    told = await bench.platform.groups(workspace)
    assert told is not None
    assert (dict(told.names), told.of(ada)) == ({readers: "readers"}, ())


async def test_a_group_can_be_named_by_its_handle_or_as_slack_mentions_it(bench: SlackBench) -> None:
    mods = await bench.workspace.usergroup("mods", [bench.people[ADA]])
    for typed in (f"<!subteam^{mods}|@mods>", "@mods", "@Mods", "@nobody"):
        await bench.command(ADA, f"/quiz settings admins:{typed}")
    options = [event.options["admins"] for event in bench.events if isinstance(event, Command)]
    assert options == [f"<!subteam^{mods}|@mods>", f"<!subteam^{mods}|@mods>", f"<!subteam^{mods}|@Mods>", "@nobody"]


def test_only_a_group_is_looked_for_where_a_group_is_asked_for() -> None:
    from bot.events import Actor, Place

    who, here = Actor("slack", "T1", "U1", "Ada"), Place("slack", "T1", "C1")
    assert parse.handles(Command("1", ("settings",), {"admins": "@mods", "zone": "@x"}, who, here)) == ("admins",)
    assert parse.handles(Command("1", ("team", "assign"), {"person": "@ada", "team": "@x"}, who, here)) == ()
