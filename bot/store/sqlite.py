"""SQLite: one connection writes and alone checkpoints, a few read-only ones read.

SQLite up to 3.51.2 can corrupt a WAL database when two connections write or checkpoint at once (the WAL-reset bug), and a
second bot on the file would do just that. So a bot holds a lock for as long as it runs: an exclusive transaction on the
empty database `<file>.lock` beside it. The lock is SQLite's own, so it holds wherever the database does, between containers
on one volume included, and the system drops it when the process dies.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from sqlalchemy import URL, Connection, event, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.store import hop
from bot.store.database import SETTING, Database, DatabaseInUse, DatabaseProblem
from bot.store.migrations import HEAD

if TYPE_CHECKING:
    from collections.abc import Iterator

T = TypeVar("T")

READERS = 4
BUSY = 5.0
"""Seconds that a statement waits for a program that is no bot: a backup, the `sqlite3` shell."""

_EVERY = ("PRAGMA foreign_keys = ON",)
_WRITER = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA cache_size = -32768",  # KiB: the boards of 200,000 people; a small community never fills it
    "PRAGMA temp_store = MEMORY",  # a statement of many rows notes every page it touches, to take back if one row fails
    "PRAGMA wal_autocheckpoint = 4000",  # pages: a burst of answers touches the same ones again and again
)


class Sqlite(Database):
    dialect: Literal["sqlite", "postgresql"] = "sqlite"

    def __init__(self, path: Path, lock: sqlite3.Connection) -> None:
        self._path = path
        self._lock = lock
        self._writing = asyncio.Lock()
        self._writer = _engine(path, "rwc", "BEGIN IMMEDIATE", (*_EVERY, *_WRITER), 1)
        self._readers = _engine(path, "ro", "BEGIN", _EVERY, READERS)
        self._driver: hop.Connection | None = None
        event.listen(self._writer.sync_engine, "connect", self._connected)

    @classmethod
    async def at(cls, url: URL) -> Sqlite:
        path = _path(url)
        database = cls(path, _locked(path))
        try:
            with _named(path):
                await database._migrate()
        except BaseException:
            await database.close()
            raise
        return database

    @classmethod
    @asynccontextmanager
    async def reading(cls, url: URL) -> AsyncIterator[AsyncConnection]:
        """One look at a file that another program may be writing: it needs no lock, as it changes nothing."""
        path = _existing(url)
        engine = _engine(path, "ro", "BEGIN", _EVERY, 1)
        try:
            with _named(path, but=sqlite3.SQLITE_READONLY):
                async with engine.begin() as connection:
                    yield connection
        finally:
            await engine.dispose()

    def _connected(self, connection: Any, _record: object) -> None:  # noqa: ANN401 - SQLAlchemy's adapter, untyped
        self._driver = connection.driver_connection

    async def _migrate(self) -> None:
        async with self._writer.begin() as connection:
            if (await connection.execute(text("PRAGMA journal_mode"))).scalar_one() != "wal":
                raise DatabaseProblem(f"{self._path} can't have a write-ahead log where it is: move it to a local disk")
            kept = await connection.execute(text("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'"))
            version: str | None = None
            if kept.scalar():
                version = (await connection.execute(text("SELECT version_num FROM alembic_version"))).scalar()
        if version == HEAD:
            return
        from bot.store.migrations.upgrade import upgrade

        # A step that rebuilds a table drops the old one, and the rows that refer to it must not go along: foreign keys are
        # off meanwhile (SQLite obeys that outside a transaction alone) and checked as a whole before the commit.
        async with self._writer.connect() as connection:
            assert self._driver is not None
            await self._driver.on_thread(lambda raw: raw.execute("PRAGMA foreign_keys = OFF").close())
            try:
                async with connection.begin():
                    await connection.run_sync(upgrade, version)
                    astray = (await connection.execute(text("PRAGMA foreign_key_check"))).first()
                    if astray is not None:
                        raise DatabaseProblem(
                            f"{self._path}: a row of {astray[0]!r} refers to nothing: restore a backup"
                        )
            finally:
                await self._driver.on_thread(lambda raw: raw.execute("PRAGMA foreign_keys = ON").close())

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        with _named(self._path, but=sqlite3.SQLITE_READONLY):  # a write in here is our mistake, not the file's
            async with self._readers.begin() as connection:
                yield connection

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        with _named(self._path):
            async with self._writing, self._writer.begin() as connection:
                yield connection

    async def batch(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Run `work`, which begins and commits by itself, as one function on the writing connection's thread."""
        with _named(self._path):
            async with self._writing:
                if self._driver is None or not _runs(self._driver):  # a transaction was cancelled since
                    async with self._writer.connect() as connection:
                        await connection.get_raw_connection()
                assert self._driver is not None
                result: T = await self._driver.on_thread(work)
                return result

    async def clear(self, most: int) -> bool:
        def cleared(connection: sqlite3.Connection) -> bool:
            ((pages,),) = connection.execute("PRAGMA page_count").fetchall()
            ((size,),) = connection.execute("PRAGMA page_size").fetchall()
            if pages * size > most:
                return False
            connection.execute("VACUUM")  # deleted rows lie about in free pages and in gaps, also with secure_delete
            ((busy, *_),) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            return not busy

        return await self.batch(cleared)

    async def close(self) -> None:
        await self._readers.dispose()
        await self._writer.dispose()  # last, so that it checkpoints and removes the log
        self._lock.close()


