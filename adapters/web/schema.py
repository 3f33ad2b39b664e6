"""The tables of the channel's memory."""

from __future__ import annotations

import sqlite3
from pathlib import Path

SCHEMA = """
CREATE TABLE people (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL);
CREATE TABLE entries (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    person INTEGER REFERENCES people (id), -- who alone sees it; NULL: everyone
    key TEXT UNIQUE,
    said TEXT, -- the command that it answers, as typed
    body TEXT, -- codec.to_json; NULL once dismissed
    changed INTEGER NOT NULL UNIQUE,
    posted_at TEXT NOT NULL,
    edited_at TEXT
);
CREATE INDEX entries_by_person ON entries (person, id);
CREATE TABLE forms (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    person INTEGER NOT NULL REFERENCES people (id),
    body TEXT NOT NULL,
    entry INTEGER -- the private message that the answer replaces
);
CREATE TABLE reactions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    entry INTEGER NOT NULL REFERENCES entries (id),
    emoji TEXT NOT NULL,
    person INTEGER REFERENCES people (id) -- NULL: the bot
);
CREATE UNIQUE INDEX reactions_once ON reactions (entry, emoji, coalesce(person, 0));
INSERT INTO people (name) VALUES ('You'), ('Ada'), ('Grace');
PRAGMA user_version = 1;
"""
VERSION = 1


def connect(path: Path | str) -> sqlite3.Connection:
    """The file, made if need be. Transactions are begun by hand. `sqlite3.Error` for a file that isn’t ours to read."""
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version > VERSION:
            raise sqlite3.DatabaseError(  # noqa: TRY301 - the connection is closed below
                f"{path} was written by a newer Studybot (version {version})"
            )
        if version == 0:
            connection.executescript(f"BEGIN; {SCHEMA} COMMIT;")
    except BaseException:
        connection.close()
        raise
    return connection
