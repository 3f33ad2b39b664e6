"""Communities that become one, and workspaces that leave a joint one again.

What happened in a workspace stays that workspace's: its schedules, posts and practice, and the answers to its posts. Which
community they count in is the workspace's at the time, and everything else is derived from them anew: who is one, which of
two answers counts, question days, boards and streaks. So nothing is lost by joining, and nothing by leaving.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import (
    ColumnElement,
    RowMapping,
    and_,
    delete,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    union,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.links import alone, chunks, reassign
from bot.store.people import account_ids
from bot.store.rebuild import rebuild_scores
from bot.store.tables import (
    accounts,
    answers,
    cards,
    communities,
    later_answers,
    link_codes,
    metadata,
    people,
    post_events,
    posts,
    practice_answers,
    question_days,
    recaps,
    schedules,
    score_counts,
    scores,
    sessions,
    workspaces,
)
from bot.store.tables import pending_answers as pending
from bot.store.tables import reactions as reacted

_DERIVED = (scores, score_counts, question_days)


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


# ---------------------------------------------------------------- joining


async def join(tx: AsyncConnection, into: int, joining: int, today: date) -> None:
    """Make one community of two: its name and zone are those of `into`. People with the same account in both are one."""
    await alone(tx)
    await _recard(tx, joining, joining, into)
    await tx.execute(delete(cards).where(_twin(joining, into)))
    merged = await _same_accounts(tx, into, joining)
    for table in metadata.sorted_tables:
        if table in _DERIVED:
            await tx.execute(delete(table).where(table.c.community_id == joining))
        elif "community_id" in table.c:
            await tx.execute(update(table).where(table.c.community_id == joining).values(community_id=into))
    await reassign(tx, merged)
    await _renumber(tx, into)
    await rebuild_scores(tx, into, today)
    await _remove_empty(tx, merged)


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
        for table in (answers, later_answers, sessions):
            by_it = (table.c.person_id == their_person) & (table.c.account_id == their_id)
            await tx.execute(update(table).where(by_it).values(account_id=our_id))
        await tx.execute(delete(accounts).where(accounts.c.id == their_id))
        if their_time < our_time:
            await tx.execute(update(accounts).where(accounts.c.id == our_id).values(created_at=their_time))
    merged = {person for twin in twins for person in (twin[1], twin[4])}
    for person in merged:
        if (root := _root(one, person)) != person:
            await tx.execute(update(accounts).where(accounts.c.person_id == person).values(person_id=root))
    return merged


def _root(one: dict[int, int], person: int) -> int:
    while person in one:
        person = one[person]
    return person


async def _remove_empty(tx: AsyncConnection, some: Iterable[int]) -> None:
    """Take away those of these people who have no account any more, and so nothing else either."""
    for few in chunks(sorted(some)):
        owned = exists().where(accounts.c.person_id == people.c.id)
        await tx.execute(delete(people).where(people.c.id.in_(few), ~owned))


# ---------------------------------------------------------------- leaving


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
        zone = select(communities.c.zone).where(communities.c.id == joint).scalar_subquery()
        founded = insert(communities).values(name=row.name, zone=zone, created_at=now)
        own = (await tx.execute(founded.returning(communities.c.id))).scalar_one()
        called = (communities.c.id == joint) & (communities.c.name == row.name)
        await tx.execute(update(communities).where(called).values(name=staying))
    await tx.execute(update(workspaces).where(here).values(community_id=own, home_id=own))
    await tx.execute(delete(link_codes).where(link_codes.c.community_id == joint))
    its = select(posts.c.id).where(posts.c.platform == platform, posts.c.workspace == workspace)
    for table in (schedules, posts, recaps):
        at = and_(table.c.platform == platform, table.c.workspace == workspace)
        await tx.execute(update(table).where(at).values(community_id=own))
    for table in (post_events, reacted, pending):
        await tx.execute(update(table).where(table.c.post_id.in_(its)).values(community_id=own))
    played = and_(sessions.c.platform == platform, sessions.c.workspace == workspace)
    where = {
        answers: answers.c.post_id.in_(its),
        later_answers: later_answers.c.post_id.in_(its),
        sessions: and_(sessions.c.community_id == joint, played),
    }
    moved = await _part(tx, joint, own, platform, workspace)
    for old, new in moved.accounts.items():
        who = {"community_id": own, "account_id": new, "person_id": moved.people[moved.holders[old]]}
        for table, its_own in where.items():
            by_it = and_(table.c.person_id == moved.holders[old], table.c.account_id == old, its_own)
            await tx.execute(update(table).where(by_it).values(who))
    practised = practice_answers.c.session_id.in_(select(sessions.c.id).where(sessions.c.community_id == own))
    await tx.execute(update(practice_answers).where(practised).values(community_id=own))
    await _copy_cards(tx, joint, own)
    await _recard(tx, own, joint, own)
    gone = await _close_accounts(tx, moved.people)
    for community in (joint, own):
        await _renumber(tx, community)
    await reassign(tx, {*moved.people, *moved.people.values()})
    for community in (joint, own):
        await rebuild_scores(tx, community, today)
    await _remove_empty(tx, gone)
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
            *(exists().where(table.c.person_id == people.c.id) for table in (answers, later_answers, sessions))
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
    await _remove_empty(tx, await _close_accounts(tx, far))


# ---------------------------------------------------------------- cards and question days


def _twin(community: int, other: int) -> ColumnElement[bool]:
    """The community's cards that the other one has as well."""
    return and_(cards.c.community_id == community, _has(other))


