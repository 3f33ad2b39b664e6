"""How a community wants things: what `/quiz settings` shows and changes."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.quiz.seasons import QUARTERS, Seasons
from bot.quiz.standings import Scoring
from bot.store.tables import communities, workspaces


class TeamMode(StrEnum):
    """Who puts people into teams: they themselves, admins alone, or nobody, where there are no teams."""

    OPEN = "open"
    ADMINS = "admins"
    OFF = "off"


class Hosts(StrEnum):
    """Who may begin a live round."""

    EVERYONE = "everyone"
    ADMINS = "admins"


@dataclass(frozen=True, slots=True)
class Settings:
    """A community's. `zone` is its IANA time zone, `language` one of `bot.words`. `seasons` come along, as everybody who reads
    these wants to know which is on; `store.seasons` changes them.
    """

    zone: str
    language: str = "en"
    scoring: Scoring = Scoring.FAIR
    team_mode: TeamMode = TeamMode.OPEN
    streaks: bool = True
    boards: bool = True
    hosts: Hosts = Hosts.EVERYONE
    seasons: Seasons = QUARTERS


@dataclass(frozen=True, slots=True)
class Group:
    """A role (Discord) or user group (Slack) of a workspace, and what it was called when it was chosen."""

    id: str
    name: str


_COLUMNS = [communities.c[field.name] for field in fields(Settings)]
_SETTINGS = select(*_COLUMNS).where(communities.c.id == bindparam("community"))
_EVERY = select(communities.c.id, *_COLUMNS).where(communities.c.id.in_(bindparam("communities", expanding=True)))
_WITHOUT_STREAKS = select(communities.c.id).where(
    communities.c.id.in_(bindparam("communities", expanding=True)), ~communities.c.streaks
)
_GROUP = select(workspaces.c.admin_group, workspaces.c.admin_group_name).where(
    workspaces.c.platform == bindparam("on"), workspaces.c.workspace == bindparam("of")
)


async def of(tx: AsyncConnection, community_id: int) -> Settings:
    return _read((await tx.execute(_SETTINGS, {"community": community_id})).one())


async def of_each(tx: AsyncConnection, ids: Collection[int]) -> dict[int, Settings]:
    """Those of several communities, by their ids."""
    return {row.id: _read(row) for row in await tx.execute(_EVERY, {"communities": sorted(set(ids))})}


def _read(row: Row[Any]) -> Settings:
    return Settings(
        row.zone,
        row.language,
        Scoring(row.scoring),
        TeamMode(row.team_mode),
        row.streaks,
        row.boards,
        Hosts(row.hosts),
        row.seasons,
    )


async def keep(tx: AsyncConnection, community_id: int, wanted: Settings) -> None:
    """From now on, all but the seasons. Days that are counted already stay those that they were, whatever the zone."""
    values = {field.name: getattr(wanted, field.name) for field in fields(Settings) if field.name != "seasons"}
    plain = {name: value.value if isinstance(value, StrEnum) else value for name, value in values.items()}
    await tx.execute(update(communities).where(communities.c.id == community_id).values(**plain))


async def without_streaks(tx: AsyncConnection, ids: Collection[int]) -> set[int]:
    """Those of some communities that keep no streaks."""
    return set((await tx.execute(_WITHOUT_STREAKS, {"communities": sorted(ids)})).scalars())


async def admin_group(tx: AsyncConnection, platform: str, workspace: str) -> Group | None:
    """Whose members are admins of a workspace, besides those whom the platform makes admins."""
    row = (await tx.execute(_GROUP, {"on": platform, "of": workspace})).one_or_none()
    return None if row is None or row.admin_group is None else Group(row.admin_group, row.admin_group_name or "")


async def set_admin_group(tx: AsyncConnection, platform: str, workspace: str, group: Group | None) -> None:
    here = (workspaces.c.platform == platform) & (workspaces.c.workspace == workspace)
    id_, name = (None, None) if group is None else (group.id, group.name)
    await tx.execute(update(workspaces).where(here).values(admin_group=id_, admin_group_name=name))
