"""Teams from the first press to the last: made, joined, left, shown, named; and what admins do with them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import select

from bot.events import Completion
from bot.messages import Action, Choices, Form, Message, Table
from bot.store import tables
from tests.stage import DIRECT, HERE, Stage, labels, said
from tests.store.town import miscounted

Posted = Callable[..., Awaitable[Stage]]


@pytest.fixture
async def scene(posted: Posted) -> Stage:
    return await posted("ring", scheduled=False)


async def standing(scene: Stage) -> dict[str, int]:
    """The teams there are, and how many are in each."""
    async with scene.database.read() as tx:
        query = select(tables.teams.c.name, tables.teams.c.members).where(tables.teams.c.removed_at.is_(None))
        return {row.name: row.members for row in await tx.execute(query.order_by(tables.teams.c.sort_name))}


async def mates(scene: Stage, name: str) -> str:
    answer = said(await scene.types(name, "team show"))
    return next(line for line in answer.splitlines() if line.startswith(("In it", "Nobody", "You are in no")))


# ---------------------------------------------------------------- joining and leaving


async def test_a_team_is_made_joined_and_left(scene: Stage) -> None:
    made = said(await scene.types("Ada", "team create Red Pandas"))
    assert made == "You made Red Pandas. What you answer counts for it, from the next question that opens."
    joined = said(await scene.types("Bo", "team join red pandas"))
    assert joined.startswith("You are in Red Pandas, with 1 other.")
    assert await mates(scene, "Ada") == "In it: Ada, Bo."
    assert "You are in Red Pandas already." in said(await scene.types("Bo", "team join Red Pandas"))
    left = said(await scene.types("Bo", "team leave"))
    assert left == "You have left Red Pandas. What you answered so far stays counted for it."
    assert said(await scene.types("Bo", "team leave")) == "You are in no team."
    assert "it is gone" in said(await scene.types("Ada", "team leave"))
    assert await standing(scene) == {}


async def test_one_joins_by_button_and_leaves_the_team_before(scene: Stage) -> None:
    await scene.types("Ada", "team create Red")
    await scene.types("Bo", "team create Blue")
    every = await scene.types("Bo", "team list")
    assert isinstance(every, Message)
    assert labels(every) == ["Join Red", "My team", "Leaderboard"]
    (table,) = [block for block in every.blocks if isinstance(block, Table)]
    assert (table.rows, table.mark) == ((("Blue", "1"), ("Red", "1")), 0)
    joined = said(await scene.presses("Bo", "Join Red", every))
    assert joined.endswith("You have left Blue.")
    assert await standing(scene) == {"Red": 2}
    assert "That team is no longer here." in said(await scene.presses("Bo", "My team", every))


async def test_a_list_that_is_posted_is_for_everyone_to_join_from(scene: Stage) -> None:
    assert "There are no teams this season." in said(await scene.types("Ada", "team list public"))
    await scene.types("Ada", "team create Red")
    assert said(await scene.types("Ada", "team list public")) == "Posted for everyone here."
    assert "You are in" not in scene.paper.last[1].text
    assert "You are in Red, with 1 other." in said(await scene.presses("Bo", "Join Red"))


async def test_a_team_is_made_in_a_form(scene: Stage) -> None:
    form = await scene.presses("Ada", "Make a team", await scene.types("Ada", "team list"))
    assert isinstance(form, Form)

    async def send(name: str, fields: dict[str, str]) -> str:
        return said(await scene.submits(scene.actor(name), form, fields))

    assert (await send("Ada", {"name": "  Red\n Pandas "})).startswith("You made Red Pandas.")
    assert "nothing to read" in await send("Bo", {"name": " \u200b "})
    assert "nothing to read" in await send("Bo", {})


async def test_the_teams_fill_pages(scene: Stage) -> None:
    for number in range(1, 24):
        await scene.types("Olga", f"team create T{number:02}", admin=True)
    first = await scene.types("Ada", "team list")
    assert "Page 1 of 3, 23 teams." in said(first)
    second = await scene.presses("Ada", "More →", first)
    assert "T11" in said(second)
    third = await scene.presses("Ada", "More →", second)
    assert isinstance(third, Message)
    assert labels(third) == ["Join T21", "Join T22", "Join T23", "← Back", "Make a team", "Leaderboard"]
    for forged in ("teams:99", "teams:-1", "teams:x", "teams:999999999999999999999"):
        assert "Teams, this season" in said(await scene.acts("Ada", forged))


async def test_answers_count_for_the_team_of_the_moment_when_the_question_opened(scene: Stage) -> None:
    await scene.types("Olga", "schedule set time:9:01 days:daily", admin=True)
    await scene.types("Ada", "team create Red")
    await scene.passes(minutes=2)
    await scene.passes(minutes=1)
    assert "gone" not in said(await scene.types("Ada", "team create Blue")), "Ada’s answer is still to come"
    await scene.types("Bo", "team join Red")
    for name in ("Ada", "Bo"):
        await scene.presses(name, "B")
    async with scene.database.read() as tx:
        total = tables.team_totals.c
        query = select(tables.teams.c.name, total.points, total.people)
        query = query.join(tables.team_totals, total.team_id == tables.teams.c.id).where(total.period == "s2026-10-01")
        assert (await tx.execute(query)).all() == [("Red", 20, 1)]
    assert await standing(scene) == {"Blue": 1, "Red": 1}


async def test_who_hides_is_not_named_and_still_counts(scene: Stage) -> None:
    await scene.types("Ada", "team create Red")
    for name in ("Bo", "Cy"):
        await scene.types(name, "team join Red")
    await scene.acts("Bo", "hide")
    assert await mates(scene, "Ada") == "In it: Ada, Cy and 1 other."
    for name in ("Ada", "Cy"):
        await scene.acts(name, "hide")
    assert await mates(scene, "Bo") == "In it: 3 people."


async def test_a_season_begins_without_teams_until_they_go_on(scene: Stage) -> None:
    await scene.types("Ada", "team create Red")
    await scene.types("Bo", "team join Red")
    await scene.types("Cy", "team create Blue")
    old = await scene.types("Ada", "team list")
    scene.now = scene.now.replace(year=2027, month=1, day=2)
    assert "You are in no team yet." in said(await scene.types("Ada", "team show"))
    assert "no longer here" in said(await scene.presses("Cy", "My team", old))
    await scene.types("Bo", "team create red")
    told = said(await scene.types("Olga", "team continue", admin=True))
    assert told == "1 team made again, 2 people put into their team."
    assert await mates(scene, "Bo") == "In it: Ada, Bo."
    assert await mates(scene, "Cy") == "In it: Cy."
    again = said(await scene.types("Olga", "team continue", admin=True))
    assert again == "0 teams made again, 0 people put into their team."
    assert await miscounted(scene.database) == []


# ---------------------------------------------------------------- names


@pytest.mark.parametrize(
    "name",
    ["@everyone", "<@123> <!channel>", "**bold** _x_ `code`", "Robert'); DROP TABLE teams;--", "<script>alert(1)</script>",
     "||spoiler||", "[x](https://example.org)", "कखग 🐼", "\u200fשלום"],
)  # fmt: skip
async def test_a_name_is_a_name_whatever_it_looks_like(scene: Stage, name: str) -> None:
    """It stays plain text: what a platform would read into it is the renderers' to keep out."""
    await scene.types("Olga", f'team create name:"{name}"', admin=True)
    (kept,) = await standing(scene)
    assert kept == name.replace("\u200f", "")
    every = await scene.types("Ada", "team list")
    assert said(await scene.presses("Ada", f"Join {kept}", every)).startswith(f"You are in {kept}")
    assert said(await scene.types("Ada", "team show")).startswith(f"{kept}, this season")


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("x" * 41, "40 characters at most"),
        ("x" * 10_000, "40 characters at most"),
        ("\u200b\u200b", "nothing to read"),
        ('"   "', "nothing to read"),
        ("\0\x07", "nothing to read"),
    ],
)
async def test_a_name_that_is_none_is_refused(scene: Stage, name: str, says: str) -> None:
    form = await scene.acts("Ada", "team-form")
    for answer in (
        await scene.types("Ada", f"team create name:{name}"),
        await scene.submits(scene.actor("Ada"), form, {"name": name.strip('"')}),
    ):
        assert says in said(answer)
    assert await standing(scene) == {}
    assert "needs to know" in said(await scene.types("Ada", "team create"))


