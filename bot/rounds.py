"""One platform's rounds: what is due there is looked up and seen to, channel by channel, until nothing is left.

Nobody waits for a channel that is slow: what comes due meanwhile is looked up, and begun beside it.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Protocol, TypeVar

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.courier import LEASE
from bot.events import Place
from bot.herald import Herald
from bot.postman import Postman
from bot.registrar import Registrar
from bot.shielded import to_its_end
from bot.steward import Steward
from bot.store import posts_due, recaps, schedules
from bot.teller import Teller
from bot.turns import AT_ONCE, Turns
from bot.world import World

log = logging.getLogger(__name__)

MOST = 1_000
"""Channels that are begun or wait for their turn, at which nothing more is read."""

AHEAD = 2 * AT_ONCE
"""Channels that are begun and not yet seen to, from which on no more are looked for: the next are read and claimed while the
platform still answers these.
"""

FRESH = timedelta(seconds=10)
"""How long what was read may wait for its turn: an admin may have changed it since, so it is then looked up anew."""

RECAPS_AT_ONCE = 16
"""Recaps that wait or are on their way, whose pictures are drawn one after the other: questions are not held up by them."""


@dataclass(frozen=True, slots=True)
class Work:
    """Something to be done in a channel, read at `read`: `what` it is, and the id of what it is done to.

    `takes_turn`: `do` asks the platform only later, and can be given the turn in which it may.
    """

    what: str
    id: int
    place: Place
    read: datetime
    do: Callable[..., Coroutine[Any, Any, object]]
    takes_turn: bool = False

    @property
    def key(self) -> tuple[str, int]:
        return self.what, self.id


@dataclass(frozen=True, slots=True)
class Hands:
    """Who does what is due."""

    steward: Steward
    registrar: Registrar
    postman: Postman
    herald: Herald
    teller: Teller


class _Row(Protocol):
    @property
    def id(self) -> int: ...


R = TypeVar("R", bound=_Row)
D = TypeVar("D")


class Rounds:
    """`platform` is one that this process may be connected to; `alarm`, if there is one, is told when something is next due."""

    def __init__(self, platform: str, world: World, hands: Hands) -> None:
        self._platform = platform
        self._world = world
        self._hands = hands
        self.alarm: Callable[[str, datetime], None] | None = None
        self._lanes: dict[Place, deque[Work]] = {}
        """What is to be done in each channel, in order; the first of it is under way or waits for its turn."""
        self._said: set[Place] = set()
        """Channels whose question stands, and is being noted."""
        self._seen: set[tuple[str, int]] = set()
        """What was begun since the last beat, and what waits: what failed is tried again at the next."""
        self._beaten = False
        self._caring = False
        self._more = False
        """Whether another look may find more."""
        self._stirred = asyncio.Event()
        self._turns = Turns(self._stirred.set)
        self.looked = asyncio.Event()
        """Set once everything that was due at the start has been seen to."""

    def beat(self) -> None:
        """What is due is looked for anew, and with it what failed before."""
        self._beaten = True
        self._stirred.set()

    async def run(self) -> None:
        """Tick now and at each beat, until cancelled or the platform is none of ours any more."""
        while self._platform in self._world.platforms:
            await self.tick()
            self.looked.set()
            await self._stirred.wait()
        self.looked.set()

    async def tick(self) -> None:
        """Settle old claims, post what is due, close what is over: until nothing is left but what failed, or waits for its time.

        One channel's failure leaves the others alone. Beats that come meanwhile are heeded.
        """
        self.beat()
        async with asyncio.TaskGroup() as tasks:
            while True:
                self._stirred.clear()
                if self._beaten:
                    self._begin(tasks)
                await self._go(tasks)
                if not (self._lanes or self._caring or self._stirred.is_set()):
                    return
                await self._stirred.wait()

    # ---------------------------------------------------------------- inside

    def _begin(self, tasks: asyncio.TaskGroup) -> None:
        self._beaten = False
        self._seen = {work.key for lane in self._lanes.values() for work in lane}
        self._more = True
        if not self._caring:
            self._caring = True
            tasks.create_task(self._care())

    async def _care(self) -> None:
        """What is paused may go on, and what is wrong is told."""
        try:
            if self._platform in self._world.platforms:
                looked = await _done(self._hands.steward.look_again(self._platform), "paused schedules")
                self._more |= bool(looked)
                await _done(self._hands.steward.tell(self._platform), "telling of trouble")
                await _done(self._hands.registrar.look_again(self._platform), "teams that are bound")
        finally:
            self._caring = False
            self._stirred.set()

    async def _go(self, tasks: asyncio.TaskGroup) -> None:
        """Look for more as long as there will be turns to spare, and begin it."""
        while self._more and self._ahead < AHEAD and len(self._lanes) < MOST:
            self._more = False  # whoever says otherwise meanwhile is right
            try:
                found = await to_its_end(self._look())
            except Exception:  # a database out of reach, say: the next beat tries again
                log.exception("the timetable could not look what is due on %s", self._platform)
                return
            for work in found:
                if work.place not in self._lanes:
                    self._lanes[work.place] = deque()
                    tasks.create_task(self._see_to(work.place))
                self._lanes[work.place].append(work)
            self._more |= bool(found)

    @property
    def _ahead(self) -> int:
        """How many channels have their turn or will, and are not slow."""
        return len(self._lanes) - len(self._said) - self._turns.stuck

    async def _see_to(self, place: Place) -> None:
        """A channel's question closes, then its week is told of, then it is asked the next one."""
        lane = self._lanes[place]
        try:
            while lane:
                work = lane[0]
                turn = self._turns.of(place.workspace)
                if work.takes_turn and not self._turns.stopped(place.workspace):
                    await self._do(work, self._saying(place, turn))
                    self._said.discard(place)
                else:  # what is claimed before its time comes may have to be looked for
                    async with turn:
                        await self._do(work)
                lane.popleft()
        finally:
            del self._lanes[place]
            self._said.discard(place)
            self._more |= not self._lanes  # what was done may have made something due
            self._stirred.set()

    @asynccontextmanager
    async def _saying(self, place: Place, turn: AbstractAsyncContextManager[None]) -> AsyncIterator[None]:
        async with turn:
            yield
        self._said.add(place)
        self._stirred.set()

    async def _do(self, work: Work, *turn: AbstractAsyncContextManager[None]) -> None:
        if self._world.now() - work.read > FRESH:
            self._seen.discard(work.key)
            self._more = True
        else:
            await _done(work.do(*turn), f"{work.what} {work.id}")

    async def _look(self) -> list[Work]:
        """What is due and was not seen to since the last beat; in each channel in the order in which it is to be done.

        No more than a few, so that what comes due meanwhile is not behind everything that is late.
        """
        if self._platform not in self._world.platforms:
            return []
        now, ours, few = self._world.now(), [self._platform], posts_due.AT_ONCE
        telling = sum(work.what == "recap" for lane in self._lanes.values() for work in lane)
        async with self._world.database.read() as tx:
            over = await self._unseen("close", few, partial(posts_due.to_close, tx, now, ours))
            unsettled = await self._unseen("settle", few, partial(posts_due.unsettled, tx, now - LEASE, ours))
            unseeded = await self._unseen("emojis", few, partial(posts_due.unseeded, tx, ours))
            doubtful = await self._unseen("twin", few, partial(posts_due.to_look_at, tx, now, ours))
            due = await self._unseen("schedule", few, partial(schedules.due, tx, now, ours))
            stuck = await self._unseen("settle recap", few, partial(recaps.unsettled, tx, now - LEASE, ours))
            doubted = await self._unseen("twin of recap", few, partial(recaps.to_look_at, tx, now, ours))
            weekly = await self._unseen("recap", RECAPS_AT_ONCE - telling, partial(schedules.recaps_due, tx, now, ours))
            coming = None if self.alarm is None else await self._coming(tx, now)
        postman, herald, teller = self._hands.postman, self._hands.herald, self._hands.teller
        every = [
            *(Work("close", post.id, post.place, now, partial(teller.close, post)) for post in over),
            *(Work("settle", post.id, post.place, now, partial(postman.settle, post)) for post in unsettled),
            *(Work("emojis", post.id, post.place, now, partial(postman.seed, post)) for post in unseeded),
            *(Work("twin", post.id, post.place, now, partial(postman.look, post)) for post in doubtful),
            *(Work("settle recap", r.id, r.place, now, partial(herald.settle, r)) for r in stuck),
            *(Work("twin of recap", r.id, r.place, now, partial(herald.look, r)) for r in doubted),
            *(Work("recap", each.id, each.place, now, partial(herald.open, each)) for each in weekly),
            *(Work("schedule", s.id, s.place, now, partial(postman.open, s), takes_turn=True) for s in due),
        ]
        found = [work for work in every if work.key not in self._seen]
        self._seen.update(work.key for work in found)
        if coming is not None and self.alarm is not None:
            self.alarm(self._platform, coming)
        return found

    async def _unseen(self, what: str, few: int, first: Callable[[int], Coroutine[Any, Any, list[R]]]) -> list[R]:
        """The first `few` rows that were not seen to already; more are read only where those seen to fill the page."""
        limit = few
        while limit > 0:
            rows = await first(limit)
            new = [row for row in rows if (what, row.id) not in self._seen]
            if new or len(rows) < limit:
                return new[:few]
            limit *= 2
        return []

    async def _coming(self, tx: AsyncConnection, now: datetime) -> datetime | None:
        """When something is next due to be posted or closed, later than `now`."""
        ours = [self._platform]
        every = (
            await schedules.next_due(tx, ours, now),
            await posts_due.next_close(tx, ours, now),
            await schedules.next_recap(tx, ours, now),
        )
        return min((at for at in every if at is not None), default=None)


async def _done(work: Coroutine[Any, Any, D], what: str) -> D | None:
    """Do one thing. An error that nobody foresaw is logged, and met again at the next beat."""
    try:
        return await work
    except Exception:
        log.exception("%s: failed, and is tried again later", what)
        return None
