"""Communities and the people in them, found by their accounts."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, FromClause, Row, and_, bindparam, exists, func, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.quiz.seasons import QUARTERS, Seasons
from bot.store import upsert
from bot.store.ballots import Account
from bot.store.tables import accounts, bindings, communities, days, people, workspaces

SHARING_MOST = 1000
"""People who are looked through while a name is typed."""

BOARDS = """
    WITH RECURSIVE boards (period) AS (
        SELECT min(period) FROM scores WHERE community_id = :community_id
        UNION ALL
        SELECT (SELECT min(period) FROM scores WHERE community_id = :community_id AND period > boards.period)
        FROM boards WHERE boards.period IS NOT NULL
    )
"""
"""The periods that a community has scores of, by hopping from one to the next. Scores have no index by person: to find one
person's, look for them in each of these few."""

RENAME = f"""
    {BOARDS}
    UPDATE scores SET sort_name = :sort_name
    WHERE community_id = :community_id AND period IN (SELECT period FROM boards) AND person_id = :person_id
"""  # noqa: S608 - nothing from outside
"""Moves a person inside their ties."""


_HIDE = f"""
    {BOARDS}
    UPDATE scores SET hidden = :hidden
    WHERE community_id = :community_id AND period IN (SELECT period FROM boards) AND person_id = :person_id
"""  # noqa: S608 - nothing from outside

_COUNT = f"""
    {BOARDS}
    INSERT INTO score_counts (community_id, period, points, people)
    SELECT community_id, period, points, CAST(:step AS INTEGER) FROM scores
    WHERE community_id = :community_id AND period IN (SELECT period FROM boards) AND person_id = :person_id
    ORDER BY period, points
    ON CONFLICT (community_id, period, points) DO UPDATE SET people = score_counts.people + excluded.people
"""  # noqa: S608 - nothing from outside


@dataclass(frozen=True, slots=True)
class Community:
    """The tenant; `zone` is its IANA time zone. `bound`: in the workspace by which it was found, a team is bound to a group."""

    id: int
    zone: str
    bound: bool = field(default=False, compare=False)
    seasons: Seasons = field(default=QUARTERS, compare=False)


@dataclass(frozen=True, slots=True)
class Person:
    """A person, and the id of the account by which they were found."""

    id: int
    name: str
    account_id: int


_BOUND = exists().where(bindings.c.platform == workspaces.c.platform, bindings.c.workspace == workspaces.c.workspace)
_COMMUNITY = (
    select(communities.c.id, communities.c.zone, communities.c.seasons, _BOUND.correlate(workspaces).label("bound"))
    .join(workspaces)
    .where(workspaces.c.platform == bindparam("on"), workspaces.c.workspace == bindparam("of"))
)


async def community_of(tx: AsyncConnection, platform: str, workspace: str) -> Community | None:
    """The community that a workspace belongs to."""
    row = (await tx.execute(_COMMUNITY, {"on": platform, "of": workspace})).one_or_none()
    return None if row is None else Community(row.id, row.zone, row.bound, row.seasons)


async def found_community(tx: AsyncConnection, platform: str, workspace: str, zone: str, now: datetime) -> Community:
    """A workspace's community, founded unless it has one already: of two that found at once, one joins the other's.

    Until the platform tells of the workspace, both are called by its id.
    """
    founded = insert(communities).values(name=workspace, zone=zone, created_at=now).returning(communities.c.id)
    community = (await tx.execute(founded)).scalar_one()
    claim = upsert.insert(tx, workspaces).values(
        platform=platform,
        workspace=workspace,
        name=workspace,
        community_id=community,
        home_id=community,
        created_at=now,
    )
    claimed = await tx.execute(claim.on_conflict_do_nothing().returning(workspaces.c.community_id))
    if claimed.scalar_one_or_none() is not None:
        return Community(community, zone)
    await tx.execute(communities.delete().where(communities.c.id == community))
    standing = await community_of(tx, platform, workspace)
    assert standing is not None
    return standing


async def communities_of(tx: AsyncConnection, account: Account) -> list[Community]:
    """The communities in which somebody uses an account: those of workspaces first, the one last answered in before the rest."""
    latest = select(func.max(days.c.day)).where(days.c.person_id == accounts.c.person_id).scalar_subquery()
    private = ~exists().where((workspaces.c.community_id == communities.c.id) & ~workspaces.c.workspace.startswith("@"))
    query = select(communities.c.id, communities.c.zone, communities.c.seasons).join(
        accounts, accounts.c.community_id == communities.c.id
    )
    query = query.where(by(accounts, account)).order_by(
        private, latest.desc().nulls_last(), accounts.c.person_id.desc()
    )
    return [Community(row.id, row.zone, seasons=row.seasons) for row in await tx.execute(query)]


async def find_person(tx: AsyncConnection, community_id: int, account: Account) -> Person | None:
    """Who uses an account, or None before their first contact."""
    row = await _find(tx, community_id, account)
    return None if row is None else Person(row.id, row.name, row.account_id)


async def account_in(tx: AsyncConnection, person_id: int, platform: str, realms: Collection[str]) -> Account | None:
    """A person's account on a platform in one of these realms, the first of several."""
    theirs = (accounts.c.person_id == person_id) & (accounts.c.platform == platform) & accounts.c.workspace.in_(realms)
    columns = accounts.c.platform, accounts.c.workspace, accounts.c.user_id, accounts.c.name
    row = (await tx.execute(select(*columns).where(theirs).order_by(accounts.c.id).limit(1))).one_or_none()
    return None if row is None else Account(*row)


_FIRST = select(func.min(accounts.c.id)).where(accounts.c.person_id == people.c.id).scalar_subquery()
_PERSON = (people.c.id, people.c.name, _FIRST)
"""By their first account, where they are looked up by name."""


