"""The postman: brings a question into its channel, once, in the courier's way."""

from __future__ import annotations

import logging
from contextlib import AbstractAsyncContextManager, nullcontext
from datetime import date
from itertools import groupby
from operator import itemgetter
from zoneinfo import ZoneInfo

from bot.courier import LEASE, Courier
from bot.events import MessageRef
from bot.features import claims, posting, reactions
from bot.features.claims import NoCard
from bot.marked import Marked
from bot.platform import PlatformError, Rejected, SignedOut, Unavailable
from bot.shielded import to_its_end
from bot.steward import Steward
from bot.store import cards, post_claims, post_log, posts, schedules, settings
from bot.store.post_log import What
from bot.store.posts import PostRow
from bot.store.rebuild import prune_scores
from bot.store.schedules import Mode, Schedule
from bot.store.together import Apiece
from bot.words import N_, speaking
from bot.world import World

__all__ = ["LEASE", "Postman"]

log = logging.getLogger(__name__)

REMEMBERED = 4096

TOGETHER = 100
"""Questions claimed in one transaction: some hundredths of a second, in which presses wait."""

SET_ASIDE_MOST = 3
"""Cards that are set aside for one question. When even the next one is refused, it isn't the cards."""


class Postman(Courier[PostRow]):
    def __init__(self, world: World, steward: Steward) -> None:
        super().__init__(world, steward, posts)
        self._pruned: set[tuple[int, date]] = set()
        """Communities and the days on which their old boards were seen to: once is enough."""
        self._claims = Apiece(self._claim, most=TOGETHER)

    async def open(self, schedule: Schedule, turn: AbstractAsyncContextManager[None] | None = None) -> None:
        """Claim the schedule's question and post it. With `turn` only the platform is asked in it: rows are written for many
        at once.
        """
        match await to_its_end(self._claims.write(schedule)):
            case PostRow() as claimed:
                async with turn or nullcontext():
                    said = await self._said(claimed)
                if isinstance(said, MessageRef):
                    await self._stands(claimed, said)
            case NoCard() as none:
                with speaking(await self._language(schedule.community_id)):
                    why = Marked(none.why(self._world.shelf))
                await self._steward.no_card(schedule, why)

    async def send(self, post: PostRow) -> Marked | None:
        """Post a claimed question. Why it is not there, if it is not."""
        said = await self._said(post)
        if isinstance(said, Marked):
            return said
        await self._stands(post, said)
        return None

    async def seed(self, post: PostRow) -> None:
        """Put the emojis to answer with under a post in reaction mode. One that stands already is not doubled."""
        assert post.ref is not None
        try:
            for emoji in reactions.options(post.card):
                await self._platform(post).react(post.ref, emoji)
        except (Unavailable, SignedOut) as error:
            log.warning("post %s: its emojis are not there for now: %s", post.key, error)
            return
        except PlatformError as error:  # people can still put them there themselves
            log.warning("post %s: its emojis will not be there: %s", post.key, error)
            if post.schedule_id is not None:
                await self._steward.trouble(post.schedule_id, error)
        async with self._world.database.write() as tx:
            await posts.seeded(tx, post.id)

    # ---------------------------------------------------------------- inside

    async def _language(self, community_id: int) -> str:
        """In which a community reads."""
        return (await self._world.desk.settings(community_id, self._world.now())).language

    async def _said(self, post: PostRow) -> MessageRef | Marked:
        """The message of a claimed question, or why there is none."""
        try:
            with speaking(await self._language(post.community_id)):
                message = posting.question(post, self._world.shelf)
        except ValueError as error:  # no platform can show it
            return await self._set_aside(post, Marked(str(error)))
        try:
            return await self._say(post, message)
        except (Unavailable, SignedOut) as error:  # signed out: it goes out if the operator mends that in time
            await self._not_sent(post, error)
            return Marked.joined(error.reason, Marked(N_("I look again in a minute or two.")))
        except Rejected as error:
            return await self._set_aside(post, error.reason)
        except PlatformError as error:
            await self._refused(post, error)
            return error.reason

    async def _claim(self, due: list[Schedule]) -> list[PostRow | NoCard | None]:
        """The questions of schedules that come due together, each in another channel; their communities' old boards go."""
        now = self._world.now()
        async with self._world.database.write() as tx:
            wanted = await settings.of_each(tx, [each.community_id for each in due])
            zones = {community: ZoneInfo(each.zone) for community, each in wanted.items()}
            claimed = await claims.claim(tx, due, zones, self._world.shelf, now, self._world.chance)
            days = {(community, now.astimezone(zone).date()) for community, zone in zones.items()}
            for today, late in groupby(sorted(days - self._pruned, key=itemgetter(1)), key=itemgetter(1)):
                await prune_scores(tx, [community for community, _ in late], today)
        self._world.desk.settled(wanted, now)  # they are spoken to in a moment
        if len(self._pruned) >= REMEMBERED:
            self._pruned.clear()
        self._pruned |= days
        return [claimed.get(each.id) for each in due]

    async def _posted(self, standing: PostRow, ref: MessageRef) -> None:
        log.info("posted %s: %s/%s", standing.key, standing.deck, standing.card.id)
        if standing.mode is Mode.REACTIONS:
            self._world.desk.opened(standing.id, ref)
            await self.seed(standing)

    async def _unsent(self, errand: PostRow, why: str) -> None:
        async with self._world.database.write() as tx:
            await post_log.note(tx, errand, self._world.now(), What.NOT_SENT, why)

    async def _parted(self, errand: PostRow, twin: MessageRef) -> None:
        async with self._world.database.write() as tx:
            await post_log.note(tx, errand, self._world.now(), What.TWIN, twin.message)

    async def _fail(self, post: PostRow, problem: str, *, again: bool = False) -> None:
        """The post will not be shown. With `again` its date is due once more when the schedule goes on in time."""
        log.error("post %s will not be shown: %s", post.key, problem)
        self._world.desk.forget(post.id)  # it may be claimed anew, with another card
        async with self._world.database.write() as tx:
            failed = await post_claims.fail(tx, post, problem, self._world.now())
            if not (failed and again) or post.schedule_id is None or post.local_date is None:
                return
            schedule = await schedules.by_id(tx, post.schedule_id)
            if schedule is not None and (at := claims.due_on(schedule, post.local_date)) is not None:
                await schedules.due_again(tx, schedule.id, at, post.local_date)

    async def _set_aside(self, post: PostRow, problem: Marked) -> Marked:
        """The platform will never take this card: another one goes out in its place, as long as it seems to be the card."""
        card = f"{post.deck}/{post.card.id}"
        async with self._world.database.write() as tx:
            again = await post_log.count_events(tx, post.id, What.SET_ASIDE) < SET_ASIDE_MOST
            if again:
                await cards.put_aside(tx, post.card_id, str(problem))
                await post_log.note(tx, post, self._world.now(), What.SET_ASIDE, f"{card}: {problem}")
        said = N_("The card {card} could not be posted, so it is set aside: {problem}")
        what = Marked(said, {"card": card, "problem": problem})
        await self._fail(post, str(what), again=again)
        if post.schedule_id is not None:
            await self._steward.refused(post.schedule_id, what)
        self._world.bell.set()
        return what
