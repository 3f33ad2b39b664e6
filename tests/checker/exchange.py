"""A chat platform without mercy: it forgets keys, loses requests and answers, is down, closes channels, answers late.

What a request does, it does when it arrives, whether its sender still lives or not.
"""

from __future__ import annotations

import asyncio
import itertools
import random
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypeVar

from bot.events import Actor, MessageRef, Place
from bot.messages import Message
from bot.platform import Forbidden, Groups, Handle, Missing, Platform, PlatformError, SignedOut, Unavailable
from tests.checker.clockwork import Clockwork
from tests.checker.record import Record, Standing
from tests.checker.storm import Storm

if TYPE_CHECKING:
    from tests.checker.worker import Life

T = TypeVar("T")

CLOSED = "Question of the day · closed"


@dataclass(frozen=True)
class Manner:
    """How a platform is: for how long it knows a key again, and how far its clock is behind."""

    remembers: timedelta
    behind: timedelta


class Exchange:
    """The platform itself."""

    def __init__(self, name: str, loop: Clockwork, record: Record, manner: Manner, ids: itertools.count[int]) -> None:
        self.name = name
        self.record = record
        self.now = loop.now
        self.heard: Callable[[str], None] = lambda _: None
        """Told of each new message by its key."""
        self._manner = manner
        self._ids = ids
        self._by_id: dict[str, Standing] = {}
        self._by_key: defaultdict[tuple[str, str], list[Standing]] = defaultdict(list)

    def reachable(self, channel: str) -> None:
        now = self.now()
        for number, span in enumerate(self.record.outages[self.name]):
            if now in span:
                raise SignedOut("the token is refused") if number % 3 == 2 else Unavailable("down")
        for number, span in enumerate(self.record.revoked[channel]):
            if now in span:
                raise (Forbidden if number % 2 else Missing)("closed to the bot")

    def post(self, place: Place, key: str, sent: datetime, late: bool) -> str:
        known = [each for each in self._by_key[place.channel, key] if self.now() - each.came < self._manner.remembers]
        if known:
            return known[-1].id
        made = Standing(str(next(self._ids)), key, (self.name, place.channel), sent, self.now(), late)
        self.record.standing.append(made)
        self._by_id[made.id] = made
        self._by_key[place.channel, key].append(made)
        self.heard(key)
        return made.id

    def find(self, place: Place, key: str, since: datetime) -> list[str]:
        since += self._manner.behind
        return [each.id for each in self._by_key[place.channel, key] if each.gone is None and each.came >= since]

    def edit(self, message: str, closed: bool) -> None:
        standing = self._by_id.get(message)
        if standing is None or standing.gone is not None:
            raise Missing("no such message")
        if closed and standing.results is None:
            standing.results = self.now()

    def refuse(self, message: str) -> None:
        if (standing := self._by_id.get(message)) is not None:
            standing.refused = True

    def delete(self, message: str) -> None:
        standing = self._by_id.get(message)
        if standing is not None and standing.gone is None:
            standing.gone = self.now()


class Wire(Platform):
    """One worker's way to an exchange."""

    def __init__(self, exchange: Exchange, life: Life, storm: Storm, chance: random.Random) -> None:
        self.name = exchange.name
        self._exchange = exchange
        self._life = life
        self._storm = storm
        self._chance = chance

    async def run(self, handle: Handle) -> None:
        raise NotImplementedError

    async def post(self, place: Place, message: Message, key: str) -> MessageRef:
        sent = self._exchange.now()
        done = await self._ask(place, lambda late: self._exchange.post(place, key, sent, late))
        return MessageRef(place, done)

    async def edit(self, ref: MessageRef, message: Message) -> None:
        closed = CLOSED in message.text

        def change(_: bool) -> None:
            self._exchange.edit(ref.message, closed)

        try:
            await self._ask(ref.place, change)
        except (Forbidden, Missing):
            self._exchange.refuse(ref.message)
            raise

    async def find(self, place: Place, key: str, since: datetime) -> Sequence[MessageRef]:
        found = await self._ask(place, lambda _: self._exchange.find(place, key, since))
        return [MessageRef(place, message) for message in found]

    async def delete(self, ref: MessageRef) -> None:
        await self._ask(ref.place, lambda _: self._exchange.delete(ref.message))

    async def reactors(self, ref: MessageRef, emoji: str) -> Sequence[Actor]:
        return await self._ask(ref.place, lambda _: [])

    async def react(self, ref: MessageRef, emoji: str) -> None:
        await self._ask(ref.place, lambda _: None)

    async def check(self, place: Place) -> None:
        await self._ask(place, lambda _: None)

    async def groups(self, workspace: str) -> Groups | None:
        return None

    async def tell(self, actor: Actor, message: Message) -> None:
        raise AssertionError("nobody here is to be told")

    async def _ask(self, place: Place, effect: Callable[[bool], T]) -> T:
        """A request: on its way, its effect, its answer on its way. It takes less than a lease, or it is lost.

        `effect` is told whether the request leaves late: whether its worker has just been stopped for a while.
        """
        exchange, storm, chance = self._exchange, self._storm, self._chance
        exchange.record.requests += 1
        asked = exchange.now()
        await self._life.step()
        late = self._life.late(asked)
        fate = chance.random()
        there, back = chance.uniform(0.02, 0.3), chance.uniform(0.02, 0.3)
        if chance.random() < storm.slow:
            exchange.record.faults["slow requests"] += 1
            there, back = chance.uniform(0, 25), chance.uniform(0, 25)
        if fate < storm.lost_before:
            await asyncio.sleep(there)
            await self._life.step()
            exchange.record.faults["requests lost"] += 1
            exchange.record.failures[place.channel].append(exchange.now())
            raise Unavailable("the connection dropped")
        outcome: asyncio.Future[tuple[T | None, PlatformError | None]] = asyncio.get_running_loop().create_future()

        def arrive() -> None:
            try:
                exchange.reachable(place.channel)
                outcome.set_result((effect(late), None))
            except PlatformError as error:
                outcome.set_result((None, error))

        asyncio.get_running_loop().call_later(there, arrive)
        await self._life.step()
        done, problem = await outcome
        await self._life.step()
        await asyncio.sleep(back)
        await self._life.step()
        if fate > 1 - storm.lost_after:
            exchange.record.faults["answers lost"] += 1
            problem = Unavailable("the answer was lost")
        if problem is not None:
            exchange.record.failures[place.channel].append(exchange.now())
            raise problem
        return done  # type: ignore[return-value]
