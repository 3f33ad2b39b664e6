"""What stands in the channel, as one person sees it."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from adapters.web import codec, reactions
from adapters.web.reactions import Standing
from bot.messages import Message


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing in the channel; `message` is None once it was dismissed. `person`: who alone sees it, or None."""

    id: int
    person: int | None
    said: str | None
    message: Message | None
    changed: int
    posted_at: datetime
    edited_at: datetime | None
    standing: tuple[Standing, ...] = ()


COLUMNS = "id, person, said, body, changed, posted_at, edited_at"

Row: TypeAlias = tuple[int, int | None, str | None, str | None, int, str, str | None]


def read(tx: sqlite3.Connection, rows: Sequence[Row], viewer: int) -> list[Entry]:
    """The entries of these rows of `COLUMNS`, with the emojis under them."""
    under = reactions.under(tx, (row[0] for row in rows), viewer)
    return [
        Entry(
            entry,
            person,
            said,
            codec.message(body) if body else None,
            changed,
            datetime.fromisoformat(posted_at),
            datetime.fromisoformat(edited_at) if edited_at else None,
            under.get(entry, ()),
        )
        for entry, person, said, body, changed, posted_at, edited_at in rows
    ]
