"""What is to be done with posts, as the timetable asks at every tick."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Integer, bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.posts import POST, PostRow, State, read
from bot.store.tables import Moment, posts

AT_ONCE = 100
"""Posts read in one look; whoever works through them looks again."""

# Spelled so that no index of platforms is taken: nearly all rows are of one, and SQLite would go through them all.
_OURS = posts.c.platform.concat("").in_(bindparam("platforms", expanding=True))
_NOW = bindparam("now", type_=Moment())
_LIMIT = bindparam("few", type_=Integer())

_OVER = POST.where((posts.c.state == State.OPEN) & (posts.c.closes_at <= _NOW) & _OURS)
_BEGUN = POST.where(posts.c.state.in_((State.COLLECTING, State.CLOSING)) & _OURS)
_TO_CLOSE = tuple(query.order_by(posts.c.closes_at).limit(_LIMIT) for query in (_OVER, _BEGUN))
"""Two questions: asked with an 'or', SQLite would go through all that are open."""


async def to_close(
    tx: AsyncConnection, now: datetime, platforms: Collection[str], limit: int = AT_ONCE
) -> list[PostRow]:
    """Posts on these platforms whose time is over, those included whose closing was begun and not finished."""
    every = {"platforms": list(platforms), "few": limit}
    over, begun = _TO_CLOSE
    found = [*await read(tx, over, {**every, "now": now}), *await read(tx, begun, every)]
    return sorted(found, key=lambda post: post.closes_at)[:limit]


_UNSETTLED = (
    POST.where((posts.c.state == State.CLAIMED) & (posts.c.claimed_at < _NOW) & _OURS)
    .order_by(posts.c.claimed_at)
    .limit(_LIMIT)
)


async def unsettled(
    tx: AsyncConnection, claimed_before: datetime, platforms: Collection[str], limit: int = AT_ONCE
) -> list[PostRow]:
    """Claims on these platforms that nobody finished: the message may have been sent or not."""
    return await read(tx, _UNSETTLED, {"now": claimed_before, "platforms": list(platforms), "few": limit})


_UNSEEDED = (
    POST.where((posts.c.state.concat("") == State.OPEN) & ~posts.c.seeded & _OURS)  # past the states' index
    .order_by(posts.c.opens_at)
    .limit(_LIMIT)
)


async def unseeded(tx: AsyncConnection, platforms: Collection[str], limit: int = AT_ONCE) -> list[PostRow]:
    """Open posts on these platforms that still lack the emojis to answer with."""
    return await read(tx, _UNSEEDED, {"platforms": list(platforms), "few": limit})


_NEXT_CLOSE = select(func.min(posts.c.closes_at)).where(
    (posts.c.state == State.OPEN) & (posts.c.closes_at > _NOW) & _OURS
)


async def next_close(tx: AsyncConnection, platforms: Collection[str], after: datetime) -> datetime | None:
    """When a post on these platforms is next over, later than `after`."""
    at: datetime | None = (await tx.execute(_NEXT_CLOSE, {"platforms": list(platforms), "now": after})).scalar_one()
    return at


_TO_LOOK_AT = (
    POST.where((posts.c.look_at <= _NOW) & (posts.c.state.concat("") == State.OPEN) & _OURS)  # past the states' index
    .order_by(posts.c.look_at)
    .limit(_LIMIT)
)


async def to_look_at(
    tx: AsyncConnection, now: datetime, platforms: Collection[str], limit: int = AT_ONCE
) -> list[PostRow]:
    """Open posts on these platforms of which there may be a twin."""
    return await read(tx, _TO_LOOK_AT, {"now": now, "platforms": list(platforms), "few": limit})
