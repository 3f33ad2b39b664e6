"""The courier: brings a public message into its channel, once. What a question and a recap have in common on their way.

Every step is a row's state, and every step is taken only by whoever holds the row's claim: a restart at any point goes on
where it was, and of two workers one loses quietly. No transaction is open while a platform is asked.
"""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Generic, Protocol, TypeVar

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.events import MessageRef, Place
from bot.marked import Marked
from bot.messages import Message
from bot.platform import Forbidden, Missing, Platform, PlatformError, SignedOut, Unavailable
from bot.shielded import to_its_end
from bot.steward import Steward
from bot.store.stood import Stood
from bot.store.together import Apiece
from bot.words import N_
from bot.world import World

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=60)
"""How long a claim is its worker's own; after that another may look what became of it. No request takes as long."""

LINGER = 0.02
"""Seconds that the note of what was posted waits for others: each needs a commit, and many are posted in the same moment."""

SKEW = timedelta(minutes=5)
"""How far a platform's clock may be behind ours."""


class Errand(Protocol):
    """A message on its way, as its row has it. It is worth saying from `since` until `until`, both aware."""

    @property
    def id(self) -> int: ...
    @property
    def schedule_id(self) -> int | None: ...
    @property
    def place(self) -> Place: ...
    @property
    def key(self) -> str: ...
    @property
    def message(self) -> str | None: ...
    @property
    def claimed(self) -> bool:
        """Whether it is still to be said, or somebody has said it and not noted it."""

    @property
    def claimed_at(self) -> datetime: ...
    @property
    def since(self) -> datetime: ...
    @property
    def until(self) -> datetime: ...


E = TypeVar("E", bound=Errand)


class Ledger(Protocol[E]):
    """Where a kind of errand is kept: a module of `bot.store`."""

    async def by_id(self, tx: AsyncConnection, errand_id: int, /) -> E | None: ...

    async def reclaim(self, tx: AsyncConnection, errand: E, now: datetime, /) -> E | None:
        """Take over a claim that nobody finished; None when another worker was quicker."""

    async def stand(self, tx: AsyncConnection, stood: Sequence[Stood[E]], now: datetime, /) -> dict[int, E]:
        """They stand as messages: as they are now, by id, without those whose claim is ours no longer."""

    async def look_again(self, tx: AsyncConnection, errand_id: int, at: datetime | None, /) -> None:
        """When to look for a twin next, if at all."""


