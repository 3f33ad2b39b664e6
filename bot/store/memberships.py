"""Who is in which team.

Whoever changes a person's membership holds the person's row first and the teams' rows after it, in the order of their ids,
so that nobody is counted twice and no team holds more than it may.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.events import Place
from bot.store import bindings, tables, teams, whereabouts
from bot.store.allegiance import IN_FORCE, recount
from bot.store.people import among
from bot.store.tables import later_answers, memberships, people, posts, scores, team_totals
from bot.store.teams import Refusal, Team
from bot.store.whereabouts import Whereabouts


@dataclass(frozen=True, slots=True)
class By:
    """Who joins a team by themselves: by which account, and where."""

    account_id: int
    place: Place


@dataclass(frozen=True, slots=True)
class Moved:
    """Somebody joined a team or left one. `left`: the team they were in before; `dissolved`: it is gone, as nobody is left in it
    and nothing was answered for it.
    """

    joined: Team | None
    left: Team | None
    dissolved: bool


async def join(
    tx: AsyncConnection,
    community_id: int,
    season: str,
    person_id: int,
    team_id: int,
    now: datetime,
    *,
    forced: bool = False,
    by: By | None = None,
) -> Moved | Refusal:
    """Put a person into a team, out of the one that they are in. `forced`: however many there are in it. Without `by` it is
    somebody else who does. HELD and BOUND where a role or user group says who is in their team, or in the one to join.
    """
    current, locked = await _hold(tx, community_id, season, person_id, team_id)
    team = locked.get(team_id)
    if team is None or team.season != season:
        return Refusal.GONE
    if current == team_id:
        return Refusal.ALREADY
    if await bindings.holding(tx, person_id, season) is not None:
        return Refusal.HELD
    where = (await whereabouts.of_people(tx, community_id, [person_id]))[person_id]
    if by is not None:
        there = (by.place.platform, by.place.workspace) if by.place.workspace else (where.platform, where.workspace)
        where = Whereabouts(by.account_id, *there)
    if await bindings.at(tx, team_id, where.platform, where.workspace) is not None:
        return Refusal.BOUND
    most = (await teams.rules(tx, community_id)).most
    if not forced and most is not None and team.members >= most:
        return Refusal.FULL
    left, over = await _out(tx, person_id, season, locked.get(current or 0), now)
    await tx.execute(insert(memberships).values(membership(community_id, season, person_id, team_id, where, now)))
    await count(tx, {team_id: 1})
    return Moved(Team(team.id, team.season, team.name, team.members + 1, team.lasting), left, over)


async def leave(tx: AsyncConnection, community_id: int, season: str, person_id: int, now: datetime) -> Moved | Refusal:
    current, locked = await _hold(tx, community_id, season, person_id, None)
    if current is None or current not in locked:
        return Refusal.ALREADY
    if await bindings.holding(tx, person_id, season) is not None:
        return Refusal.HELD
    left, over = await _out(tx, person_id, season, locked[current], now)
    return Moved(None, left, over)


async def to_deal(tx: AsyncConnection, community_id: int, season: str, months: Sequence[str]) -> dict[int, int]:
    """Who takes part, with the points that teams are balanced by: everyone in a team, and everyone on the board of one of
    `months`, whose first gives the points. Teams that are bound are left out, with all who are in them.
    """
    board = select(scores.c.person_id, scores.c.period, scores.c.points)
    board = board.where(scores.c.community_id == community_id, scores.c.period.in_(months))
    inside = select(memberships.c.person_id).join(tables.teams, tables.teams.c.id == memberships.c.team_id)
    here = (
        (tables.teams.c.community_id == community_id)
        & (tables.teams.c.season == season)
        & tables.teams.c.removed_at.is_(None)
    )
    bound = set((await tx.execute(bindings.members(community_id, season))).scalars())
    points = {person: 0 for person in (await tx.execute(inside.where(here, IN_FORCE))).scalars() if person not in bound}
    for row in await tx.execute(board.order_by(scores.c.person_id)):
        if row.person_id in bound:
            continue
        points[row.person_id] = points.get(row.person_id, 0) + (row.points if row.period == months[0] else 0)
    return points


async def deal(tx: AsyncConnection, community_id: int, season: str, places: Mapping[int, int], now: datetime) -> None:
    """Put every person into the team that `places` gives them, by person; whoever else is in a team of the season, out of it,
    unless that is bound.

    Nobody joins or leaves meanwhile: whoever deals has locked the teams with `hold_all`.
    """
    mine = (memberships.c.community_id == community_id) & (memberships.c.season == season)
    await end(tx, mine & memberships.c.person_id.not_in(bindings.members(community_id, season)), now)
    where = await whereabouts.of_people(tx, community_id, places)
    rows = [
        membership(community_id, season, person, team, where[person], now) for person, team in sorted(places.items())
    ]
    if rows:
        await tx.execute(insert(memberships), rows)
    here = (
        (tables.teams.c.community_id == community_id)
        & (tables.teams.c.season == season)
        & tables.teams.c.removed_at.is_(None)
    )
    await recount(tx, here)


async def season_before(tx: AsyncConnection, community_id: int, season: str) -> str | None:
    """The last season before one in which there were teams that stand."""
    here = and_(
        tables.teams.c.community_id == community_id, tables.teams.c.season < season, tables.teams.c.removed_at.is_(None)
    )
    key: str | None = (await tx.execute(select(func.max(tables.teams.c.season)).where(here))).scalar()
    return key


async def go_on(tx: AsyncConnection, community_id: int, earlier: str, season: str, now: datetime) -> tuple[int, int]:
    """Make the teams of an earlier season again, with whoever was in them and is in none of this season's; a team whose name
    there is already takes them in. How many teams were made, and how many people went into them and others.
    """
    standing = {teams.sort_name(team.name): team.id for team in await teams.hold_all(tx, community_id, season)}
    before = await teams.of_season(tx, community_id, earlier)
    new = [team for team in before if teams.sort_name(team.name) not in standing]
    for team in new:
        made = await teams.create(
            tx, community_id, season, team.name, now, lasting=team.lasting, place=await teams.made_at(tx, team.id)
        )
        if isinstance(made, Team):
            standing[teams.sort_name(team.name)] = made.id
    after = {team.id: standing[teams.sort_name(team.name)] for team in before if teams.sort_name(team.name) in standing}
    placed = select(memberships.c.person_id)
    placed = placed.where(memberships.c.season == season, IN_FORCE)
    query = select(memberships)
    query = query.where(memberships.c.team_id.in_(after), IN_FORCE)
    query = query.where(memberships.c.person_id.not_in(placed)).order_by(memberships.c.person_id)
    rows = [
        membership(
            community_id,
            season,
            row.person_id,
            after[row.team_id],
            Whereabouts(row.account_id, row.platform, row.workspace),
            now,
        )
        for row in await tx.execute(query)
    ]
    if rows:
        await tx.execute(insert(memberships), rows)
        await count(tx, Counter(row["team_id"] for row in rows))
    await bindings.carry(tx, after, now)
    return len(new), len(rows)


def membership(
    community_id: int, season: str, person_id: int, team_id: int, where: Whereabouts, now: datetime
) -> dict[str, Any]:
    return {
        "person_id": person_id,
        "season": season,
        "since": now,
        "community_id": community_id,
        "team_id": team_id,
        "account_id": where.account_id,
        "platform": where.platform,
        "workspace": where.workspace,
    }


async def _hold(
    tx: AsyncConnection, community_id: int, season: str, person_id: int, team_id: int | None
) -> tuple[int | None, dict[int, Team]]:
    """Be alone with a person and with the teams that they are in and want to be in, until the commit: the team that they are
    in, and the teams that stand.
    """
    await among(tx)
    await tx.execute(select(people.c.id).where(people.c.id == person_id).with_for_update(key_share=True))
    mine = (memberships.c.person_id == person_id) & (memberships.c.season == season) & IN_FORCE
    query = select(memberships.c.team_id).where(mine)
    while True:  # teams that are balanced or removed move people whom we hold
        current: int | None = (await tx.execute(query)).scalar()
        locked = await teams.held(tx, community_id, [each for each in (current, team_id) if each is not None])
        if (await tx.execute(query)).scalar() == current:
            return current, locked


async def _out(
    tx: AsyncConnection, person_id: int, season: str, team: Team | None, now: datetime
) -> tuple[Team | None, bool]:
    """Take a person out of the team that they are in, and of those that they are in as another account; whether it dissolves."""
    if team is None:
        return None, False
    await end(tx, (memberships.c.person_id == person_id) & (memberships.c.season == season), now)
    await count(tx, {team.id: -1})
    after = Team(team.id, team.season, team.name, team.members - 1, team.lasting)
    return after, await dissolved(tx, after, now)


async def dissolved(tx: AsyncConnection, team: Team, now: datetime) -> bool:
    """Whether a team is gone, now that it is as it is: nobody is left in it, nothing was answered for it, and nobody may come
    into it by a role.
    """
    if team.members or team.lasting or await bindings.of_teams(tx, [team.id]):
        return False
    if await _stood_by(tx, team) or await _answered_for(tx, team):
        return False
    await tx.execute(update(tables.teams).where(tables.teams.c.id == team.id).values(removed_at=now))
    return True


async def end(tx: AsyncConnection, which: ColumnElement[bool], now: datetime) -> None:
    """End memberships; one that began in this very moment was none."""
    standing = and_(which, memberships.c.until.is_(None))
    await tx.execute(delete(memberships).where(standing, memberships.c.since >= now))
    await tx.execute(update(memberships).where(standing).values(until=now))


async def count(tx: AsyncConnection, more: Mapping[int, int]) -> None:
    """So many members more or fewer, by team."""
    members = tables.teams.c.members + case(more, value=tables.teams.c.id)
    await tx.execute(update(tables.teams).where(tables.teams.c.id.in_(more)).values(members=members))


async def _stood_by(tx: AsyncConnection, team: Team) -> bool:
    """Whether anybody would be in a team if their accounts or communities parted."""
    standing = (memberships.c.team_id == team.id) & memberships.c.until.is_(None)
    return (await tx.execute(select(memberships.c.team_id).where(standing).limit(1))).first() is not None


async def _answered_for(tx: AsyncConnection, team: Team) -> bool:
    """Whether anything was answered for a team, or may yet be: a question is open that opened while it stood."""
    here = tables.teams.c.id == team.id
    total = (team_totals.c.community_id == tables.teams.c.community_id) & (team_totals.c.period == team.season)
    counted = select(team_totals.c.team_id).join(tables.teams, tables.teams.c.id == team_totals.c.team_id)
    aside = select(later_answers.c.id).where(later_answers.c.team_id == team.id).limit(1)
    for found in (counted.where(here, total), aside):
        if (await tx.execute(found)).first() is not None:
            return True
    going_on = posts.c.state.in_(("claimed", "open", "collecting")) & (posts.c.opens_at >= tables.teams.c.created_at)
    asked = select(posts.c.id).join(tables.teams, tables.teams.c.community_id == posts.c.community_id)
    return (await tx.execute(asked.where(here, going_on).limit(1))).first() is not None


async def remove_team(tx: AsyncConnection, community_id: int, team_id: int, now: datetime) -> Refusal | None:
    """End a team: whoever was in it is in none, by whichever account. What was answered for it stays where it was counted."""
    await among(tx)
    locked = await teams.held(tx, community_id, [team_id])
    if team_id not in locked:
        return Refusal.GONE
    members = (
        await tx.execute(select(memberships.c.person_id).where(memberships.c.team_id == team_id, IN_FORCE))
    ).scalars()
    for few in whereabouts.chunks(sorted(members)):
        theirs = memberships.c.person_id.in_(few) & (memberships.c.season == locked[team_id].season)
        await end(tx, theirs, now)
    await end(tx, memberships.c.team_id == team_id, now)
    await tx.execute(update(tables.teams).where(tables.teams.c.id == team_id).values(members=0, removed_at=now))
    await bindings.drop(tx, team_id)
    return None
