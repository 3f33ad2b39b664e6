"""Forgetting: a person with every trace of them, and a workspace that the bot left long ago.

What a person answered stays as a number: see `residue`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, FromClause, and_, delete, func, select, union, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import notices, partings, residue, tombstones
from bot.store.allegiance import recount
from bot.store.ballots import Account
from bot.store.links import alone
from bot.store.rebuild import rebuild_scores
from bot.store.tables import (
    accounts,
    answers,
    code_guesses,
    communities,
    days,
    later_answers,
    link_codes,
    live_answers,
    live_players,
    live_rounds,
    memberships,
    metadata,
    pending_answers,
    people,
    practice_answers,
    reactions,
    reports,
    schedules,
    sessions,
    streaks,
    teams,
    workspaces,
)

Key: TypeAlias = tuple[str, str, str]
"""An account wherever it is known: platform, realm, user."""

CLOCK = timedelta(days=30)
"""How long the data of a workspace outlasts the bot's being there."""


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How much there was."""

    accounts: int
    answers: int


async def forget(tx: AsyncConnection, account: Account, now: datetime) -> Forgotten:
    """Erase whoever uses an account, with all their linked accounts, in every community."""
    await alone(tx)
    keys, persons = await all_of_one(tx, (account.platform, account.workspace, account.user_id))
    given = sum([await residue.of_answers(tx, community, some) for community, some in persons.items()])
    for community, some in persons.items():
        await _erased(tx, community, some, now)
    for key in sorted(keys):
        await _unnamed(tx, key)
    await tombstones.raise_for(tx, sorted(keys), now)
    return Forgotten(len(keys), given)


async def again(tx: AsyncConnection, now: datetime) -> int:
    """Forget once more whoever a restored backup has brought back; how many accounts that was."""
    stones = await tombstones.all_of(tx)
    if not stones:
        return 0
    key = await tombstones.key(tx, now)
    met = union(
        select(accounts.c.platform, accounts.c.workspace, accounts.c.user_id, accounts.c.created_at.label("at")),
        *(
            select(table.c.platform, table.c.workspace, table.c.user_id, at.label("at"))
            for table, at in (
                (reactions, reactions.c.reacted_at),
                (pending_answers, pending_answers.c.answered_at),
            )
        ),
    ).subquery()
    first = select(met.c.platform, met.c.workspace, met.c.user_id, func.min(met.c.at).label("at"))
    found = (await tx.execute(first.group_by(met.c.platform, met.c.workspace, met.c.user_id))).all()
    number = 0
    for row in found:
        stone = tombstones.mark(key, (row.platform, row.workspace, row.user_id))
        if stone in stones and row.at < stones[stone]:  # who came back since is another matter
            number += (await forget(tx, Account(row.platform, row.workspace, row.user_id, ""), now)).accounts
    return number


async def all_of_one(tx: AsyncConnection, first: Key) -> tuple[set[Key], dict[int, list[int]]]:
    """All accounts that are one person somewhere with the first; and those people, by community."""
    keys, waiting = {first}, [first]
    persons: dict[int, int] = {}
    while waiting:
        found = await tx.execute(
            select(accounts.c.person_id, accounts.c.community_id).where(_is(accounts, waiting.pop()))
        )
        for row in found.all():
            if row.person_id in persons:
                continue
            persons[row.person_id] = row.community_id
            theirs = select(accounts.c.platform, accounts.c.workspace, accounts.c.user_id)
            for each in await tx.execute(theirs.where(accounts.c.person_id == row.person_id)):
                if (key := (each.platform, each.workspace, each.user_id)) not in keys:
                    keys.add(key)
                    waiting.append(key)
    by_community: dict[int, list[int]] = defaultdict(list)
    for person, community in sorted(persons.items()):
        by_community[community].append(person)
    return keys, by_community


async def _erased(tx: AsyncConnection, community: int, some: Sequence[int], now: datetime) -> None:
    zone = (await tx.execute(select(communities.c.zone).where(communities.c.id == community))).scalar_one()
    today = now.astimezone(ZoneInfo(zone)).date()
    await residue.of_teams(tx, community, some, today)
    inside = select(memberships.c.team_id).where(memberships.c.person_id.in_(some)).distinct()
    left = (await tx.execute(inside)).scalars().all()
    for table in (answers, later_answers, practice_answers, sessions, days, streaks, memberships, reports):
        await tx.execute(delete(table).where(table.c.person_id.in_(some)))
    for table in (live_answers, live_players):
        await tx.execute(delete(table).where(table.c.person_id.in_(some)))
    hosted = live_rounds.c.account_id.in_(select(accounts.c.id).where(accounts.c.person_id.in_(some)))
    await tx.execute(update(live_rounds).where(hosted).values(account_id=None))
    await notices.drop_people(tx, some)
    await recount(tx, teams.c.id.in_(left))
    await rebuild_scores(tx, community, today, only=some)
    await tx.execute(delete(accounts).where(accounts.c.person_id.in_(some)))
    await tx.execute(delete(people).where(people.c.id.in_(some)))


async def _unnamed(tx: AsyncConnection, key: Key) -> None:
    """What names the account besides its person."""
    platform, realm, user = key
    for table in (reactions, pending_answers, link_codes, code_guesses):
        await tx.execute(delete(table).where(_is(table, key)))
    told = and_(schedules.c.platform == platform, schedules.c.tell_realm == realm, schedules.c.tell_id == user)
    await tx.execute(update(schedules).where(told).values(tell_realm=None, tell_id=None))
    owned = and_(workspaces.c.platform == platform, workspaces.c.owner_realm == realm, workspaces.c.owner_id == user)
    await tx.execute(update(workspaces).where(owned).values(owner_realm=None, owner_id=None))
    alone_with = and_(workspaces.c.platform == platform, workspaces.c.workspace == f"@{realm}:{user}")
    row = (await tx.execute(select(workspaces).where(alone_with))).one_or_none()
    if row is not None:
        await tx.execute(delete(workspaces).where(alone_with))
        for community in {row.community_id, row.home_id}:
            await _erase_shell(tx, community)


def _is(table: FromClause, key: Key) -> ColumnElement[bool]:
    return and_(table.c.platform == key[0], table.c.workspace == key[1], table.c.user_id == key[2])


# ---------------------------------------------------------------- workspaces


async def gone_long_ago(tx: AsyncConnection, now: datetime, platforms: Collection[str]) -> list[tuple[str, str]]:
    """The workspaces, by platform and id, that the bot left so long ago that their data goes too."""
    over = and_(workspaces.c.left_at <= now - CLOCK, workspaces.c.platform.in_(platforms))
    query = select(workspaces.c.platform, workspaces.c.workspace).where(over)
    return [(row.platform, row.workspace) for row in await tx.execute(query)]


async def forget_workspace(tx: AsyncConnection, platform: str, workspace: str, now: datetime) -> None:
    """Erase a workspace with all that happened in it, unless the bot is back. The others of a joint community stay."""
    await alone(tx)
    here = and_(workspaces.c.platform == platform, workspaces.c.workspace == workspace)
    row = (await tx.execute(select(workspaces, communities.c.zone).join(communities).where(here))).one_or_none()
    if row is None or row.left_at is None:
        return
    today = now.astimezone(ZoneInfo(row.zone)).date()
    own = await partings.leave(tx, platform, workspace, today, now)
    if own is not None:
        await partings.close_idle(tx, row.community_id)
    await _erase_community(tx, own or row.community_id)
    await _erase_shell(tx, row.home_id)


async def _erase_shell(tx: AsyncConnection, community: int) -> None:
    """Erase a community in which nothing is any more, and to which no workspace returns."""
    used = (workspaces.c.community_id == community) | (workspaces.c.home_id == community)
    if (await tx.execute(select(workspaces.c.name).where(used))).first() is None:
        await _erase_community(tx, community)


async def _erase_community(tx: AsyncConnection, community: int) -> None:
    for table in reversed(metadata.sorted_tables):
        if "community_id" in table.c:
            await tx.execute(delete(table).where(table.c.community_id == community))
    await tx.execute(delete(communities).where(communities.c.id == community))
