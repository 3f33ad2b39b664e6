"""Teams that go by a role or a user group: bound, followed, closed to buttons, and let go."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import Engine, event, select

from bot.events import Place
from bot.messages import Message
from bot.platform import Groups
from bot.store import tables
from tests.stage import HERE, Stage, labels, said
from tests.store.town import miscounted

Posted = Callable[..., Awaitable[Stage]]
RED, BLUE = "<@&7|Red>", "<@&8|Blue>"
DIRECT = Place("paper", "", "d1")


@pytest.fixture
async def scene(posted: Posted) -> Stage:
    """Two teams, of which Red goes by a role; whoever is not named here has none."""
    scene = await posted("ring", scheduled=False)
    scene.groups |= dict.fromkeys(("Olga", "Ada", "Bo", "Cy"), ())
    for team in ("Red", "Blue"):
        await scene.types("Olga", f"team create {team}", admin=True)
    assert said(await scene.types("Olga", f"team bind {RED} Red", admin=True)).startswith(
        "Whoever is in @Red is in Red from now on"
    )
    return scene


async def inside(scene: Stage) -> dict[str, str]:
    """Who is in which team, by name."""
    async with scene.database.read() as tx:
        query = select(tables.people.c.name, tables.teams.c.name.label("team")).join_from(
            tables.memberships, tables.people, tables.people.c.id == tables.memberships.c.person_id
        )
        query = query.join(tables.teams, tables.teams.c.id == tables.memberships.c.team_id)
        rows = await tx.execute(query.where(tables.memberships.c.until.is_(None)))
        return {row.name: row.team for row in rows}


async def counted(scene: Stage) -> dict[str, str | None]:
    """For which team everybody’s latest answer counts."""
    async with scene.database.read() as tx:
        query = select(tables.people.c.name, tables.teams.c.name.label("team")).join_from(
            tables.answers, tables.people, tables.people.c.id == tables.answers.c.person_id
        )
        query = query.outerjoin(tables.teams, tables.teams.c.id == tables.answers.c.team_id)
        return {row.name: row.team for row in await tx.execute(query.order_by(tables.answers.c.id))}


async def ask(scene: Stage, said: str = "") -> None:
    """A question is posted, a minute later than now."""
    at = f"{scene.now.hour}:{scene.now.minute + 1:02}"
    await scene.types("Olga", f"schedule set time:{at} days:daily open:2 {said}", admin=True)
    await scene.passes(minutes=1)


# ---------------------------------------------------------------- who is in it


async def test_whoever_has_the_role_is_in_the_team_as_soon_as_they_do_anything(scene: Stage) -> None:
    scene.groups["Ada"] = ("5", "7")
    assert "In it: Ada." in said(await scene.types("Ada", "team show"))
    assert "You are in no team yet." in said(await scene.types("Bo", "team show"))
    scene.groups["Ada"] = ("5",)
    assert "You are in no team yet." in said(await scene.types("Ada", "team show"))
    assert await inside(scene) == {}
    assert await miscounted(scene.database) == []


async def test_somebody_who_is_met_with_an_answer_counts_for_their_team_with_it(scene: Stage) -> None:
    await ask(scene)
    scene.groups["Ada"] = ("7",)
    for name in ("Ada", "Bo"):
        await scene.presses(name, "B")
    assert await counted(scene) == {"Ada": "Red", "Bo": None}
    assert await inside(scene) == {"Ada": "Red"}


async def test_reactions_and_answers_that_wait_for_the_close_count_for_it_too(scene: Stage) -> None:
    await ask(scene, "mode:reactions")
    scene.groups |= {"Ada": ("7",), "Cy": ("7",)}
    await scene.reacts("Ada", "2\ufe0f\u20e3")
    await scene.passes(hours=3)
    await ask(scene, "feedback:at_close")
    await scene.presses("Cy", "B")
    scene.groups["Cy"] = ()
    await scene.passes(hours=3)
    assert await counted(scene) == {"Ada": "Red", "Cy": "Red"}


async def test_a_role_that_somebody_gets_counts_from_the_next_question_that_opens(scene: Stage) -> None:
    await ask(scene)
    await scene.presses("Bo", "B")
    await scene.passes(days=1)
    scene.groups["Bo"] = ("7",)
    await scene.passes(minutes=1)
    await scene.presses("Bo", "B")
    assert await counted(scene) == {"Bo": None}, "it was open before they had it"
    await scene.passes(days=1)
    await scene.presses("Bo", "B")
    assert await counted(scene) == {"Bo": "Red"}


async def test_who_loses_the_role_answers_what_is_open_for_the_team_of_before(scene: Stage) -> None:
    scene.groups["Ada"] = ("7",)
    await scene.types("Ada", "today")
    await ask(scene)
    scene.groups["Ada"] = ()
    await scene.passes(minutes=1)
    await scene.presses("Ada", "B")
    assert await counted(scene) == {"Ada": "Red"}
    assert await inside(scene) == {}


async def test_a_question_that_was_open_before_a_team_was_bound_counts_for_none(scene: Stage) -> None:
    await ask(scene)
    await scene.passes(minutes=1)
    await scene.types("Olga", f"team bind {BLUE} Blue", admin=True)
    scene.groups["Ada"] = ("8",)
    await scene.presses("Ada", "B")
    assert await counted(scene) == {"Ada": None}
    assert await inside(scene) == {"Ada": "Blue"}


async def test_of_two_bound_roles_the_one_that_was_bound_first_holds(scene: Stage) -> None:
    await scene.passes(minutes=1)
    await scene.types("Olga", f"team bind {BLUE} Blue", admin=True)
    scene.groups["Ada"] = ("8",)
    await scene.types("Ada", "today")
    assert await inside(scene) == {"Ada": "Blue"}
    scene.groups["Ada"] = ("8", "7")
    await scene.types("Ada", "today")
    assert await inside(scene) == {"Ada": "Red"}
    scene.groups["Ada"] = ("8",)
    await scene.types("Ada", "today")
    assert await inside(scene) == {"Ada": "Blue"}
    assert await miscounted(scene.database) == []


async def test_where_nobody_tells_of_roles_everyone_stays_where_they_are(scene: Stage) -> None:
    scene.groups["Ada"] = ("7",)
    await scene.types("Ada", "today")
    del scene.groups["Ada"]
    await scene.types("Ada", "today")
    await scene.types("Ada", "today", DIRECT)
    assert await inside(scene) == {"Ada": "Red"}


async def test_a_press_that_tells_of_no_groups_is_looked_up_where_the_platform_tells(scene: Stage) -> None:
    await ask(scene)
    scene.paper.groups_there["w1"] = Groups({"7": "Red"}, {"7": frozenset({"id-Dee"})})
    await scene.presses("Dee", "B")
    assert await counted(scene) == {"Dee": "Red"}


async def test_without_a_bound_team_a_press_asks_nothing_more(posted: Posted) -> None:
    scene = await posted("ring")
    scene.groups |= dict.fromkeys(("Ada", "Bo", "Cy", "Dee", "Olga"), ("7",))
    await scene.presses("Ada", "B")  # whose workspace and settings are known from now on
    assert [each for each in await heard(scene, "Bo") if "bindings" in each] == []
    await scene.types("Olga", "team create Red", admin=True)
    await scene.types("Olga", f"team bind {RED} Red", admin=True)
    await scene.presses("Cy", "B")
    assert [each for each in await heard(scene, "Dee") if "bindings" in each] != []


async def heard(scene: Stage, name: str) -> list[str]:
    """What a press says to the database, but for the batch of ballots."""
    statements: list[str] = []

    def hear(connection: object, cursor: object, statement: str, *rest: object) -> None:
        statements.append(statement)

    event.listen(Engine, "before_cursor_execute", hear)
    try:
        await scene.presses(name, "B")
    finally:
        event.remove(Engine, "before_cursor_execute", hear)
    return statements


# ---------------------------------------------------------------- what people see


async def test_nobody_joins_or_leaves_it_by_a_button(scene: Stage) -> None:
    shown = await scene.types("Bo", "team list")
    assert isinstance(shown, Message)
    assert labels(shown) == ["Join Blue", "Make a team", "Leaderboard"]
    assert "everyone in that is in the team: Red (@Red)." in shown.text
    refusal = "Red goes by @Red: everyone in @Red is in the team"
    assert refusal in said(await scene.types("Bo", "team join Red"))
    scene.groups["Ada"] = ("7",)
    mine = await scene.types("Ada", "team show")
    assert isinstance(mine, Message)
    assert labels(mine) == ["Teams", "Leaderboard"]
    assert "It goes by @Red" in mine.text
    for typed in ("team leave", "team join Blue", "team create Green"):
        assert refusal in said(await scene.types("Ada", typed))
    assert refusal in said(await scene.types("Ada", "team leave", DIRECT))
    assert await inside(scene) == {"Ada": "Red"}
    assert "Green" not in said(await scene.types("Ada", "team list"))


async def test_admins_put_nobody_into_it_and_deal_the_others_out_around_it(scene: Stage) -> None:
    scene.groups["Ada"] = ("7",)
    for name in ("Ada", "Bo", "Cy"):
        await scene.types(name, "today")
    assert "Red goes by @Red" in said(await scene.types("Olga", "team assign Bo Red", admin=True))
    assert "Red goes by @Red" in said(await scene.types("Olga", "team assign Ada Blue", admin=True))
    await scene.types("Olga", "team create Green", admin=True)
    for name, team in (("Bo", "Blue"), ("Cy", "Blue")):
        await scene.types("Olga", f"team assign {name} {team}", admin=True)
    asked = await scene.types("Olga", "team balance", admin=True)
    assert "Deal 2 people out to 2 teams?" in said(asked)
    assert "1 team that goes by a role or group is left out" in said(asked)
    await scene.presses("Olga", "Deal them out", asked, admin=True)
    after = await inside(scene)
    assert after.pop("Ada") == "Red"
    assert sorted(after.values()) == ["Blue", "Green"]
    assert await miscounted(scene.database) == []


# ---------------------------------------------------------------- bound and let go


async def test_a_team_is_bound_by_a_mention_on_either_side_of_its_name(scene: Stage) -> None:
    await scene.types("Olga", "team create Green Frogs", admin=True)
    for typed in ("team bind Green Frogs <!subteam^S9|@frogs>", "team bind role:<!subteam^S9|@frogs> team:Green Frogs"):
        bound = said(await scene.types("Olga", typed, admin=True))
        assert "@frogs" in bound
        assert "Green Frogs" in bound
    assert "says who is in Green Frogs already" in bound


async def test_what_can_not_be_bound_is_said(scene: Stage) -> None:
    async def bind(text: str, *, admin: bool = True) -> str:
        return said(await scene.types("Olga", f"team bind {text}", admin=admin))

    assert "says who is in Red already, and can’t do so for two teams" in await bind(f"{RED} Blue")
    assert "That is everyone here" in await bind("<@&1|@everyone> Blue")
    assert "There is no team “Gold”" in await bind(f"{BLUE} Gold")
    assert "use /quiz team unbind" in await bind("role:none team:Blue")
    assert "role is a role or user group" in await bind("role:blue team:Blue")
    assert "needs to know one thing more" in await bind("Blue")
    assert "for admins" in await bind(f"{BLUE} Blue", admin=False)
    del scene.groups["Olga"]
    assert "I can’t see who is in which role or group here" in await bind(f"{BLUE} Blue")


async def test_a_team_that_is_let_go_keeps_whoever_is_in_it(scene: Stage) -> None:
    scene.groups["Ada"] = ("7",)
    await scene.types("Ada", "today")
    assert "No role or group here" in said(await scene.types("Olga", "team unbind Blue", admin=True))
    assert "Red goes by @Red no longer." in said(await scene.types("Olga", "team unbind Red", admin=True))
    scene.groups["Ada"] = ()
    assert "In it: Ada." in said(await scene.types("Ada", "team show"))
    assert "You are in Red, with 1 other." in said(await scene.types("Bo", "team join Red"))
    assert "You have left Red." in said(await scene.types("Ada", "team leave"))


async def test_those_who_were_in_it_before_it_was_bound_go_by_the_role_as_well(scene: Stage) -> None:
    await scene.types("Bo", "team join Blue")
    await scene.types("Cy", "team join Blue")
    await scene.types("Olga", f"team bind {BLUE} Blue", admin=True)
    scene.groups["Bo"] = ("8",)
    for name in ("Bo", "Cy"):
        await scene.types(name, "today")
    assert await inside(scene) == {"Bo": "Blue"}


async def test_a_team_that_is_removed_is_bound_to_nothing(scene: Stage) -> None:
    scene.groups["Ada"] = ("7",)
    await scene.types("Ada", "today")
    await scene.presses("Olga", "Remove it", await scene.types("Olga", "team remove Red", admin=True), admin=True)
    await scene.types("Ada", "today")
    assert await inside(scene) == {}
    assert "is in Blue from now on" in said(await scene.types("Olga", f"team bind {RED} Blue", admin=True))
    await scene.types("Ada", "today")
    assert await inside(scene) == {"Ada": "Blue"}


@pytest.mark.parametrize("closed", [False, True])
async def test_last_seasons_teams_go_on_with_what_they_are_bound_to(scene: Stage, closed: bool) -> None:
    scene.groups["Ada"] = ("7",)
    await scene.types("Ada", "today")
    if closed:
        await scene.presses("Olga", "Close it", await scene.types("Olga", "season close", admin=True), admin=True)
    await scene.passes(days=1 if closed else 60)
    assert "You are in no team yet." in said(await scene.types("Ada", "team show"))
    assert "2 teams made again" in said(await scene.types("Olga", "team continue", admin=True))
    scene.groups["Bo"] = ("7",)
    assert "In it: Ada, Bo." in said(await scene.types("Bo", "team show"))
    scene.groups["Ada"] = ()
    await scene.types("Ada", "today")
    assert "In it: Bo." in said(await scene.types("Bo", "team show"))


# ---------------------------------------------------------------- the slow round


async def test_where_the_platform_tells_of_all_members_they_follow_by_themselves(scene: Stage) -> None:
    for name in ("Ada", "Bo"):
        await scene.types(name, "today")
    there = scene.paper.groups_there
    there["w1"] = Groups({"7": "Red"}, {"7": frozenset({"id-Ada", "id-nobody-knows"})})
    await scene.passes(minutes=11)
    assert await inside(scene) == {"Ada": "Red"}
    there["w1"] = Groups({"7": "Red Pandas"}, {"7": frozenset({"id-Bo"})})
    await scene.passes(minutes=11)
    assert await inside(scene) == {"Bo": "Red"}
    assert "Red (@Red Pandas)" in said(await scene.types("Cy", "team list"))
    async with scene.database.read() as tx:
        names = set((await tx.execute(select(tables.people.c.name))).scalars())
    assert names == {"Olga", "Ada", "Bo", "Cy"}, "whom the bot has never met it does not keep"


async def test_members_are_there_at_once_where_the_platform_tells(scene: Stage) -> None:
    await scene.types("Cy", "today")
    scene.paper.groups_there["w1"] = Groups({"7": "Red", "8": "Blue"}, {"8": frozenset({"id-Cy"})})
    await scene.types("Olga", f"team bind {BLUE} Blue", admin=True)
    assert await inside(scene) == {"Cy": "Blue"}


async def test_a_group_that_is_gone_leaves_an_ordinary_team_and_admins_see_it(scene: Stage) -> None:
    scene.groups["Ada"] = ("7",)
    await scene.types("Ada", "today")
    scene.paper.groups_there["w1"] = Groups({})
    await scene.passes(minutes=11)
    scene.groups["Ada"] = ()
    assert "You are in Red, with 1 other." in said(await scene.types("Bo", "team join Red"))
    gone = "@Red is no longer there, so people join and leave this team as any other."
    assert gone in said(await scene.types("Olga", "team show Red", admin=True))
    assert gone not in said(await scene.types("Bo", "team show Red"))
    assert await inside(scene) == {"Ada": "Red", "Bo": "Red"}
    scene.paper.groups_there["w1"] = Groups({"7": "Red"})
    await scene.passes(minutes=11)
    assert gone not in said(await scene.types("Olga", "team show Red", admin=True))
    await scene.types("Bo", "today")
    assert await inside(scene) == {"Ada": "Red"}


async def test_a_list_that_is_a_moment_old_takes_no_group_for_gone(scene: Stage) -> None:
    await scene.types("Bo", "team join Blue")
    scene.paper.groups_there["w1"] = Groups({"7": "Red"}, {"7": frozenset({"id-Bo"})})
    await scene.types("Olga", f"team bind {BLUE} Blue", admin=True)
    scene.groups["Ada"] = ("8",)
    await scene.types("Ada", "today", HERE)
    assert await inside(scene) == {"Ada": "Blue", "Bo": "Blue"}
