"""The emojis under public messages, as rows of the channel's memory. The bot's own stand there to be pressed and count for nobody."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Standing:
    """An emoji under a message: how many people put it there, and whether the one who looks is among them."""

    emoji: str
    people: int
    mine: bool


def put(tx: sqlite3.Connection, entry: int, emoji: str, person: int | None) -> bool:
    """Whether it is new. `person` is None for the bot's own."""
    added = tx.execute(
        "INSERT OR IGNORE INTO reactions (entry, emoji, person) VALUES (?, ?, ?)", (entry, emoji, person)
    )
    return added.rowcount > 0


def take(tx: sqlite3.Connection, entry: int, emoji: str, person: int) -> bool:
    """Whether it was there."""
    taken = tx.execute("DELETE FROM reactions WHERE entry = ? AND emoji = ? AND person = ?", (entry, emoji, person))
    return taken.rowcount > 0


def under(tx: sqlite3.Connection, entries: Iterable[int], viewer: int) -> Mapping[int, tuple[Standing, ...]]:
    """What stands under these messages as `viewer` sees it, by message, first come first; nothing for those that have none."""
    found: dict[int, tuple[Standing, ...]] = {}
    for entry, emoji, people, mine in tx.execute(
        "SELECT entry, emoji, count(person), max(person IS ?) FROM reactions"
        " WHERE entry IN (SELECT value FROM json_each(?)) GROUP BY entry, emoji ORDER BY entry, min(id)",
        (viewer, json.dumps(list(entries))),
    ):
        found[entry] = (*found.get(entry, ()), Standing(emoji, people, bool(mine)))
    return found
