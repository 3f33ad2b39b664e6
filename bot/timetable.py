"""The clock: wakes the bot when the database says that something is due, and sees that it is done.

APScheduler only wakes us, from memory; the truth is in the rows. So a wake-up too many does nothing.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.date import DateTrigger
from apscheduler.triggers.interval import IntervalTrigger

from bot.postman import LEASE, Postman
from bot.steward import Steward
from bot.store import posts, schedules
from bot.world import World

log = logging.getLogger(__name__)


HEARTBEAT = timedelta(seconds=30)


class Timetable:
    def __init__(self, world: World, steward: Steward) -> None:
        self._world = world
        self._steward = steward
        self._postman = Postman(world, steward)
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
        now, ours = self._world.now(), self._world.platforms
        await self._seen_to(self._steward.look_again(), "paused schedules")
        async with self._world.database.read() as tx:
            unsettled = await posts.unsettled(tx, now - LEASE, ours)
            unseeded = await posts.unseeded(tx, ours)
            over = await posts.to_close(tx, now, ours)
            due = await schedules.due(tx, now, ours)
        for post in unsettled:
            await self._seen_to(self._postman.settle(post, now), f"post {post.key}")
        for post in unseeded:
            await self._seen_to(self._postman.seed(post), f"the emojis of post {post.key}")
        for post in over:
            await self._seen_to(self._postman.close(post, now), f"closing of post {post.key}")
        for schedule in due:
            await self._seen_to(self._postman.open(schedule, now), f"schedule {schedule.id}")
        await self._seen_to(self._steward.tell(), "telling of trouble")

    async def _seen_to(self, work: Coroutine[Any, Any, None], what: str) -> None:
        """Do one thing of a tick. An error that nobody foresaw is logged, and met again at the next tick."""
        try:
            await work
        except Exception:
            log.exception("%s: failed, and is tried again later", what)

    async def _next_instant(self) -> datetime | None:
        """When something is next due to be posted or closed."""
        async with self._world.database.read() as tx:
            both = (
                await schedules.next_due(tx, self._world.platforms),
                await posts.next_close(tx, self._world.platforms),
            )
        return min((at for at in both if at is not None), default=None)