class Courier(ABC, Generic[E]):
    def __init__(self, world: World, steward: Steward, ledger: Ledger[E]) -> None:
        self._world = world
        self._steward = steward
        self._ledger = ledger
        self._standing = Apiece(self._stand, linger=LINGER)

    @abstractmethod
    async def send(self, errand: E) -> Marked | None:
        """Say what was claimed. Why it is not there, if it is not."""

    async def settle(self, errand: E) -> None:
        """A claim that nobody finished: look whether its message is there before saying it again."""
        now = self._world.now()
        async with self._world.database.write() as tx:
            ours = await self._ledger.reclaim(tx, errand, now)
        if ours is None:
            return
        try:
            found = await self._find(ours)
        except (Unavailable, SignedOut) as error:  # nothing is wrong with the channel
            await self._not_sent(ours, error)
            return
        except PlatformError as error:
            if now < ours.until and not isinstance(error, Missing):
                await self._not_sent(ours, error)
                await self._troubled(ours, error)
                return  # it may stand there unseen, so it is not said anew before somebody has looked
            await self._refused(ours, error)
            return
        if found:
            await self._stands(ours, found[0], look_at=now + LEASE)
            await self._delete(ours, found[1:])
        elif now >= ours.until:
            await self._fail(ours, "its time was over before it could be posted")
        else:
            await self.send(ours)
            async with self._world.database.write() as tx:  # a worker that was held up may still send its own
                await self._ledger.look_again(tx, ours.id, now + LEASE)

    async def look(self, errand: E) -> None:
        """Whether a message has a twin, which another worker sent: it goes."""
        now = self._world.now()
        try:
            found = await self._find(errand)
        except (Unavailable, SignedOut) as error:
            log.warning("%s: could not look for a twin: %s", errand.key, error)
            return
        except PlatformError as error:
            log.warning("%s: can't look for a twin: %s", errand.key, error)
            found = []
        if not await self._delete(errand, [ref for ref in found if ref.message != errand.message]):
            return
        last = errand.until - LEASE
        async with self._world.database.write() as tx:
            await self._ledger.look_again(tx, errand.id, last if now < last else None)

    # ---------------------------------------------------------------- what each kind does in its own way

    @abstractmethod
    async def _fail(self, errand: E, problem: str, *, again: bool = False) -> None:
        """It will not be said. With `again` it is due once more when its schedule goes on in time."""

    @abstractmethod
    async def _unsent(self, errand: E, why: str) -> None:
        """Note why it was not said for now."""

    async def _posted(self, standing: E, ref: MessageRef) -> None:
        """It stands in its channel, and what may follow does."""

    async def _parted(self, errand: E, twin: MessageRef) -> None:
        """A twin of it is gone."""

    # ---------------------------------------------------------------- inside

    def _platform(self, errand: E) -> Platform:
        return self._world.platforms[errand.place.platform]

    async def _find(self, errand: E) -> list[MessageRef]:
        return list(await self._platform(errand).find(errand.place, errand.key, errand.since - SKEW))

    async def _say(self, errand: E, message: Message) -> MessageRef:
        """Post what was claimed. Unavailable, with nothing asked, when it is not ours to say any more: whoever looks finds out."""
        if self._held_up(errand):
            raise Unavailable(N_("I was held up."))
        return await self._platform(errand).post(errand.place, message, errand.key)

    async def _not_sent(self, errand: E, error: PlatformError) -> None:
        """It is looked for, and said if it must be, when its claim has run out."""
        log.warning("%s: not sent for now, will look again: %s", errand.key, error)
        await self._unsent(errand, str(error))

    def _held_up(self, errand: E) -> bool:
        """Whether its claim or its time ran out since it was claimed, as while a machine slept."""
        now = self._world.now()
        return now >= errand.claimed_at + LEASE or now >= errand.until

    async def _refused(self, errand: E, error: PlatformError) -> None:
        """The platform will not have it there."""
        await self._troubled(errand, error)
        await self._fail(errand, str(error), again=isinstance(error, Forbidden | Missing))

    async def _troubled(self, errand: E, error: PlatformError) -> None:
        if errand.schedule_id is not None:
            await self._steward.trouble(errand.schedule_id, error)

    async def _stands(self, errand: E, ref: MessageRef, look_at: datetime | None = None) -> None:
        """It is in its channel as this message, unless another worker has seen to it meanwhile."""
        standing = await to_its_end(self._standing.write(Stood(errand, ref.message, look_at)))
        if standing is not None:
            await self._posted(standing, ref)
            return
        async with self._world.database.read() as tx:
            theirs = await self._ledger.by_id(tx, errand.id)
        assert theirs is not None
        if not theirs.claimed and theirs.message != ref.message:
            await self._delete(errand, [ref])
        # and while another still has the claim, it finds this one, or looks again later

    async def _stand(self, stood: list[Stood[E]]) -> list[E | None]:
        """Those that stand by our claim, in their order; None for the others."""
        async with self._world.database.write() as tx:
            standing = await self._ledger.stand(tx, stood, self._world.now())
        return [standing.get(each.errand.id) for each in stood]

    async def _delete(self, errand: E, twins: list[MessageRef]) -> bool:
        """Take its twins away; False when one is there still and may go later."""
        gone = True
        for ref in twins:
            log.warning("%s: message %s is its twin, and goes", errand.key, ref.message)
            try:
                await self._platform(errand).delete(ref)
            except PlatformError as error:
                log.exception("%s: its twin could not be deleted", errand.key)
                gone &= not isinstance(error, Unavailable | SignedOut)
                continue
            await self._parted(errand, ref)
        return gone