async def _recard(tx: AsyncConnection, community: int, source: int, target: int) -> None:
    """Let what is a community's name the `target`'s cards where it names the same of the `source`'s."""
    old, new = cards.alias(), cards.alias()
    same = and_(new.c.deck == old.c.deck, new.c.card == old.c.card, new.c.version == old.c.version)
    both = and_(same, old.c.community_id == source, new.c.community_id == target)
    pairs = {row[0]: row[1] for row in await tx.execute(select(old.c.id, new.c.id).where(both))}
    if not pairs:
        return
    for table in (posts, answers, later_answers, practice_answers):
        twin = select(new.c.id).where(both, old.c.id == table.c.card_id).scalar_subquery()
        known = select(old.c.id).where(both)
        mine = and_(table.c.community_id == community, table.c.card_id.in_(known))
        await tx.execute(update(table).where(mine).values(card_id=twin))
    played = select(sessions.c.id, sessions.c.cards).where(sessions.c.community_id == community)
    for row in (await tx.execute(played)).all():
        renamed = [pairs.get(card, card) for card in row.cards]
        if renamed != row.cards:
            await tx.execute(update(sessions).where(sessions.c.id == row.id).values(cards=renamed))


async def _copy_cards(tx: AsyncConnection, source: int, target: int) -> None:
    """Give a community the cards that what is its own names and that are another's."""
    named: set[int] = set()
    for table in (posts, practice_answers):
        query = select(table.c.card_id).where(table.c.community_id == target).distinct()
        named |= {*(await tx.execute(query)).scalars()}
    for listed in (await tx.execute(select(sessions.c.cards).where(sessions.c.community_id == target))).scalars():
        named |= {*listed}
    names = [column.name for column in cards.c if column.name not in ("id", "community_id")]
    for few in chunks(sorted(named)):
        foreign = and_(cards.c.id.in_(few), cards.c.community_id == source, ~_has(target))
        copied = select(literal(target), *(cards.c[name] for name in names)).where(foreign)
        await tx.execute(insert(cards).from_select(["community_id", *names], copied))


def _has(community: int) -> ColumnElement[bool]:
    theirs = cards.alias()
    same = and_(theirs.c.deck == cards.c.deck, theirs.c.card == cards.c.card, theirs.c.version == cards.c.version)
    return exists().where(same, theirs.c.community_id == community)


async def _renumber(tx: AsyncConnection, community: int) -> None:
    """Number a community's question days anew: the days of its posts, of which those that failed are none."""
    await tx.execute(delete(question_days).where(question_days.c.community_id == community))
    shown = and_(posts.c.community_id == community, posts.c.state != "failed")
    found = (await tx.execute(select(posts.c.day).where(shown).distinct())).scalars()
    rows = [{"community_id": community, "day": day, "number": at} for at, day in enumerate(sorted(found), 1)]
    if rows:
        await tx.execute(insert(question_days), rows)
    until = and_(question_days.c.community_id == community, question_days.c.day <= posts.c.day)
    number = select(func.count()).select_from(question_days).where(until).scalar_subquery()
    await tx.execute(update(posts).where(posts.c.community_id == community).values(day_number=number))
