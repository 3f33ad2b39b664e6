"""A season's teams, and who is in them.

Whoever changes a person's membership holds the person's row first and the teams' rows after it, in the order of their ids,
so that nobody is counted twice and no team holds more than it may.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, Select, and_, case, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.quiz.standings import Scoring
from bot.store.tables import communities, memberships, people, scores, team_totals, teams

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


@dataclass(frozen=True, slots=True)
class Rules:
    """How a community's teams compare, and how many people may be in one; None: any number."""

    scoring: Scoring
    most: int | None


@dataclass(frozen=True, slots=True)
class Moved:
    """Somebody joined a team or left one. `left`: the team they were in before; `dissolved`: it is gone, as nobody is left in it
    and nothing was ever answered for it.
    """

    joined: Team | None
    left: Team | None
    dissolved: bool


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
    mine = (memberships.c.person_id == person_id) & (memberships.c.season == season) & memberships.c.until.is_(None)
    return next(iter(await _teams(tx, query.where(mine))), None)


async def named_members(tx: AsyncConnection, team_id: int, most: int) -> list[str]:
    """The names of a team's members who don't hide, in order, so many at most."""
    here = (memberships.c.team_id == team_id) & memberships.c.until.is_(None) & ~people.c.hidden
    query = select(people.c.name).join(memberships, memberships.c.person_id == people.c.id).where(here)
    return list((await tx.execute(query.order_by(func.lower(people.c.name), people.c.id).limit(most))).scalars())


# ---------------------------------------------------------------- making and unmaking


async def create(
    tx: AsyncConnection, community_id: int, season: str, name: str, now: datetime, *, lasting: bool
) -> Team | Refusal:
    await _alone(tx, community_id)
    standing = await of_season(tx, community_id, season)
    if len(standing) >= MOST:
        return Refusal.MANY
    if await named(tx, community_id, season, name) is not None:
        return Refusal.TAKEN
    made = insert(teams).values(
        community_id=community_id,
        season=season,
        name=name,
        sort_name=sort_name(name),
        members=0,
        lasting=lasting,
        created_at=now,
    )
    number: int = (await tx.execute(made.returning(teams.c.id))).scalar_one()
    return Team(number, season, name, 0, lasting)


async def rename(tx: AsyncConnection, community_id: int, team: Team, name: str) -> Refusal | None:
    await _alone(tx, community_id)
    other = await named(tx, community_id, team.season, name)
    if other is not None and other.id != team.id:
        return Refusal.TAKEN
    here = (teams.c.id == team.id) & (teams.c.community_id == community_id) & teams.c.removed_at.is_(None)
    renamed = await tx.execute(update(teams).where(here).values(name=name, sort_name=sort_name(name)))
    return None if renamed.rowcount else Refusal.GONE


async def remove(tx: AsyncConnection, community_id: int, team_id: int, now: datetime) -> Refusal | None:
    """End a team: whoever was in it is in none. What was answered for it stays where it was counted."""
    locked = await _locked(tx, community_id, [team_id])
    if team_id not in locked:
        return Refusal.GONE
    await _end(tx, memberships.c.team_id == team_id, now)
    await tx.execute(update(teams).where(teams.c.id == team_id).values(members=0, removed_at=now))
    return None


# ---------------------------------------------------------------- joining and leaving


async def join(
    tx: AsyncConnection,
    community_id: int,
    season: str,
    person_id: int,
    team_id: int,
    now: datetime,
    *,
    forced: bool = False,
) -> Moved | Refusal:
    """Put a person into a team, out of the one that they are in. `forced`: however many there are in it."""
    current, locked = await _hold(tx, community_id, season, person_id, team_id)
    team = locked.get(team_id)
    if team is None or team.season != season:
        return Refusal.GONE
    if current == team_id:
        return Refusal.ALREADY
    most = (await rules(tx, community_id)).most
    if not forced and most is not None and team.members >= most:
        return Refusal.FULL
    left, dissolved = await _out(tx, person_id, season, locked.get(current or 0), now)
    await tx.execute(insert(memberships).values(_membership(community_id, season, person_id, team_id, now)))
    await _count(tx, {team_id: 1})
    return Moved(Team(team.id, team.season, team.name, team.members + 1, team.lasting), left, dissolved)


async def leave(tx: AsyncConnection, community_id: int, season: str, person_id: int, now: datetime) -> Moved | Refusal:
    current, locked = await _hold(tx, community_id, season, person_id, None)
    if current is None or current not in locked:
        return Refusal.ALREADY
    left, dissolved = await _out(tx, person_id, season, locked[current], now)
    return Moved(None, left, dissolved)


