"""A worker that can die at any step, and its database's two doors, at which it may."""

from __future__ import annotations

import asyncio
import itertools
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractContextManager, asynccontextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.courier import LEASE
from bot.features.desk import Desk
from bot.library.shelf import Shelf
from bot.messages import Picture
from bot.pictures import Sheet
from bot.platform import Platform
from bot.steward import PATIENCE, Steward
from bot.store.ballots import Ballots
from bot.store.database import Database, DatabaseProblem
from bot.timetable import HEARTBEAT, Timetable
from bot.world import World
from tests.checker.clockwork import Clockwork
from tests.checker.exchange import Exchange, Wire
from tests.checker.record import Record
from tests.checker.spans import Span, without
from tests.checker.storm import Storm

BEAT = HEARTBEAT.total_seconds()

WAKES_TOO_OFTEN = 0.02
"""How often a worker looks at a heartbeat at which there is nothing to be found."""


class Killed(BaseException):
    """SIGKILL: nothing of a worker goes on after it."""


Peek: TypeAlias = Callable[[], Awaitable[Sequence[tuple[str, datetime | None]]]]
"""What a tick may find, and since or from when on."""


@dataclass
class Town:
    """What all workers share. Each has a database of its own where it is `outside`, a server's.

    `whole`: workers run `Timetable.run` itself, each heartbeat of it.
    """

    loop: Clockwork
    databases: Sequence[Database]
    peek: Peek
    shelf: Shelf
    exchanges: Mapping[str, Exchange]
    record: Record
    storm: Storm
    chance: random.Random
    outside: bool = False
    whole: bool = False

    def __post_init__(self) -> None:
        self.lives: list[Life] = []

    def asking(self) -> AbstractContextManager[None]:
        """While somebody waits for the database."""
        return self.loop.asking() if self.outside else nullcontext()

    def changed(self) -> None:
        """Somebody has written: whoever waits for an instant may have to wait for another."""
        for life in self.lives:
            life.stirred.set()


class Counted(Timetable):
    def __init__(self, world: World, steward: Steward, record: Record) -> None:
        super().__init__(world, steward)
        self._record = record

    async def tick(self) -> None:
        self._record.ticks += 1
        await super().tick()

    async def beat(self, platform: str | None = None) -> None:
        self._record.ticks += 1
        await super().beat(platform)


class Life:
    """One worker from its start to its death, with the steps of `Timetable.run`.

    Unless its town wants the whole, it leaves out the heartbeats at which its look at the database could find nothing, for
    there are a quarter of a million in ninety days.
    """

    def __init__(self, town: Town, number: int) -> None:
        self._town = town
        self._alive = True
        self._began = town.loop.time()
        self._since = town.loop.now()
        self._held: list[Span] = []
        self.stirred = asyncio.Event()
        self.dead = asyncio.Event()
        database = Doors(town, self, town.databases[number])
        wires: dict[str, Platform] = {
            name: Wire(exchange, self, town.storm, town.chance) for name, exchange in town.exchanges.items()
        }
        ballots = Ballots(town.databases[number])
        desk = Desk(database, ballots, "UTC")
        self._world = World(database, desk, town.shelf, wires, town.loop.now, town.chance, draw=self._draw)
        self._steward = Steward(self._world)
        self._timetable = Counted(self._world, self._steward, town.record)

    async def run(self) -> None:
        """Until it is killed."""
        self._town.lives.append(self)
        try:
            await (self._timetable.run() if self._town.whole else self._by_need())
        except* Killed:
            pass

    async def _by_need(self) -> None:
        while True:
            await self._timetable.tick()
            await self._rest()

    def kill(self) -> None:
        if self._alive:
            self._town.record.kills += 1
            self.end()

    def end(self) -> None:
        if self._alive:
            self._alive = False
            self._town.lives.remove(self)
            now = self._town.loop.now()
            self._town.record.manned += without([Span(self._since, now)], self._held)
            self._town.record.shocks.append(now)
            self.stirred.set()
            self._world.bell.set()
            self.dead.set()

    async def step(self, *, may_wait: bool = True) -> None:
        """A worker comes to a point at which it may be killed, or stopped for a while without knowing it."""
        town = self._town
        if self._alive and town.chance.random() < town.storm.dies:
            self.kill()
        if may_wait and self._alive and town.chance.random() < town.storm.held:
            now = town.loop.now()
            self._held.append(Span(now, now + timedelta(seconds=town.chance.uniform(61, 600))))
            town.record.faults["workers stopped"] += 1
            town.record.shocks += [now, self._held[-1].until]
        while may_wait and self._alive and self._held and self._held[-1].until > town.loop.now():
            await asyncio.sleep((self._held[-1].until - town.loop.now()).total_seconds())
        if not self._alive:
            raise Killed

    def late(self, asked: datetime) -> bool:
        """Whether the worker has been stopped since just before an instant."""
        return any(span.until > asked - timedelta(seconds=2) for span in self._held)

    async def _draw(self, sheet: Sheet, dark: bool) -> Picture:
        """A picture of nothing, now and then after longer than anybody waits."""
        await self.step()
        town = self._town
        await asyncio.sleep(town.chance.uniform(0, 40) if town.chance.random() < town.storm.slow else 0.1)
        await self.step()
        return Picture(b"\x89PNG\r\n\x1a\n", "a week")

    # ---------------------------------------------------------------- waiting

    async def _rest(self) -> None:
        """Wait for the next instant at which a tick may find something."""
        loop = self._town.loop
        until: float | None = None
        while until is None or loop.time() < until:
            until = await self._next()
            if until is not None and self._town.chance.random() < WAKES_TOO_OFTEN:
                until = min(until, self._beat(loop.time() + self._town.chance.uniform(0, 7200)))
            self.stirred.clear()
            try:
                async with asyncio.timeout_at(until):
                    await self.stirred.wait()
            except TimeoutError:
                break
            await asyncio.sleep(1 if until is None else max(0.0, min(1, until - loop.time())))  # for the rest to come
            if not self._alive:
                raise Killed
        await self.step()

    def _beat(self, at: float) -> float:
        """The first heartbeat after an instant, and after now."""
        at = max(at, self._town.loop.time())
        return self._began + (int((at - self._began) / BEAT) + 1) * BEAT

    async def _next(self) -> float | None:
        """Seconds of the loop at which something may be found: at its instant, or where it waits for one, at a heartbeat."""
        now = self._town.loop.now()
        exact: list[datetime] = []
        waiting: list[datetime] = []
        for kind, at in await self._town.peek():
            if at is None:
                continue
            match kind:
                case "due" | "close":
                    (exact if at > now else waiting).append(at)
                case "claim":
                    waiting.append(at + LEASE)
                case "paused":
                    waiting.append(min(self._steward._looked_at.values(), default=now) + PATIENCE)
                case _:
                    waiting.append(at)
        start = now - timedelta(seconds=self._town.loop.time())
        times = itertools.chain(
            ((at - start).total_seconds() for at in exact),
            (self._beat((at - start).total_seconds()) for at in waiting),
        )
        return min(times, default=None)


