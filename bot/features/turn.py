"""What a feature is: a function of a transaction, an event and the time, which returns what to answer and what to say.

A feature speaks to nobody itself. Its `answer` is private to the actor; `deliveries` are public and leave after the
transaction has been committed.
"""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, TypeAlias
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.events import Place
from bot.library.shelf import Shelf
from bot.messages import Answer, Message, Picture
from bot.platform import Delivery
from bot.quiz.seasons import Seasons
from bot.store.posts import PostRow
from bot.store.settings import Settings
from bot.words import ENGLISH

if TYPE_CHECKING:  # loaded with the first picture: a start can do without
    from bot.pictures import Sheet


@dataclass(frozen=True, slots=True)
class Member:
    """A person in their community, the account by which they act, and how the community wants things."""

    person_id: int
    account_id: int
    name: str
    community_id: int
    zone: ZoneInfo
    settings: Settings


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

    @property
    def seasons(self) -> Seasons:
        """The community's."""
        return self.member.settings.seasons

    @property
    def season(self) -> str:
        """The key of the season that is on."""
        return self.seasons.key(self.today)


@dataclass(frozen=True, slots=True)
class Planned:
    """A daily question that was just planned by the person `by`, by its number, and its channels. `head`: what became of it;
    `stopped`: what, if it can't be posted in any of them.
    """

    number: int
    places: tuple[Place, ...]
    head: str
    stopped: str
    by: int


@dataclass(frozen=True, slots=True)
class Claimed:
    """What a daily question, by its number, is to post at once: a post in each of its channels. `told` makes the answer of
    the channels in which it is then.
    """

    number: int
    posts: tuple[PostRow, ...]
    told: Callable[[Sequence[Place]], Message]


@dataclass(frozen=True, slots=True)
class Pictured:
    """Numbers to be drawn, and the outcome that `shown` makes of the picture; of None where it can't be drawn, in words alone.

    `language` is the community's, for what that says aloud: the app knows it.
    """

    sheet: Sheet
    shown: Callable[[Picture | None], Outcome]
    language: str = ENGLISH


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a feature answers, and what is done once its transaction is committed.

    `claimed`: a question to be posted at once. `check`: what was just planned. Where something keeps the bot from posting
    it, that is answered, and how the daily question stands then. `corrected`: a correction to be carried out, and its state to
    be answered. `resettled`: the community's settings have changed. `mustered`: who is in which team here goes by other groups now.
    `pictured`: what else there is comes of a picture, which
    is drawn when no transaction waits for it. `ring`: the timetable has something to see to. `begun`: a live
    round to be posted at once; `gong`: the quizmaster has something to see to.
    """

    answer: Answer = None
    deliveries: tuple[Delivery, ...] = ()
    claimed: Claimed | None = None
    check: Planned | None = None
    corrected: int | None = None
    resettled: bool = False
    mustered: bool = False
    pictured: Pictured | None = None
    ring: bool = False
    begun: int | None = None
    gong: bool = False


Feature: TypeAlias = Callable[[Turn, Any], Awaitable[Outcome]]
"""`Any`: each feature names the one kind of event that the command tree or the verb table sends it."""
