"""A batch of ballots in PostgreSQL: a fixed handful of statements on a connection of its own, rows sent as arrays.

Several workers write at once. Each takes its locks in the same order: the posts (shared, so that a post is not closed while
answers to it are on their way), the people, the new accounts, the teams' totals, the counts of scores; inside each, by key. Whoever holds a
person's row is alone with that person's name, answers, days, streak and scores until the commit, and reads them after it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence, Set
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from typing import Any

import asyncpg

from bot.quiz.periods import keys, team_keys
from bot.store import postgres_statements as sql
from bot.store.ballots import Ballot, Receipt, Result, Standing
from bot.store.postgres import Postgres, of_the_server
from bot.store.reckoning import (
    NONE,
    Changes,
    Key,
    Known,
    Mark,
    check,
    keys_of,
    latecomers,
    reckon,
    refused,
    seasons,
    sides,
    stale,
    strangers,
    streak_of,
)

TRIES = 4
"""Of a batch that loses a race. Who overtook it has committed by then, so the next try finds what they did."""


class _OvertakenError(Exception):
    """Another worker met one of our strangers first. Locking the one that they made now would be out of order."""


_LOST = (_OvertakenError, asyncpg.DeadlockDetectedError, asyncpg.SerializationError)
"""The last two take a transaction of another kind, which took its locks in another order."""


class PostgresBox:
    def __init__(self, database: Postgres) -> None:
        self._database = database
        self._connection: asyncpg.Connection | None = None

    async def write(self, ballots: Sequence[Ballot]) -> list[Result]:
        with self._database.named():
            for _ in range(TRIES - 1):
                with suppress(*_LOST):
                    return await self._write(ballots)
            return await self._write(ballots)

    async def close(self) -> None:
        if self._connection is not None:
            await self._connection.close()
            self._connection = None

    async def _write(self, ballots: Sequence[Ballot]) -> list[Result]:
        try:
            async with self._transaction() as connection:
                return [*await _record(connection, ballots)]
        except Exception as error:
            if not _of_a_row(error):
                raise
        async with self._transaction() as connection:
            return [await _alone(connection, ballot) for ballot in ballots]

    @asynccontextmanager
    async def _transaction(self) -> AsyncIterator[asyncpg.Connection]:
        connection = await self._begun()
        try:
            yield connection
            await connection.execute("COMMIT")
        except Exception:
            try:
                await connection.execute("ROLLBACK")
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
                connection.terminate()
            raise
        except BaseException:  # cancelled: there may be no time for a rollback
            connection.terminate()
            raise

    async def _begun(self) -> asyncpg.Connection:
        """The writer's connection, inside a new transaction. One that died since the last batch is replaced."""
        if self._connection is not None and not self._connection.is_closed():
            try:
                await self._connection.execute("BEGIN")
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
                self._connection.terminate()
            else:
                return self._connection
        self._connection = await self._database.connect()
        await self._connection.execute("BEGIN")
        return self._connection


def _of_a_row(error: Exception) -> bool:
    """Whether the ballot that causes it can be left out: not so for the server's failures and for lost races."""
    return not isinstance(error, _LOST) and not of_the_server(error)


async def _alone(connection: asyncpg.Connection, ballot: Ballot) -> Result:
    await connection.execute("SAVEPOINT ballot")
    try:
        (receipt,) = await _record(connection, [ballot])
    except Exception as error:
        if not _of_a_row(error):
            raise
        await connection.execute("ROLLBACK TO SAVEPOINT ballot")
        return error
    await connection.execute("RELEASE SAVEPOINT ballot")
    return receipt


async def _record(connection: asyncpg.Connection, ballots: Sequence[Ballot]) -> Sequence[Result]:
    accounts = keys_of(ballots)
    posts = sorted({ballot.post_id for ballot in ballots})
    found = {row[0]: row for row in await connection.fetch(sql.OPEN_POSTS, posts)}
    if outdated := stale(ballots, {post: row[5] for post, row in found.items()}):
        others = [ballot for place, ballot in enumerate(ballots) if place not in outdated]
        return refused(outdated, await _record(connection, others) if others else ())
    check(ballots, {post: tuple(row[1:4]) for post, row in found.items()})
    open_posts = found.keys()
    every = sorted(set(accounts))
    met = await _lock(connection, every)
    new = strangers(ballots, accounts, met, open_posts)
    if new:
        await _create(connection, new)
        met |= new.keys()
    known, standing, ids = await _read(connection, ballots, accounts, met)
    numbers = await _numbers(connection, latecomers(ballots, accounts, known))
    opened = {post: row[4] for post, row in found.items() if row[4] is not None}
    dated = seasons(ballots, {post: row[6] for post, row in found.items()})
    teams = await _teams(connection, sides(ballots, accounts, known, opened, dated)) if opened else {}
    changes = reckon(ballots, accounts, known, dated, teams, standing, numbers, iter(ids))
    if changes.answers:
        await _apply(connection, changes)
    return changes.receipts


