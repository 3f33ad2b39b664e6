"""A season's teams, and a community's rules for them."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, Select, and_, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.events import Place
from bot.quiz.standings import Scoring
from bot.store import whereabouts
from bot.store.allegiance import IN_FORCE
from bot.store.people import among
from bot.store.tables import communities, memberships, people, teams

MOST = 100
"""Teams of a season that stand at once."""


@dataclass(frozen=True, slots=True)
class Team:
    """A team of a season; `lasting`: an admin made it, so it stays when nobody is in it."""

    id: int
    season: str
    name: str
    members: int
    lasting: bool


class Refusal(StrEnum):
    """Why what was asked for was not done."""

    GONE = "gone"  # there is no such team, in this community and season
    FULL = "full"
    ALREADY = "already"  # it is so
    TAKEN = "taken"  # another team has that name
    MANY = "many"  # `MOST` teams stand
    BOUND = "bound"  # a role or user group says who is in it
    HELD = "held"  # and one says so of the team that the person is in


@dataclass(frozen=True, slots=True)
class Rules:
    """How a community's teams compare, and how many people may be in one; None: any number."""

    scoring: Scoring
    most: int | None


def sort_name(name: str) -> str:
    """By which names are told apart: neither case nor the width or style of letters makes another team."""
    return unicodedata.normalize("NFKC", name).casefold()


# ---------------------------------------------------------------- rules


async def rules(tx: AsyncConnection, community_id: int) -> Rules:
    query = select(communities.c.scoring, communities.c.team_most).where(communities.c.id == community_id)
    row = (await tx.execute(query)).one()
    return Rules(Scoring(row.scoring), row.team_most)


async def set_scoring(tx: AsyncConnection, community_id: int, scoring: Scoring) -> None:
    here = communities.c.id == community_id
    await tx.execute(update(communities).where(here).values(scoring=scoring.value))


async def set_most(tx: AsyncConnection, community_id: int, most: int | None) -> None:
    """How many may be in a team from now on; nobody has to leave."""
    await tx.execute(update(communities).where(communities.c.id == community_id).values(team_most=most))


# ---------------------------------------------------------------- which there are


_TEAM = select(teams.c.id, teams.c.season, teams.c.name, teams.c.members, teams.c.lasting)


def _team(row: Row[Any]) -> Team:
    return Team(row.id, row.season, row.name, row.members, row.lasting)


async def _teams(tx: AsyncConnection, query: Select[Any]) -> list[Team]:
    return [_team(row) for row in await tx.execute(query)]


async def of_season(tx: AsyncConnection, community_id: int, season: str) -> list[Team]:
    """The teams that stand, by name."""
    here = and_(teams.c.community_id == community_id, teams.c.season == season, teams.c.removed_at.is_(None))
    return await _teams(tx, _TEAM.where(here).order_by(teams.c.sort_name))


async def by_id(tx: AsyncConnection, community_id: int, team_id: int) -> Team | None:
    """A team that stands, of whichever season."""
    here = and_(teams.c.id == team_id, teams.c.community_id == community_id, teams.c.removed_at.is_(None))
    return next(iter(await _teams(tx, _TEAM.where(here))), None)


async def named(tx: AsyncConnection, community_id: int, season: str, name: str) -> Team | None:
    here = and_(teams.c.community_id == community_id, teams.c.season == season, teams.c.removed_at.is_(None))
    return next(iter(await _teams(tx, _TEAM.where(here, teams.c.sort_name == sort_name(name)))), None)


async def of_person(tx: AsyncConnection, person_id: int, season: str) -> Team | None:
    """The team that a person is in."""
    query = _TEAM.join(memberships, memberships.c.team_id == teams.c.id)
    mine = (memberships.c.person_id == person_id) & (memberships.c.season == season) & IN_FORCE
    return next(iter(await _teams(tx, query.where(mine))), None)


