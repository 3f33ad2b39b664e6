"""The postman: brings a question into its channel, once.

Every step is a row's state, and every step is taken only by whoever holds the row's claim: a restart at any point goes on
where it was, and of two workers one loses quietly. No transaction is open while a platform is asked.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.events import MessageRef
from bot.features import claims, posting, reactions
from bot.features.claims import NoCard
from bot.platform import Forbidden, Missing, Platform, PlatformError, Rejected, Unavailable
from bot.steward import Steward
from bot.store import cards, posts, schedules
from bot.store.posts import PostRow, State, What
from bot.store.rebuild import prune_scores
from bot.store.schedules import Mode, Schedule
from bot.world import World

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=60)
"""How long a claim is its worker's own; after that another may look what became of it. No request takes as long."""

SKEW = timedelta(minutes=5)
"""How far a platform's clock may be behind ours."""

SET_ASIDE_MOST = 3
"""Cards that are set aside for one question. When even the next one is refused, it isn't the cards."""


class Postman:
    def __init__(self, world: World, steward: Steward) -> None:
        self._world = world
        self._steward = steward

    async def open(self, schedule: Schedule) -> None:
        """Claim the schedule's question and post it."""
        now = self._world.now()
        async with self._world.database.write() as tx:
            zone = ZoneInfo(await schedules.community_zone(tx, schedule.community_id))
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
        except ValueError as error:  # no platform can show it
            return await self._set_aside(post, str(error))
        try:
            ref = await self._platform(post).post(post.place, message, post.key)
        except Unavailable as error:
            log.warning("post %s: not sent for now, will look again: %s", post.key, error)
            async with self._world.database.write() as tx:
                await posts.note(tx, post, self._world.now(), What.NOT_SENT, str(error))
            return f"{error} I look again in a minute or two."
        except Rejected as error:
            return await self._set_aside(post, str(error))
        except PlatformError as error:
            if post.schedule_id is not None:
                await self._steward.trouble(post.schedule_id, error)
            await self._fail(post, str(error), again=isinstance(error, Forbidden | Missing))
            return str(error)
        await self._stands(post, ref)
        return None

    async def settle(self, post: PostRow) -> None:
        """A claim that nobody finished: look whether its message is there before posting it again."""
        now = self._world.now()
        async with self._world.database.write() as tx:
            ours = await posts.reclaim(tx, post, now)
        if ours is None:
            return
        try:
            found = await self._find(ours)
        except Unavailable as error:
            log.warning("post %s: could not look whether it was sent: %s", post.key, error)
            return
        except PlatformError as error:
            if post.schedule_id is not None:
                await self._steward.trouble(post.schedule_id, error)
            await self._fail(ours, str(error), again=isinstance(error, Forbidden | Missing))
            return
        if found:
            await self._stands(ours, found[0], look_at=now + LEASE)
            await self._delete(ours, found[1:])
        elif now >= post.closes_at:
            await self._fail(ours, "its time was over before it could be posted")
        else:
            await self.send(ours)
            async with self._world.database.write() as tx:  # a worker that was held up may still send its own
                await posts.look_again(tx, post.id, now + LEASE)

    async def look(self, post: PostRow) -> None:
        """Whether an open post has a twin, which another worker sent: it goes."""
        now = self._world.now()
        try:
            found = await self._find(post)
        except Unavailable as error:
            log.warning("post %s: could not look for a twin: %s", post.key, error)
            return
        except PlatformError as error:
            log.warning("post %s: can't look for a twin: %s", post.key, error)
            found = []
        await self._delete(post, [ref for ref in found if ref.message != post.message])
        last = post.closes_at - LEASE
        async with self._world.database.write() as tx:
            await posts.look_again(tx, post.id, last if now < last else None)

    async def seed(self, post: PostRow) -> None:
        """Put the emojis to answer with under a post in reaction mode. One that stands already is not doubled."""
        assert post.ref is not None
        try:
            for emoji in reactions.options(post.card):
                await self._platform(post).react(post.ref, emoji)
        except Unavailable as error:
            log.warning("post %s: its emojis are not there for now: %s", post.key, error)
            return
        except PlatformError as error:  # people can still put them there themselves
            log.warning("post %s: its emojis will not be there: %s", post.key, error)
            if post.schedule_id is not None:
                await self._steward.trouble(post.schedule_id, error)
        async with self._world.database.write() as tx:
            await posts.seeded(tx, post.id)

    # ---------------------------------------------------------------- inside

    def _platform(self, post: PostRow) -> Platform:
        return self._world.platforms[post.place.platform]

    async def _find(self, post: PostRow) -> list[MessageRef]:
        return list(await self._platform(post).find(post.place, post.key, post.opens_at - SKEW))

    async def _stands(self, post: PostRow, ref: MessageRef, look_at: datetime | None = None) -> None:
        """The post is in its channel as this message, unless another worker has seen to it meanwhile."""
        async with self._world.database.write() as tx:
            ours = await posts.stand(tx, post, ref.message, self._world.now(), look_at)
            standing = await posts.by_id(tx, post.id)
        assert standing is not None
        if not ours:
            settled = standing.state is not State.CLAIMED
            if settled and standing.message != ref.message:
                await self._delete(post, [ref])
            return  # and while another still has the claim, it finds this one, or looks again later
        log.info("posted %s: %s/%s", post.key, post.deck, post.card.id)
        if post.mode is Mode.REACTIONS:
            self._world.desk.opened(post.id, ref)
            await self.seed(standing)

    async def _delete(self, post: PostRow, twins: list[MessageRef]) -> None:
        for ref in twins:
            log.warning("post %s: message %s is its twin, and goes", post.key, ref.message)
            try:
                await self._platform(post).delete(ref)
            except PlatformError:
                log.exception("post %s: its twin could not be deleted", post.key)
                continue
            async with self._world.database.write() as tx:
                await posts.note(tx, post, self._world.now(), What.TWIN, ref.message)

    async def _fail(self, post: PostRow, problem: str, *, again: bool = False) -> None:
        """The post will not be shown. With `again` its date is due once more when the schedule goes on in time."""
        log.error("post %s will not be shown: %s", post.key, problem)
        self._world.desk.forget(post.id)  # it may be claimed anew, with another card
        async with self._world.database.write() as tx:
            failed = await posts.fail(tx, post, problem, self._world.now())
            if not (failed and again) or post.schedule_id is None or post.local_date is None:
                return
            schedule = await schedules.by_id(tx, post.schedule_id)
            if schedule is not None and (at := claims.due_on(schedule, post.local_date)) is not None:
                await schedules.due_again(tx, schedule.id, at, post.local_date)

    async def _set_aside(self, post: PostRow, problem: str) -> str:
        """The platform will never take this card: another one goes out in its place, as long as it seems to be the card."""
        card = f"{post.deck}/{post.card.id}"
        async with self._world.database.write() as tx:
            again = await posts.count_events(tx, post.id, What.SET_ASIDE) < SET_ASIDE_MOST
            if again:
                await cards.put_aside(tx, post.card_id, problem)
                await posts.note(tx, post, self._world.now(), What.SET_ASIDE, f"{card}: {problem}")
        what = f"The card {card} could not be posted, so it is set aside: {problem}"
        await self._fail(post, what, again=again)
        if post.schedule_id is not None:
            await self._steward.refused(post.schedule_id, what)
        self._world.bell.set()
        return what
