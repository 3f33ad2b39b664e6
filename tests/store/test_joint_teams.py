"""One team a person and season, whoever they become one with; and a team with people on both sides of a parting."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from sqlalchemy import func, select, update

from bot.store import memberships, tables, teams
from bot.store.ballots import Ballots, Standing
from bot.store.boards import board
from bot.store.database import Database
from bot.store.people import find_person, is_hidden, person_of
from bot.store.rebuild import prune_scores
from bot.store.tables import forgotten_shares, team_totals
from bot.store.teams import Team
from tests.store.parts import TODAY, whom
from tests.store.sides import SEASON, Sides, sided
from tests.store.town import miscounted


async def standing(parts: Sides, at: int) -> dict[str, int]:
    """The teams of a workspace's community, with how many are in them."""
    async with parts.database.read() as tx:
        return {team.name: team.members for team in await teams.of_season(tx, await parts.community(at), SEASON)}


async def team_of(parts: Sides, at: int, name: str) -> str | None:
    community = await parts.community(at)
    async with parts.database.read() as tx:
        who = await find_person(tx, community, whom(name))
        assert who is not None
        team = await teams.of_person(tx, who.id, SEASON)
    return None if team is None else team.name


async def points(parts: Sides, at: int) -> dict[str, tuple[int, int]]:
    """What a season's teams of a workspace's community have: points, and of how many people."""
    community = await parts.community(at)
    query = select(tables.teams.c.name, team_totals.c.points, team_totals.c.people).join(
        tables.teams, tables.teams.c.id == team_totals.c.team_id
    )
    async with parts.database.read() as tx:
        rows = await tx.execute(query.where(team_totals.c.community_id == community, team_totals.c.period == SEASON))
        return {row.name: (row.points, row.people) for row in rows}


async def a_pair(database: Database) -> Sides:
    """Ada on Discord is in Red, and a little later Ada on Slack in Blue; their workspaces are one community."""
    parts = await Sides.settled(database, "")
    await parts.join(0, 2)
    await parts.make(0, "Red")
    await parts.make(2, "Blue")
    await parts.side(0, "ada", 1)
    await parts.side(2, "T1/ada", 0)
    assert await standing(parts, 0) == {"Blue": 1, "Red": 1}
    return parts


async def test_the_team_that_was_joined_first_stays_and_both_are_there_again_apart(database: Database) -> None:
    parts = await a_pair(database)
    assert await parts.link(0, "ada", "T1/ada")
    await sided(parts)
    assert await standing(parts, 0) == {"Blue": 0, "Red": 1}
    assert await team_of(parts, 2, "T1/ada") == "Red"
    ballots = Ballots(database)
    await parts.answer(ballots, 2, "T1/ada", 2, 1)
    await ballots.stop()
    assert await points(parts, 0) == {"Red": (10, 1)}
    await parts.unlink("T1/ada")
    await sided(parts)
    assert await standing(parts, 0) == {"Blue": 1, "Red": 1}
    assert await team_of(parts, 2, "T1/ada") == "Blue"
    assert await points(parts, 0) == {"Red": (10, 1)}  # for which it was given


async def test_who_leaves_as_one_has_left_as_both(database: Database) -> None:
    parts = await a_pair(database)
    assert await parts.link(0, "ada", "T1/ada")
    await parts.quit(0, "ada")
    await sided(parts)
    await parts.unlink("ada")
    assert await standing(parts, 0) == {"Blue": 0, "Red": 0}
    assert await team_of(parts, 2, "T1/ada") is None


async def test_a_team_in_which_somebody_is_apart_does_not_dissolve(database: Database) -> None:
    parts = await a_pair(database)
    await parts.make(0, "Green", lasting=False)
    await parts.side(0, "bob", 1)
    await parts.side(2, "T1/bob", 0)
    await parts.side(0, "cy", 1)
    assert await standing(parts, 0) == {"Blue": 2, "Green": 2, "Red": 1}
    assert await parts.link(0, "bob", "T1/bob")
    assert await parts.link(0, "cy", "T1/ada")
    await parts.quit(0, "bob")
    assert await parts.link(0, "ada", "T1/ada")  # Red was first
    async with database.write() as tx:
        await tx.execute(update(tables.posts).values(opens_at=parts.clock - timedelta(days=9)))
    assert await standing(parts, 0) == {"Blue": 0, "Green": 0, "Red": 1}
    await parts.side(0, "dan", 1)
    await parts.quit(0, "dan")
    assert "Green" in await standing(parts, 0)
    await parts.unlink("cy")
    await sided(parts)
    assert (await standing(parts, 0))["Green"] == 1


