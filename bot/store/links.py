"""People who are one: accounts that are joined, and separated again.

Who somebody is, is said by their accounts alone, and an answer knows the account by which it came. So everything else
follows: `reassign` gives what was done to whom the accounts belong to now, and of two answers to one card and day the first
counts. What is separated is therefore as if it had never been joined.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Table, delete, func, insert, literal, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import allegiance, notices
from bot.store.ballots import Account
from bot.store.people import by
from bot.store.rebuild import rebuild_scores
from bot.store.tables import (
    accounts,
    answers,
    days,
    later_answers,
    live_answers,
    live_players,
    memberships,
    people,
    practice_answers,
    reports,
    sessions,
)
from bot.store.whereabouts import chunks


@dataclass(frozen=True, slots=True)
class Holder:
    """An account and whom it belongs to; `name` is as its platform spells it."""

    id: int
    person_id: int
    account: Account


async def alone(tx: AsyncConnection) -> None:
    """Let nobody's answer be recorded from here to the commit. It comes before anything that is read and then relied on."""
    if tx.dialect.name == "postgresql":
        await tx.execute(text("LOCK TABLE posts IN EXCLUSIVE MODE"))  # the first lock that a batch of ballots takes


async def holder(tx: AsyncConnection, community_id: int, account: Account) -> Holder | None:
    found = await _holders(
        tx,
        (accounts.c.community_id == community_id) & by(accounts, account),
    )
    return next(iter(found), None)


async def of_person(tx: AsyncConnection, person_id: int) -> list[Holder]:
    """A person's accounts, in the order in which they were met."""
    return await _holders(tx, accounts.c.person_id == person_id)


async def everywhere(tx: AsyncConnection, account: Account) -> list[tuple[int, Holder]]:
    """An account in each community that knows it."""
    query = select(accounts).where(by(accounts, account))
    return [
        (row.community_id, Holder(row.id, row.person_id, account))
        for row in await tx.execute(query.order_by(accounts.c.community_id))
    ]


async def _holders(tx: AsyncConnection, where: ColumnElement[bool]) -> list[Holder]:
    query = select(accounts).where(where).order_by(accounts.c.created_at, accounts.c.id)
    return [
        Holder(row.id, row.person_id, Account(row.platform, row.workspace, row.user_id, row.name))
        for row in await tx.execute(query)
    ]


async def link(tx: AsyncConnection, community_id: int, one: Account, other: Account, today: date) -> bool:
    """Make the people of two accounts one; False when they are already, or when one of them is not known here.

    The one whom the community met first keeps their name. Who hid as either hides as both, and stats are shared as both
    where they were as each.
    """
    await alone(tx)
    found = [await holder(tx, community_id, each) for each in (one, other)]
    both = sorted({each.person_id for each in found if each is not None})
    if len(both) < 2:
        return False
    kept, gone = both
    await tx.execute(update(accounts).where(accounts.c.person_id == gone).values(person_id=kept))
    await hide_as(tx, kept, [gone])
    await notices.inherit(tx, kept, gone)
    await reassign(tx, both)
    await rebuild_scores(tx, community_id, today, only=both)
    await tx.execute(delete(people).where(people.c.id == gone))
    return True


async def hide_as(tx: AsyncConnection, person: int, others: Collection[int]) -> None:
    """Let a person hide when one of some others does, and share no stats when one of them doesn't. Scores are the caller's to
    rebuild.
    """
    hiding = select(people.c.id).where(people.c.id.in_(others), people.c.hidden).exists()
    await tx.execute(update(people).where(people.c.id == person, hiding).values(hidden=True))
    keeping = select(people.c.id).where(people.c.id.in_(others), ~people.c.shares).exists()
    await tx.execute(update(people).where(people.c.id == person, keeping).values(shares=False))


