"""A database that can't be written to for now: another program has it, or its disk is full."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.events import MessageRef, Place
from bot.messages import Message
from bot.store.database import DatabaseProblem
from bot.store.vault import KeptVault
from tests.stage import Stage


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Another program writes into the database and does not end."""
    with closing(sqlite3.connect(folder / "studybot.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


@contextmanager
def locked_once_posted(scene: Stage, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The same, from the moment at which the platform has taken a post."""
    post = scene.paper.post
    with closing(sqlite3.connect(folder / "studybot.db", isolation_level=None, check_same_thread=False)) as other:

        async def posting(place: Place, message: Message, key: str) -> MessageRef:
            ref = await post(place, message, key)
            other.execute("BEGIN IMMEDIATE")
            return ref

        with monkeypatch.context() as patched:
            patched.setattr(scene.paper, "post", posting)
            yield
        other.execute("ROLLBACK")


@asynccontextmanager
async def full(scene: Stage) -> AsyncIterator[None]:
    """The disk has no room for another page, and the database none in the ones that it has."""
    async with scene.database.write() as tx:
        pages = (await tx.execute(text("PRAGMA page_count"))).scalar_one()
        await tx.execute(text(f"PRAGMA max_page_count = {pages}"))
    ballast = KeptVault(scene.database, "ballast", lambda: scene.now)
    for size in (4096, 512, 64, 1):
        for number in range(10_000):
            try:
                await ballast.put(f"{size}:{number}", bytes(size))
            except DatabaseProblem:
                break
        else:
            raise AssertionError("it never got full")
    yield
    async with scene.database.write() as tx:
        await tx.execute(text("PRAGMA max_page_count = 1000000"))
