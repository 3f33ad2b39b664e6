"""Who people are: what is asked of Slack, for how long it is believed, and what follows from it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from adapters.slack import directory
from adapters.slack.directory import Directory
from bot.events import Command, Press, Reaction
from bot.platform import Missing
from tests.adapters.contract import ADA, GRACE, QUESTION, reacted
from tests.adapters.slack.bench import SlackBench


def known(bench: SlackBench) -> Directory:
    return bench.platform._directory


async def test_rights_are_asked_for_again_after_a_minute_and_names_are_not(
    bench: SlackBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    olga = bench.people["Olga"] = await bench.workspace.person("Olga", channels=[bench.channel], is_admin=True)
    await bench.command("Olga", "/quiz today")
    await bench.command("Olga", "/quiz today")
    asked = (await bench.slack.counts())["users.info"]
    assert asked == 1
    await olga.change(is_admin=False)
    monkeypatch.setattr(directory, "RIGHTS", -1.0)
    remembered = known(bench).remembered(bench.workspace.id, olga.id)
    assert remembered is not None
    assert (remembered.actor.name, remembered.actor.is_admin) == ("Olga", False)
    await bench.command("Olga", "/quiz today")
    assert [event.actor.is_admin for event in bench.events if isinstance(event, Command)] == [True, True, False]


async def test_a_press_of_someone_who_is_known_asks_nothing(bench: SlackBench) -> None:
    ref = await bench.platform.post(bench.place, QUESTION, "daily:1")
    await bench.press(ADA, ref.message, "A")
    before = await bench.slack.counts()
    for _ in range(3):
        await bench.press(ADA, ref.message, "A")
    assert (await bench.slack.counts()).get("users.info") == before.get("users.info")


async def test_what_other_bots_do_is_no_answer(bench: SlackBench) -> None:
    ref = await bench.platform.post(bench.place, QUESTION, "daily:1")
    grace = await known(bench).look(bench.workspace.id, bench.people[GRACE].id)
    known(bench)._known[bench.workspace.id, grace.actor.id] = replace(grace, bot=True)
    await bench.react(GRACE, ref.message, "1️⃣")
    await bench.press(GRACE, ref.message, "A")
    await bench.react(ADA, ref.message, "1️⃣")
    await reacted(bench.events)
    (event,) = bench.events
    assert isinstance(event, Reaction)
    assert event.actor.name == ADA
    assert [actor.name for actor in await bench.platform.reactors(ref, "1️⃣")] == [ADA]


async def test_someone_whom_slack_does_not_know_is_missing_and_no_reactor(bench: SlackBench) -> None:
    with pytest.raises(Missing):
        await known(bench).look(bench.workspace.id, "U0NOBODY")
    ada = bench.people[ADA].id
    found = await known(bench).all(bench.workspace.id, ["U0NOBODY", ada])
    assert [actor.id for actor in found] == [ada]


@pytest.mark.parametrize(
    ("about", "admin"),
    [
        ({"is_admin": True}, True),
        ({"is_owner": True}, True),
        ({"enterprise_user": {"enterprise_id": "E1", "is_admin": True}}, False),
        ({"team_id": "T2", "is_admin": True}, False),
        ({}, False),
    ],
)
async def test_who_is_an_admin_here(bench: SlackBench, about: dict[str, Any], admin: bool) -> None:
    user = {"id": "U1", "team_id": "T1", "real_name": "Ann", **about}
    (found,) = known(bench)._learn("T1", "T1", [user])
    assert found.actor.is_admin is admin


async def test_an_organisation_s_admin_is_one_in_each_of_its_workspaces(bench: SlackBench) -> None:
    user = {"id": "U1", "team_id": "T9", "enterprise_user": {"enterprise_id": "E1", "is_owner": True}}
    (found,) = known(bench)._learn("T1", "E1", [user])
    assert (found.actor.workspace, found.actor.is_admin) == ("E1", True)


async def test_those_longest_unseen_are_forgotten_first(bench: SlackBench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(directory, "REMEMBERED", 2)
    users = [{"id": f"U{n}", "team_id": "T1", "real_name": f"Ann {n}"} for n in range(3)]
    known(bench)._learn("T1", "T1", users)
    assert [known(bench).remembered("T1", f"U{n}") is not None for n in range(3)] == [False, True, True]


async def test_in_a_crowd_people_keep_the_names_that_they_had_however_long_ago(
    bench: SlackBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    ref = await bench.platform.post(bench.place, QUESTION, "daily:1")
    await bench.press(ADA, ref.message, "A")
    monkeypatch.setattr(directory, "NAMES", -1.0)
    monkeypatch.setattr(directory, "ASIDE", 0)
    await bench.press(ADA, ref.message, "A")
    assert [event.actor.name for event in bench.events if isinstance(event, Press)] == [ADA, ADA]


async def test_whoever_was_not_asked_after_in_a_crowd_is_known_the_next_time(
    bench: SlackBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(directory, "ASIDE", 0)
    names = ("Ann Lee", "Bea Lee", "Cem Lee")
    bench.people |= {name: await bench.workspace.person(name, channels=[bench.channel]) for name in names}
    ref = await bench.platform.post(bench.place, QUESTION, "daily:1")
    before = (await bench.slack.counts()).get("users.list", 0)
    for name in names[:2]:
        await bench.press(name, ref.message, "A")
    async with asyncio.timeout(10):
        while known(bench).remembered(bench.workspace.id, bench.people[names[2]].id) is None:
            await asyncio.sleep(0.01)
    for name in names:
        await bench.press(name, ref.message, "A")
    assert (await bench.slack.counts())["users.list"] == before + 1, "at most once within `LISTED`"
    pressed = [event.actor.name for event in bench.events if isinstance(event, Press)]
    assert pressed[2:] == list(names)
