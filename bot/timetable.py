"""The clock: wakes the bot when the database says that something is due, and at a slow heartbeat.

APScheduler only wakes us, from memory; the truth is in the rows. So a wake-up too many does nothing. Each platform has rounds
of its own, so that one that answers nobody keeps no other waiting.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.date import DateTrigger
from apscheduler.triggers.interval import IntervalTrigger

from bot.herald import Herald
from bot.postman import Postman
from bot.registrar import Registrar
from bot.rounds import Hands, Rounds
from bot.steward import Steward
from bot.teller import Teller
from bot.warden import Warden
from bot.world import World

log = logging.getLogger(__name__)

HEARTBEAT = timedelta(seconds=30)

_JOB: Final[dict[str, Any]] = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}


class Timetable:
    def __init__(self, world: World, steward: Steward) -> None:
        self._world = world
        self._hands = Hands(steward, Registrar(world), Postman(world, steward), Herald(world, steward), Teller(world))
        self._rounds: dict[str, Rounds] = {}
        self._warden = Warden(world)
        self._stirred = asyncio.Event()
        self.looked = asyncio.Event()
        """Set once everything that was due at the start has been seen to."""

    async def run(self) -> None:
        """Tick at start, whenever something is due, when the bell rings, and at a slow heartbeat, until cancelled."""
        scheduler = AsyncIOScheduler(timezone=UTC)

        def alarm(platform: str, at: datetime) -> None:
            """What is farther off than a heartbeat is seen by one of those."""
            if at < self._world.now() + HEARTBEAT:
                what = {"args": [platform], "id": f"alarm of {platform}", "replace_existing": True}  # to the operator
                scheduler.add_job(self.beat, DateTrigger(at), **what, **_JOB)

        heartbeat = IntervalTrigger(seconds=int(HEARTBEAT.total_seconds()))
        scheduler.add_job(self.beat, heartbeat, id="heartbeat", **_JOB)
        scheduler.start()
        try:
            await self._guard()
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._keep_guard())
                for each in self._every():
                    each.alarm = alarm
                    tasks.create_task(each.run())
                tasks.create_task(self._first_look())
                while True:
                    await self._world.bell.wait()
                    self._world.bell.clear()
                    await self.beat()
        finally:
            scheduler.shutdown(wait=False)

    async def tick(self) -> None:
        """See to everything that is due now, on every platform.

        Posts and schedules of platforms that this process is not connected to are other workers' business.
        """
        await self._guard()
        async with asyncio.TaskGroup() as tasks:
            for each in self._every():
                tasks.create_task(each.tick())

    async def beat(self, platform: str | None = None) -> None:
        """What is due is looked for anew, on one platform or on all."""
        self._stirred.set()
        for name, each in self._rounds.items():
            if platform in (None, name):
                each.beat()

    # ---------------------------------------------------------------- inside

    async def _keep_guard(self) -> None:
        while True:
            await self._stirred.wait()
            self._stirred.clear()
            await self._guard()

    async def _guard(self) -> None:
        """Before anything is said, and then beside it: what is to be forgotten."""
        try:
            await self._warden.look()
        except Exception:
            log.exception("what is to be forgotten: failed, and is tried again later")

    def _every(self) -> list[Rounds]:
        for name in self._world.platforms:
            if name not in self._rounds:
                self._rounds[name] = Rounds(name, self._world, self._hands)
        return [self._rounds[name] for name in self._world.platforms]

    async def _first_look(self) -> None:
        for each in tuple(self._rounds.values()):
            await each.looked.wait()
        self.looked.set()
