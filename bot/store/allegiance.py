"""Which of several memberships counts, when somebody has more than one: their accounts were linked, or their communities joined.

A person is in one team of a season. Of memberships that stand, the one that began first counts; the others are set apart,
and count again once they are another's.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, exists, func, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.tables import memberships, teams

IN_FORCE = memberships.c.until.is_(None) & ~memberships.c.apart
"""A membership that stands, and counts."""


async def set_apart(tx: AsyncConnection, some: Sequence[int]) -> None:
    """Let none of these people's memberships count, so that they can change hands."""
    theirs = memberships.c.person_id.in_(some) & memberships.c.until.is_(None)
    await tx.execute(update(memberships).where(theirs).values(apart=True))


async def settle(tx: AsyncConnection, some: Sequence[int]) -> None:
    """Say which of these people's memberships count, and how many are in the teams that they are of."""
    earlier = memberships.alias()
    first = ~exists().where(
        earlier.c.person_id == memberships.c.person_id,
        earlier.c.season == memberships.c.season,
        earlier.c.until.is_(None),
        tuple_(earlier.c.since, earlier.c.id) < tuple_(memberships.c.since, memberships.c.id),
    )
    theirs = memberships.c.person_id.in_(some)
    counts = and_(theirs, memberships.c.until.is_(None), first)
    await tx.execute(update(memberships).where(theirs, memberships.c.until.is_not(None)).values(apart=False))
    await tx.execute(update(memberships).where(counts).values(apart=False))
    await recount(tx, teams.c.id.in_(select(memberships.c.team_id).where(theirs)))


async def recount(tx: AsyncConnection, which: ColumnElement[bool]) -> None:
    """Make the numbers of members of some teams what their memberships say."""
    held = select(func.count()).select_from(memberships).where(memberships.c.team_id == teams.c.id, IN_FORCE)
    await tx.execute(update(teams).where(which).values(members=held.scalar_subquery()))
