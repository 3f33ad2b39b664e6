"""Workspaces that leave a joint community again: each with all that happened in it, see `unions`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import RowMapping, and_, delete, exists, insert, literal, or_, select, union, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import joint_corrections, joint_teams, questions
from bot.store.joint_cards import copy_cards, recard, renumber
from bot.store.links import alone, reassign
from bot.store.people import account_ids
from bot.store.rebuild import rebuild_scores
from bot.store.tables import (
    Moment,
    accounts,
    answers,
    communities,
    corrections,
    forgotten_answers,
    later_answers,
    link_codes,
    live_answers,
    live_players,
    live_rounds,
    memberships,
    people,
    post_events,
    posts,
    practice_answers,
    recaps,
    reports,
    retired_cards,
    schedules,
    sessions,
    workspaces,
)
from bot.store.tables import pending_answers as pending
from bot.store.tables import reactions as reacted
from bot.store.unions import remove_empty
from bot.store.whereabouts import chunks


async def leave(tx: AsyncConnection, platform: str, workspace: str, today: date, now: datetime) -> int | None:
    """Take a workspace out of a joint community, back into its own; that one, or None when it is in no joint one.

    Everybody who did something there is there again, by all their accounts, and stays where they did something else, too.
    """
    await alone(tx)
    here = and_(workspaces.c.platform == platform, workspaces.c.workspace == workspace)
    row = (await tx.execute(select(workspaces).where(here))).one()
    joint = row.community_id
    others = select(workspaces.c.name).where(workspaces.c.community_id == joint, ~here)
    others = others.where(~workspaces.c.workspace.startswith("@"))  # nobody parts from one person's conversation
    staying: str | None = (await tx.execute(others.order_by(workspaces.c.created_at).limit(1))).scalar_one_or_none()
    if staying is None:
        return None
    own = row.home_id
    if own == joint:  # the others joined it: it leaves them the community, and founds another
        names = [column.name for column in communities.c if column.name not in ("id", "name", "created_at")]
        ours = select(literal(row.name), *(communities.c[name] for name in names), literal(now, Moment))
        ours = ours.where(communities.c.id == joint)
        founded = insert(communities).from_select(["name", *names, "created_at"], ours)
        own = (await tx.execute(founded.returning(communities.c.id))).scalar_one()
        called = (communities.c.id == joint) & (communities.c.name == row.name)
        await tx.execute(update(communities).where(called).values(name=staying))
    seasons = select(communities.c.seasons).where(communities.c.id == joint).scalar_subquery()
    await tx.execute(update(communities).where(communities.c.id == own).values(seasons=seasons))
    await tx.execute(update(workspaces).where(here).values(community_id=own, home_id=own))
    await tx.execute(delete(link_codes).where(link_codes.c.community_id == joint))
    its = select(posts.c.id).where(posts.c.platform == platform, posts.c.workspace == workspace)
    for table in (schedules, posts, recaps, retired_cards, live_rounds):
        at = and_(table.c.platform == platform, table.c.workspace == workspace)
        await tx.execute(update(table).where(at).values(community_id=own))
    await questions.part(tx, (joint, own))
    for table in (post_events, reacted, pending, forgotten_answers):
        await tx.execute(update(table).where(table.c.post_id.in_(its)).values(community_id=own))
    rounds = select(live_rounds.c.id).where(live_rounds.c.platform == platform, live_rounds.c.workspace == workspace)
    for table in (live_players, live_answers):
        await tx.execute(update(table).where(table.c.round_id.in_(rounds)).values(community_id=own))
    played = and_(sessions.c.platform == platform, sessions.c.workspace == workspace)
    joined = and_(memberships.c.platform == platform, memberships.c.workspace == workspace)
    where = {
        answers: answers.c.post_id.in_(its),
        later_answers: later_answers.c.post_id.in_(its),
        sessions: and_(sessions.c.community_id == joint, played),
        memberships: and_(memberships.c.community_id == joint, joined),
        reports: and_(reports.c.platform == platform, reports.c.workspace == workspace),
        live_players: live_players.c.round_id.in_(rounds),
        live_answers: live_answers.c.round_id.in_(rounds),
    }
    moved = await _part(tx, joint, own, platform, workspace)
    for old, new in moved.accounts.items():
        who = {"community_id": own, "account_id": new, "person_id": moved.people[moved.holders[old]]}
        for table, its_own in where.items():
            by_it = and_(table.c.person_id == moved.holders[old], table.c.account_id == old, its_own)
            await tx.execute(update(table).where(by_it).values(who))
        hosted = and_(live_rounds.c.id.in_(rounds), live_rounds.c.account_id == old)
        await tx.execute(update(live_rounds).where(hosted).values(account_id=new))
    practised = practice_answers.c.session_id.in_(select(sessions.c.id).where(sessions.c.community_id == own))
    await tx.execute(update(practice_answers).where(practised).values(community_id=own))
    await joint_corrections.part(tx, joint, own, platform, workspace, moved.people)
    await copy_cards(tx, joint, own)
    await recard(tx, own, joint, own)
    for community in (joint, own):
        await joint_corrections.settle(tx, community)
    await joint_teams.part(tx, joint, own, platform, workspace)
    gone = await _close_accounts(tx, moved.people)
    for community in (joint, own):
        await renumber(tx, community)
    await reassign(tx, {*moved.people, *moved.people.values()})
    for community in (joint, own):
        await rebuild_scores(tx, community, today)
    await remove_empty(tx, gone)
    return int(own)


@dataclass(frozen=True, slots=True)
class _Parted:
    """Who is there twice now: new people by old, new accounts by old, and whose the old accounts are."""

    people: dict[int, int]
    accounts: dict[int, int]
    holders: dict[int, int]


async def _part(tx: AsyncConnection, joint: int, own: int, platform: str, workspace: str) -> _Parted:
    """Make people and accounts in a workspace's own community of those who did something there, or are of its realm."""
    asked = and_(posts.c.platform == platform, posts.c.workspace == workspace)
    concerned = union(
        select(answers.c.person_id).join(posts, posts.c.id == answers.c.post_id).where(asked),
        select(later_answers.c.person_id).join(posts, posts.c.id == later_answers.c.post_id).where(asked),
        select(sessions.c.person_id).where(
            sessions.c.platform == platform, sessions.c.workspace == workspace, sessions.c.community_id == joint
        ),
        select(memberships.c.person_id).where(
            memberships.c.platform == platform,
            memberships.c.workspace == workspace,
            memberships.c.community_id == joint,
        ),
        *(
            select(table.c.person_id).where(
                table.c.platform == platform, table.c.workspace == workspace, table.c.community_id == joint
            )
            for table in (reports, corrections)
        ),
        select(live_players.c.person_id)
        .join(live_rounds, live_rounds.c.id == live_players.c.round_id)
        .where(live_rounds.c.platform == platform, live_rounds.c.workspace == workspace),
        select(accounts.c.person_id)
        .join(live_rounds, live_rounds.c.account_id == accounts.c.id)
        .where(live_rounds.c.platform == platform, live_rounds.c.workspace == workspace),
        select(accounts.c.person_id).where(
            accounts.c.community_id == joint, accounts.c.platform == platform, accounts.c.workspace == workspace
        ),
    ).subquery()
    query = select(people).where(people.c.id.in_(select(concerned.c.person_id))).order_by(people.c.id)
    old_people = (await tx.execute(query)).mappings().all()
    held: dict[int, list[RowMapping]] = defaultdict(list)
    for few in chunks([person["id"] for person in old_people]):
        for row in (await tx.execute(select(accounts).where(accounts.c.person_id.in_(few)))).mappings():
            held[row["person_id"]].append(row)
    ids = iter(await account_ids(tx, sum(map(len, held.values()))))
    parted = _Parted({}, {}, {})
    for person in old_people:
        copied = {name: value for name, value in person.items() if name != "id"}
        made = insert(people).values({**copied, "community_id": own}).returning(people.c.id)
        new = parted.people[person["id"]] = (await tx.execute(made)).scalar_one()
        for account in held[person["id"]]:
            parted.holders[account["id"]] = person["id"]
            parted.accounts[account["id"]] = next(ids)
            its = {"id": parted.accounts[account["id"]], "community_id": own, "person_id": new}
            await tx.execute(insert(accounts).values({**account, **its}))
    return parted


async def _close_accounts(tx: AsyncConnection, some: Iterable[int]) -> list[int]:
    """Of the people who are elsewhere too now, close the accounts of those who have done nothing here; who that is."""
    gone: list[int] = []
    for few in chunks(sorted(some)):
        anything = or_(
            *(
                exists().where(table.c.person_id == people.c.id)
                for table in (answers, later_answers, sessions, memberships, reports, corrections, live_players)
            ),
            exists().where(live_rounds.c.account_id == accounts.c.id, accounts.c.person_id == people.c.id),
        )
        idle = (await tx.execute(select(people.c.id).where(people.c.id.in_(few), ~anything))).scalars().all()
        await tx.execute(delete(accounts).where(accounts.c.person_id.in_(idle)))
        gone += idle
    return gone


async def close_idle(tx: AsyncConnection, community: int) -> None:
    """Let go of those who have done nothing, and whose platforms have no workspace in the community any more."""
    near = select(workspaces.c.platform).where(workspaces.c.community_id == community)
    reached = exists().where(accounts.c.person_id == people.c.id, accounts.c.platform.in_(near))
    far = (await tx.execute(select(people.c.id).where(people.c.community_id == community, ~reached))).scalars().all()
    await remove_empty(tx, await _close_accounts(tx, far))
