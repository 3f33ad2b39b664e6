"""Workspaces as the platforms tell of them: name, owner, and whether the bot is still there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.events import Actor, Workspace
from bot.store import tombstones
from bot.store.tables import communities, workspaces


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of a workspace."""

    workspace: Workspace
    left: bool


async def of_platform(tx: AsyncConnection, platform: str) -> dict[str, Kept]:
    """Every workspace of a platform, by its id."""
    return {each.workspace.id: each for each in await _kept(tx, workspaces.c.platform == platform)}


async def by_id(tx: AsyncConnection, platform: str, workspace: str) -> Kept | None:
    here = (workspaces.c.platform == platform) & (workspaces.c.workspace == workspace)
    return next(iter(await _kept(tx, here)), None)


async def _kept(tx: AsyncConnection, where: ColumnElement[bool]) -> list[Kept]:
    """Of an owner the id alone is kept: nobody is called by it."""
    return [
        Kept(
            Workspace(
                row.platform,
                row.workspace,
                row.name,
                None if row.owner_id is None else Actor(row.platform, row.owner_realm, row.owner_id, ""),
            ),
            row.left_at is not None,
        )
        for row in await tx.execute(select(workspaces).where(where))
    ]


async def keep(tx: AsyncConnection, found: Workspace) -> None:
    """Note how a known workspace is now; the bot is in it. A community that is called as it was follows its name.

    An owner who wants to be forgotten is not noted, however often the platform names them.
    """
    here = (workspaces.c.platform == found.platform) & (workspaces.c.workspace == found.id)
    before = (await tx.execute(select(workspaces.c.community_id, workspaces.c.name).where(here))).one()
    named = (communities.c.id == before.community_id) & (communities.c.name == before.name)
    await tx.execute(update(communities).where(named).values(name=found.name))
    owner: dict[str, str] = {}
    if found.owner is not None:
        realm, user = found.owner.workspace, found.owner.id
        if not await tombstones.stands(tx, (found.platform, realm, user)):
            owner = {"owner_realm": realm, "owner_id": user}
    await tx.execute(update(workspaces).where(here).values(name=found.name, left_at=None, **owner))


async def leave(tx: AsyncConnection, platform: str, workspace: str, now: datetime) -> bool:
    """The bot is no longer there; False when that was known, or nothing is known of the workspace."""
    here = (workspaces.c.platform == platform) & (workspaces.c.workspace == workspace) & workspaces.c.left_at.is_(None)
    return (await tx.execute(update(workspaces).where(here).values(left_at=now))).rowcount == 1
