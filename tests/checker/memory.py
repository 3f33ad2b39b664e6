"""Where a run is kept: in a file, or on a server."""

from __future__ import annotations

import random
import sqlite3
import tempfile
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import text

from bot.store.database import Database
from tests.checker.clockwork import Clockwork
from tests.checker.threadless import open_threadless
from tests.checker.worker import WAITING, Peek

WORKERS = 2


class Memory(ABC):
    """`outside`: whether a server keeps it, for which the clock has to wait."""

    outside: bool

    @abstractmethod
    def opened(
        self, loop: Clockwork, chance: random.Random
    ) -> AbstractAsyncContextManager[tuple[Sequence[Database], Peek]]:
        """A database for each worker, and the way to look into it."""


class InFile(Memory):
    """One SQLite file, of which no more than one program may be at work: the workers are two in one."""

    outside = False

    @asynccontextmanager
    async def opened(self, loop: Clockwork, chance: random.Random) -> AsyncIterator[tuple[Sequence[Database], Peek]]:
        with tempfile.TemporaryDirectory(prefix="studybot-checker-") as folder:
            file = Path(folder) / "studybot.db"
            database = await open_threadless(file, chance)
            raw = sqlite3.connect(f"file:{file}?mode=ro", uri=True, isolation_level=None)

            async def peek() -> Sequence[tuple[str, datetime | None]]:
                return [
                    (kind, None if at is None else datetime.fromisoformat(at).replace(tzinfo=UTC))
                    for kind, at in raw.execute(WAITING)
                ]

            try:
                yield [database] * WORKERS, peek
            finally:
                raw.close()
                await database.close()


class OnServer(Memory):
    """PostgreSQL: a pool for each worker. What both ask at once the server takes as it comes, so no run is told again."""

    outside = True

    def __init__(self, url: str) -> None:
        self._url = url

    @asynccontextmanager
    async def opened(self, loop: Clockwork, chance: random.Random) -> AsyncIterator[tuple[Sequence[Database], Peek]]:
        with loop.asking():
            databases = [await Database.open(self._url) for _ in range(WORKERS)]

        async def peek() -> Sequence[tuple[str, datetime | None]]:
            with loop.asking():
                async with databases[0].read() as tx:
                    return [(kind, at) for kind, at in await tx.execute(text(WAITING))]

        try:
            yield databases, peek
        finally:
            with loop.asking():
                for database in databases:
                    await database.close()
