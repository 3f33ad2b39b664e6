"""Communities that become one.

What happened in a workspace stays that workspace's: its schedules, posts and practice, the teams that were made in it, who
joined one there, and the answers to its posts. Which community they count in is the workspace's at the time, and everything
else is derived from them anew: who is one, which of two answers and memberships counts, question days, boards and streaks.
So nothing is lost by joining, and nothing by leaving: see `partings`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, delete, exists, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import joint_corrections, joint_teams, notices, seasons
from bot.store.allegiance import recount
from bot.store.joint_cards import recard, renumber, twin
from bot.store.links import alone, hide_as, reassign
from bot.store.rebuild import rebuild_scores
from bot.store.tables import (
    accounts,
    answers,
    cards,
    communities,
    later_answers,
    live_answers,
    live_players,
    live_rounds,
    memberships,
    metadata,
    people,
    question_days,
    reports,
    score_counts,
    scores,
    sessions,
    team_scores,
    team_totals,
    teams,
    workspaces,
)
from bot.store.whereabouts import chunks

_DERIVED = (scores, score_counts, question_days, team_scores, team_totals)


@dataclass(frozen=True, slots=True)
class Standing:
    """A community as its admins know it: `workspaces` are the names of those that the bot is in."""

    id: int
    name: str
    zone: str
    workspaces: tuple[str, ...]
    people: int


async def standing(tx: AsyncConnection, community_id: int) -> Standing:
    row = (await tx.execute(select(communities).where(communities.c.id == community_id))).one()
    here = select(workspaces.c.name).where(workspaces.c.community_id == community_id, workspaces.c.left_at.is_(None))
    names = (await tx.execute(here.order_by(workspaces.c.created_at, workspaces.c.name))).scalars()
    everyone = select(func.count()).select_from(people).where(people.c.community_id == community_id)
    return Standing(row.id, row.name, row.zone, tuple(names), (await tx.execute(everyone)).scalar_one())


async def private(tx: AsyncConnection, community_id: int) -> bool:
    """Whether a community is that of one person, who has only ever talked with the bot alone."""
    here = select(workspaces.c.workspace).where(workspaces.c.community_id == community_id)
    every = (await tx.execute(here)).scalars().all()
    return bool(every) and all(each.startswith("@") for each in every)


async def join(tx: AsyncConnection, into: int, joining: int, today: date) -> None:
    """Make one community of two: its name and settings are those of `into`. People with the same account in both are one. What
    was closed of seasons in either is closed. `today` is the date of `into`.

    The settings of `joining` wait in its row for the day on which it parts.
    """
    await alone(tx)
    await recard(tx, joining, joining, into)
    await tx.execute(delete(cards).where(twin(joining, into)))
    merged = await _same_accounts(tx, into, joining)
    await seasons.unite(tx, into, joining, today)
    await joint_teams.merge(tx, into, joining)
    for table in metadata.sorted_tables:
        if table in _DERIVED:
            await tx.execute(delete(table).where(table.c.community_id == joining))
        elif "community_id" in table.c:
            await tx.execute(update(table).where(table.c.community_id == joining).values(community_id=into))
    await joint_corrections.settle(tx, into)
    await reassign(tx, merged)
    await recount(tx, teams.c.community_id == into)
    await renumber(tx, into)
    await rebuild_scores(tx, into, today)
    await remove_empty(tx, merged)


async def _same_accounts(tx: AsyncConnection, into: int, joining: int) -> set[int]:
    """Make one of each two accounts that are the same; the people who become one by that, before and after."""
    ours, theirs = accounts.alias(), accounts.alias()
    same = and_(
        ours.c.platform == theirs.c.platform,
        ours.c.workspace == theirs.c.workspace,
        ours.c.user_id == theirs.c.user_id,
    )
    query = select(
        ours.c.id, ours.c.person_id, ours.c.created_at, theirs.c.id, theirs.c.person_id, theirs.c.created_at
    ).join_from(ours, theirs, same)
    twins = (await tx.execute(query.where(ours.c.community_id == into, theirs.c.community_id == joining))).all()
    one: dict[int, int] = {}
    for _, our_person, _, _, their_person, _ in twins:
        kept, gone = sorted((_root(one, our_person), _root(one, their_person)))
        if kept != gone:
            one[gone] = kept
    for our_id, _, our_time, their_id, their_person, their_time in twins:
        for table in (answers, later_answers, sessions, memberships, reports, live_players, live_answers):
            by_it = (table.c.person_id == their_person) & (table.c.account_id == their_id)
            await tx.execute(update(table).where(by_it).values(account_id=our_id))
        hosted = (live_rounds.c.community_id == joining) & (live_rounds.c.account_id == their_id)
        await tx.execute(update(live_rounds).where(hosted).values(account_id=our_id))
        await tx.execute(delete(accounts).where(accounts.c.id == their_id))
        if their_time < our_time:
            await tx.execute(update(accounts).where(accounts.c.id == our_id).values(created_at=their_time))
    merged = {person for twin in twins for person in (twin[1], twin[4])}
    for person in merged:
        if (root := _root(one, person)) != person:
            await tx.execute(update(accounts).where(accounts.c.person_id == person).values(person_id=root))
            await hide_as(tx, root, [person])
            await notices.inherit(tx, root, person)
    return merged


def _root(one: dict[int, int], person: int) -> int:
    while person in one:
        person = one[person]
    return person


async def remove_empty(tx: AsyncConnection, some: Iterable[int]) -> None:
    """Take away those of these people who have no account any more, and so nothing else either."""
    for few in chunks(sorted(some)):
        owned = exists().where(accounts.c.person_id == people.c.id)
        empty = select(people.c.id).where(people.c.id.in_(few), ~owned)
        await notices.drop_people(tx, list((await tx.execute(empty)).scalars()))
        await tx.execute(delete(people).where(people.c.id.in_(few), ~owned))