async def test_a_name_in_quotes_can_be_typed_again(scene: Stage) -> None:
    form = await scene.acts("Ada", "team-form")
    await scene.submits(scene.actor("Ada"), form, {"name": 'The "Red" “Pandas”'})
    assert await standing(scene) == {"The ’Red’ ‘Pandas’": 1}
    assert "with 1 other" in said(await scene.types("Bo", 'team join "The ’Red’ ‘Pandas’"'))


async def test_two_teams_have_two_names(scene: Stage) -> None:
    await scene.types("Ada", "team create Red")
    assert "There is a team RED already" in said(await scene.types("Bo", "team create RED"))
    await scene.types("Bo", "team create Blue")
    assert "There is a team red already" in said(await scene.types("Bo", "team rename red"))
    assert said(await scene.types("Ada", "team rename RED")) == "Red is called RED now."
    assert await standing(scene) == {"Blue": 1, "RED": 1}


async def test_a_team_is_renamed_by_its_members_and_admins_alone(scene: Stage) -> None:
    await scene.types("Ada", "team create Red")
    assert "You are in no team" in said(await scene.types("Bo", "team rename Mine"))
    assert "for its members and admins" in said(await scene.types("Bo", "team rename Mine team:Red"))
    assert said(await scene.types("Olga", "team rename Rust team:Red", admin=True)) == "Red is called Rust now."
    assert "40 characters at most" in said(await scene.types("Ada", f"team rename {'y' * 50}"))
    assert await standing(scene) == {"Rust": 1}


