"""How fast `ballots.cast` is beside the bare drivers making the same row changes. `python -m bench.ballots [--quick]`.

The two take turns, a slice each, so that a busy machine slows both; a ratio is the median over the slices. The floor knows
what to write and reads nothing; `cast` finds out who answers, whether the post is open and what stands already. For one
caller at a time there is also a floor that looks these up, as any bot must.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import random
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TypeAlias

import aiosqlite
import asyncpg
from sqlalchemy import insert

from bench._floors import LOOK_UPS, PRAGMAS, STATEMENTS, Batch, Ledger, as_sqlite, look_ups, numbered
from bench._machine import machine, table
from bench._postgresql import beside_postgresql
from bot.store.ballots import Account, Ballot, Ballots, Standing
from bot.store.database import Database
from bot.store.tables import cards, communities, posts
from tests.postgres import Server

FIRST = date(2026, 1, 1)
SLICES = 9
"""The first of each is for warming up."""

Floor: TypeAlias = Callable[[Sequence[Batch]], Awaitable[float]]
"""Writes batches, a commit each, and returns the seconds that took."""


@dataclass(frozen=True)
class Size:
    waiting: int
    slice: int
    wanted: str
    asks: bool = False
    """Whether the floor looks up what `cast` must."""


SIZES = (
    Size(1000, 5000, "0.6"),
    Size(100, 2000, "0.5"),
    Size(1, 150, "1", asks=True),
    Size(1, 150, ""),
)


@dataclass(frozen=True)
class Figures:
    """Ballots a second of both, the median of the slices' ratios, and seconds that callers waited."""

    cast: float
    floor: float
    ratio: float
    waits: list[float]


def ballots(people: int) -> Iterator[Ballot]:
    """Everyone answers one question a day, in another order every day; four in ten are wrong."""
    chance = random.Random(1)
    accounts = [Account("discord", "", str(10**17 + each), f"Person {each}") for each in range(people)]
    for number in range(1, 366):
        day = FIRST + timedelta(days=number - 1)
        opens = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
        for place, account in enumerate(chance.sample(accounts, people)):
            right = chance.random() < 0.6
            grade = (float(right), right, 10 * right, 10, False)
            at = opens + timedelta(milliseconds=place)
            yield Ballot(1, number, number, day, number, account, "abcd"[place % 4], *grade, at)


async def prepare(url: str) -> Database:
    """A database with a community and a year's questions, all open."""
    database = await Database.open(url)
    at = datetime(2026, 1, 1, tzinfo=UTC)
    card = {"community_id": 1, "deck": "d", "deck_title": "D", "version": "1", "body": "{}"}
    here = {
        "community_id": 1,
        "platform": "discord",
        "workspace": "g",
        "channel": "c",
        "message_id": "m",
        "mode": "buttons",
        "feedback": "now",
        "seeded": True,
        "state": "open",
    }
    times = {"opens_at": at, "closes_at": at, "claimed_at": at}
    async with database.write() as tx:
        await tx.execute(insert(communities).values(id=1, name="Bench", zone="UTC", created_at=at))
        await tx.execute(insert(cards), [{**card, "id": number, "card": f"c{number}"} for number in range(1, 366)])
        each = [
            {"id": number, "card_id": number, "key": f"k{number}", "day": day, "local_date": day, "day_number": number}
            for number in range(1, 366)
            for day in (FIRST + timedelta(days=number - 1),)
        ]
        await tx.execute(insert(posts), [{**here, **times, **post} for post in each])
    return database


async def cast(box: Ballots, some: Sequence[Ballot], waiting: int) -> tuple[float, list[float]]:
    waits: list[float] = []
    left = iter(some)

    async def caller() -> None:
        for ballot in left:
            began = time.perf_counter()
            receipt = await box.cast(ballot)
            waits.append(time.perf_counter() - began)
            assert receipt.standing is Standing.RECORDED

    began = time.perf_counter()
    await asyncio.gather(*(caller() for _ in range(waiting)))
    return time.perf_counter() - began, waits


async def measure(database: Database, floor: Floor, size: Size, people: int, ledger: Ledger) -> Figures:
    source = ballots(people)
    box = Ballots(database)
    took: list[tuple[float, float]] = []
    waits: list[float] = []
    for _ in range(SLICES):
        some = [next(source) for _ in range(size.slice)]
        batches = list(ledger.batches(some, size.waiting))
        gc.collect()
        gc.freeze()  # what the bench itself holds is not to be gone through in anyone's time
        ours, waited = await cast(box, some, size.waiting)
        theirs = await floor(batches)
        gc.unfreeze()
        took.append((ours, theirs))
        waits += waited
    await box.stop()
    took, waits = took[1:], waits[size.slice :]
    done = size.slice * len(took)
    return Figures(
        cast=done / sum(ours for ours, _ in took),
        floor=done / sum(theirs for _, theirs in took),
        ratio=statistics.median(theirs / ours for ours, theirs in took),
        waits=sorted(waits),
    )