# ---------------------------------------------------------------- locking and reading


def _columns(rows: Iterable[Sequence[Any]], width: int) -> list[list[Any]]:
    """Rows as the arrays that `unnest` takes."""
    columns = [list(column) for column in zip(*rows, strict=True)]
    return columns or [[] for _ in range(width)]


async def _lock(connection: asyncpg.Connection, accounts: Sequence[Key]) -> set[Key]:
    """Be alone with these people from here to the commit; which of the accounts there are."""
    return {accounts[row[0] - 1] for row in await connection.fetch(sql.LOCK, *_columns(accounts, 4))}


async def _read(
    connection: asyncpg.Connection, ballots: Sequence[Ballot], accounts: Sequence[Key], met: Set[Key]
) -> tuple[dict[Key, Known], dict[Mark, Receipt], list[int]]:
    """The people who answer, what of theirs stands already, and free ids for answers."""
    asked = [
        (place, *who, ballot.card_id, ballot.day)
        for place, (who, ballot) in enumerate(zip(accounts, ballots, strict=True))
        if who in met
    ]
    known: dict[Key, Known] = {}
    standing: dict[Mark, Receipt] = {}
    ids: list[int] = []
    for row in await connection.fetch(sql.READ, *_columns(asked, 7)):
        place, person, account, name, account_name, hidden, current, best, freezes, last, new_id, *answer = row
        streak = NONE if current is None else streak_of(current, best, freezes, last)
        known[accounts[place]] = Known(person, account, name, account_name, hidden, streak)
        ids.append(new_id)
        if answer[0] is not None:
            mark = (person, ballots[place].card_id, ballots[place].day)
            told: tuple[Any, ...] = (Standing.ALREADY, person, *answer, NONE, NONE)
            standing[mark] = Receipt(*told)
    return known, standing, ids


async def _teams(
    connection: asyncpg.Connection, asked: Sequence[tuple[int, int, str, datetime]]
) -> dict[tuple[int, int], int]:
    """The teams that people were in when posts opened, by person and post."""
    return {(row[0], row[1]): row[2] for row in await connection.fetch(sql.TEAMS, *_columns(asked, 4))}


async def _numbers(connection: asyncpg.Connection, late: set[int]) -> dict[int, set[int]]:
    if not late:
        return {}
    numbers: dict[int, set[int]] = {person: set() for person in late}
    for person, number in await connection.fetch(sql.NUMBERS, sorted(late)):
        numbers[person].add(number)
    return numbers


# ---------------------------------------------------------------- writing


async def _create(connection: asyncpg.Connection, new: dict[Key, Ballot]) -> None:
    """Make people of strangers, who are ours alone until the commit."""
    rows = ((*who, ballot.account.name, ballot.at) for who, ballot in new.items())
    if len(await connection.fetch(sql.CREATE, *_columns(rows, 6))) < len(new):
        raise _OvertakenError


async def _apply(connection: asyncpg.Connection, changes: Changes) -> None:
    answers = (
        (
            answer,
            ballot.community_id,
            ballot.post_id,
            person,
            ballot.card_id,
            team,
            ballot.day,
            ballot.given,
            ballot.fraction,
            ballot.correct,
            ballot.points,
            ballot.on_offer,
            ballot.hinted,
            ballot.at,
            account,
            ballot.correction,
        )
        for answer, person, account, team, ballot in changes.answers
    )
    streaks = (
        (person, community, streak.current, streak.best, streak.freezes, streak.last)
        for person, (community, streak) in changes.streaks.items()
    )
    gains = [
        (place, day, *who, gain)
        for place, ((day, _), each) in enumerate(changes.gains.items())
        for who, gain in each.items()
    ]
    days = ((day, community, person, gain.number, gain.answered) for _, day, community, person, gain in gains)
    await connection.execute(sql.RECORD, *_columns(answers, 16), *_columns(streaks, 6), *_columns(days, 5))
    for who, name in changes.account_names.items():
        await connection.execute(sql.ACCOUNT_NAME, name, *who)
    for person, (community, name) in changes.names.items():
        await connection.execute(sql.NAME, name, person)
        await connection.execute(sql.RENAME, community, person, name.casefold())
    if changes.shares:
        counts = ((place, period) for place, when in enumerate(changes.shares) for period in team_keys(*when))
        shares = (
            (place, *who, share.points, share.on_offer, share.answered, share.correct)
            for place, each in enumerate(changes.shares.values())
            for who, share in each.items()
        )
        await connection.execute(sql.TEAM_SCORES, *_columns(counts, 2), *_columns(shares, 8))
    scores = (
        (place, community, person, gain.sort_name, gain.points, gain.on_offer, gain.answered, gain.correct, gain.hidden)
        for place, _, community, person, gain in gains
    )
    counts = ((place, period) for place, when in enumerate(changes.gains) for period in keys(*when))
    await connection.execute(sql.SCORES, *_columns(counts, 2), *_columns(scores, 9))
