"""Where presses on posts are taken: the posts that people are answering, in memory, and the ballots' queue.

This is the one path that a whole channel walks in the same second, so it opens no transaction of its own.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.events import Actor, MessageRef, Place
from bot.quiz import grading, scoring
from bot.quiz.grading import Grade
from bot.store import answers, live_answers, pending, people, posts, reactions
from bot.store import settings as kept_settings
from bot.store.answers import OwnAnswer
from bot.store.ballots import Account, Ballot, Ballots, MovedError, Receipt, StaleError
from bot.store.database import Database
from bot.store.live_answers import Buzz
from bot.store.live_answers import Receipt as BuzzReceipt
from bot.store.pending import Pending
from bot.store.people import Community
from bot.store.posts import PostRow, State
from bot.store.reactions import Mark
from bot.store.settings import Settings
from bot.store.together import Apiece, Together

K = TypeVar("K")
V = TypeVar("V")
T = TypeVar("T")

REMEMBERED = 4096
"""Posts and communities kept in memory; the rest is read again when somebody presses."""


BELIEVED = timedelta(seconds=30)
"""For how long a workspace's community and its settings are believed: another worker may have changed them."""


def account(actor: Actor) -> Account:
    return Account(actor.platform, actor.workspace, actor.id, actor.name)


def graded(post: PostRow, who: Account, given: str, at: datetime, *, hinted: bool = False) -> tuple[Ballot, Grade]:
    """Somebody's answer to a post as it goes to the ballots, and its grade."""
    grade = grading.grade(post.card, given)
    points, on_offer = scoring.points(post.card, grade)
    ballot = Ballot(
        community_id=post.community_id,
        post_id=post.id,
        card_id=post.card_id,
        day=post.day,
        day_number=post.day_number,
        account=who,
        given=given,
        fraction=grade.fraction,
        correct=grade.correct,
        points=points,
        on_offer=on_offer,
        hinted=hinted,
        at=at,
        correction=post.correction,
    )
    return ballot, grade


