"""SQLite's connection on its thread, which is asked once for each statement.

aiosqlite hops to the thread to make a cursor, to execute, to fetch and to close, and between two hops the event loop may be
busy. All of them together take no longer there than one, so a statement here is one hop, its rows included.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any

import aiosqlite


class Cursor:
    """As much of a cursor as SQLAlchemy asks for. It holds what one statement has brought, and nothing of the database's."""

    description: Sequence[Sequence[Any]] | None = None
    rowcount = -1
    lastrowid: int | None = None
    arraysize = 1

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rows: list[Any] = []

    async def __aenter__(self) -> Cursor:
        return self

    async def execute(self, operation: str, parameters: Any = ()) -> None:  # noqa: ANN401 - a tuple or a mapping
        await self._connection.on_thread(partial(self._execute, operation, parameters))

    async def executemany(self, operation: str, rows: Iterable[Any]) -> None:
        await self._connection.on_thread(partial(self._executemany, operation, rows))

    async def fetchall(self) -> list[Any]:
        rows, self._rows = self._rows, []
        return rows

    async def close(self) -> None:
        self._rows = []

    def _execute(self, operation: str, parameters: Any, raw: sqlite3.Connection) -> None:  # noqa: ANN401 - as `execute`
        cursor = raw.execute(operation, parameters)
        self._rows = cursor.fetchall()  # before the count, which is whole only then
        self._ended(cursor)

    def _executemany(self, operation: str, rows: Iterable[Any], raw: sqlite3.Connection) -> None:
        self._ended(raw.executemany(operation, rows))

    def _ended(self, cursor: sqlite3.Cursor) -> None:
        self.description, self.rowcount, self.lastrowid = cursor.description, cursor.rowcount, cursor.lastrowid
        cursor.close()


class Connection(aiosqlite.Connection):
    def __init__(self, connector: Callable[[], sqlite3.Connection]) -> None:
        super().__init__(connector, iter_chunk_size=64)
        self._thread.daemon = True  # what is not closed must not keep the process

    def cursor(self) -> Cursor:  # type: ignore[override]
        return Cursor(self)

    async def on_thread(self, work: Callable[[sqlite3.Connection], Any]) -> Any:  # noqa: ANN401 - whatever `work` returns
        """`work` with SQLite's own connection, on its thread. aiosqlite has no public call for it."""
        return await self._execute(work, self._conn)  # type: ignore[no-untyped-call]


async def connect(*values: Any, **options: Any) -> Connection:  # noqa: ANN401 - sqlite3's
    """As `sqlite3.connect`."""
    connection = Connection(partial(sqlite3.connect, *values, **options))
    await connection
    return connection
