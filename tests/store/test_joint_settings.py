"""What becomes of settings when communities join and part."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select, update

from bot.quiz.standings import Scoring
from bot.store import settings
from bot.store.database import Database
from bot.store.settings import Group, Hosts, Settings, TeamMode
from bot.store.tables import communities, posts, question_days
from tests.store.parts import Parts

THEIRS = Settings("Asia/Tokyo", "de", Scoring.SUM, TeamMode.ADMINS, streaks=False, boards=False, hosts=Hosts.ADMINS)


async def wanted(parts: Parts, at: int) -> Settings:
    async with parts.database.read() as tx:
        return await settings.of(tx, await parts.community(at))


async def test_a_joint_communitys_settings_are_those_of_the_one_that_was_joined_and_ones_own_come_back(
    database: Database,
) -> None:
    parts = await Parts.settled(database, "")
    ours = await wanted(parts, 0)
    async with database.write() as tx:
        await settings.keep(tx, await parts.community(1), THEIRS)
        await settings.set_admin_group(tx, *[*parts.towns][1], Group("7", "Tutors"))
    await parts.join(0, 1)
    assert await wanted(parts, 1) == ours
    async with database.write() as tx:
        await settings.keep(tx, await parts.community(0), replace(ours, language="de"))
        assert await settings.admin_group(tx, *[*parts.towns][1]) == Group("7", "Tutors")
    await parts.leave(1)
    assert await wanted(parts, 1) == THEIRS
    assert await wanted(parts, 0) == replace(ours, language="de")


async def test_whoever_leaves_their_community_to_the_others_takes_its_settings_with_them(database: Database) -> None:
    parts = await Parts.settled(database, "")
    async with database.write() as tx:
        await settings.keep(tx, await parts.community(0), THEIRS)
        await tx.execute(update(communities).where(communities.c.id == await parts.community(0)).values(team_most=4))
    await parts.join(0, 1)
    await parts.leave(0)
    assert await parts.community(0) != await parts.community(1)
    assert await wanted(parts, 0) == await wanted(parts, 1) == THEIRS
    async with database.read() as tx:
        most = select(communities.c.team_most).where(communities.c.id == await parts.community(0))
        assert (await tx.execute(most)).scalar_one() == 4


async def test_days_without_streaks_get_no_numbers_by_joining_and_parting(database: Database) -> None:
    parts = await Parts.settled(database, "", numbers=3)
    async with database.write() as tx:
        for at in (0, 1):
            here = posts.c.community_id == await parts.community(at)
            days = (await tx.execute(select(posts.c.day).where(here).distinct().order_by(posts.c.day))).scalars().all()
            await tx.execute(update(posts).where(here, posts.c.day == days[1]).values(numbered=False))
    await parts.join(0, 1)
    await parts.leave(1)
    async with database.read() as tx:
        for at in (0, 1):
            here = question_days.c.community_id == await parts.community(at)
            query = select(question_days.c.number, question_days.c.day).where(here).order_by(question_days.c.day)
            numbered = (await tx.execute(query)).all()
            assert [row.number for row in numbered] == [1, 2]
            still = select(posts.c.day_number).where(
                posts.c.community_id == await parts.community(at), ~posts.c.numbered
            )
            assert set((await tx.execute(still)).scalars()) == {1}
