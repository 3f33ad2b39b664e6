"""Reactions under open posts: kept as they come, settled with what the platform shows, and counted when the post closes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from sqlalchemy import and_, bindparam, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.ballots import Account
from bot.store.posts import PostRow
from bot.store.tables import accounts, posts, reactions
from bot.store.upsert import insert


@dataclass(frozen=True, slots=True)
class Mark:
    """Somebody put the emoji of the answer `given` under a post, or took it away (`added` False); `at` is aware."""

    post_id: int
    community_id: int
    account: Account
    given: str
    added: bool
    at: datetime


_Key: TypeAlias = tuple[int, str, str, str, str]


def _key(mark: Mark) -> _Key:
    return mark.post_id, mark.account.platform, mark.account.workspace, mark.account.user_id, mark.given


_KEY = ("post_id", "platform", "workspace", "user_id", "given")
_THIS = delete(reactions).where(and_(*(reactions.c[name] == bindparam(f"its_{name}") for name in _KEY)))


_THEIRS = and_(
    accounts.c.community_id == reactions.c.community_id,
    accounts.c.platform == reactions.c.platform,
    accounts.c.workspace == reactions.c.workspace,
    accounts.c.user_id == reactions.c.user_id,
)


async def record(tx: AsyncConnection, marks: Sequence[Mark]) -> None:
    """Keep marks in the order in which they came. One that is there already keeps its time."""
    gone: set[_Key] = set()
    there: dict[_Key, Mark] = {}
    for mark in marks:
        if mark.added:
            there.setdefault(_key(mark), mark)
        else:
            there.pop(_key(mark), None)
            gone.add(_key(mark))
    await _take_away(tx, gone)
    await _add(tx, there.values())


async def _take_away(tx: AsyncConnection, keys: Iterable[_Key]) -> None:
    if rows := [{f"its_{name}": value for name, value in zip(_KEY, key, strict=True)} for key in sorted(keys)]:
        await tx.execute(_THIS, rows)


async def _add(tx: AsyncConnection, every: Iterable[Mark]) -> None:
    marks = list(every)
    asked = select(posts.c.id, posts.c.community_id).where(posts.c.id.in_({mark.post_id for mark in marks}))
    found = await tx.execute(asked.order_by(posts.c.id).with_for_update(read=True))
    community = {row.id: row.community_id for row in found}  # now, not when the post was read: see ballots.MovedError
    rows = [
        {
            "post_id": mark.post_id,
            "community_id": community[mark.post_id],
            "platform": mark.account.platform,
            "workspace": mark.account.workspace,
            "user_id": mark.account.user_id,
            "given": mark.given,
            "name": mark.account.name,
            "reacted_at": mark.at,
        }
        for mark in marks
    ]
    if rows:
        await tx.execute(insert(tx, reactions).on_conflict_do_nothing(), rows)


async def settle(tx: AsyncConnection, post: PostRow, found: Mapping[str, Sequence[Account]], now: datetime) -> None:
    """Make what is kept of a post's reactions what the platform shows: `found` has who stands under each answer's emoji.

    What came while the bot was away is taken to have come at the post's last moment, answers in the order of `found`.
    """
    shown = {
        (each.platform, each.workspace, each.user_id, given): each for given, every in found.items() for each in every
    }
    here = reactions.c.post_id == post.id
    asked = select(reactions.c.platform, reactions.c.workspace, reactions.c.user_id, reactions.c.given).where(here)
    kept = {(row.platform, row.workspace, row.user_id, row.given) for row in await tx.execute(asked)}
    await _take_away(tx, {(post.id, *where) for where in kept - shown.keys()})
    at = min(now, post.last_moment)
    missed = [
        Mark(post.id, post.community_id, account, where[-1], True, at)
        for where, account in shown.items()
        if where not in kept
    ]
    await _add(tx, missed)


async def own(tx: AsyncConnection, post: PostRow, person_id: int) -> str | None:
    """The answer that a person's reactions to an open post come to as they stand."""
    query = select(reactions.c.given).join(accounts, _THEIRS)
    query = query.where((reactions.c.post_id == post.id) & (accounts.c.person_id == person_id))
    query = query.where(reactions.c.reacted_at < post.closes_at).order_by(reactions.c.reacted_at, reactions.c.given)
    return (await tx.execute(query.limit(1))).scalar_one_or_none()


async def first_of_each(tx: AsyncConnection, post: PostRow) -> list[Mark]:
    """The reaction of each person that counts, in the order in which they came; those after the closing count for nothing.

    People who are known keep the name that they have here.
    """
    query = select(reactions, accounts.c.name.label("known_name")).outerjoin(accounts, _THEIRS)
    query = query.where((reactions.c.post_id == post.id) & (reactions.c.reacted_at < post.closes_at))
    first: dict[tuple[str, str, str], Mark] = {}
    for row in await tx.execute(query.order_by(reactions.c.reacted_at, reactions.c.given)):
        account = Account(row.platform, row.workspace, row.user_id, row.known_name or row.name)
        mark = Mark(post.id, post.community_id, account, row.given, True, row.reacted_at)
        first.setdefault((row.platform, row.workspace, row.user_id), mark)
    return list(first.values())
