"""The examiner: regrades what was answered by a corrected key, shows it where results stand, and tells whom it concerns.

Each step is in the database before the next one, so a restart goes on where it was, and two workers do nothing twice. It
works beside the timetable, as a hundred thousand answers take a minute.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Sequence
from datetime import timedelta

from bot.features import amends, posting
from bot.messages import Message
from bot.platform import PlatformError, SignedOut, Unavailable
from bot.quiz import grading, scoring
from bot.quiz.cards import Card
from bot.store import answers, corrections, notices, post_log, posts, regrading, settings
from bot.store import cards as kept_cards
from bot.store.corrections import Correction, State
from bot.store.notices import Notice
from bot.store.post_log import What
from bot.store.posts import PostRow
from bot.store.regrading import AT_ONCE, Mark, Waiting
from bot.store.settings import Settings
from bot.words import speaking
from bot.world import World

log = logging.getLogger(__name__)

HEARTBEAT = 30.0
"""Seconds between two looks, where nobody has called."""

AT_A_TIME = 0.005
"""Seconds of grading before whoever presses has a turn."""

TOLD_AT_ONCE = 5
"""People who are told side by side; a platform's own limits slow that down further."""

ROUNDS = 20
"""Of those before another correction has a turn: to tell a hundred thousand people takes hours."""

OLD_NEWS = timedelta(days=7)
"""After that nobody is told any more who could not be reached."""