WAITING = """
    SELECT 'due', min(due_at) FROM schedules WHERE paused IS NULL AND removed_at IS NULL
    UNION ALL SELECT 'close', min(closes_at) FROM posts WHERE state = 'open'
    UNION ALL SELECT 'claim', min(claimed_at) FROM posts WHERE state = 'claimed'
    UNION ALL SELECT 'look', min(look_at) FROM posts WHERE look_at IS NOT NULL AND state = 'open'
    UNION ALL SELECT 'closing', min(closes_at) FROM posts WHERE state NOT IN ('claimed', 'open', 'closed', 'failed')
    UNION ALL SELECT 'emojis', min(opens_at) FROM posts WHERE state = 'open' AND NOT seeded
    UNION ALL SELECT 'paused', min(due_at) FROM schedules WHERE paused IN ('forbidden', 'missing', 'left')
    UNION ALL SELECT 'due', min(recap_at) FROM schedules WHERE paused IS NULL AND removed_at IS NULL AND recap_at IS NOT NULL
    UNION ALL SELECT 'claim', min(claimed_at) FROM recaps WHERE state = 'claimed'
    UNION ALL SELECT 'look', min(look_at) FROM recaps WHERE look_at IS NOT NULL
    UNION ALL SELECT 'untold', min(due_at) FROM schedules WHERE trouble IS NOT NULL AND told_at IS NULL
"""


class Doors(Database):
    """The database as one worker has it."""

    def __init__(self, town: Town, life: Life, database: Database) -> None:
        self._town = town
        self._life = life
        self._database = database
        self.dialect = database.dialect

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        await self._life.step()
        self._fails("database locked")
        with self._town.asking():
            async with self._database.read() as tx:
                yield tx
        await self._life.step(may_wait=False)

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        await self._life.step()
        self._fails("database locked")
        with self._town.asking():
            async with self._database.write() as tx:
                yield tx
                await self._life.step(may_wait=False)
        self._town.changed()
        await self._life.step()
        self._fails("commits unanswered")

    def _fails(self, how: str) -> None:
        if self._town.chance.random() < self._town.storm.busy:
            self._town.record.faults[how] += 1
            self._town.record.shocks.append(self._town.loop.now())
            raise DatabaseProblem(how)

    async def clear(self, most: int) -> bool:
        return await self._database.clear(most)

    async def close(self) -> None:
        raise NotImplementedError


async def always(town: Town, number: int, asleep: float, until: float) -> None:
    """A worker, and after each death, some time later, another in its place."""
    loop = town.loop
    await asyncio.sleep(asleep)
    corpses: list[asyncio.Task[None]] = []
    while loop.time() < until:
        life = Life(town, number)
        corpses.append(asyncio.create_task(life.run()))
        loop.call_later(town.chance.expovariate(1 / town.storm.lives.total_seconds()), life.kill)
        try:
            async with asyncio.timeout_at(until):
                await life.dead.wait()
        except TimeoutError:
            life.end()
            break
        await asyncio.sleep(town.storm.downtime(town.chance))
    await asyncio.gather(*corpses)
