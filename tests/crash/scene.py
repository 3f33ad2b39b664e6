"""A channel in which something is to be said, the workers that see to it, and what they keep of it."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg

from bot.courier import LEASE
from bot.events import Place
from tests.crash.bot import Point
from tests.crash.chats import Chat, Shown
from tests.crash.nursery import Nursery
from tests.crash.worker import PATIENCE, Worker

PAST_LEASE = LEASE.total_seconds() + 1


@dataclass
class Scene:
    """`url` is the database's. `now` is the time for the workers, each of whom learns of it when it is told; it goes on only
    when the test says so. `table` is what is kept of what they are to say.
    """

    folder: Path
    nursery: Nursery
    chat: Chat
    url: str
    workers: int
    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    table: str = "posts"
    alive: list[Worker] = field(default_factory=list)
    _every: list[Worker] = field(default_factory=list)

    @property
    def place(self) -> Place:
        return self.chat.place

    async def begin(self, at: Point | None, by: str = "KILL") -> Worker:
        """Start the workers; the first of them ends at a point. It is returned, and no longer counted among the living."""
        for number in range(self.workers):
            self._start(number, at if number == 0 else None, by)
        for worker in self.alive:
            await worker.up()
        await self.chat.until_connected(self.workers)
        return self.alive.pop(0)

    async def passes(self, seconds: float, *, for_all: bool = True) -> None:
        """Time goes by; the living see to what is due, if it is for all."""
        self.now += timedelta(seconds=seconds)
        await self.chat.advance(seconds)
        if for_all:
            await self.look()

    async def look(self) -> None:
        """The living see to what is due by now."""
        for worker in self.alive:
            worker.set(self.now)
        for worker in self.alive:
            await worker.looks()

    def comes_to(self, worker: Worker) -> None:
        """One worker alone is told the time, and looks what is due."""
        worker.set(self.now)
        worker.ring()

    async def succeed(self) -> None:
        """After the first worker's death: another process takes its place, where no other lives; nobody's lease is over."""
        if self.workers == 1:
            self._start(0, None, "KILL")
            await self.alive[0].up()
        await self.chat.until_connected(1)
        await self.look()

    def _start(self, number: int, at: Point | None, by: str) -> None:
        settings = {
            **self.chat.settings(number, self.workers),
            "STUDYBOT_DATABASE_URL": self.url,
            "STUDYBOT_DECKS": str(self.folder / "decks"),
            "STUDYBOT_SHIPPED_DECKS": "off",
            "STUDYBOT_WEB": "off",
        }
        worker = Worker(self.nursery, self.folder, settings, self.now, at, by)
        self.alive.append(worker)
        self._every.append(worker)

    async def close(self) -> None:
        for worker in self._every:
            if worker.ended is None:
                await worker.kill()

    # ------------------------------------------------ what stands

    async def the_one(self) -> Shown:
        """The channel's one message, which is the one that its row names."""
        (message,) = await self.chat.shown()
        assert await self.rows(f"SELECT message_id FROM {self.table}") == [(message.id,)]
        return message

    async def state(self) -> str:
        """Of the one post or recap."""
        ((state,),) = await self.rows(f"SELECT state FROM {self.table}")
        return str(state)

    async def events(self) -> list[str]:
        """What happened to the one post."""
        return [str(row[0]) for row in await self.rows("SELECT what FROM post_events ORDER BY id")]

    async def somebody_waits(self) -> None:
        """Until a worker waits for what another one has locked (PostgreSQL)."""
        async with asyncio.timeout(PATIENCE):
            while not (await self.rows("SELECT count(*) FROM pg_locks WHERE NOT granted"))[0][0]:
                await asyncio.sleep(0.02)

    async def rows(self, query: str) -> Sequence[tuple[Any, ...]]:
        if self.url.startswith("sqlite"):
            with closing(sqlite3.connect(self.url.removeprefix("sqlite:///"))) as database:
                return database.execute(query).fetchall()
        connection = await asyncpg.connect(self.url)
        try:
            return [tuple(row) for row in await connection.fetch(query)]
        finally:
            await connection.close()


@asynccontextmanager
async def scene(folder: Path, nursery: Nursery, chat: Chat, url: str, workers: int) -> AsyncIterator[Scene]:
    made = Scene(folder, nursery, chat, url, workers)
    try:
        yield made
    finally:
        await made.close()
