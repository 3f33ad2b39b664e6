"""Memberships follow what platforms say: whoever is in the role or user group of a bound team is in the team, and nobody else
who came into it there.

A membership begins when it is noticed, and ends when it is. What was open then is answered for the team of before, as with
everybody who joins or leaves. Only somebody who has answered nothing since a team was bound, and was in none since, is taken
to have been in the role all along.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import and_, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import bindings, teams
from bot.store.allegiance import IN_FORCE
from bot.store.ballots import Account
from bot.store.bindings import BY, STANDS, Binding
from bot.store.memberships import count, dissolved, end, membership
from bot.store.people import among
from bot.store.tables import accounts, answers, later_answers, memberships, people
from bot.store.tables import bindings as kept_bindings
from bot.store.teams import Team
from bot.store.whereabouts import Whereabouts, chunks

TOGETHER: Final = 100
"""People in one transaction: their rows are held until it is over."""


@dataclass(frozen=True, slots=True)
class Ground:
    """Where people are seen: a workspace, its community, and the season that is on."""

    community_id: int
    platform: str
    workspace: str
    season: str


@dataclass(frozen=True, slots=True)
class Sighting:
    """An account, and the ids of all roles or user groups of the workspace that it is in."""

    account_id: int
    groups: frozenset[str]


@dataclass(frozen=True, slots=True)
class Held:
    """The team that somebody is in, and by which binding and account, unless they are an ordinary member."""

    team_id: int
    by: Binding | None
    account_id: int


def due(bound: Sequence[Binding], ground: Ground, sighting: Sighting, held: Held | None) -> tuple[bool, Binding | None]:
    """Whether somebody is not where they belong, and whither they do; None: out of the team that they are in.

    `bound` are the workspace's bindings that stand, the first bound first.
    """
    wanted = next((each for each in bound if each.group.id in sighting.groups), None)
    by = None if held is None else held.by
    mine = by is not None and held is not None and _here(by, ground) and held.account_id == sighting.account_id
    if wanted is None:
        return mine, None
    if held is not None and held.team_id == wanted.team_id:
        return False, None
    if by is not None and not mine and by.order < wanted.order:  # by another account, or in another workspace
        return False, None
    return True, wanted


def _here(binding: Binding, ground: Ground) -> bool:
    return (binding.platform, binding.workspace) == (ground.platform, ground.workspace)


async def of_accounts(tx: AsyncConnection, ground: Ground, every: Collection[Account]) -> dict[Account, int]:
    """The ids of those accounts that the community knows, by the account."""
    by_realm: dict[tuple[str, str], dict[str, Account]] = defaultdict(dict)
    for each in every:
        by_realm[each.platform, each.workspace][each.user_id] = each
    found: dict[Account, int] = {}
    for (platform, realm), theirs in sorted(by_realm.items()):
        here = and_(accounts.c.platform == platform, accounts.c.workspace == realm)
        for few in chunks(sorted(theirs)):
            query = select(accounts.c.id, accounts.c.user_id)
            query = query.where(accounts.c.community_id == ground.community_id, here, accounts.c.user_id.in_(few))
            found |= {theirs[row.user_id]: row.id for row in await tx.execute(query)}
    return found


async def astray(tx: AsyncConnection, ground: Ground, every: Sequence[Sighting]) -> list[Sighting]:
    """Those who are not in the team that they belong in."""
    bound = await _bound(tx, ground)
    whose = await _people(tx, ground, every)
    held = await _held(tx, ground.season, whose.values())
    return [
        each
        for each in every
        if each.account_id in whose and due(bound, ground, each, held.get(whose[each.account_id]))[0]
    ]


async def inside(tx: AsyncConnection, ground: Ground) -> dict[Account, int]:
    """The accounts by which people are in one of the workspace's bound teams, with their ids."""
    here = and_(kept_bindings.c.platform == ground.platform, kept_bindings.c.workspace == ground.workspace, STANDS)
    query = select(accounts).join(memberships, memberships.c.account_id == accounts.c.id).join(kept_bindings, BY)
    query = query.where(here, memberships.c.season == ground.season, IN_FORCE)
    return {Account(row.platform, row.workspace, row.user_id, row.name): row.id for row in await tx.execute(query)}


async def follow(tx: AsyncConnection, ground: Ground, every: Sequence[Sighting], now: datetime) -> int:
    """Put people into the teams that they belong in, and out of those that they don't; how many moved. At most `TOGETHER`.

    Like whoever changes memberships, this holds the people first and the teams after them, each in the order of their ids.
    """
    await among(tx)
    whose = await _people(tx, ground, every)
    if not whose:
        return 0
    some = sorted(set(whose.values()))
    query = select(people.c.id).where(people.c.id.in_(some)).order_by(people.c.id)
    await tx.execute(query.with_for_update(key_share=True))
    while True:  # teams that are balanced, removed or bound move people whom we hold
        bound, held = await _bound(tx, ground), await _held(tx, ground.season, some)
        concerned = {each.team_id for each in bound} | await _aside(tx, ground.season, some)
        standing = await teams.held(tx, ground.community_id, sorted(concerned))
        if (await _bound(tx, ground), await _held(tx, ground.season, some)) == (bound, held):
            break
    moves: dict[int, tuple[int, Binding | None]] = {}
    for sighting in every:
        person = whose.get(sighting.account_id)
        if person is None or person in moves:  # linked, and seen as both at once
            continue
        moving, whither = due(bound, ground, sighting, held.get(person))
        if moving and (whither is None or whither.team_id in standing):
            moves[person] = sighting.account_id, whither
    if moves:
        await _move(tx, ground, moves, held, standing, now)
    return len(moves)


