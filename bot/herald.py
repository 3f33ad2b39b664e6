"""The herald: tells a channel of its week, once, in the courier's way."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from bot.courier import Courier
from bot.events import MessageRef
from bot.features import recap
from bot.marked import Marked
from bot.messages import Picture
from bot.platform import PlatformError, Rejected, SignedOut, Unavailable
from bot.steward import Steward
from bot.store import recaps, schedules
from bot.store.recaps import LATE, RecapRow, What
from bot.store.schedules import Schedule
from bot.words import speaking
from bot.world import World

if TYPE_CHECKING:
    from bot.pictures import Recap

log = logging.getLogger(__name__)

DRAWING = 20.0
"""Seconds that a picture is waited for: less than the lease, so that nobody takes the claim over meanwhile."""

NOBODY = "nobody took part"  # to the operator
TOO_LATE = "its two days were over before it could be posted"  # to the operator


class Herald(Courier[RecapRow]):
    def __init__(self, world: World, steward: Steward) -> None:
        super().__init__(world, steward, recaps)

    async def open(self, schedule: Schedule) -> None:
        """Claim the recap that came due with a schedule, and post it.

        One that is too late is left out, and so is a week in which nobody took part. While answers are still counted it
        stays due.
        """
        now = self._world.now()
        async with self._world.database.read() as tx:
            home = await schedules.community_zone(tx, schedule.community_id)
            first, due_at = recap.latest(schedule, home, now)
            week = await recaps.week(tx, schedule.community_id, schedule.place, first)
        in_time = now < due_at + LATE
        if in_time and recap.uncounted(week, now):
            return
        claimed = None
        async with self._world.database.write() as tx:
            if not await schedules.advance_recap(tx, schedule, recap.following(schedule, home, now)):
                return
            if in_time and week.took_part:
                claimed = await recaps.claim(tx, schedule, first, due_at, now)
            else:
                why = NOBODY if in_time else TOO_LATE
                await recaps.leave_out(tx, schedule, first, due_at, now, why)
        if claimed is not None:
            await self.send(claimed)

    async def send(self, row: RecapRow) -> Marked | None:
        """Post a claimed recap. Why it is not there, if it is not."""
        wanted = await self._world.desk.settings(row.community_id, self._world.now())
        async with self._world.database.read() as tx:
            week = await recaps.week(tx, row.community_id, row.place, row.first)
            told = await recap.told(tx, row.community_id, week, wanted)
        if told is None:
            return await self._gave_up(row, Marked("nobody is left who took part"))  # to the operator
        try:
            with speaking(wanted.language):
                shown = recap.sheet(told)
                ref = await self._in_words_at_least(row, told, shown, await self._drawn(row, shown))
        except (Unavailable, SignedOut) as error:  # signed out: it goes out if the operator mends that in time
            await self._not_sent(row, error)
            return error.reason
        except Rejected as error:
            return await self._gave_up(row, error.reason)
        except PlatformError as error:
            await self._refused(row, error)
            return error.reason
        await self._stands(row, ref)
        return None

    # ---------------------------------------------------------------- inside

    async def _in_words_at_least(
        self, row: RecapRow, told: recap.Told, shown: Recap, picture: Picture | None
    ) -> MessageRef:
        """The recap's message; of a picture that the platform will not take, the words are enough."""
        try:
            return await self._say(row, recap.message(told, shown, picture))
        except Rejected as error:
            if picture is None:
                raise
            log.warning("%s: goes without its picture: %s", row.key, error)
            await self._note(row, What.IN_WORDS, str(error))
            return await self._say(row, recap.message(told, shown, None))

    async def _drawn(self, row: RecapRow, shown: Recap) -> Picture | None:
        picture = await self._world.picture(shown, row.place.platform, DRAWING)
        if picture is None:
            await self._note(row, What.IN_WORDS, "its picture could not be drawn, or not in time")
        return picture

    async def _posted(self, standing: RecapRow, ref: MessageRef) -> None:
        log.info("posted %s", standing.key)

    async def _parted(self, errand: RecapRow, twin: MessageRef) -> None:
        await self._note(errand, What.TWIN, twin.message)

    async def _unsent(self, errand: RecapRow, why: str) -> None:
        await self._note(errand, What.NOT_SENT, why)

    async def _note(self, row: RecapRow, what: What, detail: str) -> None:
        async with self._world.database.write() as tx:
            await recaps.note(tx, row, self._world.now(), what, detail)

    async def _gave_up(self, row: RecapRow, problem: Marked) -> Marked:
        await self._fail(row, str(problem))
        return problem

    async def _fail(self, errand: RecapRow, problem: str, *, again: bool = False) -> None:
        log.error("%s will not be shown: %s", errand.key, problem)
        async with self._world.database.write() as tx:
            if await recaps.fail(tx, errand, problem, self._world.now()) and again:
                await schedules.recap_again(tx, errand.schedule_id, errand.due_at)
