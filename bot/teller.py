"""The teller: closes a question whose time is over, counts its answers and shows the results."""

from __future__ import annotations

import asyncio
import logging

from bot.features import posting, reactions
from bot.messages import Message
from bot.platform import PlatformError, SignedOut, Unavailable
from bot.store import answers, pending, posts, settings
from bot.store import reactions as kept_reactions
from bot.store.answers import Tally
from bot.store.posts import PostRow, State
from bot.store.schedules import Mode
from bot.words import _, number, speaking
from bot.world import World

log = logging.getLogger(__name__)


class Teller:
    def __init__(self, world: World) -> None:
        self._world = world

    async def close(self, post: PostRow) -> None:
        """No more answers, then the results; a restart between the two finishes them."""
        if post.collects and post.state in (State.OPEN, State.COLLECTING):
            async with self._world.database.write() as tx:
                await posts.collect(tx, post, self._world.now())
            if not await (self._reactions(post) if post.mode is Mode.REACTIONS else self._pending(post)):
                return
        async with self._world.database.write() as tx:
            await posts.end(tx, post, self._world.now())
        self._world.desk.forget(post.id)
        async with self._world.database.read() as tx:
            tally = await answers.tally(tx, post.id, post.day_number)
            elsewhere = 0 if tally.answered else await answers.elsewhere(tx, post)
            wanted = await settings.of(tx, post.community_id)
        with speaking(wanted.language):
            results = self._results(post, tally.shown(boards=wanted.boards, streaks=wanted.streaks), elsewhere)
        problem = await self._shown(post, results)
        if problem is None:
            return
        async with self._world.database.write() as tx:
            await posts.close(tx, post, self._world.now(), problem or f"{tally.answered} answered")
        log.info("closed %s: %d answered", post.key, tally.answered)

    def _results(self, post: PostRow, tally: Tally, elsewhere: int) -> Message:
        try:
            return posting.results(post, tally, self._world.shelf, elsewhere)
        except ValueError:
            log.exception("post %s: its results can't be shown in full", post.key)
            told = {"answered": number(tally.answered), "right": number(tally.correct)}
            return Message.of(_("This question is closed; {answered} answered, {right} got it right.", **told))

    async def _pending(self, post: PostRow) -> bool:
        """Make answers of what people had chosen last. Doing it again changes nothing."""
        async with self._world.database.read() as tx:
            every = await pending.of_post(tx, post)
        answer = self._world.desk.answer
        await asyncio.gather(*(answer(post, each.account, each.given, each.at, hinted=each.hinted) for each in every))
        return True

    async def _reactions(self, post: PostRow) -> bool:
        """Make answers of the reactions under a post; False when that has to wait. Doing it again changes nothing."""
        assert post.ref is not None
        platform = self._world.platforms[post.place.platform]
        try:
            standing = {emoji: await platform.reactors(post.ref, emoji) for emoji in reactions.options(post.card)}
        except (Unavailable, SignedOut) as error:
            log.warning("post %s: its reactions can't be collected for now: %s", post.key, error)
            return False
        except PlatformError as error:  # gone, or closed to us: those that were seen count
            log.warning("post %s: its reactions can't be collected: %s", post.key, error)
        else:
            async with self._world.database.write() as tx:
                await kept_reactions.settle(tx, post, reactions.found(post, standing), self._world.now())
        async with self._world.database.read() as tx:
            counting = await kept_reactions.first_of_each(tx, post)
        answer = self._world.desk.answer
        await asyncio.gather(*(answer(post, mark.account, mark.given, mark.at) for mark in counting))
        return True

    async def _shown(self, post: PostRow, message: Message) -> str | None:
        """Empty when the results stand, why they never will, or None when they may later."""
        if post.ref is None:
            return ""
        try:
            await self._world.platforms[post.place.platform].edit(post.ref, message)
        except (Unavailable, SignedOut) as error:
            log.warning("post %s: results not shown for now: %s", post.key, error)
            return None
        except PlatformError as error:
            log.warning("post %s: results will not be shown: %s", post.key, error)
            return f"results not shown: {error}"  # to the operator
        return ""
