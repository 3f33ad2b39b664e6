"""The database: one SQLite file, or PostgreSQL, behind the same two doors: `read` and `write`."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Literal

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncConnection

SETTING = "STUDYBOT_DATABASE_URL"


class DatabaseProblem(Exception):
    """The database can't be used. `str` is one sentence: what is wrong, and what mends it."""


class DatabaseInUse(DatabaseProblem):
    """Another Studybot has the file. `Database.beside` can look at it all the same."""


class Database(ABC):
    """An open, migrated database. Close it, or the process may wait for its threads."""

    dialect: Literal["sqlite", "postgresql"]

    @classmethod
    async def open(cls, url: str) -> Database:
        """Connect to `sqlite:////folder/studybot.db` or `postgresql://user:password@host/name`, and bring its tables up
        to this version. DatabaseProblem when that can't be done.
        """
        parsed = _parse(url)
        match parsed.get_backend_name():
            case "sqlite":
                from bot.store.sqlite import Sqlite

                return await Sqlite.at(parsed)
            case "postgresql" | "postgres":
                from bot.store.postgres import Postgres

                return await Postgres.at(parsed)
            case other:
                raise DatabaseProblem(
                    f"{SETTING} starts with {other!r}; write sqlite:////folder/studybot.db or postgresql://…"
                )

    @classmethod
    @asynccontextmanager
    async def beside(cls, url: str) -> AsyncIterator[AsyncConnection]:
        """Read a database once, beside a bot that may be running on it. DatabaseProblem when that can't be done."""
        parsed = _parse(url)
        if parsed.get_backend_name() == "sqlite":
            from bot.store.sqlite import Sqlite

            async with Sqlite.reading(parsed) as connection:
                yield connection
            return
        database = await cls.open(url)
        try:
            async with database.read() as connection:
                yield connection
        finally:
            await database.close()

    @abstractmethod
    def read(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """A connection that sees one moment of the database and can change nothing."""

    @abstractmethod
    def write(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """One transaction: committed on leaving, rolled back when an exception leaves."""

    @abstractmethod
    async def clear(self, most: int) -> bool:
        """Overwrite what was deleted; False when that would hold up a file of more than `most` bytes."""

    @abstractmethod
    async def close(self) -> None:
        """Let go of every connection, and of the file."""


def _parse(url: str) -> URL:
    try:
        return make_url(url)
    except (ArgumentError, ValueError) as error:
        raise DatabaseProblem(
            f"{SETTING} is not an address; write sqlite:////folder/studybot.db or postgresql://user:password@host/name"
        ) from error
