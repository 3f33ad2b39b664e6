"""A hundred thousand schedules as rows of ours, and as APScheduler's jobs: what they weigh, and what it takes when some are due."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import itertools
import random
import sqlite3
import statistics
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger

from bot.events import MessageRef, Place
from bot.features.desk import Desk
from bot.library.shelf import Shelf, open_shelf, shipped
from bot.messages import Message
from bot.platform import Platform
from bot.quiz.cards import Card, Deck, to_json, version
from bot.runtime import GARBAGE
from bot.steward import Steward
from bot.store.ballots import Ballots
from bot.store.database import Database
from bot.timetable import Timetable
from bot.world import World
from tests.stage import Paper

IDLE = 50
"""Ticks with nothing due."""


@dataclass
class Pulse:
    """How long the loop lets a task wait that wants to run every millisecond: the longest of such waits, in seconds."""

    longest: float = 0.0
    _beating: asyncio.Task[None] = field(init=False)

    async def __aenter__(self) -> Pulse:
        self._beating = asyncio.create_task(self._beat())
        await asyncio.sleep(0.02)
        self.longest = 0.0
        return self

    async def _beat(self) -> None:
        while True:
            before = time.perf_counter()
            await asyncio.sleep(0.001)
            self.longest = max(self.longest, time.perf_counter() - before - 0.001)

    async def __aexit__(self, *_: object) -> None:
        await asyncio.sleep(0.02)
        self._beating.cancel()


@dataclass(frozen=True)
class Weight:
    """Of one way to keep schedules: MiB that it takes, milliseconds of an idle look, seconds for what is due together and
    the longest that the loop stood still meanwhile, in milliseconds.
    """

    memory: float
    idle: float
    together: float
    stall: float


def resident() -> float:
    gc.collect()
    return float(psutil.Process().memory_info().rss / 2**20)


# ---------------------------------------------------------------- the bot


class Instant(Paper):
    """Takes every post at once, and keeps none but the channels' names, in order."""

    name = "discord"

    def __init__(self) -> None:
        super().__init__()
        self.channels: list[str] = []

    async def post(self, place: Place, message: Message, key: str) -> MessageRef:
        self.channels.append(place.channel)
        return MessageRef(place, str(len(self.channels)))


_COUNTING = "WITH RECURSIVE number (id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM number WHERE id < :count)"
_COMMUNITIES = (
    f"{_COUNTING} INSERT INTO communities (id, name, zone, created_at) SELECT id, 'c', 'UTC', :now FROM number"
)
_SCHEDULES = f"""{_COUNTING}
    INSERT INTO schedules (id, community_id, platform, workspace, channel, time, zone, days, decks, levels, topics, mode, feedback,
        open_minutes, due_at, due_date, created_at)
    SELECT id, id, 'discord', 'w' || id, 'c' || id, '00:00', 'UTC', 'daily', '[]', '[]', '[]', 'buttons', 'now', 1440,
        CASE WHEN id <= :due THEN :midnight ELSE :later END, :today, :now FROM number
"""
_CARDS = f"""{_COUNTING}
    INSERT INTO cards (id, community_id, deck, deck_title, card, version, body)
    SELECT id, id, :deck, :deck, :card, :version, :body FROM number WHERE id > :due
"""
_POSTS = """
    INSERT INTO posts (community_id, schedule_id, local_date, platform, workspace, channel, card_id, key, message_id, mode,
        feedback, seeded, state, day, day_number, opens_at, closes_at, claimed_at)
    SELECT community_id, id, :today, platform, workspace, channel, id, 'daily:' || id || ':' || :today, id, mode,
        feedback, 1, 'open', :today, 1, :midnight, :later, :midnight FROM schedules WHERE id > :due
"""


def fill(file: Path, count: int, due: int, now: datetime, card: tuple[Deck, Card]) -> None:
    """A schedule for each of as many communities: so many of them due since midnight, the others' questions open."""
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    written = "%Y-%m-%d %H:%M:%S.%f"
    values = {
        "count": count,
        "due": due,
        "midnight": midnight.strftime(written),
        "later": (midnight + timedelta(days=1)).strftime(written),
        "today": midnight.date().isoformat(),
        "now": now.strftime(written),
        "deck": card[0].id,
        "card": card[1].id,
        "version": version(card[1]),
        "body": to_json(card[1]),
    }
    with contextlib.closing(sqlite3.connect(file, isolation_level=None)) as raw:
        raw.execute("BEGIN")
        for statement in (_COMMUNITIES, _SCHEDULES, _CARDS, _POSTS):
            raw.execute(statement, values)
        raw.execute("COMMIT")
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")


@asynccontextmanager
async def bot(file: Path, shelf: Shelf, platform: Platform) -> AsyncIterator[World]:
    database = await Database.open(f"sqlite:///{file}")
    ballots = Ballots(database)
    world = World(database, Desk(database, ballots, "UTC"), shelf, {platform.name: platform}, chance=random.Random(1))
    try:
        yield world
    finally:
        await ballots.stop()
        await database.close()


def weigh_bot(count: int, due: int) -> Weight:
    async def measure(folder: Path) -> Weight:
        now, shelf, file = datetime.now(UTC), open_shelf([shipped()]), folder / "studybot.db"
        await (await Database.open(f"sqlite:///{file}")).close()
        async with bot(file, shelf, Instant()) as world:  # what any bot takes, before it has schedules
            await Timetable(world, Steward(world)).tick()
        before = resident()
        fill(file, count, due, now, next(iter(shelf.cards())))
        platform = Instant()
        async with bot(file, shelf, platform) as world:
            timetable = Timetable(world, Steward(world))
            async with Pulse() as pulse:
                began = time.perf_counter()
                await timetable.tick()
                together = time.perf_counter() - began
            assert len(platform.channels) == len(set(platform.channels)) == due, len(platform.channels)
            took = []
            for _ in range(IDLE):
                began = time.perf_counter()
                await timetable.tick()
                took.append(time.perf_counter() - began)
            assert len(platform.channels) == due
            memory = resident() - before
        return Weight(memory, statistics.median(took) * 1000, together, pulse.longest * 1000)

    with tempfile.TemporaryDirectory(prefix="studybot-bench-") as folder:
        tuned()
        return asyncio.run(measure(Path(folder)))


def tuned() -> None:
    """The garbage collector as the running bot has it."""
    gc.collect()
    gc.set_threshold(*GARBAGE)
    gc.freeze()


# ---------------------------------------------------------------- APScheduler


def weigh_jobs(count: int, due: int) -> Weight:
    done = itertools.count(1)

    async def measure() -> Weight:
        finished = asyncio.Event()

        async def job(number: int) -> None:
            if next(done) == due:
                finished.set()

        scheduler = AsyncIOScheduler(timezone=UTC)
        scheduler.start(paused=True)
        before = resident()
        now = datetime.now(UTC)
        for number in range(count):
            at = now if number < due else now + timedelta(days=1)
            scheduler.add_job(
                job,
                CronTrigger(hour=0, minute=0, timezone=UTC),
                (number,),
                next_run_time=at,
                misfire_grace_time=None,
                coalesce=True,
            )
        memory = resident() - before
        async with Pulse() as pulse:
            began = time.perf_counter()
            scheduler.resume()
            await finished.wait()
            together = time.perf_counter() - began
        took = []
        for _ in range(IDLE):
            began = time.perf_counter()
            scheduler._process_jobs()
            took.append(time.perf_counter() - began)
        scheduler.shutdown(wait=False)
        return Weight(memory, statistics.median(took) * 1000, together, pulse.longest * 1000)

    return asyncio.run(measure())
