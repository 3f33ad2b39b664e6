"""Where people are, when nobody says: for what is done about them elsewhere, or in a conversation of no workspace."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.tables import accounts, answers, posts, workspaces

T = TypeVar("T")

CHUNK = 500
"""People in one statement."""


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """By which account somebody does something, and in which workspace; that is empty where a community has none."""

    account_id: int
    platform: str
    workspace: str


def chunks(every: Sequence[T], size: int = CHUNK) -> Iterator[Sequence[T]]:
    for start in range(0, len(every), size):
        yield every[start : start + size]


async def first(tx: AsyncConnection, community_id: int) -> tuple[str, str]:
    """A community's workspace that was there first, by platform and id; one person's conversation is none."""
    here = (workspaces.c.community_id == community_id) & ~workspaces.c.workspace.startswith("@")
    query = select(workspaces.c.platform, workspaces.c.workspace).where(here)
    row = (await tx.execute(query.order_by(workspaces.c.created_at, workspaces.c.workspace).limit(1))).one_or_none()
    return ("", "") if row is None else (row.platform, row.workspace)


async def of_people(tx: AsyncConnection, community_id: int, some: Collection[int]) -> dict[int, Whereabouts]:
    """Each person's first account, and the workspace in which they answered last; else that of an account of theirs, else the
    community's first.
    """
    own = await first(tx, community_id)
    found: dict[int, Whereabouts] = {}
    for few in chunks(sorted(some)):
        theirs = select(accounts.c.person_id, accounts.c.id, workspaces.c.platform, workspaces.c.workspace)
        at_home = (
            (workspaces.c.platform == accounts.c.platform)
            & (workspaces.c.workspace == accounts.c.workspace)
            & (workspaces.c.community_id == community_id)
        )
        theirs = theirs.outerjoin(workspaces, at_home).where(accounts.c.person_id.in_(few))
        by: dict[int, int] = {}
        where: dict[int, tuple[str, str]] = {}
        for row in await tx.execute(theirs.order_by(accounts.c.created_at, accounts.c.id)):
            by.setdefault(row.person_id, row.id)
            if row.workspace is not None:
                where.setdefault(row.person_id, (row.platform, row.workspace))
        last = select(func.max(answers.c.id)).where(answers.c.person_id.in_(few)).group_by(answers.c.person_id)
        latest = select(answers.c.person_id, posts.c.platform, posts.c.workspace).join(
            posts, posts.c.id == answers.c.post_id
        )
        for each in await tx.execute(latest.where(answers.c.id.in_(last))):
            where[each.person_id] = (each.platform, each.workspace)
        found |= {person: Whereabouts(account, *where.get(person, own)) for person, account in by.items()}
    return found
