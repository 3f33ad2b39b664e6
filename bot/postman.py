"""The postman: brings a question into its channel, sees it through, and closes it with its results.

Every step is a row's state: a restart at any point goes on where it was. No transaction is open while a platform is asked.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.features import claims, posting, reactions
from bot.features.claims import NoCard
from bot.features.desk import graded
from bot.messages import Message
from bot.platform import Forbidden, Missing, PlatformError, Unavailable
from bot.steward import Steward
from bot.store import answers, posts, schedules
from bot.store import reactions as kept_reactions
from bot.store.posts import PostRow, State
from bot.store.rebuild import prune_scores
from bot.store.schedules import Mode, Schedule
from bot.world import World

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=60)
"""How long a claim is its worker's own; after that another may look what became of it."""


class Postman:
    def __init__(self, world: World, steward: Steward) -> None:
        self._world = world
        self._steward = steward

    async def open(self, schedule: Schedule, now: datetime) -> None:
        """Claim the schedule's question and post it."""
        zone = ZoneInfo((await self._world.desk.community(schedule.place, now)).zone)
        async with self._world.database.write() as tx:
            claimed = await claims.claim(tx, schedule, zone, self._world.shelf, now, self._world.chance)
            await prune_scores(tx, schedule.community_id, now.astimezone(zone).date())
        match claimed:
            case PostRow():
                await self.send(claimed)
            case NoCard(why):
                await self._steward.no_card(schedule, why)

    async def send(self, post: PostRow) -> str | None:
        """Post a claimed question. The sentence that says why it is not there, if it is not."""
        try:
            message = posting.question(post, self._world.shelf)
        except ValueError as error:  # a card that no platform can show
            problem = f"card {post.deck}/{post.card.id} can't be shown: {error}"
            await self._fail(post, problem)
            return problem
        try:
            ref = await self._world.platforms[post.place.platform].post(post.place, message, post.key)
        except Unavailable as error:
            log.warning("post %s: not sent for now, will look again: %s", post.key, error)
            return f"{error} I look again in a minute or two."
        except PlatformError as error:
            await self._trouble(post, error)
            await self._fail(post, str(error), again=isinstance(error, Forbidden | Missing))
            return str(error)
        await self._stands(post, ref.message)
        log.info("posted %s: %s/%s", post.key, post.deck, post.card.id)
        return None

    async def settle(self, post: PostRow, now: datetime) -> None:
        """A claim that nobody finished: look whether its message is there before posting it again."""
        async with self._world.database.write() as tx:
            if not await posts.reclaim(tx, post, now):
                return
        if now >= post.closes_at:
            await self._fail(post, "its time was over before it could be posted")
            return
        try:
            ref = await self._world.platforms[post.place.platform].find(post.place, post.key, post.opens_at - LEASE)
        except PlatformError as error:
            log.warning("post %s: could not look whether it was sent: %s", post.key, error)
            return
        if ref is None:
            await self.send(post)
        else:
            await self._stands(post, ref.message)

    async def seed(self, post: PostRow) -> None:
        """Put the emojis to answer with under a post in reaction mode. One that stands already is not doubled."""
        assert post.ref is not None
        try:
            for emoji in reactions.options(post.card):
                await self._world.platforms[post.place.platform].react(post.ref, emoji)
        except Unavailable as error:
            log.warning("post %s: its emojis are not there for now: %s", post.key, error)
            return
        except PlatformError as error:  # people can still put them there themselves
            log.warning("post %s: its emojis will not be there: %s", post.key, error)
            await self._trouble(post, error)
        async with self._world.database.write() as tx:
            await posts.seeded(tx, post.id)

    async def close(self, post: PostRow, now: datetime) -> None:
        """No more answers, then the results; a restart between the two finishes them."""
        if post.mode is Mode.REACTIONS and post.state is State.OPEN and not await self._collected(post, now):
            return
        async with self._world.database.write() as tx:
            await posts.move(tx, post.id, State.CLOSING)
        self._world.desk.forget(post.id)
        async with self._world.database.read() as tx:
            tally = await answers.tally(tx, post.id, post.day_number)
        try:
            results = posting.results(post, tally, self._world.shelf)
        except ValueError:
            log.exception("post %s: its results can't be shown in full", post.key)
            results = Message.of(f"This question is closed; {tally.answered} answered, {tally.correct} got it right.")
        if await self._shown(post, results):
            async with self._world.database.write() as tx:
                await posts.move(tx, post.id, State.CLOSED)
            log.info("closed %s: %d answered", post.key, tally.answered)

    # ---------------------------------------------------------------- inside

    async def _stands(self, post: PostRow, message: str) -> None:
        """The post is in its channel, as this message."""
        async with self._world.database.write() as tx:
            await posts.move(tx, post.id, State.OPEN, message_id=message)
            standing = await posts.by_id(tx, post.id)
        assert standing is not None
        assert standing.ref is not None
        if post.mode is Mode.REACTIONS:
            self._world.desk.opened(post.id, standing.ref)
            await self.seed(standing)

    async def _fail(self, post: PostRow, problem: str, *, again: bool = False) -> None:
        """The post will not be shown. With `again` its date is due once more when the schedule goes on in time."""
        log.error("post %s will not be shown: %s", post.key, problem)
        async with self._world.database.write() as tx:
            await posts.fail(tx, post, problem)
            if again and post.schedule_id is not None and post.local_date is not None:
                schedule = await schedules.by_id(tx, post.schedule_id)
                if schedule is not None and (at := claims.due_on(schedule, post.local_date)) is not None:
                    await schedules.due_again(tx, schedule.id, at, post.local_date)

    async def _trouble(self, post: PostRow, error: PlatformError) -> None:
        if post.schedule_id is not None:
            await self._steward.trouble(post.schedule_id, error)

    async def _collected(self, post: PostRow, now: datetime) -> bool:
        """Make answers of the reactions under a post; False when that has to wait. Doing it again changes nothing."""
        assert post.ref is not None
        platform = self._world.platforms[post.place.platform]
        try:
            standing = {emoji: await platform.reactors(post.ref, emoji) for emoji in reactions.options(post.card)}
        except Unavailable as error:
            log.warning("post %s: its reactions can't be collected for now: %s", post.key, error)
            return False
        except PlatformError as error:  # gone, or closed to us: those that were seen count
            log.warning("post %s: its reactions can't be collected: %s", post.key, error)
        else:
            async with self._world.database.write() as tx:
                await kept_reactions.settle(tx, post, reactions.found(post, standing), now)
        async with self._world.database.read() as tx:
            counting = await kept_reactions.first_of_each(tx, post)
        ballots = (graded(post, mark.account, mark.given, mark.at)[0] for mark in counting)
        await asyncio.gather(*map(self._world.desk.cast, ballots))
        return True

    async def _shown(self, post: PostRow, message: Message) -> bool:
        """Whether the results stand, or never will."""
        if post.ref is None:
            return True
        try:
            await self._world.platforms[post.place.platform].edit(post.ref, message)
        except Unavailable as error:
            log.warning("post %s: results not shown for now: %s", post.key, error)
            return False
        except PlatformError as error:
            log.warning("post %s: results will not be shown: %s", post.key, error)
        return True
