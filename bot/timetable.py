"""The clock: wakes the bot when the database says that something is due, and sees it through.

APScheduler only wakes us, from memory; the truth is in the rows. So a restart at any point goes on where it was, and
a wake-up too many does nothing.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Callable, Coroutine, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.date import DateTrigger
from apscheduler.triggers.interval import IntervalTrigger

from bot.features import posting
from bot.features.desk import Desk
from bot.library.shelf import Shelf
from bot.messages import Message
from bot.platform import Platform, PlatformError, Unavailable
from bot.store import answers, posts
from bot.store.database import Database
from bot.store.posts import PostRow, Schedule, State
from bot.store.rebuild import prune_scores

log = logging.getLogger(__name__)


HEARTBEAT = timedelta(seconds=30)
LEASE = timedelta(seconds=60)
"""How long a claim is its worker's own; after that another may look what became of it."""


class Timetable:
    def __init__(
        self,
        database: Database,
        desk: Desk,
        shelf: Shelf,
        platforms: Mapping[str, Platform],
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        chance: random.Random | None = None,
    ) -> None:
        self._database = database
        self._desk = desk
        self._shelf = shelf
        self._platforms = platforms
        self._now = now
        self._chance = chance or random.SystemRandom()
        self.looked = asyncio.Event()
        """Set once everything that was due at the start has been seen to."""

    async def run(self) -> None:
        """Tick at start, whenever something is due, and at a slow heartbeat, until cancelled."""
        scheduler = AsyncIOScheduler(timezone=UTC)
        options = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        ticking = asyncio.Lock()

        async def wake() -> None:
            at = None
            async with ticking:
                try:
                    await self.tick()
                    async with self._database.read() as tx:
                        at = await posts.next_instant(tx, self._platforms)
                except Exception:  # a database out of reach, say: the heartbeat tries again
                    log.exception("the timetable could not look what is due")
                self.looked.set()
            if at is not None and self._now() < at < self._now() + HEARTBEAT:  # what failed waits for the heartbeat
                scheduler.add_job(wake, DateTrigger(at), id="alarm", replace_existing=True, **options)

        scheduler.add_job(wake, IntervalTrigger(seconds=int(HEARTBEAT.total_seconds())), id="heartbeat", **options)
        scheduler.start()
        try:
            await wake()
            await asyncio.Event().wait()
        finally:
            scheduler.shutdown(wait=False)

    async def tick(self) -> None:
        """Settle old claims, post what is due, close what is over. One post's failure leaves the others alone.

        Posts and schedules of platforms that this process is not connected to are other workers' business.
        """
        now = self._now()
        async with self._database.read() as tx:
            unsettled = await posts.unsettled(tx, now - LEASE, self._platforms)
            over = await posts.to_close(tx, now, self._platforms)
            due = await posts.due_schedules(tx, now, self._platforms)
        for post in unsettled:
            await self._seen_to(self._settle(post, now), f"post {post.key}")
        for post in over:
            await self._seen_to(self._close(post, now), f"closing of post {post.key}")
        for schedule in due:
            await self._seen_to(self._open(schedule, now), f"schedule {schedule.id}")

    async def _seen_to(self, work: Coroutine[Any, Any, None], what: str) -> None:
        """Do one thing of a tick. An error that nobody foresaw is logged, and met again at the next tick."""
        try:
            await work
        except Exception:
            log.exception("%s: failed, and is tried again later", what)

    async def _open(self, schedule: Schedule, now: datetime) -> None:
        zone = ZoneInfo((await self._desk.community(schedule.place, now)).zone)
        async with self._database.write() as tx:
            post = await posting.claim(tx, schedule, zone, self._shelf, now, self._chance)
            await prune_scores(tx, schedule.community_id, now.astimezone(zone).date())
        if post is not None:
            await self._send(post)

    async def _settle(self, post: PostRow, now: datetime) -> None:
        """A claim that nobody finished: look whether its message is there before posting it again."""
        async with self._database.write() as tx:
            if not await posts.reclaim(tx, post, now):
                return
        if now >= post.closes_at:
            await self._fail(post, "its time was over before it could be posted")
            return
        try:
            ref = await self._platforms[post.place.platform].find(post.place, post.key, post.opens_at - LEASE)
        except PlatformError as error:
            log.warning("post %s: could not look whether it was sent: %s", post.key, error)
            return
        if ref is None:
            await self._send(post)
            return
        async with self._database.write() as tx:
            await posts.move(tx, post.id, State.OPEN, message_id=ref.message)

    async def _send(self, post: PostRow) -> None:
        try:
            message = posting.question(post, self._shelf)
        except ValueError as error:  # a card that no platform can show
            await self._fail(post, f"card {post.deck}/{post.card.id} can't be shown: {error}")
            return
        try:
            ref = await self._platforms[post.place.platform].post(post.place, message, post.key)
        except Unavailable as error:
            log.warning("post %s: not sent for now, will look again: %s", post.key, error)
        except PlatformError as error:
            await self._fail(post, str(error))
        else:
            async with self._database.write() as tx:
                await posts.move(tx, post.id, State.OPEN, message_id=ref.message)
            log.info("posted %s: %s/%s", post.key, post.deck, post.card.id)

    async def _fail(self, post: PostRow, problem: str) -> None:
        log.error("post %s will not be shown: %s", post.key, problem)
        async with self._database.write() as tx:
            await posts.fail(tx, post, problem)

    async def _close(self, post: PostRow, now: datetime) -> None:
        """No more answers, then the results; a restart between the two finishes them."""
        async with self._database.write() as tx:
            await posts.move(tx, post.id, State.CLOSING)
        self._desk.forget(post.id)
        async with self._database.read() as tx:
            tally = await answers.tally(tx, post.id, post.day_number)
        try:
            results = posting.results(post, tally, self._shelf)
        except ValueError:
            log.exception("post %s: its results can't be shown in full", post.key)
            results = Message.of(f"This question is closed; {tally.answered} answered, {tally.correct} got it right.")
        if await self._shown(post, results):
            async with self._database.write() as tx:
                await posts.move(tx, post.id, State.CLOSED)
            log.info("closed %s: %d answered", post.key, tally.answered)

    async def _shown(self, post: PostRow, message: Message) -> bool:
        """Whether the results stand, or never will."""
        if post.ref is None:
            return True
        try:
            await self._platforms[post.place.platform].edit(post.ref, message)
        except Unavailable as error:
            log.warning("post %s: results not shown for now: %s", post.key, error)
            return False
        except PlatformError as error:
            log.warning("post %s: results will not be shown: %s", post.key, error)
        return True
