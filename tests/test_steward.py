"""Workspaces come, go and change; what the bot knows follows, and an admin hears of trouble once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.events import Actor, Command, Roster, Workspace, WorkspaceChanged, WorkspaceLeft
from bot.platform import Forbidden, Missing, Unavailable
from bot.store import schedules
from bot.store.tables import communities, posts, workspaces
from tests.decks import SHELF, shelf
from tests.stage import HERE, Stage, said, stage

OWNER = Actor("paper", "", "id-Olga", "Olga")
HALL = Workspace("paper", "w1", "Study Hall", OWNER)
LACKING = "I lack Send Messages in #general. In the channel’s settings, under Permissions, allow it to my role."


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Stage]:
    async with stage(tmp_path, SHELF) as scene:
        yield scene


async def changes(scene: Stage, workspace: Workspace = HALL) -> None:
    assert await scene.app.handle(WorkspaceChanged("c", workspace)) is None


async def leaves(scene: Stage) -> None:
    assert await scene.app.handle(WorkspaceLeft("l", "paper", "w1")) is None


async def begins(scene: Stage, *present: Workspace, covers: bool = True) -> None:
    assert await scene.app.handle(Roster("r", "paper", present, lambda _: covers)) is None


async def names(scene: Stage) -> list[tuple[str, str]]:
    async with scene.database.read() as tx:
        query = select(communities.c.name, workspaces.c.name).join(workspaces).order_by(communities.c.id)
        return [(row[0], row[1]) for row in await tx.execute(query)]


async def paused(scene: Stage) -> str | None:
    async with scene.database.read() as tx:
        (schedule,) = await schedules.of_workspace(tx, "paper", "w1")
    return schedule.paused


async def states(scene: Stage) -> list[str]:
    async with scene.database.read() as tx:
        return list((await tx.execute(select(posts.c.state).order_by(posts.c.id))).scalars())


def told(scene: Stage) -> list[tuple[str, str]]:
    return [(actor.id, message.text) for actor, message in scene.paper.told]


# ---------------------------------------------------------------- names


async def test_a_workspace_is_known_from_when_the_bot_joins(scene: Stage) -> None:
    await changes(scene, Workspace("paper", "w9", "Reading Room"))
    assert await names(scene) == [("w1", "w1"), ("Reading Room", "Reading Room")]


async def test_a_new_name_is_the_communitys_too(scene: Stage) -> None:
    await changes(scene)
    await changes(scene, Workspace("paper", "w1", "Study Palace", OWNER))
    assert await names(scene) == [("Study Palace", "Study Palace")]


async def test_a_community_that_was_renamed_keeps_its_own_name(scene: Stage) -> None:
    await changes(scene)
    async with scene.database.write() as tx:
        await tx.execute(communities.update().values(name="The Readers"))
    await changes(scene, Workspace("paper", "w1", "Study Palace", OWNER))
    assert await names(scene) == [("The Readers", "Study Palace")]


# ---------------------------------------------------------------- trouble


async def test_a_lost_permission_pauses_the_schedule_and_the_owner_is_told_once(scene: Stage) -> None:
    await changes(scene)
    scene.paper.closed["general"] = Forbidden(LACKING)
    await scene.timetable.tick()
    for _ in range(30):
        await scene.passes(minutes=1)
    await changes(scene)
    assert await states(scene) == ["failed"]
    assert await paused(scene) == "forbidden"
    assert told(scene) == [
        (
            "id-Olga",
            "In Study Hall I can’t post the question of the day any more.\n#general: " + LACKING + "\n"
            "As soon as that is mended I go on by myself; there is nothing else to do.",
        )
    ]


async def test_trouble_is_told_in_the_communitys_language_and_shown_in_each_admins(scene: Stage) -> None:
    await changes(scene)
    await scene.types("Olga", "settings language:de", admin=True)
    scene.paper.closed["general"] = Forbidden(
        "I am timed out in {server}. An admin can end that in the list of members.", server="Study Hall"
    )
    await scene.timetable.tick()
    await changes(scene)
    assert [text.split("\n")[1] for _, text in told(scene)] == [
        "#general: Ich habe auf Study Hall einen Timeout. Admins können ihn in der Mitgliederliste aufheben."
    ]
    kim = replace(scene.actor("Kim", admin=True), locale="en")
    shown = said(await scene.app.handle(Command("e-kim", (), {}, kim, HERE)))
    assert shown.startswith("⚠️ #general: I am timed out in Study Hall. An admin can end that in the list of members.\n")
    await scene.types("Olga", "settings language:en", admin=True)
    await changes(scene)
    assert len(told(scene)) == 1, "the same trouble in another language is no news"


async def test_what_is_mended_in_time_is_posted_the_same_day(scene: Stage) -> None:
    scene.paper.closed["general"] = Forbidden(LACKING)
    await scene.timetable.tick()
    scene.paper.closed.clear()
    scene.now += timedelta(hours=2)
    await changes(scene)
    await scene.timetable.tick()
    assert await states(scene) == ["open"]
    assert await paused(scene) is None
    await scene.passes(days=1)
    assert await states(scene) == ["closed", "open"]


async def test_what_is_mended_unheard_is_noticed_all_the_same(scene: Stage) -> None:
    scene.paper.closed["general"] = Forbidden(LACKING)
    await scene.timetable.tick()
    scene.paper.closed.clear()
    await scene.passes(minutes=5)
    assert await states(scene) == ["failed"]
    await scene.passes(minutes=5)
    assert await states(scene) == ["open"]


async def test_trouble_is_seen_before_the_next_question_is_due(scene: Stage) -> None:
    await scene.timetable.tick()
    scene.paper.closed["general"] = Missing("#general is gone.")
    await changes(scene)
    assert await paused(scene) == "missing"
    assert [text.split("\n")[1] for _, text in told(scene)] == ["#general: #general is gone."]
    await scene.passes(days=2)
    assert await states(scene) == ["closed"]


async def test_trouble_that_comes_back_is_told_again(scene: Stage) -> None:
    await changes(scene)
    for _ in range(2):
        scene.paper.closed["general"] = Forbidden(LACKING)
        await changes(scene)
        scene.paper.closed.clear()
        await changes(scene)
    assert len(told(scene)) == 2


async def test_what_is_lacking_by_now_is_what_admins_see(scene: Stage) -> None:
    await changes(scene)
    scene.paper.closed["general"] = Forbidden(LACKING)
    await changes(scene)
    scene.paper.closed["general"] = Forbidden("I lack Attach Files in #general.")
    await changes(scene)
    await changes(scene)
    assert said(await scene.types("Olga", "/quiz", admin=True)).startswith(
        "⚠️ #general: I lack Attach Files in #general."
    )
    assert len(told(scene)) == 1, "the hand that is needed is the same"


async def test_a_channel_that_is_deleted_while_it_waits_for_a_permission_is_told_of_too(scene: Stage) -> None:
    await changes(scene)
    scene.paper.closed["general"] = Forbidden(LACKING)
    await changes(scene)
    scene.paper.closed["general"] = Missing("#general is gone.")
    for _ in range(3):
        await changes(scene)
    assert await paused(scene) == "missing"
    assert [text.split("\n")[1] for _, text in told(scene)] == [f"#general: {LACKING}", "#general: #general is gone."]


async def test_an_owner_who_can_not_be_reached_for_now_is_told_later(scene: Stage) -> None:
    scene.paper.closed["general"] = Forbidden(LACKING)
    scene.paper.deaf = Unavailable("down")
    await changes(scene)
    assert told(scene) == []
    scene.paper.deaf = None
    await scene.passes(minutes=1)
    await scene.passes(minutes=1)
    assert len(told(scene)) == 1


async def test_where_the_owner_takes_no_messages_every_admin_sees_it_at_home(scene: Stage) -> None:
    scene.paper.closed["general"] = Forbidden(LACKING)
    scene.paper.deaf = Forbidden("closed")
    await changes(scene)
    assert said(await scene.types("Olga", "/quiz", admin=True)).startswith(f"⚠️ #general: {LACKING}")
    assert LACKING not in said(await scene.types("Ada", "/quiz"))


async def test_a_platform_that_is_down_is_no_trouble(scene: Stage) -> None:
    await changes(scene)
    scene.paper.failing = Unavailable("down")
    await scene.timetable.tick()
    await changes(scene)
    assert await paused(scene) is None
    assert told(scene) == []


# ---------------------------------------------------------------- coming and going


async def test_a_removed_bot_posts_nothing_and_goes_on_when_it_is_back(scene: Stage) -> None:
    await scene.timetable.tick()
    await leaves(scene)
    await leaves(scene)
    scene.paper.closed["general"] = Forbidden("I am not in that server.")
    await scene.passes(days=1)
    assert await states(scene) == ["closed"]
    assert await paused(scene) == "left"
    assert told(scene) == []
    scene.paper.closed.clear()
    await changes(scene)
    await scene.timetable.tick()
    assert await states(scene) == ["closed", "open"]


async def test_answers_go_on_when_the_bot_is_back_on_the_same_day(tmp_path: Path) -> None:
    async with stage(tmp_path, shelf("ring")) as scene:
        await scene.timetable.tick()
        await leaves(scene)
        await changes(scene)
        assert "✅ Correct" in said(await scene.presses("Ada", "B"))
        await scene.passes(days=1)
        assert await states(scene) == ["closed", "open"]


async def test_what_happened_while_nobody_listened_is_found_at_the_start(scene: Stage) -> None:
    await changes(scene)
    await begins(scene)
    assert await paused(scene) == "left"
    await begins(scene, Workspace("paper", "w1", "Study Palace", OWNER), Workspace("paper", "w9", "Reading Room"))
    assert await paused(scene) is None
    assert await names(scene) == [("Study Palace", "Study Palace"), ("Reading Room", "Reading Room")]


async def test_workspaces_in_another_processs_share_are_left_alone(scene: Stage) -> None:
    await begins(scene, covers=False)
    assert await paused(scene) is None
    async with scene.database.read() as tx:
        assert (await tx.execute(select(workspaces.c.left_at))).scalars().all() == [None]


async def test_a_pause_by_an_admin_is_theirs_to_end(scene: Stage) -> None:
    async with scene.database.write() as tx:
        (schedule,) = await schedules.of_workspace(tx, "paper", "w1")
        assert await schedules.pause(tx, schedule.id, schedules.Pause.ADMIN, None)
    await leaves(scene)
    await changes(scene)
    await scene.passes(days=1)
    assert await paused(scene) == "admin"
    assert await states(scene) == []
