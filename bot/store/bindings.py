"""Teams that are bound to a role (Discord) or a user group (Slack) of a workspace: the platform says who is in them.

Whoever came into a team in a workspace goes by what it is bound to there, and is no ordinary member any more. In another
workspace of a joint community the team may be bound to something else, or to nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, delete, exists, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import tables, teams
from bot.store.allegiance import IN_FORCE
from bot.store.settings import Group
from bot.store.tables import bindings, memberships
from bot.store.teams import Refusal, Team


@dataclass(frozen=True, slots=True)
class Binding:
    """What says who of a workspace is in a team. `gone`: the platform has no such role or group any more, so the team is an
    ordinary one there.
    """

    id: int
    team_id: int
    team: str
    platform: str
    workspace: str
    group: Group
    created_at: datetime
    gone: bool

    @property
    def order(self) -> tuple[datetime, int]:
        """Who is in several roles or groups is in the team that was bound first."""
        return self.created_at, self.id


STANDS = bindings.c.gone_at.is_(None)

_BINDING = select(bindings, tables.teams.c.name.label("team")).join(
    tables.teams, (tables.teams.c.id == bindings.c.team_id) & tables.teams.c.removed_at.is_(None)
)
_ORDERED = _BINDING.order_by(bindings.c.created_at, bindings.c.id)


def _binding(row: Row[Any]) -> Binding:
    return Binding(
        row.id,
        row.team_id,
        row.team,
        row.platform,
        row.workspace,
        Group(row.group_id, row.group_name),
        row.created_at,
        row.gone_at is not None,
    )


async def _bindings(tx: AsyncConnection, query: Select[Any]) -> list[Binding]:
    return [_binding(row) for row in await tx.execute(query)]


def _at(platform: str, workspace: str) -> ColumnElement[bool]:
    return and_(bindings.c.platform == platform, bindings.c.workspace == workspace)


# ---------------------------------------------------------------- which there are


async def of_workspace(tx: AsyncConnection, platform: str, workspace: str, season: str) -> list[Binding]:
    """A workspace's of a season, the first bound first, those included that are gone."""
    return await _bindings(tx, _ORDERED.where(_at(platform, workspace), tables.teams.c.season == season))


async def of_teams(tx: AsyncConnection, some: Sequence[int]) -> dict[int, list[Binding]]:
    """By team, those included that are gone."""
    found: dict[int, list[Binding]] = {}
    for each in await _bindings(tx, _ORDERED.where(bindings.c.team_id.in_(some))):
        found.setdefault(each.team_id, []).append(each)
    return found


async def at(tx: AsyncConnection, team_id: int, platform: str, workspace: str) -> Binding | None:
    """What says who of a workspace is in a team, if anything does."""
    here = and_(bindings.c.team_id == team_id, _at(platform, workspace), STANDS)
    return next(iter(await _bindings(tx, _BINDING.where(here))), None)


async def holding(tx: AsyncConnection, person_id: int, season: str) -> Binding | None:
    """What somebody is in their team by, if they are not an ordinary member."""
    mine = and_(memberships.c.person_id == person_id, memberships.c.season == season, IN_FORCE)
    return next(iter(await _bindings(tx, _BINDING.join(memberships, and_(BY, STANDS)).where(mine))), None)


BY = and_(
    memberships.c.team_id == bindings.c.team_id,
    memberships.c.platform == bindings.c.platform,
    memberships.c.workspace == bindings.c.workspace,
)
"""A membership that goes by a binding: somebody came into the team where it is bound."""


def bound() -> ColumnElement[bool]:
    """Of `teams`: whether anything says who is in one, wherever."""
    return exists().where(bindings.c.team_id == tables.teams.c.id, STANDS)


async def unbound(tx: AsyncConnection, every: Sequence[Team]) -> list[Team]:
    """Those of some teams that people join and leave."""
    ids = select(bindings.c.team_id).where(bindings.c.team_id.in_([team.id for team in every]), STANDS)
    without = set((await tx.execute(ids)).scalars())
    return [team for team in every if team.id not in without]


