"""The clock: wakes the bot when the database says that something is due, and sees that it is done.

APScheduler only wakes us, from memory; the truth is in the rows. So a wake-up too many does nothing.
"""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Callable, Collection, Coroutine
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Protocol, TypeVar

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.date import DateTrigger
from apscheduler.triggers.interval import IntervalTrigger

from bot.courier import LEASE
from bot.events import Place
from bot.herald import Herald
from bot.postman import Postman
from bot.steward import Steward
from bot.store import posts, recaps, schedules
from bot.teller import Teller
from bot.warden import Warden
from bot.world import World

log = logging.getLogger(__name__)


HEARTBEAT = timedelta(seconds=30)

AT_ONCE = 32
"""Channels that are seen to side by side. Platforms answer in a fifth of a second; more would only keep presses waiting."""

RECAPS_AT_ONCE = 16
"""Recaps in one round, whose pictures are drawn one after the other: a second or two, in which questions are not held up."""


@dataclass(frozen=True, slots=True)
class Work:
    """Something to be done in a channel: `what` it is, and the id of what it is done to."""

    what: str
    id: int
    place: Place
    do: Callable[[], Coroutine[Any, Any, None]]


class Timetable:
    def __init__(self, world: World, steward: Steward) -> None:
        self._world = world
        self._steward = steward
        self._postman = Postman(world, steward)
        self._herald = Herald(world, steward)
        self._teller = Teller(world)
        self._warden = Warden(world)
        self.looked = asyncio.Event()
        """Set once everything that was due at the start has been seen to."""

    async def run(self) -> None:
        """Tick at start, whenever something is due, when the bell rings, and at a slow heartbeat, until cancelled."""
        scheduler = AsyncIOScheduler(timezone=UTC)
        options = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        ticking = asyncio.Lock()

        async def wake() -> None:
            at = None
            async with ticking:
                try:
                    await self.tick()
                    at = await self._next_instant()
                except Exception:  # a database out of reach, say: the heartbeat tries again
                    log.exception("the timetable could not look what is due")
                self.looked.set()
            now = self._world.now()
            if at is not None and now < at < now + HEARTBEAT:  # what failed waits for the heartbeat
                scheduler.add_job(wake, DateTrigger(at), id="alarm", replace_existing=True, **options)

        scheduler.add_job(wake, IntervalTrigger(seconds=int(HEARTBEAT.total_seconds())), id="heartbeat", **options)
        scheduler.start()
        try:
            while True:
                self._world.bell.clear()
                await wake()
                await self._world.bell.wait()
        finally:
            scheduler.shutdown(wait=False)

    async def tick(self) -> None:
        """Settle old claims, post what is due, close what is over. One post's failure leaves the others alone.

        Posts and schedules of platforms that this process is not connected to are other workers' business.
        """
        await self._seen_to(self._warden.look(), "what is to be forgotten")
        await self._seen_to(self._steward.look_again(), "paused schedules")
        seen: set[tuple[str, int]] = set()
        while await self._round(seen):
            pass
        await self._seen_to(self._steward.tell(), "telling of trouble")

    async def _round(self, seen: set[tuple[str, int]]) -> bool:
        """See to the next few of everything; False when nothing is left but what was `seen` to already.

        No more than a few, so that what comes due meanwhile is not behind everything that is late.
        """
        now, ours, few = self._world.now(), self._world.platforms, posts.AT_ONCE
        async with self._world.database.read() as tx:
            over = await _unseen(seen, "close", few, partial(posts.to_close, tx, now, ours))
            unsettled = await _unseen(seen, "settle", few, partial(posts.unsettled, tx, now - LEASE, ours))
            unseeded = await _unseen(seen, "emojis", few, partial(posts.unseeded, tx, ours))
            doubtful = await posts.to_look_at(tx, now, ours)
            due = await _unseen(seen, "schedule", few, partial(schedules.due, tx, now, ours))
            unsettled_recaps = await recaps.unsettled(tx, now - LEASE, ours)
            doubtful_recaps = await recaps.to_look_at(tx, now, ours)
            weekly = await _unseen(seen, "recap", RECAPS_AT_ONCE, partial(schedules.recaps_due, tx, now, ours))
        work: list[Work] = [
            *(Work("close", post.id, post.place, partial(self._teller.close, post)) for post in over),
            *(Work("settle", post.id, post.place, partial(self._postman.settle, post)) for post in unsettled),
            *(Work("emojis", post.id, post.place, partial(self._postman.seed, post)) for post in unseeded),
            *(Work("twin", post.id, post.place, partial(self._postman.look, post)) for post in doubtful),
            *(Work("settle recap", r.id, r.place, partial(self._herald.settle, r)) for r in unsettled_recaps),
            *(Work("twin of recap", r.id, r.place, partial(self._herald.look, r)) for r in doubtful_recaps),
            *(Work("recap", each.id, each.place, partial(self._herald.open, each)) for each in weekly),
            *(Work("schedule", each.id, each.place, partial(self._postman.open, each)) for each in due),
        ]
        lanes: dict[Place, list[Work]] = defaultdict(list)
        for each in work:
            if (each.what, each.id) not in seen:
                lanes[each.place].append(each)
                seen.add((each.what, each.id))
        turns = asyncio.Semaphore(AT_ONCE)

        async def one(lane: list[Work]) -> None:
            """A channel's question closes, then its week is told of, then it is asked the next one."""
            async with turns:
                for each in lane:
                    await self._seen_to(each.do(), f"{each.what} {each.id}")

        await asyncio.gather(*map(one, lanes.values()))
        return bool(lanes)

    async def _seen_to(self, work: Coroutine[Any, Any, None], what: str) -> None:
        """Do one thing of a tick. An error that nobody foresaw is logged, and met again at the next tick."""
        try:
            await work
        except Exception:
            log.exception("%s: failed, and is tried again later", what)

    async def _next_instant(self) -> datetime | None:
        """When something is next due to be posted or closed."""
        async with self._world.database.read() as tx:
            every = (
                await schedules.next_due(tx, self._world.platforms),
                await posts.next_close(tx, self._world.platforms),
                await schedules.next_recap(tx, self._world.platforms, self._world.now()),
            )
        return min((at for at in every if at is not None), default=None)


class _Row(Protocol):
    @property
    def id(self) -> int: ...


R = TypeVar("R", bound=_Row)


async def _unseen(
    seen: Collection[tuple[str, int]], what: str, few: int, first: Callable[[int], Coroutine[Any, Any, list[R]]]
) -> list[R]:
    """The first `few` rows that were not seen to already; more are read only where those seen to fill the page."""
    limit = few
    while True:
        rows = await first(limit)
        new = [row for row in rows if (what, row.id) not in seen]
        if new or len(rows) < limit:
            return new[:few]
        limit *= 2