async def apart(tx: AsyncConnection, person_id: int, season: str) -> list[Team]:
    """The other teams that a person is in by another account, or joined in a workspace that had another community; they count in
    none of them.
    """
    aside = memberships.c.until.is_(None) & memberships.c.apart
    query = _TEAM.join(memberships, memberships.c.team_id == teams.c.id).order_by(memberships.c.since, memberships.c.id)
    return await _teams(tx, query.where(memberships.c.person_id == person_id, memberships.c.season == season, aside))


async def named_members(tx: AsyncConnection, team_id: int, most: int) -> list[str]:
    """The names of a team's members who don't hide, in order, so many at most."""
    here = (memberships.c.team_id == team_id) & IN_FORCE & ~people.c.hidden
    query = select(people.c.name).join(memberships, memberships.c.person_id == people.c.id).where(here)
    return list((await tx.execute(query.order_by(func.lower(people.c.name), people.c.id).limit(most))).scalars())


async def made_at(tx: AsyncConnection, team_id: int) -> Place:
    """The workspace in which a team was made."""
    row = (await tx.execute(select(teams.c.platform, teams.c.workspace).where(teams.c.id == team_id))).one()
    return Place(row.platform, row.workspace, "")


# ---------------------------------------------------------------- making and unmaking


async def create(
    tx: AsyncConnection,
    community_id: int,
    season: str,
    name: str,
    now: datetime,
    *,
    lasting: bool,
    place: Place | None = None,
) -> Team | Refusal:
    """A new team. `place` is where somebody makes it; in no workspace, it is the community's first one's."""
    await alone(tx, community_id)
    standing = await of_season(tx, community_id, season)
    if len(standing) >= MOST:
        return Refusal.MANY
    if await named(tx, community_id, season, name) is not None:
        return Refusal.TAKEN
    at = (place.platform, place.workspace) if place is not None and place.workspace else None
    platform, workspace = at or await whereabouts.first(tx, community_id)
    made = insert(teams).values(
        community_id=community_id,
        season=season,
        name=name,
        sort_name=sort_name(name),
        platform=platform,
        workspace=workspace,
        members=0,
        lasting=lasting,
        created_at=now,
    )
    number: int = (await tx.execute(made.returning(teams.c.id))).scalar_one()
    return Team(number, season, name, 0, lasting)


async def rename(tx: AsyncConnection, community_id: int, team: Team, name: str) -> Refusal | None:
    await alone(tx, community_id)
    other = await named(tx, community_id, team.season, name)
    if other is not None and other.id != team.id:
        return Refusal.TAKEN
    here = (teams.c.id == team.id) & (teams.c.community_id == community_id) & teams.c.removed_at.is_(None)
    renamed = await tx.execute(update(teams).where(here).values(name=name, sort_name=sort_name(name), own_name=None))
    return None if renamed.rowcount else Refusal.GONE


# ---------------------------------------------------------------- being alone with them


async def alone(tx: AsyncConnection, community_id: int) -> None:
    """Be alone with the names of a community's teams until the commit."""
    await among(tx)
    held = select(communities.c.id).where(communities.c.id == community_id)
    await tx.execute(held.with_for_update(key_share=True))


async def held(tx: AsyncConnection, community_id: int, ids: Sequence[int]) -> dict[int, Team]:
    """Be alone with these teams until the commit, which are taken in order; those that stand."""
    here = teams.c.id.in_(ids) & (teams.c.community_id == community_id) & teams.c.removed_at.is_(None)
    query = _TEAM.where(here).order_by(teams.c.id).with_for_update(key_share=True)
    return {team.id: team for team in await _teams(tx, query)}


async def hold_all(tx: AsyncConnection, community_id: int, season: str) -> list[Team]:
    """The season's teams, by name, in which nothing changes from here to the commit."""
    await alone(tx, community_id)
    standing = await of_season(tx, community_id, season)
    locked = await held(tx, community_id, [team.id for team in standing])
    return [locked[team.id] for team in standing if team.id in locked]