async def test_names_of_teams_are_completed(scene: Stage) -> None:
    for name in ("Red Pandas", "Blue", "Infrared"):
        await scene.types("Olga", f"team create {name}", admin=True)
    asked = Completion("c1", ("team", "join"), "team", "RED", scene.actor("Ada"), HERE)
    answer = await scene.app.handle(asked)
    assert isinstance(answer, Choices)
    assert [choice.value for choice in answer.choices] == ["Infrared", "Red Pandas"]


# ---------------------------------------------------------------- what is forged or late


@pytest.mark.parametrize(
    "action", ["team", "team:", "team:0", "team:-1", "team:x", f"team:{'9' * 80}", "team-join", "team-join:1.5"]
)
async def test_a_forged_button_says_that_there_is_no_such_team(scene: Stage, action: str) -> None:
    assert "That team is no longer here." in said(await scene.acts("Ada", action))


async def test_another_communitys_team_can_not_be_joined_or_seen(scene: Stage) -> None:
    await scene.types("Ada", "team create Red", DIRECT)
    async with scene.database.read() as tx:
        (number,) = (await tx.execute(select(tables.teams.c.id))).scalars()
    for verb in ("team", "team-join"):
        assert "That team is no longer here." in said(await scene.acts("Bo", Action.of(verb, number)))
    assert "There is no team “Red”" in said(await scene.types("Bo", "team join Red"))
    assert await standing(scene) == {"Red": 1}


async def test_a_removed_team_can_not_be_joined(scene: Stage) -> None:
    await scene.types("Ada", "team create Red")
    every = await scene.types("Bo", "team list")
    asked = await scene.types("Olga", "team remove Red", admin=True)
    assert "1 member will be in no team" in said(asked)
    assert said(await scene.presses("Olga", "Remove it", asked, admin=True)) == "Red is removed."
    assert "no longer here" in said(await scene.presses("Olga", "Remove it", asked, admin=True))
    assert "That team is no longer here." in said(await scene.presses("Bo", "Join Red", every))
    assert "There is no team “Red” this season" in said(await scene.types("Bo", "team join Red"))
    assert "You are in no team" in said(await scene.types("Ada", "team leave"))


async def test_a_full_team_says_so(scene: Stage) -> None:
    assert "takes 2 members at most" in said(await scene.types("Olga", "team size 2", admin=True))
    await scene.types("Ada", "team create Red")
    told = await asyncio.gather(*(scene.types(name, "team join Red") for name in ("Bo", "Cy", "Dan", "Eve")))
    assert sorted("is full" in said(each) for each in told) == [False, True, True, True]
    assert await standing(scene) == {"Red": 2}
    assert "Any number of people" in said(await scene.types("Olga", "team size 0", admin=True))
    assert "with 2 others" in said(await scene.types("Fay", "team join Red"))