async def unlink(tx: AsyncConnection, community_id: int, account: Account, today: date, now: datetime) -> bool:
    """Let an account be a person of its own again, with all that was done by it; False when it is one.

    Who hides goes on hiding as both.
    """
    await alone(tx)
    leaving = await holder(tx, community_id, account)
    if leaving is None:
        return False
    staying = [each for each in await of_person(tx, leaving.person_id) if each.id != leaving.id]
    if not staying:
        return False
    made = insert(people).values(community_id=community_id, name=leaving.account.name, created_at=now)
    person: int = (await tx.execute(made.returning(people.c.id))).scalar_one()
    await hide_as(tx, person, [leaving.person_id])
    await tx.execute(update(accounts).where(accounts.c.id == leaving.id).values(person_id=person))
    await _renamed(tx, leaving.person_id, [each.account.name for each in staying])
    both = [leaving.person_id, person]
    await reassign(tx, both)
    await rebuild_scores(tx, community_id, today, only=both)
    return True


async def later(tx: AsyncConnection, person_id: int) -> int:
    """How many answers of a person count for nothing, because they gave another one before by another account."""
    mine = select(func.count()).select_from(later_answers).where(later_answers.c.person_id == person_id)
    number: int = (await tx.execute(mine)).scalar_one()
    return number


async def _renamed(tx: AsyncConnection, person_id: int, names: Sequence[str]) -> None:
    """Somebody whose name was that of an account which is theirs no longer is called as another of theirs."""
    theirs = people.c.id == person_id
    await tx.execute(update(people).where(theirs & people.c.name.not_in(names)).values(name=names[0]))


async def reassign(tx: AsyncConnection, everyone: Collection[int]) -> None:
    """Give what these people did to whom the accounts belong to now, who are all of `everyone` as well.

    Scores, streaks and the questions of `days` are the caller's to rebuild.
    """
    each = sorted(everyone)
    for some in chunks(each):
        await _put_apart(tx, some)
        await allegiance.set_apart(tx, some)
        await _give(tx, some)
    for some in chunks(each):
        await _count(tx, some)
        await _practised(tx, some)
        await allegiance.settle(tx, some)


async def _put_apart(tx: AsyncConnection, some: Sequence[int]) -> None:
    theirs = answers.c.person_id.in_(some)
    await _move(tx, answers, later_answers, theirs)


async def _move(tx: AsyncConnection, source: Table, target: Table, where: ColumnElement[bool]) -> None:
    names = [column.name for column in target.c]
    await tx.execute(insert(target).from_select(names, select(*(source.c[name] for name in names)).where(where)))
    await tx.execute(delete(source).where(where))


async def _give(tx: AsyncConnection, some: Sequence[int]) -> None:
    for table in (later_answers, sessions, memberships, reports, live_players, live_answers):
        owner = select(accounts.c.person_id).where(accounts.c.id == table.c.account_id).scalar_subquery()
        await tx.execute(update(table).where(table.c.person_id.in_(some)).values(person_id=owner))
    whose = select(sessions.c.person_id).where(sessions.c.id == practice_answers.c.session_id).scalar_subquery()
    await tx.execute(update(practice_answers).where(practice_answers.c.person_id.in_(some)).values(person_id=whose))


async def _count(tx: AsyncConnection, some: Sequence[int]) -> None:
    """The first answer to each card and day counts."""
    alike = (later_answers.c.person_id, later_answers.c.card_id, later_answers.c.day)
    order = (later_answers.c.answered_at, later_answers.c.id)
    place = func.row_number().over(partition_by=alike, order_by=order).label("place")
    ranked = select(later_answers.c.id, place).where(later_answers.c.person_id.in_(some)).subquery()
    await _move(tx, later_answers, answers, later_answers.c.id.in_(select(ranked.c.id).where(ranked.c.place == 1)))


async def _practised(tx: AsyncConnection, some: Sequence[int]) -> None:
    await tx.execute(delete(days).where(days.c.person_id.in_(some)))
    done = select(
        practice_answers.c.person_id,
        practice_answers.c.day,
        practice_answers.c.community_id,
        literal(0),
        func.count(),
    ).where(practice_answers.c.person_id.in_(some))
    done = done.group_by(practice_answers.c.person_id, practice_answers.c.day, practice_answers.c.community_id)
    columns = ["person_id", "day", "community_id", "questions", "practised"]
    await tx.execute(insert(days).from_select(columns, done))
