"""A community's seasons as they are kept: when one was closed, and what that changes."""

from __future__ import annotations

from datetime import date

from sqlalchemy import bindparam, func, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.quiz.seasons import Seasons, begins
from bot.store.links import alone
from bot.store.tables import communities, forgotten_shares, live_rounds, memberships, posts, teams, workspaces

_SEASONS = select(communities.c.seasons).where(communities.c.id == bindparam("community"))
_BEFORE = "SELECT max(period) FROM scores WHERE community_id = :community AND period >= 's' AND period <"
_PAST = text(f"""
    WITH RECURSIVE past (period, place) AS (
        SELECT ({_BEFORE} :season), 1
        UNION ALL SELECT ({_BEFORE} past.period), place + 1 FROM past WHERE past.period IS NOT NULL AND place < :most
    )
    SELECT period FROM past WHERE period IS NOT NULL ORDER BY place
""")  # noqa: S608 - put together from the lines above alone


async def of(tx: AsyncConnection, community_id: int) -> Seasons:
    seasons: Seasons = (await tx.execute(_SEASONS, {"community": community_id})).scalar_one()
    return seasons


async def standing(tx: AsyncConnection, community_id: int, today: date) -> tuple[Seasons, date]:
    """A community's seasons, and the last day that has begun: of that and of days before it nothing may change.

    It is later than `today` where the community's zone was changed so that a day has come back: what was answered on a day, and
    the teams that were made, are of its season for good.
    """
    here = workspaces.c.community_id == community_id
    there = (posts.c.platform == workspaces.c.platform) & (posts.c.workspace == workspaces.c.workspace)
    asked = (await tx.execute(select(func.max(posts.c.day)).join(workspaces, there).where(here))).scalar()
    played = (
        await tx.execute(select(func.max(live_rounds.c.day)).where(live_rounds.c.community_id == community_id))
    ).scalar()
    named = (await tx.execute(select(func.max(teams.c.season)).where(teams.c.community_id == community_id))).scalar()
    made = None if named is None else begins(named)
    return await of(tx, community_id), max(day for day in (today, asked, played, made) if day is not None)


async def held(tx: AsyncConnection, community_id: int, today: date) -> tuple[Seasons, date]:
    """The same as nobody changes it from here to the commit: no answer is recorded meanwhile."""
    await alone(tx)
    return await standing(tx, community_id, today)


async def keep(tx: AsyncConnection, community_id: int, seasons: Seasons) -> None:
    """Whoever changes what has begun already rebuilds the boards."""
    await tx.execute(update(communities).where(communities.c.id == community_id).values(seasons=seasons))


async def past(tx: AsyncConnection, community_id: int, season: str, most: int) -> list[str]:
    """The keys of seasons before one of which there are boards, the latest first, so many at most."""
    return list((await tx.execute(_PAST, {"community": community_id, "season": season, "most": most})).scalars())


async def unite(tx: AsyncConnection, into: int, joining: int, today: date) -> None:
    """Let what was closed in either of two communities be closed in both, before one of them joins the other. Teams stand on in
    the season that is on, and are past where they were past.
    """
    both = {community: await of(tx, community) for community in (into, joining)}
    one = both[into] | both[joining]
    for community, before in both.items():
        if before == one:
            continue
        await keep(tx, community, one)
        listed = select(teams.c.season).where(teams.c.community_id == community).distinct()
        for key in (await tx.execute(listed)).scalars().all():
            if (now := before.standing(key, today, one)) == key:
                continue
            for table, named in ((teams, teams.c.season), (memberships, memberships.c.season)):
                its = (table.c.community_id == community) & (named == key)
                await tx.execute(update(table).where(its).values(season=now))
            brought = (forgotten_shares.c.community_id == community) & (forgotten_shares.c.period == key)
            await tx.execute(update(forgotten_shares).where(brought).values(period=now))