class Examiner:
    def __init__(self, world: World) -> None:
        self._world = world

    async def run(self) -> None:
        """Look at start, when called, and at a slow heartbeat, until cancelled."""
        while True:
            self._world.corrected.clear()
            try:
                await self.look()
            except Exception:  # a database out of reach, say: the heartbeat tries again
                log.exception("corrections could not be seen to, and are tried again later")
            try:
                await asyncio.wait_for(self._world.corrected.wait(), HEARTBEAT)
            except TimeoutError:
                continue

    async def look(self) -> None:
        """Go on with every correction that somebody has said yes to."""
        async with self._world.database.read() as tx:
            every = await corrections.going_on(tx)
        for correction in every:
            await self.regrade(correction.id)
        for correction in every:
            await self._tell(correction.id)

    async def regrade(self, correction_id: int, within: timedelta | None = None) -> None:
        """Give every answer its new grade, or as many as can be in some time."""
        until = None if within is None else self._world.now() + within
        correction = await self._begun(correction_id)
        while correction is not None and correction.state is State.REGRADING:
            async with self._world.database.read() as tx:
                waiting = await regrading.waiting(tx, correction_id)
                cards = await kept_cards.by_ids(tx, {each.card_id for each in waiting})
            if not waiting:
                await self._practice(correction_id)
                async with self._world.database.write() as tx:
                    await corrections.is_regraded(tx, correction_id)
                log.info("correction %d: its answers are regraded", correction_id)
                return
            for start in range(0, len(waiting), AT_ONCE):
                marks = await _graded(waiting[start : start + AT_ONCE], {i: kept.card for i, kept in cards.items()})
                async with self._world.database.write() as tx:
                    if not await regrading.regrade(tx, correction_id, marks):
                        return
                if until is not None and self._world.now() >= until:
                    return

    # ---------------------------------------------------------------- inside

    async def _begun(self, correction_id: int) -> Correction | None:
        """The correction, in force."""
        async with self._world.database.read() as tx:
            correction = await corrections.by_id(tx, correction_id)
        if correction is None or correction.state is not State.CONFIRMED:
            return correction
        async with self._world.database.write() as tx:
            concerned = await corrections.begin(tx, correction)
        for post in concerned or ():
            self._world.desk.forget(post)  # it is remembered with the old key
        async with self._world.database.read() as tx:
            return await corrections.by_id(tx, correction_id)

    async def _practice(self, correction_id: int) -> None:
        while True:
            async with self._world.database.read() as tx:
                practised = await regrading.practised(tx, correction_id, AT_ONCE)
                cards = await kept_cards.by_ids(tx, {each.card_id for each in practised})
            if not practised:
                return
            marks = {}
            for each in practised:
                grade = grading.grade(cards[each.card_id].card, each.given)
                marks[each] = (grade.fraction, grade.correct)
            async with self._world.database.write() as tx:
                await regrading.regrade_practice(tx, correction_id, marks)

    async def _tell(self, correction_id: int) -> None:
        """Show the results anew, and tell whose grade is another one."""
        async with self._world.database.read() as tx:
            correction = await corrections.by_id(tx, correction_id)
        if correction is None or correction.state is not State.TELLING:
            return
        shown = await self._show(correction)
        told = await self._tell_everyone(correction)
        if shown and told:
            async with self._world.database.write() as tx:
                await corrections.close(tx, correction_id)

    async def _show(self, correction: Correction) -> bool:
        """Edit the closed posts; False when a platform is out of reach."""
        while True:
            async with self._world.database.read() as tx:
                found = await corrections.to_show(tx, correction.id, list(self._world.platforms), AT_ONCE)
            if not found:
                return True
            for post_id in found:
                if not await self._shown(post_id, correction):
                    return False

    async def _shown(self, post_id: int, correction: Correction) -> bool:
        async with self._world.database.read() as tx:
            post = await posts.by_id(tx, post_id)
            assert post is not None
            tally = await answers.tally(tx, post.id, post.day_number)
            elsewhere = 0 if tally.answered else await answers.elsewhere(tx, post)
            wanted = await settings.of(tx, post.community_id)
        shown = tally.shown(boards=wanted.boards, streaks=wanted.streaks)
        try:
            with speaking(wanted.language):
                results = posting.results(post, shown, self._world.shelf, elsewhere)
            problem = await self._edited(post, results)
        except (Unavailable, SignedOut) as error:
            log.warning("post %s: its corrected results are not shown for now: %s", post.key, error)
            return False
        except (PlatformError, ValueError) as error:  # gone, or closed to us, or too long: it stays as it is
            log.warning("post %s: its corrected results will not be shown: %s", post.key, error)
            problem = str(error)
        async with self._world.database.write() as tx:
            await corrections.shown(tx, post.id, correction.id)
            await post_log.note(tx, post, self._world.now(), What.CORRECTED, problem)
        return True

    async def _edited(self, post: PostRow, message: Message) -> str | None:
        if post.ref is not None:
            await self._world.platforms[post.place.platform].edit(post.ref, message)
        return None

    async def _tell_everyone(self, correction: Correction) -> bool:
        """False when somebody is still to be told."""
        if self._world.now() - correction.at > OLD_NEWS:
            async with self._world.database.write() as tx:
                await notices.drop(tx, correction.id, self._world.now())
        for _ in range(ROUNDS):
            async with self._world.database.read() as tx:
                few = await notices.untold(tx, correction.id, list(self._world.platforms), TOLD_AT_ONCE)
                cards = await kept_cards.by_ids(tx, {each.card_id for each in few if each.card_id is not None})
                wanted = await settings.of(tx, correction.community_id)
            if not few:
                return True
            told = await asyncio.gather(*(self._told(each, cards.get(each.card_id or 0), wanted) for each in few))
            if not all(told):
                return False
        self._world.corrected.set()
        return False

    async def _told(self, notice: Notice, card: kept_cards.KeptCard | None, wanted: Settings) -> bool:
        """Tell somebody, once, in the community's language, as theirs is known only while they ask for something. False when
        that has to wait. Whoever takes no messages sees it where they look.
        """
        async with self._world.database.write() as tx:
            if not await notices.take(tx, notice, self._world.now()) or notice.nothing or card is None:
                return True
        with speaking(wanted.language):
            message = amends.told(notice, card.card, streaks=wanted.streaks)
        try:
            await self._world.platforms[notice.to.platform].tell(notice.to, message)
        except (Unavailable, SignedOut) as error:
            log.warning("could not tell somebody of correction %d for now: %s", notice.correction_id, error)
            async with self._world.database.write() as tx:
                await notices.give_back(tx, notice)
            return False
        except PlatformError as error:
            log.info("could not tell somebody of correction %d: %s", notice.correction_id, error)
        return True


async def _graded(waiting: Sequence[Waiting], cards: dict[int, Card]) -> list[Mark]:
    """The new grades. Alike answers are graded once, and whoever presses has a turn now and then."""
    known: dict[tuple[int, str], tuple[float, bool, int, int]] = {}
    marks: list[Mark] = []
    turn = time.monotonic()
    for each in waiting:
        alike = (each.card_id, each.given)
        if alike not in known:
            card = cards[each.card_id]
            grade = grading.grade(card, each.given)
            known[alike] = (grade.fraction, grade.correct, *scoring.points(card, grade))
            if time.monotonic() - turn > AT_A_TIME:
                await asyncio.sleep(0)
                turn = time.monotonic()
        marks.append(Mark(each.id, *known[alike]))
    return marks
