"""Answers that are kept until their question closes: each person's latest, which may be changed as long as it is open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.ballots import Account
from bot.store.posts import PostRow, State
from bot.store.tables import accounts, pending_answers, posts
from bot.store.upsert import insert


@dataclass(frozen=True, slots=True)
class Pending:
    """What somebody answers to a post for now; `at` is aware."""

    post_id: int
    community_id: int
    account: Account
    given: str
    hinted: bool
    at: datetime


_KEY = ("post_id", "platform", "workspace", "user_id")


async def keep(tx: AsyncConnection, every: Sequence[Pending]) -> set[int]:
    """Keep answers in the order in which they came, each in the place of the person's earlier one.

    The posts that take none any more: of those, none is kept.
    """
    asked = {each.post_id for each in every}
    state = posts.c.state.in_((State.CLAIMED, State.OPEN))
    query = select(posts.c.id, posts.c.community_id).where(posts.c.id.in_(asked) & state).order_by(posts.c.id)
    found = await tx.execute(query.with_for_update(read=True))  # until this is committed none is closed, nor another's
    open_now = {row.id: row.community_id for row in found}
    latest = {
        (each.post_id, each.account.platform, each.account.workspace, each.account.user_id): each for each in every
    }
    rows = [
        {
            **dict(zip(_KEY, key, strict=True)),
            "community_id": open_now[each.post_id],  # not as it was when the post was read, see ballots.MovedError
            "name": each.account.name,
            "given": each.given,
            "hinted": each.hinted,
            "answered_at": each.at,
        }
        for key, each in sorted(latest.items())
        if each.post_id in open_now
    ]
    if rows:
        kept = insert(tx, pending_answers)
        changing = {name: kept.excluded[name] for name in ("community_id", "name", "given", "hinted", "answered_at")}
        await tx.execute(kept.on_conflict_do_update(index_elements=_KEY, set_=changing), rows)
    return asked - open_now.keys()


_THEIRS = and_(
    accounts.c.community_id == pending_answers.c.community_id,
    accounts.c.platform == pending_answers.c.platform,
    accounts.c.workspace == pending_answers.c.workspace,
    accounts.c.user_id == pending_answers.c.user_id,
)


async def own(tx: AsyncConnection, post: PostRow, person_id: int) -> str | None:
    """What a person answers to a post for now."""
    query = select(pending_answers.c.given).join(accounts, _THEIRS)
    query = query.where((pending_answers.c.post_id == post.id) & (accounts.c.person_id == person_id))
    return (await tx.execute(query.order_by(pending_answers.c.answered_at.desc()).limit(1))).scalar_one_or_none()


async def of_post(tx: AsyncConnection, post: PostRow) -> list[Pending]:
    """Everybody's answer to a post, in the order in which they came."""
    query = select(pending_answers).where(pending_answers.c.post_id == post.id)
    return [
        Pending(
            row.post_id,
            row.community_id,
            Account(row.platform, row.workspace, row.user_id, row.name),
            row.given,
            row.hinted,
            row.answered_at,
        )
        for row in await tx.execute(query.order_by(pending_answers.c.answered_at, pending_answers.c.user_id))
    ]
