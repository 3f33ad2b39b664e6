"""Where people belong who are in roles and user groups; and that they come there once, whoever moves them at the same time."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.events import Place
from bot.store import bindings, following, links, memberships, teams, unions
from bot.store.bindings import Binding
from bot.store.database import Database
from bot.store.following import Ground, Held, Sighting
from bot.store.memberships import By, Moved
from bot.store.people import person_of
from bot.store.settings import Group
from bot.store.tables import memberships as kept
from bot.store.teams import Refusal, Team
from tests.store.town import NOW, Town, account, close, day, miscounted, settle

SEASON = "s2026-01-01"
G1, G2 = ("discord", "g1"), ("discord", "g2")


def binding(number: int, team: int, place: tuple[str, str] = G1) -> Binding:
    return Binding(number, team, f"T{team}", *place, Group(f"r{number}", ""), NOW, gone=False)


ONE, TWO, ELSEWHERE = binding(1, 1), binding(2, 2), binding(0, 9, G2)
OUT, STAYS = (True, None), (False, None)


@pytest.mark.parametrize(
    ("groups", "held", "due"),
    [
        ((), None, STAYS),
        (("r1",), None, (True, ONE)),
        (("r2", "r1"), None, (True, ONE)),
        (("r1",), Held(1, ONE, 7), STAYS),
        (("r2",), Held(1, ONE, 7), (True, TWO)),
        ((), Held(1, ONE, 7), OUT),
        ((), Held(1, ONE, 8), STAYS),  # they are in it by another account
        (("r1",), Held(2, TWO, 8), (True, ONE)),
        (("r2",), Held(1, ONE, 8), STAYS),
        ((), Held(5, None, 7), STAYS),  # they joined it themselves
        (("r2",), Held(5, None, 7), (True, TWO)),
        (("r2",), Held(2, None, 7), STAYS),
        (("r1",), Held(9, ELSEWHERE, 7), STAYS),  # by what was bound earlier, in another workspace
        ((), Held(9, ELSEWHERE, 7), STAYS),
    ],
)
def test_where_somebody_belongs(groups: tuple[str, ...], held: Held | None, due: tuple[bool, Binding | None]) -> None:
    sighting = Sighting(7, frozenset(groups))
    assert following.due([ONE, TWO], Ground(1, *G1, SEASON), sighting, held) == due


async def made(database: Database, town: Town, workspace: str, *names: str) -> dict[str, Team]:
    async with database.write() as tx:
        found = {}
        for name in names:
            place = Place("discord", workspace, "c")
            team = await teams.create(tx, town.community, SEASON, name, NOW, lasting=False, place=place)
            assert isinstance(team, Team)
            found[name] = team
    return found


async def bound(database: Database, town: Town, workspace: str, team: Team, group: str, later: int = 0) -> None:
    async with database.write() as tx:
        at = NOW + timedelta(seconds=later)
        assert await bindings.bind(tx, town.community, team, "discord", workspace, Group(group, group), at) is None


async def seen(database: Database, town: Town, workspace: str, user: str, *groups: str, later: int = 60) -> None:
    at = NOW + timedelta(seconds=later)
    async with database.write() as tx:
        who = await person_of(tx, town.community, account(user), at)
        ground = Ground(town.community, "discord", workspace, SEASON)
        await following.follow(tx, ground, [Sighting(who.account_id, frozenset(groups))], at)


async def team_of(database: Database, town: Town, user: str) -> str | None:
    async with database.write() as tx:
        who = await person_of(tx, town.community, account(user), NOW)
        team = await teams.of_person(tx, who.id, SEASON)
    return None if team is None else team.name


async def test_many_who_come_and_go_at_once_are_each_in_one_team(database: Database) -> None:
    town = await settle(database, "g1")
    found = await made(database, town, "g1", "Red", "Blue", "Green")
    await bound(database, town, "g1", found["Red"], "r")
    await bound(database, town, "g1", found["Blue"], "b", 1)
    users = [f"u{number}" for number in range(12)]
    async with database.write() as tx:
        whose = {user: await person_of(tx, town.community, account(user), NOW) for user in users}
    ground = Ground(town.community, "discord", "g1", SEASON)

    async def follow(group: str, order: int) -> None:
        some = [Sighting(whose[user].account_id, frozenset({group})) for user in users[::order]]
        async with database.write() as tx:
            await following.follow(tx, ground, some, NOW + timedelta(minutes=1))

    async def join(user: str) -> None:
        async with database.write() as tx:
            by = By(whose[user].account_id, Place("discord", "g1", "c"))
            at = NOW + timedelta(minutes=1)
            green = found["Green"].id
            await memberships.join(tx, town.community, SEASON, whose[user].id, green, at, by=by)

    crowd = [follow(group, order) for group, order in (("r", 1), ("b", -1), ("r", -1), ("b", 1))]
    await asyncio.gather(*crowd, *(join(user) for user in users))
    assert await miscounted(database) == []
    assert {await team_of(database, town, user) for user in users} <= {"Red", "Blue"}
    await follow("r", -1)
    assert {await team_of(database, town, user) for user in users} == {"Red"}


async def test_somebody_with_two_accounts_falls_back_to_the_team_of_the_other(database: Database) -> None:
    town = await settle(database, "g1")
    found = await made(database, town, "g1", "Red", "Green")
    await bound(database, town, "g1", found["Red"], "r")
    await seen(database, town, "g1", "ada", "r")
    async with database.write() as tx:
        twin = await person_of(tx, town.community, account("ada2"), NOW)
        by, at = By(twin.account_id, Place("discord", "g1", "c")), NOW + timedelta(hours=1)
        assert isinstance(
            await memberships.join(tx, town.community, SEASON, twin.id, found["Green"].id, at, by=by), Moved
        )
        await links.link(tx, town.community, account("ada"), account("ada2"), day(1))
    assert await team_of(database, town, "ada2") == "Red"
    await seen(database, town, "g1", "ada2", later=7200)
    assert await team_of(database, town, "ada") == "Red", "the other account has the role still"
    await seen(database, town, "g1", "ada", later=7201)
    assert await team_of(database, town, "ada") == "Green"
    assert await miscounted(database) == []


async def test_in_a_joint_community_each_workspace_says_by_its_own_group_who_is_in_a_team(database: Database) -> None:
    one, other = await settle(database, "g1"), await settle(database, "g2", later=1)
    found = await made(database, one, "g1", "Red", "Blue")
    await bound(database, one, "g1", found["Red"], "r")
    async with database.write() as tx:
        await unions.join(tx, one.community, other.community, day(1))
    await bound(database, one, "g2", found["Red"], "reds", 1)
    await seen(database, one, "g1", "ada", "r")
    await seen(database, one, "g2", "bob", "reds")
    await seen(database, one, "g2", "ada", later=61)  # who has no such role there, and is in it by the other's
    await seen(database, one, "g2", "cy", "r")
    assert [await team_of(database, one, user) for user in ("ada", "bob", "cy")] == ["Red", "Red", None]
    await seen(database, one, "g2", "bob", later=61)
    assert await team_of(database, one, "bob") is None
    async with database.write() as tx:
        cy = await person_of(tx, one.community, account("cy"), NOW)
        for workspace, refusal in (("g1", Refusal.BOUND), ("g2", Refusal.BOUND), ("g3", None)):
            by, at = By(cy.account_id, Place("discord", workspace, "c")), NOW + timedelta(minutes=2)
            moved = await memberships.join(tx, one.community, SEASON, cy.id, found["Red"].id, at, by=by)
            assert moved is refusal or isinstance(moved, Moved)


async def test_a_bound_team_stays_when_nobody_is_in_it(database: Database) -> None:
    town = await settle(database, "g1", numbers=1)
    await close(database, town.posts[1, 1, "general"])
    found = await made(database, town, "g1", "Red", "Blue")
    await bound(database, town, "g1", found["Red"], "r")
    await seen(database, town, "g1", "ada", "r")
    await seen(database, town, "g1", "ada", later=61)
    async with database.read() as tx:
        assert {team.name for team in await teams.of_season(tx, town.community, SEASON)} == {"Red", "Blue"}
        rows = (await tx.execute(select(kept.c.since, kept.c.until))).all()
    assert [(row.since, row.until) for row in rows] == [(NOW, NOW + timedelta(seconds=61))], "since it was bound"
