"""One platform's rounds: what is due there is looked up and seen to, channel by channel, until nothing is left.

Nobody waits for a channel that is slow: what comes due meanwhile is looked up, and begun beside it.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter, deque
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Protocol, TypeVar

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.courier import LEASE
from bot.events import Place
from bot.herald import Herald
from bot.postman import Postman
from bot.steward import Steward
from bot.store import posts, recaps, schedules
from bot.teller import Teller
from bot.world import World

log = logging.getLogger(__name__)

AT_ONCE = 32
"""Channels that are seen to side by side. Platforms answer in a fifth of a second; more would only keep presses waiting."""

SLOW = 2.0
"""Seconds after which a channel counts as slow: it goes on, and its turn is another's."""

SLOW_OF_ONE = 8
"""Slow channels of a workspace at which no more of its channels are begun."""

MOST = 256
"""Channels in all, those that are slow among them, that are seen to at once."""

WAITING = 1_000
"""Channels that wait for a turn, at which nothing more is read."""

FRESH = timedelta(seconds=10)
"""How long what was read may wait for its turn: an admin may have changed it since, so it is then looked up anew."""

RECAPS_AT_ONCE = 16
"""Recaps that wait or are on their way, whose pictures are drawn one after the other: questions are not held up by them."""


@dataclass(frozen=True, slots=True)
class Work:
    """Something to be done in a channel, read at `read`: `what` it is, and the id of what it is done to."""

    what: str
    id: int
    place: Place
    read: datetime
    do: Callable[[], Coroutine[Any, Any, object]]

    @property
    def key(self) -> tuple[str, int]:
        return self.what, self.id


@dataclass(frozen=True, slots=True)
class Hands:
    """Who does what is due."""

    steward: Steward
    postman: Postman
    herald: Herald
    teller: Teller


class _Row(Protocol):
    @property
    def id(self) -> int: ...


R = TypeVar("R", bound=_Row)
D = TypeVar("D")


class Rounds:
    """`alarm` is told when something is next due, `platform` is one that this process may be connected to."""

    def __init__(self, platform: str, world: World, hands: Hands, alarm: Callable[[str, datetime], None]) -> None:
        self._platform = platform
        self._world = world
        self._hands = hands
        self._alarm = alarm
        self._lanes: dict[Place, deque[Work]] = {}
        """What is to be done in each channel, in order; the first of it may be under way."""
        self._waiting: dict[Place, None] = {}
        """Those whose lane was not begun, the longest waiting first."""
        self._quick: set[Place] = set()
        self._slow: set[Place] = set()
        self._slow_of: Counter[str] = Counter()
        self._seen: set[tuple[str, int]] = set()
        """What was begun since the last beat, and what waits: what failed is tried again at the next."""
        self._beaten = False
        self._caring = False
        self._more = False
        """Whether another look may find more."""
        self._stirred = asyncio.Event()
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
        finally:
            self._caring = False
            self._stirred.set()

    async def _go(self, tasks: asyncio.TaskGroup) -> None:
        """Begin what has its turn, and look for more while there are turns to spare."""
        while True:
            self._give_turns(tasks)
            if not self._more or self._full or len(self._waiting) >= WAITING:
                return
            self._more = False  # whoever says otherwise meanwhile is right
            try:
                found = await self._look()
            except Exception:  # a database out of reach, say: the next beat tries again
                log.exception("the timetable could not look what is due on %s", self._platform)
            else:
                self._more |= found

    @property
    def _full(self) -> bool:
        return len(self._quick) >= AT_ONCE or len(self._quick) + len(self._slow) >= MOST

    def _give_turns(self, tasks: asyncio.TaskGroup) -> None:
        """Who waits longest is first; but of a workspace that is slow altogether no more are begun."""
        begun: list[Place] = []
        for place in self._waiting:
            if self._full:
                break
            if self._slow_of[place.workspace] >= SLOW_OF_ONE:
                continue
            begun.append(place)
            self._quick.add(place)
            tasks.create_task(self._see_to(place))
        for place in begun:
            del self._waiting[place]

    async def _see_to(self, place: Place) -> None:
        """A channel's question closes, then its week is told of, then it is asked the next one."""
        lane = self._lanes[place]
        growing_slow = asyncio.get_running_loop().call_later(SLOW, self._grows_slow, place)
        try:
            while lane:
                work = lane[0]
                if self._world.now() - work.read > FRESH:
                    self._seen.discard(work.key)
                    self._more = True
                else:
                    await _done(work.do(), f"{work.what} {work.id}")
                lane.popleft()
        finally:
            growing_slow.cancel()
            del self._lanes[place]
            self._quick.discard(place)
            if place in self._slow:
                self._slow.remove(place)
                self._slow_of[place.workspace] -= 1
            self._more |= not self._lanes  # what was done may have made something due
            self._stirred.set()

    def _grows_slow(self, place: Place) -> None:
        self._quick.remove(place)
        self._slow.add(place)
        self._slow_of[place.workspace] += 1
        self._stirred.set()

    async def _look(self) -> bool:
        """Put what is due and was not seen to since the last beat into its channel's lane; False when there is none.

        No more than a few, so that what comes due meanwhile is not behind everything that is late.
        """
        if self._platform not in self._world.platforms:
            return False
        now, ours, few = self._world.now(), [self._platform], posts.AT_ONCE
        telling = sum(work.what == "recap" for lane in self._lanes.values() for work in lane)
        async with self._world.database.read() as tx:
            over = await self._unseen("close", few, partial(posts.to_close, tx, now, ours))
            unsettled = await self._unseen("settle", few, partial(posts.unsettled, tx, now - LEASE, ours))
            unseeded = await self._unseen("emojis", few, partial(posts.unseeded, tx, ours))
            doubtful = await posts.to_look_at(tx, now, ours)
            due = await self._unseen("schedule", few, partial(schedules.due, tx, now, ours))
            unsettled_recaps = await recaps.unsettled(tx, now - LEASE, ours)
            doubtful_recaps = await recaps.to_look_at(tx, now, ours)
            weekly = await self._unseen("recap", RECAPS_AT_ONCE - telling, partial(schedules.recaps_due, tx, now, ours))
            coming = await self._coming(tx, now)
        postman, herald, teller = self._hands.postman, self._hands.herald, self._hands.teller
        every = [
            *(Work("close", post.id, post.place, now, partial(teller.close, post)) for post in over),
            *(Work("settle", post.id, post.place, now, partial(postman.settle, post)) for post in unsettled),
            *(Work("emojis", post.id, post.place, now, partial(postman.seed, post)) for post in unseeded),
            *(Work("twin", post.id, post.place, now, partial(postman.look, post)) for post in doubtful),
            *(Work("settle recap", r.id, r.place, now, partial(herald.settle, r)) for r in unsettled_recaps),
            *(Work("twin of recap", r.id, r.place, now, partial(herald.look, r)) for r in doubtful_recaps),
            *(Work("recap", each.id, each.place, now, partial(herald.open, each)) for each in weekly),
            *(Work("schedule", each.id, each.place, now, partial(postman.open, each)) for each in due),
        ]
        found = False
        for work in every:
            if work.key not in self._seen:
                found = True
                self._seen.add(work.key)
                if work.place not in self._lanes:
                    self._lanes[work.place] = deque()
                    self._waiting[work.place] = None
                self._lanes[work.place].append(work)
        if coming is not None:
            self._alarm(self._platform, coming)
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
            await posts.next_close(tx, ours, now),
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