def members(community_id: int, season: str) -> Select[Any]:
    """Who is in a team that is bound somewhere, by whichever way they came."""
    inside = memberships.alias()
    query = select(inside.c.person_id).join(tables.teams, tables.teams.c.id == inside.c.team_id)
    query = query.where(inside.c.community_id == community_id, inside.c.season == season)
    return query.where(inside.c.until.is_(None), ~inside.c.apart, bound())


# ---------------------------------------------------------------- made and unmade


async def bind(
    tx: AsyncConnection, community_id: int, team: Team, platform: str, workspace: str, group: Group, now: datetime
) -> Binding | Refusal | None:
    """Let a role or user group of a workspace say who of it is in a team, in the place of what did. ALREADY where that one does,
    GONE where there is no such team; the other team's binding, where one goes by the group.
    """
    await teams.alone(tx, community_id)
    if team.id not in await teams.held(tx, community_id, [team.id]):
        return Refusal.GONE
    for each in await of_workspace(tx, platform, workspace, team.season):
        if each.group.id == group.id and not each.gone:
            return Refusal.ALREADY if each.team_id == team.id else each
    same = and_(_at(platform, workspace), bindings.c.team_id == team.id)
    await tx.execute(delete(bindings).where(same))
    await tx.execute(insert(bindings).values(_row(community_id, team.id, platform, workspace, group, now)))
    return None


async def unbind(
    tx: AsyncConnection, community_id: int, team: Team, platform: str, workspace: str
) -> Binding | Refusal | None:
    """Let people of a workspace join and leave a team again; whoever is in it stays. What it went by; None where it did by nothing."""
    await teams.alone(tx, community_id)
    if team.id not in await teams.held(tx, community_id, [team.id]):
        return Refusal.GONE
    same = and_(_at(platform, workspace), bindings.c.team_id == team.id)
    found = next(iter(await _bindings(tx, _BINDING.where(same))), None)
    await tx.execute(delete(bindings).where(same))
    return found


async def drop(tx: AsyncConnection, team_id: int) -> None:
    """A team is removed."""
    await tx.execute(delete(bindings).where(bindings.c.team_id == team_id))


async def carry(tx: AsyncConnection, after: Mapping[int, int], now: datetime) -> None:
    """Bind the teams of a season as those before them were, by the ids of these, where they and the groups are free."""
    standing = [each for some in (await of_teams(tx, [*after.values()])).values() for each in some]
    taken = {(each.team_id, each.platform, each.workspace) for each in standing}
    used = {(each.platform, each.workspace, each.group.id) for each in standing}
    before = [each for some in (await of_teams(tx, [*after])).values() for each in some if not each.gone]
    for each in sorted(before, key=lambda each: each.order):
        team, group = after[each.team_id], (each.platform, each.workspace, each.group.id)
        if (team, each.platform, each.workspace) in taken or group in used:
            continue
        community = select(tables.teams.c.community_id).where(tables.teams.c.id == team).scalar_subquery()
        made = _row(community, team, each.platform, each.workspace, each.group, now)
        await tx.execute(insert(bindings).values(made))


def _row(community: Any, team: int, platform: str, workspace: str, group: Group, now: datetime) -> dict[str, Any]:  # noqa: ANN401
    return {
        "community_id": community,
        "team_id": team,
        "platform": platform,
        "workspace": workspace,
        "group_id": group.id,
        "group_name": group.name,
        "created_at": now,
    }


async def told(tx: AsyncConnection, binding: Binding, name: str | None, now: datetime) -> None:
    """What the platform calls a role or user group now; None: there is none any more."""
    values = {"gone_at": now} if name is None else {"gone_at": None, "group_name": name}
    await tx.execute(update(bindings).where(bindings.c.id == binding.id).values(**values))


async def workspaces(tx: AsyncConnection, platform: str) -> list[str]:
    """A platform's workspaces in which a team is bound."""
    there = tables.workspaces
    query = select(bindings.c.workspace).distinct().where(bindings.c.platform == platform)
    query = query.join(there, and_(there.c.platform == bindings.c.platform, there.c.workspace == bindings.c.workspace))
    return sorted((await tx.execute(query.where(there.c.left_at.is_(None)))).scalars())
