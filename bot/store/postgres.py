"""PostgreSQL: the same tables for any number of identical workers."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, Any, Literal

import asyncpg
from sqlalchemy import URL, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from bot.store.database import SETTING, Database, DatabaseProblem
from bot.store.migrations import HEAD

if TYPE_CHECKING:
    from collections.abc import Iterator

CONNECT_SECONDS = 10
MIGRATING = 0x5374756479626F74
"""The advisory lock of the one worker that migrates: 'Studybot' in ASCII."""


class Postgres(Database):
    dialect: Literal["sqlite", "postgresql"] = "postgresql"

    def __init__(self, url: URL) -> None:
        self._url = url
        # The driver reads the address itself, so `sslmode` and its kin mean what they mean to psql.
        self._engine = create_async_engine(
            "postgresql+asyncpg://",
            async_creator=self.connect,
            pool_pre_ping=True,
            pool_timeout=60,
            hide_parameters=True,  # an error is logged, and the log must name nobody
        )
        self._reading = self._engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)

    @classmethod
    async def at(cls, url: URL) -> Postgres:
        database = cls(url)
        try:
            with database.named():
                await database._migrate()
        except BaseException:
            await database.close()
            raise
        return database

    async def connect(self, *_: object, **options: Any) -> asyncpg.Connection:  # noqa: ANN401 - SQLAlchemy's own options
        """A connection of the driver's, outside the pool: whoever asks for it closes it."""
        address = self._url.set(drivername="postgresql").render_as_string(hide_password=False)
        return await asyncpg.connect(address, timeout=CONNECT_SECONDS, **options)

    async def _migrate(self) -> None:
        async with self._engine.begin() as connection:
            if await _version(connection) == HEAD:
                return
            await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATING})
            version = await _version(connection)  # another worker may have been first
            if version != HEAD:
                from bot.store.migrations.upgrade import upgrade

                await connection.run_sync(upgrade, version)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        with self.named():
            async with self._reading.begin() as connection:
                yield connection

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        with self.named():
            async with self._engine.begin() as connection:
                yield connection

    async def clear(self, most: int) -> bool:
        """The server's own autovacuum does it."""
        return True

    async def close(self) -> None:
        await self._engine.dispose()

    @contextmanager
    def named(self) -> Iterator[None]:
        """Turns what PostgreSQL and the way to it say of themselves into a DatabaseProblem; other errors pass."""
        try:
            yield
        except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError, DBAPIError) as error:
            cause = _cause(error)
            reason = _reason(cause)
            if reason is None:
                raise
            raise DatabaseProblem(f"PostgreSQL at {self._where()} {reason}") from cause

    def _where(self) -> str:
        return f"{self._url.host or 'localhost'}:{self._url.port or 5432}/{self._url.database or ''}"


# Read from the catalogue's table: `to_regclass` may go on answering 'none' from the session's cache after another worker's
# commit, because waiting for an advisory lock does not refresh that cache as waiting for a table's lock would.
_MIGRATED = "SELECT 1 FROM pg_tables WHERE tablename = 'alembic_version' AND schemaname = ANY (current_schemas(false))"


async def _version(connection: AsyncConnection) -> str | None:
    if (await connection.execute(text(_MIGRATED))).scalar() is None:
        return None
    version: str | None = (await connection.execute(text("SELECT version_num FROM alembic_version"))).scalar()
    return version


def _cause(error: BaseException) -> BaseException:
    """The driver's own error under SQLAlchemy's two wrappings."""
    if isinstance(error, DBAPIError) and error.orig is not None:
        return error.orig.__cause__ or error.orig
    return error


def of_the_server(error: BaseException) -> bool:
    """Whether an error is the server's or the way's to it, and not that of a statement or its values."""
    return _reason(_cause(error)) is not None


_DROPPED = "dropped the connection: see whether it runs; the bot connects again by itself"


def _reason(error: BaseException) -> str | None:
    match error:
        case asyncpg.InvalidPasswordError() | asyncpg.InvalidAuthorizationSpecificationError():
            return f"refuses the user or the password: correct {SETTING}"
        case asyncpg.InvalidCatalogNameError():
            return f"has no such database: create it, or correct {SETTING}"
        case asyncpg.InsufficientPrivilegeError():
            return f"denies a right ({error}): grant it to the user in {SETTING}"
        case asyncpg.CannotConnectNowError() | asyncpg.TooManyConnectionsError():
            return f"takes no connection now ({error}): try again, or raise its max_connections"
        case asyncpg.DiskFullError() | asyncpg.OutOfMemoryError():
            return f"has no room left ({error}): free some on its machine"
        case asyncpg.PostgresConnectionError() | asyncpg.AdminShutdownError() | asyncpg.CrashShutdownError():
            return _DROPPED
        case asyncpg.InterfaceError() if "closed" in str(error):  # the driver's word for it after the first time
            return _DROPPED
        case ssl.SSLError():
            return f"can't agree on TLS ({error.reason}): correct sslmode in {SETTING}"
        case asyncio.TimeoutError():
            return f"does not answer within {CONNECT_SECONDS} s: see whether it runs and can be reached"
        case OSError():
            return f"can't be reached ({error.strerror or error}): see whether it runs, or correct {SETTING}"
    return None
