"""What a feature is: a function of a transaction, an event and the time, which returns what to answer and what to say.

A feature speaks to nobody itself. Its `answer` is private to the actor; `deliveries` are public and leave after the
transaction has been committed.
"""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.events import Place
from bot.library.shelf import Shelf
from bot.messages import Answer
from bot.platform import Delivery
from bot.store.posts import PostRow


@dataclass(frozen=True, slots=True)
class Member:
    """A person in their community, and the account by which they act."""

    person_id: int
    account_id: int
    name: str
    community_id: int
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class Turn:
    """One event's turn. `now` is aware, in UTC; `chance` is the only source of randomness."""

    tx: AsyncConnection
    member: Member
    now: datetime
    shelf: Shelf
    chance: random.Random

    @property
    def today(self) -> date:
        """The community's date."""
        return self.now.astimezone(self.member.zone).date()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a feature answers, and what is done once its transaction is committed.

    `claimed`: a question to be posted at once. `check`: a channel for which something was just scheduled. What keeps
    the bot from posting there is put before the answer. `ring`: the timetable has something to see to.
    """

    answer: Answer = None
    deliveries: tuple[Delivery, ...] = ()
    claimed: PostRow | None = None
    check: Place | None = None
    ring: bool = False


Feature: TypeAlias = Callable[[Turn, Any], Awaitable[Outcome]]
"""`Any`: each feature names the one kind of event that the command tree or the verb table sends it."""


def post_key(place: Place, what: str) -> str:
    """A key for a public message that is said once."""
    return f"{what}:{place.platform}:{place.workspace}:{place.channel}"
