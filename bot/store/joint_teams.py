"""Teams when communities join and part.

A team is the workspace's in which it was made, and a membership is that in which somebody joined; answers for it go with
their posts. Where a team is needed on both sides of a parting there are two of it from then on, which become one again when
the two sides do.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, and_, delete, func, insert, literal, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.allegiance import recount
from bot.store.tables import answers, bindings, forgotten_shares, later_answers, memberships, teams
from bot.store.teams import sort_name

_NAMING = (answers, later_answers, memberships, forgotten_shares, bindings)
"""What names a team: all that it is needed for."""

_ONE = func.coalesce(teams.c.origin, teams.c.id)
"""What all copies of a team have in common."""


# ---------------------------------------------------------------- joining


async def merge(tx: AsyncConnection, into: int, joining: int) -> None:
    """Make one team of two that were one, and find names for those of the joining community whose name there is already. Two that
    were one are no more where one of them is past.

    Before they change their community.
    """
    ours = {(row.one, row.season): row for row in await _standing_or_not(tx, into)}
    for theirs in await _standing_or_not(tx, joining):
        if (twin := ours.get((theirs.one, theirs.season))) is None:
            continue
        for table in _NAMING:
            await tx.execute(update(table).where(table.c.team_id == theirs.id).values(team_id=twin.id))
        await tx.execute(delete(teams).where(teams.c.id == theirs.id))
        if twin.removed_at is not None and theirs.removed_at is None:
            await _take(tx, twin.id, twin.own_name or twin.name, await _names(tx, into, twin.season), removed_at=None)
    for theirs in await _standing_or_not(tx, joining):
        if theirs.removed_at is None and theirs.sort_name in (taken := await _names(tx, into, theirs.season)):
            taken |= await _names(tx, joining, theirs.season)
            await _take(tx, theirs.id, theirs.own_name or theirs.name, taken)


async def _standing_or_not(tx: AsyncConnection, community: int) -> Sequence[Row[Any]]:
    query = select(teams, _ONE.label("one")).where(teams.c.community_id == community).order_by(teams.c.id)
    return (await tx.execute(query)).all()


async def _names(tx: AsyncConnection, community: int, season: str) -> set[str]:
    """The names that a season's teams have, as they are told apart."""
    here = (teams.c.community_id == community) & (teams.c.season == season) & teams.c.removed_at.is_(None)
    return {*(await tx.execute(select(teams.c.sort_name).where(here))).scalars()}


async def _take(tx: AsyncConnection, team: int, wanted: str, taken: set[str], **changes: Any) -> None:  # noqa: ANN401
    """Give a team the name that it wants, or that with the first free number; then it remembers what it wanted."""
    name, number = wanted, 2
    while sort_name(name) in taken:
        name, number = f"{wanted} {number}", number + 1
    own = None if name == wanted else wanted
    named = {"name": name, "sort_name": sort_name(name), "own_name": own, **changes}
    await tx.execute(update(teams).where(teams.c.id == team).values(**named))


# ---------------------------------------------------------------- parting


async def part(tx: AsyncConnection, joint: int, own: int, platform: str, workspace: str) -> None:
    """Give a workspace the teams that were made there, and those that what is its own names by now.

    After its answers and memberships have changed their community. Which memberships count is told anew after it.
    """
    there = and_(forgotten_shares.c.platform == platform, forgotten_shares.c.workspace == workspace)
    left_over = and_(forgotten_shares.c.community_id == joint, there)
    await tx.execute(update(forgotten_shares).where(left_over).values(community_id=own))
    its = and_(bindings.c.platform == platform, bindings.c.workspace == workspace)
    await tx.execute(update(bindings).where(its).values(community_id=own))
    for row in await _standing_or_not(tx, joint):
        its_own = (row.platform, row.workspace) == (platform, workspace)
        needed = {each: await _needed(tx, row.id, each) for each in (joint, own)}
        if its_own and not needed[joint]:
            await tx.execute(update(teams).where(teams.c.id == row.id).values(community_id=own))
        elif its_own or needed[own]:
            await _copy(tx, row, own)
    for community in (joint, own):
        await _named_again(tx, community)
        await recount(tx, teams.c.community_id == community)


async def _needed(tx: AsyncConnection, team: int, community: int) -> bool:
    """Whether anything of a community names a team."""
    for table in _NAMING:
        here = and_(table.c.team_id == team, table.c.community_id == community)
        if (await tx.execute(select(table.c.team_id).where(here).limit(1))).first() is not None:
            return True
    return False


async def _copy(tx: AsyncConnection, row: Row[Any], own: int) -> None:
    names = [column.name for column in teams.c if column.name not in ("id", "community_id", "origin")]
    copied = select(literal(own), _ONE, *(teams.c[name] for name in names)).where(teams.c.id == row.id)
    made = insert(teams).from_select(["community_id", "origin", *names], copied).returning(teams.c.id)
    new = (await tx.execute(made)).scalar_one()
    for table in _NAMING:
        mine = and_(table.c.team_id == row.id, table.c.community_id == own)
        await tx.execute(update(table).where(mine).values(team_id=new))


async def _named_again(tx: AsyncConnection, community: int) -> None:
    """Teams that gave way with their name have it back where it is free."""
    here = and_(teams.c.community_id == community, teams.c.removed_at.is_(None), teams.c.own_name.is_not(None))
    for row in (await tx.execute(select(teams).where(here).order_by(teams.c.id))).all():
        if sort_name(row.own_name) not in (taken := await _names(tx, community, row.season)):
            await _take(tx, row.id, row.own_name, taken)