def _runs(driver: hop.Connection) -> bool:
    return driver._running and driver._connection is not None  # noqa: SLF001 - it says so nowhere else


def _engine(path: Path, mode: str, begin: str, pragmas: tuple[str, ...], connections: int) -> AsyncEngine:
    engine = create_async_engine(
        URL.create("sqlite+aiosqlite", database=path.as_uri(), query={"mode": mode, "uri": "true"}),
        connect_args={
            "isolation_level": None,  # the driver begins nothing by itself: `begin` does
            "timeout": BUSY,
            "async_creator_fn": hop.connect,
        },
        pool_size=connections,
        max_overflow=0,
        pool_timeout=60,
        hide_parameters=True,  # an error is logged, and the log must name nobody
        pool_reset_on_return=None,  # every transaction here ends in its own `begin()` block
    )

    @event.listens_for(engine.sync_engine, "connect")
    def prepare(connection: DBAPIConnection, _record: object) -> None:
        cursor = connection.cursor()
        for pragma in pragmas:
            cursor.execute(pragma)
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def start(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def _path(url: URL) -> Path:
    if not url.database or url.database == ":memory:" or url.host:
        raise DatabaseProblem(
            f"{SETTING} names no file; write sqlite:////folder/studybot.db, with four slashes for a full path"
        )
    path = Path(url.database).expanduser().absolute()
    if not path.parent.is_dir():
        raise DatabaseProblem(f"{path.parent} is no folder: create it, or correct {SETTING}")
    if path.is_dir():
        raise DatabaseProblem(f"{path} is a folder: add the file's name to {SETTING}")
    return path


def _existing(url: URL) -> Path:
    if url.database and not Path(url.database).expanduser().exists():
        raise DatabaseProblem(f"there is no database at {url.database} yet: start the bot once")
    return _path(url)


def _locked(path: Path) -> sqlite3.Connection:
    with _named(path):
        lock = sqlite3.connect(f"{path}.lock", timeout=0, isolation_level=None, check_same_thread=False)
        try:
            lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.Error as error:
            lock.close()
            if _code(error) == sqlite3.SQLITE_BUSY:
                raise DatabaseInUse(f"{path} is in use by another Studybot: stop that one first") from None
            raise
    return lock


_REASONS = {
    sqlite3.SQLITE_BUSY: "is locked by another program: close what has it open",
    sqlite3.SQLITE_LOCKED: "is locked by another program: close what has it open",
    sqlite3.SQLITE_READONLY: "can't be written: give the bot's user the right to write it and its folder",
    sqlite3.SQLITE_IOERR: "can't be read or written, the disk reports an error: look at the system's log",
    sqlite3.SQLITE_CORRUPT: "is damaged: restore a backup",
    sqlite3.SQLITE_FULL: "has no room left: free some space on its disk",
    sqlite3.SQLITE_CANTOPEN: "can't be opened: give the bot's user the right to write it and its folder",
    sqlite3.SQLITE_NOTADB: f"is no SQLite database: correct {SETTING}",
}


@contextmanager
def _named(path: Path, but: int | None = None) -> Iterator[None]:
    """Turns what SQLite says about the file into a DatabaseProblem; other errors pass."""
    try:
        yield
    except (sqlite3.Error, DBAPIError) as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        reason = _REASONS.get(_code(cause))
        if reason is None or _code(cause) == but:
            raise
        raise DatabaseProblem(f"{path} {reason}") from cause


def of_the_file(error: Exception) -> bool:
    """Whether an error is the file's, and not that of a statement or its values."""
    return _code(error) in _REASONS


def _code(error: BaseException | None) -> int:
    """SQLite's primary result code, 0 where there is none."""
    code: int = getattr(error, "sqlite_errorcode", None) or 0
    return code & 0xFF
