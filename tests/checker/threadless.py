"""The bot's SQLite without its thread: every statement runs where it is asked for, so that a run can be told again.

Statements, transactions, connections and their locks are the bot's own. Only the driver is another, which now and then lets
others go first, and the file is not flushed to the disk.
"""

from __future__ import annotations

import asyncio
import random
import sqlite3
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import event, make_url

from bot.store.sqlite import Sqlite

T = TypeVar("T")

GIVES_WAY = 0.02
"""How often a statement lets others go first."""


class _Cursor:
    def __init__(self, cursor: sqlite3.Cursor, chance: random.Random) -> None:
        self._cursor = cursor
        self._chance = chance

    async def __aenter__(self) -> _Cursor:
        return self

    async def execute(self, operation: str, parameters: Any = ()) -> None:
        if self._chance.random() < GIVES_WAY:
            await asyncio.sleep(0)
        self._cursor.execute(operation, parameters)

    async def executemany(self, operation: str, rows: Iterable[Any]) -> None:
        self._cursor.executemany(operation, rows)

    async def fetchall(self) -> list[Any]:
        return self._cursor.fetchall()

    async def close(self) -> None:
        self._cursor.close()

    @property
    def description(self) -> Any:
        return self._cursor.description

    @property
    def rowcount(self) -> int:
        return self._cursor.rowcount

    @property
    def lastrowid(self) -> int | None:
        return self._cursor.lastrowid


class _Connection:
    """As much of `hop.Connection` as SQLAlchemy and the store ask for."""

    def __init__(self, raw: sqlite3.Connection, chance: random.Random) -> None:
        self._conn = self._connection = raw
        self._running = True
        self._chance = chance

    def cursor(self) -> _Cursor:
        return _Cursor(self._conn.cursor(), self._chance)

    async def create_function(self, *values: Any, **named: Any) -> None:
        self._conn.create_function(*values, **named)

    async def commit(self) -> None:
        self._conn.commit()

    async def rollback(self) -> None:
        self._conn.rollback()

    async def close(self) -> None:
        self._conn.close()

    async def on_thread(self, work: Callable[[sqlite3.Connection], T]) -> T:
        return work(self._conn)


async def open_threadless(path: Path, chance: random.Random) -> Sqlite:
    """A new file, with the bot's tables."""

    class Threadless(Sqlite):
        def __init__(self, path: Path, lock: sqlite3.Connection) -> None:
            super().__init__(path, lock)
            for engine in (self._writer.sync_engine, self._readers.sync_engine):
                event.listen(engine, "do_connect", connecting)
                event.listen(engine, "connect", connected)

    async def connect(*values: Any, **options: Any) -> _Connection:
        return _Connection(sqlite3.connect(*values, **options), chance)

    def connecting(_dialect: object, _record: object, _values: object, options: dict[str, Any]) -> None:
        options["async_creator_fn"] = connect

    def connected(connection: Any, _record: object) -> None:
        connection.cursor().execute("PRAGMA synchronous = OFF")

    return await Threadless.at(make_url(f"sqlite:///{path}"))
