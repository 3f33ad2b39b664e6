"""Who is told when a daily question can't be posted: whom an admin names, or themselves."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable

import pytest

from bot.events import Actor, Place, Workspace, WorkspaceChanged
from bot.messages import Message
from bot.platform import Missing
from bot.store import schedules, tables
from tests.decks import SHELF
from tests.stage import HERE, Stage, said

Posted = Callable[..., Awaitable[Stage]]

OWNER = Actor("paper", "", "id-Omar", "Omar")


@pytest.fixture
async def scene(posted: Posted) -> Stage:
    """A workspace with an owner in which Olga, Ada and two Sams have used the bot, and Bo's id can be mentioned."""
    scene = await posted(shelf=SHELF, scheduled=False)
    await scene.app.handle(WorkspaceChanged("c", Workspace("paper", "w1", "Study Hall", OWNER)))
    for name in ("Ada", "Sam", "Bo"):
        await scene.types(name, "help")
    async with scene.database.write() as tx:
        for name in ("Sam", "Bo"):
            await tx.execute(tables.accounts.update().values(user_id=f"U{name}").where(tables.accounts.c.name == name))
    await scene.types("Sam", "help")
    return scene


async def types(scene: Stage, text: str, place: Place = HERE) -> str:
    return said(await scene.types("Olga", f"schedule {text}", place, admin=True))


async def breaks(scene: Stage) -> list[str]:
    """The channel goes away; who has heard of it."""
    scene.paper.closed["general"] = Missing("#general is gone.")
    await scene.passes(hours=1)
    return [actor.id for actor, _ in scene.paper.told]


async def reader(scene: Stage) -> str | None:
    async with scene.database.read() as tx:
        (schedule,) = await schedules.of_workspace(tx, "paper", "w1")
    return None if schedule.tell is None else schedule.tell.id


async def test_who_sets_it_up_is_told_and_it_says_so(scene: Stage) -> None:
    assert "If it can’t be posted, you are told." in await types(scene, "set time:10")
    assert "If it can’t be posted, Olga is told." in said(await scene.types("Eve", "schedule show", admin=True))
    assert await breaks(scene) == ["id-Olga"]


async def test_a_colleague_is_named_and_told(scene: Stage) -> None:
    assert "If it can’t be posted, Ada is told." in await types(scene, "set time:10 tell:@Ada")
    for command in ("show", "pause", "resume"):
        assert "If it can’t be posted, Ada is told." in await types(scene, command)
    assert await breaks(scene) == ["id-Ada"]


async def test_a_mention_says_whom_in_every_platforms_way(scene: Stage) -> None:
    assert "Sam is told." in await types(scene, "set time:10 tell:<@USam>")
    assert await reader(scene) == "USam"
    assert "Bo is told." in await types(scene, "set id:1 tell:<@UBo|bo>")
    assert await reader(scene) == "UBo"
    assert await breaks(scene) == ["UBo"]


async def test_a_change_leaves_it_as_it_was_unless_it_is_named(scene: Stage) -> None:
    await types(scene, "set time:10 tell:ada")
    assert "Ada is told." in said(await scene.types("Eve", "schedule set id:1 time:11", admin=True))
    assert "you are told." in said(await scene.types("Eve", "schedule set id:1 tell:me", admin=True))
    assert await reader(scene) == "id-Eve"


@pytest.mark.parametrize(
    ("named", "says"),
    [
        ("<@U404>", "I haven’t met them yet. Once they have pressed a button or used /quiz, I can tell them."),
        ("Zed", "I know nobody called “Zed”. Mention them, or write the name as boards show it."),
        ("Sam", "Several people are called “Sam”. Mention the one you mean."),
        ("<@&8|Moderators>", "I know nobody called “<@&8|Moderators>”."),
    ],
)
async def test_whom_nobody_knows_is_refused_and_nothing_is_set_up(scene: Stage, named: str, says: str) -> None:
    assert (await types(scene, f"set time:10 tell:{named}")).startswith(says)
    assert "There is no daily question yet." in await types(scene, "list")


async def test_only_admins_may_name_somebody(scene: Stage) -> None:
    await types(scene, "set time:10")
    refused = said(await scene.types("Ada", "schedule set id:1 tell:me"))
    assert refused == "/quiz schedule set is for admins of this place."
    assert await reader(scene) == "id-Olga"


async def test_a_name_can_not_break_out_of_its_sentence(scene: Stage) -> None:
    nasty = "**@everyone** {name} `x`"
    await scene.types(nasty, "help")
    await scene.types(nasty, "schedule set time:10", admin=True)
    shown = await scene.types("Eve", "schedule show", admin=True)
    assert f"If it can’t be posted, {nasty} is told." in said(shown)


async def test_who_is_gone_is_passed_over_for_the_owner(scene: Stage) -> None:
    await types(scene, "set time:10 tell:Ada")
    telling = scene.paper.tell

    async def without_ada(actor: Actor, message: Message) -> None:
        if actor.id == "id-Ada":
            raise Missing("There is no such person.")
        await telling(actor, message)

    scene.paper.tell = without_ada  # type: ignore[method-assign]
    assert await breaks(scene) == ["id-Omar"]


async def test_who_wants_to_be_forgotten_is_told_nothing_any_more(scene: Stage) -> None:
    await types(scene, "set time:10 tell:Ada")
    await scene.sends("Ada", await scene.types("Ada", "privacy forget"), word="forget")
    assert await reader(scene) is None
    assert "If it can’t be posted, the workspace’s owner is told." in await types(scene, "show")
    assert await breaks(scene) == ["id-Omar"]


async def test_where_no_owner_is_known_admins_see_it_at_home(scene: Stage) -> None:
    await types(scene, "set time:10 tell:Ada")
    async with scene.database.write() as tx:
        await tx.execute(tables.schedules.update().values(tell_realm=None, tell_id=None))
        await tx.execute(tables.workspaces.update().values(owner_realm=None, owner_id=None))
    assert "If it can’t be posted, admins see it at /quiz." in await types(scene, "show")
    assert await breaks(scene) == []
    assert "#general is gone." in said(await scene.types("Olga", "", admin=True))


async def test_who_has_gone_from_the_community_is_noticed(scene: Stage) -> None:
    """As an admin of the other workspace is, when a joint community has parted."""
    await types(scene, "set time:10")
    async with scene.database.write() as tx:
        await tx.execute(tables.schedules.update().values(tell_id="id-Zed"))
    assert "I tell somebody who is not in this community any more; tell:me changes that." in await types(scene, "show")


async def test_who_takes_a_question_to_another_workspace_is_told_from_then_on(scene: Stage) -> None:
    await types(scene, "set time:10 tell:Ada")
    away = Place("paper", "w2", "general")
    code = re.search(r"code:([0-9A-Z-]+)", said(await scene.types("Olga", "community link", admin=True)))
    assert code is not None
    asked = await scene.types("Boss", f"community link code:{code[1]}", away, admin=True)
    assert "You are one community now" in said(await scene.presses("Boss", "Join them", asked, away, admin=True))
    assert "Ada is told." in said(await scene.types("Boss", "schedule set id:1 time:11", away, admin=True))
    assert "you are told." in said(await scene.types("Boss", "schedule set id:1 channel:#hall", away, admin=True))