async def test_joining_two_teams_at_once_ends_in_one(scene: Stage) -> None:
    for name in ("Red", "Blue"):
        await scene.types("Olga", f"team create {name}", admin=True)
    told = await asyncio.gather(*(scene.types("Ada", f"team join {name}") for name in ("Red", "Blue") * 4))
    assert not any("went wrong" in said(each) for each in told)
    assert sum((await standing(scene)).values()) == 1
    assert await miscounted(scene.database) == []


# ---------------------------------------------------------------- admins


@pytest.mark.parametrize(
    "text", ["team assign Ada Red", "team balance", "team size 3", "team continue", "team remove Red"]
)
async def test_what_is_for_admins_is_refused_to_others(scene: Stage, text: str) -> None:
    assert "is for admins of this place" in said(await scene.types("Ada", text))
    for verb in ("team-balanced:2", "team-removed:1"):
        assert "for admins of this place" in said(await scene.acts("Ada", verb))


async def test_a_team_of_an_admin_stays_when_nobody_is_in_it(scene: Stage) -> None:
    made = said(await scene.types("Olga", "team create Red", admin=True))
    assert made == "The team Red is there for everyone to join."
    await scene.types("Ada", "team join Red")
    await scene.types("Ada", "team leave")
    assert await standing(scene) == {"Red": 0}
    assert await mates(scene, "Olga") == "You are in no team yet."
    assert "Nobody is in it yet." in said(await scene.types("Olga", "team show Red"))


async def test_an_admin_puts_people_into_teams(scene: Stage) -> None:
    for name in ("Red", "Blue Whales"):
        await scene.types("Olga", f"team create {name}", admin=True)
    for name in ("Ada", "Sam"):
        await scene.types(name, "help")

    async def assign(text: str) -> str:
        return said(await scene.types("Olga", f"team assign {text}", admin=True))

    assert await assign("Ada Red") == "Ada is in Red now."
    assert await assign("ada Blue Whales") == "Ada is in Blue Whales now; before that in Red."
    assert await assign("@Ada blue whales") == "Ada is in Blue Whales already."
    assert "I know nobody called “Zed”" in await assign("Zed Red")
    assert "There is no team “Green”" in await assign("Ada Green")
    assert "haven’t met them yet" in await assign("<@U404> Red")
    async with scene.database.write() as tx:
        await tx.execute(tables.accounts.update().values(user_id="U1").where(tables.accounts.c.name == "Sam"))
    assert await assign("<@U1|sam> Red") == "Sam is in Red now."
    await scene.types("Sam", "help")  # another Sam, by another account
    assert "Several people are called “Sam”" in await assign("Sam Red")
    assert await standing(scene) == {"Blue Whales": 1, "Red": 1}


async def test_everyone_is_dealt_out_alike_once_an_admin_has_said_yes(posted: Posted) -> None:
    scene = await posted("ring")
    for number in range(7):
        await scene.presses(f"P{number}", "B" if number % 2 else "A")
    await scene.types("Idle", "team create Red")
    scene.now = scene.now.replace(month=12, day=1)
    assert "It takes two teams at least." in said(await scene.types("Olga", "team balance", admin=True))
    asked = await scene.types("Olga", "team balance teams:4", admin=True)
    assert "Deal 8 people out to 4 teams? 2 to each. 3 teams of them new." in said(asked)
    assert await standing(scene) == {"Red": 1}
    done = said(await scene.presses("Olga", "Deal them out", asked, admin=True))
    assert done.startswith("Done: 8 people in 4 teams.")
    assert await standing(scene) == {"Red": 2, "Team 1": 2, "Team 2": 2, "Team 3": 2}
    assert await miscounted(scene.database) == []
    for forged in (
        "team-balanced",
        "team-balanced:0",
        "team-balanced:999",
        "team-balanced:2",
        f"team-balanced:{'9' * 60}",
    ):
        assert "Done" not in said(await scene.acts("Olga", forged, admin=True))
    await scene.types("Olga", "team size 1", admin=True)
    assert "8 people don’t fit into 4 teams of 1" in said(await scene.types("Olga", "team balance", admin=True))