async def test_a_team_whose_answers_are_set_aside_does_not_dissolve(database: Database) -> None:
    parts, ballots = await Sides.settled(database, ""), Ballots(database)
    await parts.join(0, 2)
    await parts.make(0, "Blue", lasting=False)
    await parts.side(2, "T1/ada", 0)
    await parts.answer(ballots, 0, "ada", 4, 1)
    await parts.answer(ballots, 2, "T1/ada", 2, 1)  # the same card on the same day
    assert await points(parts, 0) == {"Blue": (10, 1)}
    assert await parts.link(0, "ada", "T1/ada")
    assert await points(parts, 0) == {}
    async with database.write() as tx:
        await tx.execute(update(tables.posts).values(opens_at=parts.clock - timedelta(days=9)))
    await parts.quit(0, "ada")
    assert await standing(parts, 0) == {"Blue": 0}
    await parts.unlink("ada")
    assert await points(parts, 0) == {"Blue": (10, 1)}
    await ballots.stop()


async def test_who_is_removed_with_a_team_is_in_none(database: Database) -> None:
    parts = await a_pair(database)
    assert await parts.link(0, "ada", "T1/ada")
    await parts.remove(0, 1)
    await sided(parts)
    assert await standing(parts, 0) == {"Blue": 0}
    await parts.unlink("ada")
    assert await team_of(parts, 2, "T1/ada") is None


async def test_who_hides_as_one_hides_as_both_and_goes_on_hiding(database: Database) -> None:
    parts, ballots = await Sides.settled(database, ""), Ballots(database)
    await parts.join(0, 2)
    for at, name in ((0, "ada"), (2, "T1/ada"), (0, "bob")):
        await parts.answer(ballots, at, name, 3 - at, 1)
    await parts.veil(2, "T1/ada", hidden=True)
    assert await parts.link(0, "ada", "T1/ada")
    await sided(parts)
    community = await parts.community(0)
    async with database.read() as tx:
        ranked = await board(tx, community, SEASON, None)
    assert [(row.name, row.rank) for row in ranked.top] == [("Bob", 1)]
    assert ranked.people == 1
    await parts.unlink("ada")
    await sided(parts)
    async with database.read() as tx:
        for name in ("ada", "T1/ada"):
            who = await find_person(tx, community, whom(name))
            assert who is not None
            assert await is_hidden(tx, who.id)
    await ballots.stop()


async def test_who_hides_in_one_of_two_communities_hides_in_the_joint_one(database: Database) -> None:
    parts, ballots = await Sides.settled(database, ""), Ballots(database)
    await parts.answer(ballots, 0, "ada", 2, 1)
    await parts.answer(ballots, 1, "ada", 2, 1)
    await parts.veil(1, "ada", hidden=True)
    await parts.join(0, 1)
    await sided(parts)
    async with database.read() as tx:
        assert (await board(tx, await parts.community(0), SEASON, None)).people == 0
    await ballots.stop()


async def test_two_teams_of_one_name_both_stay_and_have_it_back_apart(database: Database) -> None:
    parts = await Sides.settled(database, "")
    for at in range(3):
        await parts.make(at, "Red")
    await parts.join(0, 1)
    await parts.join(0, 2)
    await sided(parts)
    assert {*await standing(parts, 0)} == {"Red", "Red 2", "Red 3"}
    await parts.leave(0)  # whose team the name was
    assert {*await standing(parts, 0)} == {"Red"}
    assert {*await standing(parts, 1)} == {"Red", "Red 3"}
    await parts.leave(2)
    for at in range(3):
        assert {*await standing(parts, at)} == {"Red"}


async def test_a_name_that_was_changed_since_stays(database: Database) -> None:
    parts = await Sides.settled(database, "")
    for at in range(2):
        await parts.make(at, "Red")
    await parts.join(0, 1)
    async with database.write() as tx:
        second = await teams.named(tx, await parts.community(0), SEASON, "red 2")
        assert isinstance(second, Team)
        assert await teams.rename(tx, await parts.community(0), second, "Crimson") is None
    await parts.leave(1)
    assert {*await standing(parts, 1)} == {"Crimson"}