async def on_sqlite(size: Size, people: int, folder: Path, stack: AsyncExitStack) -> Figures:
    database = await prepare(f"sqlite:///{folder / 'cast.db'}")
    stack.push_async_callback(database.close)
    await (await prepare(f"sqlite:///{folder / 'floor.db'}")).close()
    if size.waiting == 1:
        plain = await aiosqlite.connect(folder / "floor.db", isolation_level=None)
        stack.push_async_callback(plain.close)
        for pragma in PRAGMAS:
            await plain.execute(pragma)

        async def awaited(batches: Sequence[Batch]) -> float:
            ready = [as_sqlite(batch) for batch in batches]
            began = time.perf_counter()
            for batch in ready:
                await plain.execute("BEGIN IMMEDIATE")
                if size.asks:
                    for question, values in zip(LOOK_UPS, look_ups(batch), strict=True):
                        await plain.execute_fetchall(question, values)
                for name, rows in batch.items():
                    if rows:
                        await plain.executemany(STATEMENTS[name], rows)
                await plain.execute("COMMIT")
            return time.perf_counter() - began

        return await measure(database, awaited, size, people, Ledger())
    raw = sqlite3.connect(folder / "floor.db", isolation_level=None)
    stack.callback(raw.close)
    for pragma in PRAGMAS:
        raw.execute(pragma)

    async def bare(batches: Sequence[Batch]) -> float:
        ready = [as_sqlite(batch) for batch in batches]
        began = time.perf_counter()
        for batch in ready:
            raw.execute("BEGIN IMMEDIATE")
            for name, rows in batch.items():
                raw.executemany(STATEMENTS[name], rows)
            raw.execute("COMMIT")
        return time.perf_counter() - began

    return await measure(database, bare, size, people, Ledger())


async def on_postgresql(size: Size, people: int, server: Server, stack: AsyncExitStack) -> Figures:
    database = await prepare(await server.fresh())
    stack.push_async_callback(database.close)
    url = await server.fresh()
    await (await prepare(url)).close()
    connection = await asyncpg.connect(url)
    stack.push_async_callback(connection.close)

    async def bare(batches: Sequence[Batch]) -> float:
        began = time.perf_counter()
        for batch in batches:
            async with connection.transaction():
                for name, rows in batch.items():
                    if rows:
                        await connection.executemany(numbered(STATEMENTS[name]), rows)
        return time.perf_counter() - began

    return await measure(database, bare, size, people, Ledger())


def named(kind: str, size: Size) -> str:
    """What a row of the table compares."""
    if size.waiting == 1:
        driver = "aiosqlite" if kind == "SQLite" else "asyncpg"
        return f"{kind}, beside {driver}, a commit each{', look-ups included' if size.asks else ''}"
    return f"{kind}, beside {'sqlite3' if kind == 'SQLite' else 'asyncpg'}, `executemany`, a commit per batch"


async def every(people: int, share: int, server: Server) -> list[list[str]]:
    rows: list[list[str]] = []
    for kind in ("SQLite", "PostgreSQL"):
        for full in SIZES:
            if kind == "PostgreSQL" and full.asks:
                continue
            size = replace(full, slice=max(full.slice // share, full.waiting))
            with tempfile.TemporaryDirectory() as name:
                async with AsyncExitStack() as stack:
                    if kind == "SQLite":
                        figures = await on_sqlite(size, people, Path(name), stack)
                    else:
                        figures = await on_postgresql(size, people, server, stack)
            p50, p99 = (figures.waits[int(len(figures.waits) * share_)] * 1000 for share_ in (0.5, 0.99))
            rows.append(
                [
                    named(kind, size),
                    str(size.waiting),
                    *(f"{rate:,.0f}" for rate in (figures.cast, figures.floor)),
                    f"{figures.ratio:.2f}",
                    size.wanted if kind == "SQLite" else "",
                    *(f"{wait:.1f}" for wait in (p50, p99)),
                ]
            )
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of the ballots")
    quick = parser.parse_args().quick
    rows = beside_postgresql(lambda server: every(2_000 if quick else 10_000, 10 if quick else 1, server))
    print(machine())
    print()
    print(table(["database", "waiting", "cast/s", "floor/s", "ratio", "wanted", "p50 ms", "p99 ms"], rows))


if __name__ == "__main__":
    main()
