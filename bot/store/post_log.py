"""What has happened to posts, in order: kept for whoever asks why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.tables import post_events


class What(StrEnum):
    """What can happen to a post."""

    CLAIMED = "claimed"
    TAKEN_OVER = "taken over"
    NOT_SENT = "not sent"
    POSTED = "posted"
    FOUND = "found"
    TWIN = "twin deleted"
    SET_ASIDE = "card set aside"
    FAILED = "failed"
    OVER = "over"
    CLOSED = "closed"
    CORRECTED = "results corrected"


@dataclass(frozen=True, slots=True)
class PostEvent:
    """Something that happened to a post; `at` is aware."""

    at: datetime
    what: What
    detail: str | None


class Noted(Protocol):
    """A post, as far as its log names it."""

    @property
    def id(self) -> int: ...
    @property
    def community_id(self) -> int: ...


_NOTE = post_events.insert()


async def note(tx: AsyncConnection, post: Noted, at: datetime, what: What, detail: str | None = None) -> None:
    """Keep what happened to a post."""
    await note_each(tx, [(post, detail)], at, what)


async def note_each(tx: AsyncConnection, every: Sequence[tuple[Noted, str | None]], at: datetime, what: What) -> None:
    rows = [
        {"community_id": post.community_id, "post_id": post.id, "at": at, "what": what, "detail": detail}
        for post, detail in every
    ]
    if rows:
        await tx.execute(_NOTE, rows)


async def events(tx: AsyncConnection, post_id: int) -> list[PostEvent]:
    """What happened to a post, in order."""
    query = select(post_events).where(post_events.c.post_id == post_id).order_by(post_events.c.id)
    return [PostEvent(row.at, What(row.what), row.detail) for row in await tx.execute(query)]


async def count_events(tx: AsyncConnection, post_id: int, what: What) -> int:
    query = select(func.count()).where((post_events.c.post_id == post_id) & (post_events.c.what == what))
    return int((await tx.execute(query)).scalar_one())