async def called(tx: AsyncConnection, community_id: int, name: str, most: int = 2) -> list[Person]:
    """People of a name, so many at most: for admins, who mean one whom they know."""
    same = (people.c.name == name) | (func.lower(people.c.name) == name.lower())
    query = select(*_PERSON).where(people.c.community_id == community_id, same).limit(most)
    return [Person(*row) for row in await tx.execute(query)]


async def share(tx: AsyncConnection, person_id: int, *, shares: bool = True) -> None:
    """Let the others of the community see a person's stats, or no longer."""
    await tx.execute(update(people).where(people.c.id == person_id).values(shares=shares))


async def shares(tx: AsyncConnection, person_id: int) -> bool:
    """Whether others may see a person's stats."""
    shared: bool = (await tx.execute(select(people.c.shares).where(people.c.id == person_id))).scalar_one()
    return shared


async def seen(tx: AsyncConnection, community_id: int, asker: int, name: str, most: int = 2) -> list[Person]:
    """People of a name whose stats `asker` may see, so many at most, the asker first."""
    same = (people.c.name == name) | (func.lower(people.c.name) == name.lower())
    shown = people.c.shares | (people.c.id == asker)
    query = select(*_PERSON).where(people.c.community_id == community_id, same, shown)
    return [Person(*row) for row in await tx.execute(query.order_by(people.c.id != asker).limit(most))]


async def sharing(tx: AsyncConnection, community_id: int) -> list[Person]:
    """Who lets the others see their stats, by name; so many at most as anybody looks through."""
    those = (people.c.community_id == community_id) & people.c.shares
    query = select(*_PERSON).where(those).order_by(func.lower(people.c.name), people.c.id)
    return [Person(*row) for row in await tx.execute(query.limit(SHARING_MOST))]


async def person_of(tx: AsyncConnection, community_id: int, account: Account, now: datetime) -> Person:
    """Who uses an account: made at first contact, renamed when the account has a new name."""
    row = await _find(tx, community_id, account)
    if row is None:
        made = insert(people).values(community_id=community_id, name=account.name, created_at=now)
        person: int = (await tx.execute(made.returning(people.c.id))).scalar_one()
        (account_id,) = await account_ids(tx, 1)
        claim = upsert.insert(tx, accounts).values(
            id=account_id,
            community_id=community_id,
            platform=account.platform,
            workspace=account.workspace,
            user_id=account.user_id,
            person_id=person,
            name=account.name,
            created_at=now,
        )
        claimed = await tx.execute(claim.on_conflict_do_nothing().returning(accounts.c.person_id))
        if claimed.scalar_one_or_none() is not None:
            return Person(person, account.name, account_id)
        # Another worker met them in this very moment.
        await tx.execute(people.delete().where(people.c.id == person))
        row = await _find(tx, community_id, account)
        assert row is not None
    if row.account_name == account.name:
        return Person(row.id, row.name, row.account_id)
    # The person before the account, as a batch of ballots takes them.
    await tx.execute(update(people).where(people.c.id == row.id).values(name=account.name))
    await tx.execute(update(accounts).where(_is(community_id, account)).values(name=account.name))
    moved = {"community_id": community_id, "person_id": row.id, "sort_name": account.name.casefold()}
    await tx.execute(text(RENAME), moved)
    return Person(row.id, account.name, row.account_id)


async def is_hidden(tx: AsyncConnection, person_id: int) -> bool:
    """Whether a person is on no board that names people."""
    hidden: bool = (await tx.execute(select(people.c.hidden).where(people.c.id == person_id))).scalar_one()
    return hidden


async def among(tx: AsyncConnection) -> None:
    """Begin as a batch of ballots does: whoever rebuilds boards, links people or joins communities comes before this or after."""
    if tx.dialect.name == "postgresql":
        await tx.execute(text("LOCK TABLE posts IN ROW SHARE MODE"))


async def hide(tx: AsyncConnection, community_id: int, person_id: int, *, hidden: bool = True) -> bool:
    """Take a person off the boards and out of their counts, or put them back; False where they are so already."""
    await among(tx)
    mine = (people.c.id == person_id) & (people.c.hidden != hidden)
    if not (await tx.execute(update(people).where(mine).values(hidden=hidden))).rowcount:
        return False
    here = {"community_id": community_id, "person_id": person_id}
    await tx.execute(text(_HIDE), {**here, "hidden": hidden})
    await tx.execute(text(_COUNT), {**here, "step": -1 if hidden else 1})
    return True


async def account_ids(tx: AsyncConnection, count: int) -> list[int]:
    """Ids for so many new accounts."""
    if tx.dialect.name == "postgresql":
        given = text("SELECT nextval('accounts_id_seq') FROM generate_series(1, :count)")
        return list((await tx.execute(given, {"count": count})).scalars())
    last: int = (await tx.execute(select(func.coalesce(func.max(accounts.c.id), 0)))).scalar_one()  # one writer
    return list(range(last + 1, last + 1 + count))


async def _find(tx: AsyncConnection, community_id: int, account: Account) -> Row[int, str, str, int] | None:
    query = select(
        people.c.id, people.c.name, accounts.c.name.label("account_name"), accounts.c.id.label("account_id")
    ).join(accounts, accounts.c.person_id == people.c.id)
    return (await tx.execute(query.where(_is(community_id, account)))).one_or_none()


def _is(community_id: int, account: Account) -> ColumnElement[bool]:
    return and_(accounts.c.community_id == community_id, by(accounts, account))


def by(table: FromClause, account: Account) -> ColumnElement[bool]:
    """A table's rows of an account."""
    return and_(
        table.c.platform == account.platform,
        table.c.workspace == account.workspace,
        table.c.user_id == account.user_id,
    )