async def test_a_team_across_two_workspaces_is_two_while_they_are_apart(database: Database) -> None:
    parts, ballots = await Sides.settled(database, ""), Ballots(database)
    await parts.join(0, 1)
    await parts.make(0, "Red")
    await parts.side(0, "ada", 0)
    await parts.side(1, "bob", 0)
    await parts.answer(ballots, 0, "ada", 2, 1)
    await parts.answer(ballots, 1, "bob", 2, 1, 5)
    await parts.answer(ballots, 1, "ada", 3, 1, 7)
    assert await points(parts, 0) == {"Red": (22, 2)}
    await parts.leave(1)
    await sided(parts)
    assert await standing(parts, 0) == await standing(parts, 1) == {"Red": 1}
    assert await points(parts, 0) == {"Red": (10, 1)}
    assert await points(parts, 1) == {"Red": (12, 2)}
    assert await parts.answer(ballots, 1, "bob", 3, 1, 5) is Standing.RECORDED
    await parts.join(1, 0)
    await sided(parts)
    assert await standing(parts, 0) == {"Red": 2}
    assert await points(parts, 0) == {"Red": (27, 2)}
    await ballots.stop()


async def test_people_have_the_team_of_each_side_again(database: Database) -> None:
    parts = await Sides.settled(database, "")
    for at, title in ((0, "Red"), (1, "Blue")):
        await parts.make(at, title)
        await parts.side(at, "ada", 0)
    await parts.join(0, 1)
    await sided(parts)
    assert await standing(parts, 0) == {"Blue": 0, "Red": 1}
    await parts.leave(0)
    await sided(parts)
    assert (await standing(parts, 0), await standing(parts, 1)) == ({"Red": 1}, {"Blue": 1})


async def test_what_the_forgotten_brought_stays_with_their_team(database: Database) -> None:
    parts, ballots = await Sides.settled(database, ""), Ballots(database)
    await parts.join(0, 1)
    await parts.make(0, "Red")
    for at, name in ((0, "ada"), (0, "bob"), (1, "cy")):
        await parts.side(at, name, 0)
        await parts.answer(ballots, at, name, 2, 1)
    await parts.answer(ballots, 1, "ada", 3, 1, 5)
    for name in ("ada", "cy"):
        await parts.forget(name)
        await sided(parts)
    assert await standing(parts, 0) == {"Red": 1}
    assert await points(parts, 0) == {"Red": (35, 4)}  # Ada's in two workspaces, which may part
    await parts.leave(1)
    await sided(parts)
    assert await points(parts, 0) == {"Red": (20, 2)}
    assert await points(parts, 1) == {"Red": (15, 2)}
    await ballots.stop()


async def test_what_is_left_goes_with_the_boards_that_nobody_asks_for(database: Database) -> None:
    parts, ballots = await Sides.settled(database, ""), Ballots(database)
    await parts.make(0, "Red")
    await parts.side(0, "ada", 0)
    await parts.answer(ballots, 0, "ada", 2, 1)
    await parts.forget("ada")
    async with database.write() as tx:
        await prune_scores(tx, [await parts.community(0)], TODAY + timedelta(days=100))
        assert (await tx.execute(select(forgotten_shares.c.period))).scalars().all() == [SEASON]
        assert (await tx.execute(select(func.count()).select_from(team_totals))).scalar_one() == 1
    await ballots.stop()


async def test_people_move_and_answer_while_accounts_are_linked_and_parted(database: Database) -> None:
    parts = await a_pair(database)
    workers = [Ballots(database), Ballots(database)]
    community = await parts.community(0)

    async def links() -> None:
        for _ in range(3):
            await parts.link(0, "ada", "T1/ada")
            await parts.unlink("T1/ada")

    async def moves(name: str) -> None:
        async with database.read() as tx:
            every = await teams.of_season(tx, community, SEASON)
        for at in range(6):
            async with database.write() as tx:
                who = await person_of(tx, community, whom(name), parts.clock)
                now = parts.clock + timedelta(minutes=at)
                await memberships.join(tx, community, SEASON, who.id, every[at % 2].id, now)

    async def answers(at: int, name: str, worker: Ballots) -> None:
        for number in (1, 2, 3):
            await parts.answer(worker, at, name, number, 1)

    await asyncio.gather(
        links(), moves("bob"), moves("cy"), answers(0, "ada", workers[0]), answers(2, "T1/ada", workers[1])
    )
    for worker in workers:
        await worker.stop()
    assert await miscounted(database) == []
