from __future__ import annotations

import asyncio
from dataclasses import replace

from sqlalchemy import func, select

from bot.store import tables
from bot.store.ballots import Ballots
from bot.store.database import Database
from bot.store.people import Community, account_in, community_of, find_person, found_community, person_of
from bot.store.tables import accounts, communities, people, scores
from tests.store.town import NOW, account, settle


async def test_a_workspace_has_no_community_until_one_is_founded(database: Database) -> None:
    async with database.write() as tx:
        assert await community_of(tx, "slack", "T1") is None
        founded = await found_community(tx, "slack", "T1", "Europe/Berlin", NOW)
        assert await community_of(tx, "slack", "T1") == founded == Community(founded.id, "Europe/Berlin")
        assert await community_of(tx, "discord", "T1") is None


async def test_founding_twice_founds_once(database: Database) -> None:
    async def found(zone: str) -> Community:
        async with database.write() as tx:
            return await found_community(tx, "slack", "T1", zone, NOW)

    one, two = await asyncio.gather(found("UTC"), found("Asia/Tokyo"))
    assert one == two
    async with database.read() as tx:
        assert (await tx.execute(select(func.count()).select_from(communities))).scalar_one() == 1


async def test_a_person_is_met_once(database: Database) -> None:
    town = await settle(database)

    async def meet() -> int:
        async with database.write() as tx:
            return (await person_of(tx, town.community, account("ada"), NOW)).id

    assert len(set(await asyncio.gather(*(meet() for _ in range(5))))) == 1
    async with database.read() as tx:
        assert (await tx.execute(select(people.c.name))).scalars().all() == ["Ada"]
        assert (await tx.execute(select(accounts.c.name))).scalars().all() == ["Ada"]


async def test_a_persons_account_is_looked_up_by_platform_and_realm(database: Database) -> None:
    town = await settle(database)
    async with database.write() as tx:
        ada = await person_of(tx, town.community, account("ada"), NOW)
        sam = await person_of(tx, town.community, account("sam"), NOW)
        linked = tables.accounts.update().values(person_id=ada.id).where(tables.accounts.c.person_id == sam.id)
        await tx.execute(linked)
    where = account("ada").platform, (account("ada").workspace, "elsewhere")
    async with database.read() as tx:
        assert await account_in(tx, ada.id, *where) == account("ada"), "the first of two"
        assert await account_in(tx, ada.id, "slack", where[1]) is None
        assert await account_in(tx, ada.id, where[0], ("elsewhere",)) is None


async def test_looking_for_a_person_makes_none(database: Database) -> None:
    town = await settle(database)
    async with database.read() as tx:
        assert await find_person(tx, town.community, account("ada")) is None
    async with database.write() as tx:
        met = await person_of(tx, town.community, account("ada"), NOW)
    async with database.read() as tx:
        assert await find_person(tx, town.community, account("ada")) == met


async def test_a_person_belongs_to_one_community(database: Database) -> None:
    here, there = await settle(database, "here"), await settle(database, "there")
    async with database.write() as tx:
        one = await person_of(tx, here.community, account("ada"), NOW)
        assert await find_person(tx, there.community, account("ada")) is None
        assert (await person_of(tx, there.community, account("ada"), NOW)).id != one.id


async def test_a_new_name_moves_a_person_inside_their_ties(database: Database) -> None:
    town = await settle(database)
    ballots = Ballots(database)
    await asyncio.gather(ballots.cast(town.ballot("ada")), ballots.cast(town.ballot("bob")))
    await ballots.stop()
    async with database.write() as tx:
        person = await person_of(tx, town.community, account("ada", "Zoë"), NOW)
        assert person.name == "Zoë"
        mine = select(scores.c.sort_name).where(scores.c.person_id == person.id)
        assert set((await tx.execute(mine)).scalars()) == {"zoë"}
        others = select(scores.c.sort_name).where(scores.c.person_id != person.id)
        assert set((await tx.execute(others)).scalars()) == {"bob"}


async def test_a_linked_account_of_another_spelling_does_not_rename(database: Database) -> None:
    town = await settle(database)
    slack = account("U1", "Ada L.", "slack")
    async with database.write() as tx:
        person = await person_of(tx, town.community, account("ada"), NOW)
        row = {
            "platform": "slack",
            "workspace": "",
            "user_id": "U1",
            "name": "Ada L.",
            "created_at": NOW,
            "id": 2,
        }
        await tx.execute(accounts.insert().values(community_id=town.community, person_id=person.id, **row))
        assert (await person_of(tx, town.community, slack, NOW)).id == person.id
        assert (await person_of(tx, town.community, replace(slack, name="Ada Lovelace"), NOW)).name == "Ada Lovelace"
        assert (await person_of(tx, town.community, account("ada"), NOW)).name == "Ada Lovelace"
