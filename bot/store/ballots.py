"""The hot path: answers to questions. Whatever has come is written as one batch, and each caller gets its own receipt."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple, Protocol, TypeAlias

from bot.quiz.streaks import Streak
from bot.store.database import Database, DatabaseProblem

BATCH = 1000
"""Ballots in one transaction at most. It takes SQLite some 100 ms, and that is the longest that others wait to write."""

MOST = 2**15 - 1
"""Points that one answer can win: `answers` keeps them in two bytes."""


@dataclass(frozen=True, slots=True)
class Account:
    """A person's identity on one platform; `workspace` is the realm of `user_id`, `name` as `events.display_name` leaves it."""

    platform: str
    workspace: str
    user_id: str
    name: str


@dataclass(frozen=True, slots=True)
class Ballot:
    """A graded answer to a post, on its way into the store.

    `day` and `day_number` are the post's; `fraction` is 0 to 1, `points` are those won of those `on_offer`, `at` is aware.
    """

    community_id: int
    post_id: int
    card_id: int
    day: date
    day_number: int
    account: Account
    given: str
    fraction: float
    correct: bool
    points: int
    on_offer: int
    hinted: bool
    at: datetime
    correction: int = 0  # of the card, by which it is graded; 0: as the deck has it


class StaleError(Exception):
    """A ballot was graded by a key that has been corrected since. Nothing of it was written: read the post again, and grade it
    anew.
    """


class Standing(StrEnum):
    """What became of a ballot."""

    RECORDED = "recorded"
    ALREADY = "already"
    CLOSED = "closed"


class MovedError(Exception):
    """A ballot names its post's community, card or question day as they were before communities were joined or parted.

    Nothing of it was written: read the post again, and cast anew.
    """


class Receipt(NamedTuple):  # of which a batch makes a thousand: a frozen dataclass would take four times as long
    """What stands after a ballot. RECORDED: the ballot itself. ALREADY: the earlier answer of this person to this card on
    this day, in whichever channel, even when the post has closed since. CLOSED: nothing was written, `answer_id` is None.

    `streak_before` is the streak as it was kept until now: `seen_from` tells what missed days leave of it.
    """

    standing: Standing
    person_id: int | None
    answer_id: int | None
    post_id: int
    given: str
    fraction: float
    correct: bool
    points: int
    on_offer: int
    guessed: bool
    answered_at: datetime
    streak: Streak
    streak_before: Streak


Result: TypeAlias = Receipt | Exception
"""What a batch has for one caller: a failing row fails alone."""


class Box(Protocol):
    """Where ballots go: one for each kind of database."""

    async def write(self, ballots: Sequence[Ballot]) -> list[Result]:
        """Commit `ballots` in one transaction and answer each in order. Raises when none of them could be written."""

    async def close(self) -> None:
        """Let go of what the box itself holds."""


class Ballots:
    """Takes ballots one by one, writes them together. The first of a batch starts the writing; nothing needs to be run."""

    def __init__(self, database: Database) -> None:
        self._box = _box(database)
        self._waiting: list[tuple[Ballot, asyncio.Future[Receipt]]] = []
        self._writing: asyncio.Task[None] | None = None
        self._stopped = False

    async def cast(self, ballot: Ballot) -> Receipt:
        """Record a ballot; back after its commit. Once it is cast it is written even when the caller is cancelled.

        MovedError when the post was read too long ago, StaleError when its card was corrected since; ValueError for a ballot
        that can't be kept; DatabaseProblem when the database can't be written, and then it was not.
        """
        if self._stopped:
            raise RuntimeError("ballots are no longer taken")
        _check(ballot)
        loop = asyncio.get_running_loop()
        receipt: asyncio.Future[Receipt] = loop.create_future()
        self._waiting.append((ballot, receipt))
        if self._writing is None:
            self._writing = loop.create_task(self._drain(), name="ballots")
        return await receipt

    async def stop(self) -> None:
        """Take no more, and write what is waiting."""
        self._stopped = True
        if self._writing is not None:
            await self._writing
        await self._box.close()

    async def _drain(self) -> None:
        try:
            while self._waiting:
                batch, self._waiting = self._waiting[:BATCH], self._waiting[BATCH:]
                await self._write(batch)
        finally:
            self._writing = None
            for _, receipt in self._waiting:  # none, unless the loop is being torn down
                receipt.cancel()

    async def _write(self, batch: list[tuple[Ballot, asyncio.Future[Receipt]]]) -> None:
        try:
            results = await self._box.write([ballot for ballot, _ in batch])
        except Exception as error:
            for _, receipt in batch:
                _fail(receipt, error)
        except BaseException:
            for _, receipt in batch:
                receipt.cancel()
            raise
        else:
            for (_, receipt), result in zip(batch, results, strict=True):
                if isinstance(result, Exception):
                    _fail(receipt, result)
                elif not receipt.done():
                    receipt.set_result(result)


def _check(ballot: Ballot) -> None:
    """ValueError for what the two databases would refuse, cut off or round, each in its own way."""
    if ballot.at.tzinfo is None:
        raise ValueError(f"a time without a zone: {ballot.at!r}")
    if not (0 <= ballot.fraction <= 1 and 0 <= ballot.points <= MOST and 0 <= ballot.on_offer <= MOST):
        raise ValueError(f"no grade: {ballot.fraction!r}, {ballot.points!r} of {ballot.on_offer!r} points")
    if "\0" in ballot.given:
        raise ValueError("an answer with a NUL character")
    ballot.given.encode()  # a lone surrogate: UnicodeEncodeError, a ValueError


def _fail(receipt: asyncio.Future[Receipt], error: Exception) -> None:
    if receipt.done():
        return
    if isinstance(error, DatabaseProblem):
        cause = error
        error = DatabaseProblem(str(cause))  # one for each caller: a shared one would collect every caller's traceback
        error.__cause__ = cause
    receipt.set_exception(error)


def _box(database: Database) -> Box:
    """The box for a database's kind; the other kind's driver is not loaded."""
    if database.dialect == "sqlite":
        from bot.store.sqlite import Sqlite
        from bot.store.sqlite_ballots import SqliteBox

        assert isinstance(database, Sqlite)
        return SqliteBox(database)
    from bot.store.postgres import Postgres
    from bot.store.postgres_ballots import PostgresBox

    assert isinstance(database, Postgres)
    return PostgresBox(database)
