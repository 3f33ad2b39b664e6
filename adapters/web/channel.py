"""The channel's own memory, in one SQLite file: what Slack's or Discord's servers would keep.

Every change of what a person sees takes the next number of one sequence, so a page that was away asks for what
changed since the number it saw last and misses nothing. Methods block: call them from one thread.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from adapters.web import codec, entries, reactions, schema
from adapters.web.entries import Entry
from bot.events import display_name
from bot.messages import Form, Message

PRIVATE_KEPT = 50
"""Private messages kept for each person, dismissed ones included."""

FORMS_KEPT = 20
"""Open forms kept for each person; sending one doesn't close it, as the back button may return to it."""

PEOPLE_MOST = 50
PAGE = 100
"""Messages shown at once; older ones stand on pages of their own."""


@dataclass(frozen=True, slots=True)
class Person:
    id: int
    name: str


@dataclass(frozen=True, slots=True)
class OpenForm:
    """A form that was shown to a person. `entry`: the private message that the answer to it replaces."""

    id: int
    form: Form
    entry: int | None


class Full(Exception):
    """Nobody more can be added."""


class Channel:
    """Opened by its first use, and again after `close`."""

    def __init__(self, path: Path | str, now: Callable[[], datetime]) -> None:
        self._path = path
        self._now = now
        self._connection: sqlite3.Connection | None = None

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    # ------------------------------------------------ people

    def people(self) -> list[Person]:
        with self._transaction() as tx:
            return [Person(*row) for row in tx.execute("SELECT id, name FROM people ORDER BY id")]

    def add_person(self, name: str) -> Person:
        """Someone to be. A name that is there already, whatever its case, is the same person."""
        name = display_name(name)
        with self._transaction() as tx:
            rows = tx.execute("SELECT id, name FROM people").fetchall()
            for person_id, known in rows:
                if known.casefold() == name.casefold():
                    return Person(person_id, known)
            if len(rows) >= PEOPLE_MOST:
                raise Full
            added = tx.execute("INSERT INTO people (name) VALUES (?) RETURNING id", (name,)).fetchone()
            return Person(added[0], name)

    # ------------------------------------------------ what is shown

    def post(self, message: Message, key: str) -> int:
        """The id of the public message with this key, which is posted unless it was before."""
        with self._transaction() as tx:
            known = tx.execute("SELECT id FROM entries WHERE key = ?", (key,)).fetchone()
            return int(known[0]) if known else self._insert(tx, None, message, key=key)

    def find(self, key: str, since: datetime) -> int | None:
        with self._transaction() as tx:
            row = tx.execute("SELECT id FROM entries WHERE key = ? AND posted_at >= ?", (key, _at(since))).fetchone()
            return int(row[0]) if row else None

    def edit(self, entry: int, message: Message) -> bool:
        """Put `message` in the place of a public one; False when there is none. The same again changes nothing."""
        body = codec.to_json(message)
        with self._transaction() as tx:
            row = tx.execute("SELECT body FROM entries WHERE id = ? AND person IS NULL", (entry,)).fetchone()
            if row is not None and row[0] != body:
                tx.execute(
                    "UPDATE entries SET body = ?, changed = ?, edited_at = ? WHERE id = ?",
                    (body, _next(tx), _at(self._now()), entry),
                )
            return row is not None

    def delete(self, entry: int) -> None:
        """Take a public message away; its key is free again."""
        with self._transaction() as tx:
            tx.execute(
                "UPDATE entries SET body = NULL, key = NULL, changed = ? WHERE id = ? AND person IS NULL AND body IS NOT NULL",
                (_next(tx), entry),
            )

    def answer(self, person: int, message: Message, replaces: int | None = None, said: str | None = None) -> int:
        """Show `message` to one person alone, in the place of an earlier private one if that is still there."""
        with self._transaction() as tx:
            if replaces is not None:
                replaced = tx.execute(
                    "UPDATE entries SET body = ?, changed = ? WHERE id = ? AND person = ? AND body IS NOT NULL",
                    (codec.to_json(message), _next(tx), replaces, person),
                )
                if replaced.rowcount:
                    return replaces
            entry = self._insert(tx, person, message, said=said)
            tx.execute(
                "DELETE FROM entries WHERE person = ? AND id <= "
                "(SELECT id FROM entries WHERE person = ? ORDER BY id DESC LIMIT 1 OFFSET ?)",
                (person, person, PRIVATE_KEPT),
            )
            return entry

    def dismiss(self, entry: int, person: int) -> None:
        with self._transaction() as tx:
            tx.execute(
                "UPDATE entries SET body = NULL, changed = ? WHERE id = ? AND person = ? AND body IS NOT NULL",
                (_next(tx), entry, person),
            )

    def entry(self, entry: int, person: int) -> Entry | None:
        """What `person` sees under this id, if anything."""
        with self._transaction() as tx:
            rows = tx.execute(
                f"SELECT {_ENTRY} WHERE id = ? AND (person IS NULL OR person = ?) AND body IS NOT NULL",
                (entry, person),
            ).fetchall()
            return next(iter(entries.read(tx, rows, person)), None)

    def shown(self, person: int, before: int | None = None) -> tuple[list[Entry], int]:
        """The newest `PAGE` of what `person` sees, oldest first, and the number of the latest change."""
        with self._transaction() as tx:
            rows = tx.execute(
                f"SELECT {_ENTRY} WHERE (person IS NULL OR person = ?) AND body IS NOT NULL AND id < ?"
                " ORDER BY id DESC LIMIT ?",
                (person, before or 2**62, PAGE),
            ).fetchall()
            return entries.read(tx, rows[::-1], person), _next(tx) - 1

    def changes(self, person: int, since: int) -> list[Entry] | None:
        """What changed for `person` after change number `since`, in that order; None for a number yet to come."""
        with self._transaction() as tx:
            if since >= _next(tx):
                return None
            rows = tx.execute(
                f"SELECT {_ENTRY} WHERE (person IS NULL OR person = ?) AND changed > ? ORDER BY changed LIMIT ?",
                (person, since, PAGE),
            ).fetchall()
            return entries.read(tx, rows, person)

    # ------------------------------------------------ reactions

    def seed(self, entry: int, emoji: str) -> bool:
        """Put `emoji` under a public message, for people to press; False when there is no such message."""
        with self._transaction() as tx:
            if there := _is_public(tx, entry):
                _note(tx, entry, reactions.put(tx, entry, emoji, None))
            return there

    def react(self, entry: int, emoji: str, person: int, added: bool) -> bool:
        """Put someone's `emoji` under a public message, or take it away; whether that changed anything."""
        with self._transaction() as tx:
            if not _is_public(tx, entry):
                return False
            put_or_take = reactions.put if added else reactions.take
            return _note(tx, entry, put_or_take(tx, entry, emoji, person))

    def reactors(self, entry: int, emoji: str) -> Sequence[Person] | None:
        """Who reacted, first come first, the bot left out; None when there is no such public message."""
        with self._transaction() as tx:
            if not _is_public(tx, entry):
                return None
            rows = tx.execute(
                "SELECT p.id, p.name FROM reactions r JOIN people p ON p.id = r.person"
                " WHERE r.entry = ? AND r.emoji = ? ORDER BY r.id",
                (entry, emoji),
            )
            return [Person(*row) for row in rows]

    # ------------------------------------------------ forms

    def open_form(self, person: int, form: Form, entry: int | None) -> int:
        with self._transaction() as tx:
            opened = tx.execute(
                "INSERT INTO forms (person, body, entry) VALUES (?, ?, ?) RETURNING id",
                (person, codec.to_json(form), entry),
            ).fetchone()
            tx.execute(
                "DELETE FROM forms WHERE person = ? AND id <= "
                "(SELECT id FROM forms WHERE person = ? ORDER BY id DESC LIMIT 1 OFFSET ?)",
                (person, person, FORMS_KEPT),
            )
            return int(opened[0])

    def form(self, form: int, person: int) -> OpenForm | None:
        with self._transaction() as tx:
            row = tx.execute("SELECT body, entry FROM forms WHERE id = ? AND person = ?", (form, person)).fetchone()
        read = codec.form(row[0]) if row else None
        return OpenForm(form, read, row[1]) if read else None

    # ------------------------------------------------ inside

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        if self._connection is None:
            self._connection = schema.connect(self._path)
        with self._connection:
            self._connection.execute("BEGIN IMMEDIATE")
            yield self._connection

    def _insert(
        self,
        tx: sqlite3.Connection,
        person: int | None,
        message: Message,
        *,
        key: str | None = None,
        said: str | None = None,
    ) -> int:
        row = tx.execute(
            "INSERT INTO entries (person, key, said, body, changed, posted_at) VALUES (?, ?, ?, ?, ?, ?) RETURNING id",
            (person, key, said, codec.to_json(message), _next(tx), _at(self._now())),
        ).fetchone()
        return int(row[0])


_ENTRY = f"{entries.COLUMNS} FROM entries"


def _is_public(tx: sqlite3.Connection, entry: int) -> bool:
    return tx.execute("SELECT 1 FROM entries WHERE id = ? AND person IS NULL", (entry,)).fetchone() is not None


def _note(tx: sqlite3.Connection, entry: int, reacted: bool) -> bool:
    """What is under a message is a change of it, but no edit."""
    if reacted:
        tx.execute("UPDATE entries SET changed = ? WHERE id = ?", (_next(tx), entry))
    return reacted


def _next(tx: sqlite3.Connection) -> int:
    """The next change's number. It only grows: whatever is deleted is older than what was just written."""
    return int(tx.execute("SELECT coalesce(max(changed), 0) + 1 FROM entries").fetchone()[0])


def _at(moment: datetime) -> str:
    """An instant as text that sorts by time."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