async def to_deal(tx: AsyncConnection, community_id: int, season: str, months: Sequence[str]) -> dict[int, int]:
    """Who takes part, with the points that teams are balanced by: everyone in a team, and everyone on the board of one of
    `months`, whose first gives the points.
    """
    board = select(scores.c.person_id, scores.c.period, scores.c.points)
    board = board.where(scores.c.community_id == community_id, scores.c.period.in_(months))
    inside = select(memberships.c.person_id).join(teams, teams.c.id == memberships.c.team_id)
    here = (teams.c.community_id == community_id) & (teams.c.season == season) & teams.c.removed_at.is_(None)
    points = dict.fromkeys((await tx.execute(inside.where(here, memberships.c.until.is_(None)))).scalars(), 0)
    for row in await tx.execute(board.order_by(scores.c.person_id)):
        points[row.person_id] = points.get(row.person_id, 0) + (row.points if row.period == months[0] else 0)
    return points


async def deal(tx: AsyncConnection, community_id: int, season: str, places: Mapping[int, int], now: datetime) -> None:
    """Put every person into the team that `places` gives them, by person; whoever else is in a team of the season, out of it.

    Nobody joins or leaves meanwhile: whoever deals has locked the teams with `hold_all`.
    """
    mine = (memberships.c.community_id == community_id) & (memberships.c.season == season)
    await _end(tx, mine, now)
    rows = [_membership(community_id, season, person, team, now) for person, team in sorted(places.items())]
    if rows:
        await tx.execute(insert(memberships), rows)
    held = select(func.count()).where(memberships.c.team_id == teams.c.id, memberships.c.until.is_(None))
    here = (teams.c.community_id == community_id) & (teams.c.season == season) & teams.c.removed_at.is_(None)
    await tx.execute(update(teams).where(here).values(members=held.scalar_subquery()))


async def hold_all(tx: AsyncConnection, community_id: int, season: str) -> list[Team]:
    """The season's teams, by name, in which nothing changes from here to the commit."""
    await _alone(tx, community_id)
    standing = await of_season(tx, community_id, season)
    locked = await _locked(tx, community_id, [team.id for team in standing])
    return [locked[team.id] for team in standing if team.id in locked]


def _membership(community_id: int, season: str, person_id: int, team_id: int, now: datetime) -> dict[str, Any]:
    return {
        "person_id": person_id,
        "season": season,
        "since": now,
        "community_id": community_id,
        "team_id": team_id,
    }


async def _alone(tx: AsyncConnection, community_id: int) -> None:
    """Be alone with the names of a community's teams until the commit."""
    held = select(communities.c.id).where(communities.c.id == community_id)
    await tx.execute(held.with_for_update(key_share=True))


async def _hold(
    tx: AsyncConnection, community_id: int, season: str, person_id: int, team_id: int | None
) -> tuple[int | None, dict[int, Team]]:
    """Be alone with a person and with the teams that they are in and want to be in, until the commit: the team that they are
    in, and the teams that stand.
    """
    await tx.execute(select(people.c.id).where(people.c.id == person_id).with_for_update(key_share=True))
    mine = (memberships.c.person_id == person_id) & (memberships.c.season == season) & memberships.c.until.is_(None)
    query = select(memberships.c.team_id).where(mine)
    while True:  # teams that are balanced or removed move people whom we hold
        current: int | None = (await tx.execute(query)).scalar()
        locked = await _locked(tx, community_id, [each for each in (current, team_id) if each is not None])
        if (await tx.execute(query)).scalar() == current:
            return current, locked


async def _locked(tx: AsyncConnection, community_id: int, ids: Sequence[int]) -> dict[int, Team]:
    here = teams.c.id.in_(ids) & (teams.c.community_id == community_id) & teams.c.removed_at.is_(None)
    query = _TEAM.where(here).order_by(teams.c.id).with_for_update(key_share=True)
    return {team.id: team for team in await _teams(tx, query)}


async def _out(
    tx: AsyncConnection, person_id: int, season: str, team: Team | None, now: datetime
) -> tuple[Team | None, bool]:
    """Take a person out of the team that they are in; whether it dissolves."""
    if team is None:
        return None, False
    await _end(tx, (memberships.c.person_id == person_id) & (memberships.c.season == season), now)
    await _count(tx, {team.id: -1})
    after = Team(team.id, team.season, team.name, team.members - 1, team.lasting)
    if after.members or after.lasting or await _answered(tx, team):
        return after, False
    await tx.execute(update(teams).where(teams.c.id == team.id).values(removed_at=now))
    return after, True


async def _end(tx: AsyncConnection, which: Any, now: datetime) -> None:  # noqa: ANN401 - SQLAlchemy's conditions
    """End memberships; one that began in this very moment was none."""
    standing = and_(which, memberships.c.until.is_(None))
    await tx.execute(delete(memberships).where(standing, memberships.c.since >= now))
    await tx.execute(update(memberships).where(standing).values(until=now))


async def _count(tx: AsyncConnection, more: Mapping[int, int]) -> None:
    members = teams.c.members + case(more, value=teams.c.id)
    await tx.execute(update(teams).where(teams.c.id.in_(more)).values(members=members))


async def _answered(tx: AsyncConnection, team: Team) -> bool:
    query = select(team_totals.c.team_id).join(teams, teams.c.id == team_totals.c.team_id)
    query = query.where(team_totals.c.community_id == teams.c.community_id, team_totals.c.period == team.season)
    return (await tx.execute(query.where(teams.c.id == team.id))).first() is not None