class Desk:
    """Takes answers. The memory holds only what doesn't change while a post is open; whether it still is, the ballots'
    writer decides in its transaction, so another worker's closing is never missed.

    A whole channel may press before the first read is back: those who come meanwhile wait for that one read.
    """

    def __init__(self, database: Database, ballots: Ballots, zone: str) -> None:
        self._database = database
        self._ballots = ballots
        self._zone = zone
        self._posts: OrderedDict[int, PostRow] = OrderedDict()
        self._communities: OrderedDict[tuple[str, str], tuple[Community, datetime]] = OrderedDict()
        self._settings: OrderedDict[int, tuple[Settings, datetime]] = OrderedDict()
        self._messages: OrderedDict[MessageRef, int | None] = OrderedDict()
        self._reading: dict[object, asyncio.Task[Any]] = {}
        self._marks = Together(self._write_marks)
        self._pending = Together(self._write_pending)
        self._buzzes: Apiece[Buzz, BuzzReceipt] = Apiece(self._write_buzzes)

    async def community_in(self, tx: AsyncConnection, place: Place, actor: Actor) -> Community | None:
        """The community that somebody's doings in a place belong to, if there is one yet: as it is now, see `unions`.

        A conversation with one person may belong to no workspace: there it is the community in which they last answered,
        and one of their own as long as they are in none.
        """
        if not place.direct:
            return await people.community_of(tx, place.platform, place.workspace)
        theirs = await people.communities_of(tx, account(actor))
        return theirs[0] if theirs else None

    async def community_for(self, tx: AsyncConnection, place: Place, actor: Actor, now: datetime) -> Community:
        """`community_in`, founded at first contact."""
        known = await self.community_in(tx, place, actor)
        workspace = place.workspace or f"@{actor.workspace}:{actor.id}"
        return known or await self.found(tx, place.platform, workspace, now)

    async def takes(self, post: PostRow, place: Place, actor: Actor, now: datetime) -> bool:
        """Whether a post is there for somebody in a place: one of the place's community, or in private of any of theirs."""
        if not place.direct and post.community_id == (await self.community(place, now)).id:
            return True
        async with self._database.read() as tx:  # what is remembered may be from before two communities became one
            if place.direct:
                theirs = await people.communities_of(tx, account(actor))
            else:
                here = await people.community_of(tx, place.platform, place.workspace)
                theirs = [] if here is None else [here]
            now_of = await posts.community_of(tx, post.id)
        return now_of in {each.id for each in theirs}

    async def community(self, place: Place, now: datetime) -> Community:
        """The community that a workspace belongs to, founded at first contact."""
        key = (place.platform, place.workspace)
        known = self._communities.get(key)
        if known is not None and abs(now - known[1]) < BELIEVED:
            return known[0]
        community: Community = await self._once(key, lambda: self._read_community(key, now))
        _remember(self._communities, key, (community, now))
        return community

    async def settings(self, community_id: int, now: datetime) -> Settings:
        """How a community wants things, as it was a moment ago."""
        known = self._settings.get(community_id)
        if known is not None and abs(now - known[1]) < BELIEVED:
            return known[0]
        found: Settings = await self._once(("settings", community_id), lambda: self._read_settings(community_id))
        _remember(self._settings, community_id, (found, now))
        return found

    def settled(self, every: Mapping[int, Settings], now: datetime) -> None:
        """Communities' settings, by their ids, as somebody has just read them."""
        for community_id, each in every.items():
            _remember(self._settings, community_id, (each, now))

    def resettled(self, community_id: int) -> None:
        """A community's settings have changed, or which workspaces are of it."""
        self._settings.pop(community_id, None)
        for key in [key for key, (each, _) in self._communities.items() if each.id == community_id]:
            del self._communities[key]

    async def post(self, post_id: int) -> PostRow | None:
        if (known := self._posts.get(post_id)) is not None:
            return known
        post: PostRow | None = await self._once(post_id, lambda: self._read_post(post_id))
        if post is not None and post.state in (State.CLAIMED, State.OPEN):
            _remember(self._posts, post_id, post)
        return post

    async def post_at(self, ref: MessageRef) -> PostRow | None:
        """The open post that stands as a message, if it is one. Most messages that people react to are none."""
        if ref not in self._messages:
            _remember(self._messages, ref, await self._once(ref, lambda: self._read_message(ref)))
        known = self._messages[ref]
        return None if known is None else await self.post(known)

    async def mark(self, mark: Mark) -> None:
        """Keep a reaction, together with those that come in the same moment; back when it is kept."""
        await self._marks.write(mark)

    async def hold(self, answer: Pending) -> bool:
        """Keep an answer until its question closes, in the place of the person's earlier one; False when it has closed."""
        return answer.post_id not in await self._pending.write(answer)

    async def buzz(self, buzz: Buzz) -> BuzzReceipt:
        """Keep a press in a live round, together with those that come in the same moment."""
        return await self._buzzes.write(buzz)

    async def _write_buzzes(self, every: list[Buzz]) -> list[BuzzReceipt]:
        async with self._database.write() as tx:
            return await live_answers.take(tx, every)

    async def _write_marks(self, marks: list[Mark]) -> None:
        async with self._database.write() as tx:
            await reactions.record(tx, marks)

    async def _write_pending(self, every: list[Pending]) -> set[int]:
        async with self._database.write() as tx:
            return await pending.keep(tx, every)

    async def own(self, post: PostRow, who: Account) -> OwnAnswer | None:
        """What somebody answered to the post's card on its day."""
        async with self._database.read() as tx:
            person = await people.find_person(tx, post.community_id, who)
            return None if person is None else await answers.own(tx, person.id, post.card_id, post.day)

    def opened(self, post_id: int, ref: MessageRef) -> None:
        """The post stands as this message."""
        _remember(self._messages, ref, post_id)

    def forget(self, post_id: int) -> None:
        """The post has closed, or is another one by now."""
        self._posts.pop(post_id, None)

    async def answer(
        self, post: PostRow, who: Account, given: str, at: datetime, *, hinted: bool = False
    ) -> tuple[PostRow, Receipt, Grade]:
        """Grade somebody's answer and record it; with the post by whose key that was done, which may have been corrected since
        it was read.
        """
        while True:
            ballot, grade = graded(post, who, given, at, hinted=hinted)
            try:
                return post, await self.cast(ballot), grade
            except StaleError:
                post = await self.fresh(post)

    async def fresh(self, post: PostRow) -> PostRow:
        """A post as it is now, where it is remembered as it was."""
        self.forget(post.id)
        again = await self.post(post.id)
        return post if again is None else again

    async def cast(self, ballot: Ballot) -> Receipt:
        try:
            return await self._ballots.cast(ballot)
        except MovedError:
            self.forget(ballot.post_id)
            self._communities.clear()
            post = await self.post(ballot.post_id)
            assert post is not None
            moved = replace(ballot, community_id=post.community_id, card_id=post.card_id, day_number=post.day_number)
            return await self._ballots.cast(moved)

    async def _once(self, key: object, read: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """What `read` gives, read once for all who ask while it is under way; nobody's cancelling stops it."""
        if (task := self._reading.get(key)) is None:
            task = self._reading[key] = asyncio.get_running_loop().create_task(read())
            task.add_done_callback(lambda _: self._reading.pop(key, None))
        result: T = await asyncio.shield(task)
        return result

    async def _read_community(self, key: tuple[str, str], now: datetime) -> Community:
        async with self._database.read() as tx:
            community = await people.community_of(tx, *key)
        if community is None:
            async with self._database.write() as tx:
                community = await self.found(tx, *key, now)
        return community

    async def found(self, tx: AsyncConnection, platform: str, workspace: str, now: datetime) -> Community:
        """A workspace's community, made if it has none."""
        known = await people.community_of(tx, platform, workspace)
        return known or await people.found_community(tx, platform, workspace, self._zone, now)

    async def _read_settings(self, community_id: int) -> Settings:
        async with self._database.read() as tx:
            return await kept_settings.of(tx, community_id)

    async def _read_message(self, ref: MessageRef) -> int | None:
        async with self._database.read() as tx:
            post = await posts.by_message(tx, ref)
        return None if post is None or post.state not in (State.OPEN, State.COLLECTING) else post.id

    async def _read_post(self, post_id: int) -> PostRow | None:
        async with self._database.read() as tx:
            return await posts.by_id(tx, post_id)


def _remember(memory: OrderedDict[K, V], key: K, value: V) -> None:
    memory[key] = value
    if len(memory) > REMEMBERED:
        memory.popitem(last=False)