async def _move(
    tx: AsyncConnection,
    ground: Ground,
    moves: Mapping[int, tuple[int, Binding | None]],
    held: Mapping[int, Held],
    standing: Mapping[int, Team],
    now: datetime,
) -> None:
    since = await _since(tx, ground.season, moves, now)
    ours = memberships.c.season == ground.season
    coming = [person for person, (_, whither) in moves.items() if whither is not None]
    leaving = sorted(moves.keys() - {*coming})
    await end(tx, and_(memberships.c.person_id.in_(coming), ours), now)
    await end(tx, and_(memberships.c.person_id.in_(leaving), ours, IN_FORCE), now)
    more = await _next(tx, ground.season, leaving)
    rows = []
    for person, (account, whither) in sorted(moves.items()):
        if person in held:
            more[held[person].team_id] -= 1
        if whither is None:
            continue
        more[whither.team_id] += 1
        where = Whereabouts(account, ground.platform, ground.workspace)
        begun = since.get(person, now)
        rows.append(membership(ground.community_id, ground.season, person, whither.team_id, where, begun))
    if rows:
        await tx.execute(insert(memberships), rows)
    if more := Counter({number: change for number, change in more.items() if change}):
        await count(tx, more)
    for number, change in sorted(more.items()):
        before = standing.get(number)
        if before is not None and change < 0:
            after = Team(before.id, before.season, before.name, before.members + change, before.lasting)
            await dissolved(tx, after, now)


async def _next(tx: AsyncConnection, season: str, leaving: Sequence[int]) -> Counter[int]:
    """Those who leave a team are in the next that they joined, by another account; how many more that makes, by team."""
    aside = and_(memberships.c.person_id.in_(leaving), memberships.c.season == season, memberships.c.until.is_(None))
    query = select(memberships.c.id, memberships.c.person_id, memberships.c.team_id).where(aside)
    first: dict[int, tuple[int, int]] = {}
    for row in await tx.execute(query.order_by(memberships.c.since, memberships.c.id)):
        first.setdefault(row.person_id, (row.id, row.team_id))
    counts = memberships.c.id.in_([number for number, _ in first.values()])
    await tx.execute(update(memberships).where(counts).values(apart=False))
    return Counter(team for _, team in first.values())


async def _since(
    tx: AsyncConnection, season: str, moves: Mapping[int, tuple[int, Binding | None]], now: datetime
) -> dict[int, datetime]:
    """Since when they are in the team, of those who have not been heard of since it was bound: since then."""
    by_binding: dict[Binding, list[int]] = defaultdict(list)
    for person, (_, whither) in moves.items():
        if whither is not None:
            by_binding[whither].append(person)
    found: dict[int, datetime] = {}
    for binding, some in by_binding.items():
        at = min(binding.created_at, now)
        lately = or_(memberships.c.until.is_(None), memberships.c.until > at)
        heard_of = [
            select(memberships.c.person_id).where(
                memberships.c.person_id.in_(some), memberships.c.season == season, lately
            ),
            *(
                select(table.c.person_id).where(table.c.person_id.in_(some), table.c.answered_at >= at)
                for table in (answers, later_answers)
            ),
        ]
        known: set[int] = set()
        for query in heard_of:
            known |= set((await tx.execute(query.distinct())).scalars())
        found |= dict.fromkeys(set(some) - known, at)
    return found


# ---------------------------------------------------------------- how things stand


async def _bound(tx: AsyncConnection, ground: Ground) -> list[Binding]:
    every = await bindings.of_workspace(tx, ground.platform, ground.workspace, ground.season)
    return [each for each in every if not each.gone]


async def _people(tx: AsyncConnection, ground: Ground, every: Sequence[Sighting]) -> dict[int, int]:
    """Whose the accounts are now, in this community."""
    found: dict[int, int] = {}
    for few in chunks(sorted({each.account_id for each in every})):
        query = select(accounts.c.id, accounts.c.person_id)
        query = query.where(accounts.c.id.in_(few), accounts.c.community_id == ground.community_id)
        found |= {row.id: row.person_id for row in await tx.execute(query)}
    return found


async def _aside(tx: AsyncConnection, season: str, some: Sequence[int]) -> set[int]:
    """The teams that people are in, by whichever account."""
    theirs = and_(memberships.c.person_id.in_(some), memberships.c.season == season, memberships.c.until.is_(None))
    return set((await tx.execute(select(memberships.c.team_id).where(theirs))).scalars())


async def _held(tx: AsyncConnection, season: str, some: Iterable[int]) -> dict[int, Held]:
    """The teams that people are in, by person."""
    found: dict[int, Held] = {}
    for few in chunks(sorted(set(some))):
        theirs = and_(memberships.c.person_id.in_(few), memberships.c.season == season, IN_FORCE)
        inside = select(memberships.c.person_id, memberships.c.team_id, memberships.c.account_id, kept_bindings.c.id)
        rows = (await tx.execute(inside.outerjoin(kept_bindings, and_(BY, STANDS)).where(theirs))).all()
        by_team = await bindings.of_teams(tx, sorted({row.team_id for row in rows if row.id is not None}))
        known = {each.id: each for every in by_team.values() for each in every}
        found |= {row.person_id: Held(row.team_id, known.get(row.id), row.account_id) for row in rows}
    return found
