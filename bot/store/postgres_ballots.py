"""A batch of ballots in PostgreSQL: a fixed handful of statements on a connection of its own, rows sent as arrays.

Several workers write at once. Each takes its locks in the same order: the posts (shared, so that a post is not closed while
answers to it are on their way), the new accounts, the people; inside each, by key. Whoever holds a person's row is alone
with that person's name, answers, days, streak and scores until the commit, and reads them after the lock.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC
from typing import Any

import asyncpg

from bot.quiz.periods import keys
from bot.store.ballots import Ballot, Receipt, Result, Standing
from bot.store.people import RENAME
from bot.store.postgres import Postgres, of_the_server
from bot.store.reckoning import (
    NONE,
    Changes,
    Key,
    Known,
    Mark,
    keys_of,
    latecomers,
    reckon,
    strangers,
    streak_of,
)


class PostgresBox:
    def __init__(self, database: Postgres) -> None:
        self._database = database
        self._connection: asyncpg.Connection | None = None

    async def write(self, ballots: Sequence[Ballot]) -> list[Result]:
        with self._database.named():
            try:
                return await self._write(ballots)
            except (asyncpg.DeadlockDetectedError, asyncpg.SerializationError):
                return await self._write(ballots)  # a transaction of another kind took locks in another order

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
    lost = isinstance(error, asyncpg.DeadlockDetectedError | asyncpg.SerializationError)
    return not lost and not of_the_server(error)


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


async def _record(connection: asyncpg.Connection, ballots: Sequence[Ballot]) -> Sequence[Receipt]:
    accounts = keys_of(ballots)
    posts = sorted({ballot.post_id for ballot in ballots})
    open_posts = {row[0] for row in await connection.fetch(_OPEN_POSTS, posts)}
    keys = sorted(set(accounts))
    known = await _known(connection, keys)
    new = strangers(ballots, accounts, known, open_posts)
    if new:
        await _create(connection, new)
        known = await _known(connection, keys)
    await connection.execute(_LOCK, sorted({person.person_id for person in known.values()}))
    known = await _known(connection, keys)
    marks = [
        (known[who].person_id, ballot.card_id, ballot.day)
        for who, ballot in zip(accounts, ballots, strict=True)
        if who in known
    ]
    changes = reckon(
        ballots,
        accounts,
        known,
        open_posts,
        await _standing(connection, marks),
        await _numbers(connection, latecomers(ballots, accounts, known)),
        iter([row[0] for row in await connection.fetch(_IDS, "answers", len(ballots))]),
    )
    if changes.answers:
        await _apply(connection, changes)
    return changes.receipts


# ---------------------------------------------------------------- reading and locking

_OPEN_POSTS = "SELECT id FROM posts WHERE id = ANY($1::bigint[]) AND state IN ('claimed', 'open') ORDER BY id FOR SHARE"
_IDS = "SELECT nextval(pg_get_serial_sequence($1, 'id')) FROM generate_series(1, $2)"
_KNOWN = """
    SELECT who.community_id, who.platform, who.workspace, who.user_id, person.id, person.name, account.name,
        streak.current, streak.best, streak.freezes, streak.last_number
    FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[]) AS who (community_id, platform, workspace, user_id)
    JOIN accounts AS account USING (community_id, platform, workspace, user_id)
    JOIN people AS person ON person.id = account.person_id
    LEFT JOIN streaks AS streak ON streak.person_id = person.id
"""
_LOCK = "SELECT FROM people WHERE id = ANY($1::bigint[]) ORDER BY id FOR NO KEY UPDATE"
_STANDING = """
    SELECT person_id, card_id, day, id, post_id, given, fraction, correct, points, on_offer, guessed, answered_at
    FROM unnest($1::bigint[], $2::bigint[], $3::date[]) AS mark (person_id, card_id, day)
    JOIN answers USING (person_id, card_id, day)
"""


def _columns(rows: Iterable[Sequence[Any]], width: int) -> list[list[Any]]:
    """Rows as the arrays that `unnest` takes."""
    columns = [list(column) for column in zip(*rows, strict=True)]
    return columns or [[] for _ in range(width)]


async def _known(connection: asyncpg.Connection, accounts: Sequence[Key]) -> dict[Key, Known]:
    known: dict[Key, Known] = {}
    for row in await connection.fetch(_KNOWN, *_columns(accounts, 4)):
        community, platform, workspace, user, person, name, account_name, current, best, freezes, last = row
        streak = NONE if current is None else streak_of(current, best, freezes, last)
        known[community, platform, workspace, user] = Known(person, name, account_name, streak)
    return known


async def _standing(connection: asyncpg.Connection, marks: Sequence[Mark]) -> dict[Mark, Receipt]:
    standing: dict[Mark, Receipt] = {}
    for row in await connection.fetch(_STANDING, *_columns(marks, 3)):
        person, card, day, answer, post, given, fraction, correct, points, on_offer, guessed, at = row
        standing[person, card, day] = Receipt(
            Standing.ALREADY,
            person,
            answer,
            post,
            given,
            fraction,
            correct,
            points,
            on_offer,
            guessed,
            at.astimezone(UTC),
            NONE,
            NONE,
        )
    return standing


async def _numbers(connection: asyncpg.Connection, late: set[int]) -> dict[int, set[int]]:
    if not late:
        return {}
    statement = "SELECT person_id, number FROM days WHERE person_id = ANY($1::bigint[]) AND number IS NOT NULL"
    numbers: dict[int, set[int]] = {person: set() for person in late}
    for person, number in await connection.fetch(statement, sorted(late)):
        numbers[person].add(number)
    return numbers


# ---------------------------------------------------------------- writing

_PEOPLE = """
    INSERT INTO people (id, community_id, name, created_at)
    SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::timestamptz[])
"""
_ACCOUNTS = """
    INSERT INTO accounts (person_id, community_id, platform, workspace, user_id, name)
    SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[])
    ON CONFLICT DO NOTHING RETURNING person_id
"""
_ANSWERS = """
    INSERT INTO answers (
        id, community_id, post_id, person_id, card_id, day, given, fraction, correct, points, on_offer, hinted, answered_at
    )
    SELECT * FROM unnest(
        $1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::date[], $7::text[], $8::float8[],
        $9::bool[], $10::smallint[], $11::smallint[], $12::bool[], $13::timestamptz[]
    )
"""
_SCORES = """
    WITH gain AS (
        SELECT * FROM unnest($1::text[]) AS kept (period) CROSS JOIN unnest(
            $2::bigint[], $3::bigint[], $4::text[], $5::int[], $6::int[], $7::int[], $8::int[]
        ) AS gain (community_id, person_id, sort_name, points, on_offer, answered, correct)
    ), moved AS (
        INSERT INTO scores (community_id, period, person_id, sort_name, points, on_offer, answered, correct)
        SELECT community_id, period, person_id, sort_name, points, on_offer, answered, correct FROM gain
        ON CONFLICT (community_id, period, person_id) DO UPDATE SET
            sort_name = excluded.sort_name,
            points = scores.points + excluded.points,
            on_offer = scores.on_offer + excluded.on_offer,
            answered = scores.answered + excluded.answered,
            correct = scores.correct + excluded.correct
        RETURNING community_id, period, person_id, points, answered
    ), move AS (
        SELECT community_id, period, moved.points AS new, moved.points - gain.points AS old,
            moved.answered = gain.answered AS first
        FROM moved JOIN gain USING (community_id, period, person_id)
        WHERE gain.points <> 0 OR moved.answered = gain.answered
    )
    INSERT INTO score_counts (community_id, period, points, people)
    SELECT community_id, period, points, sum(people) FROM (
        SELECT community_id, period, new AS points, 1 AS people FROM move
        UNION ALL SELECT community_id, period, old, -1 FROM move WHERE NOT first
    ) AS step
    GROUP BY community_id, period, points ORDER BY community_id, period, points
    ON CONFLICT (community_id, period, points) DO UPDATE SET people = score_counts.people + excluded.people
"""
_DAYS = """
    INSERT INTO days (day, community_id, person_id, number, questions, practised)
    SELECT $1::date, community_id, person_id, number, questions, 0
    FROM unnest($2::bigint[], $3::bigint[], $4::int[], $5::int[]) AS gain (community_id, person_id, number, questions)
    ON CONFLICT (person_id, day) DO UPDATE SET questions = days.questions + excluded.questions, number = excluded.number
"""
_STREAKS = """
    INSERT INTO streaks (person_id, community_id, current, best, freezes, last_number)
    SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::int[], $4::int[], $5::smallint[], $6::int[])
    ON CONFLICT (person_id) DO UPDATE SET
        current = excluded.current, best = excluded.best, freezes = excluded.freezes, last_number = excluded.last_number
"""
_RENAME = RENAME.replace(":community_id", "$1").replace(":person_id", "$2").replace(":sort_name", "$3")


async def _create(connection: asyncpg.Connection, new: dict[Key, Ballot]) -> None:
    """Make people of strangers. One whom another worker meets in this very moment is left to the other."""
    ids = [row[0] for row in await connection.fetch(_IDS, "people", len(new))]
    names = [ballot.account.name for ballot in new.values()]
    accounts = _columns(new, 4)
    await connection.execute(_PEOPLE, ids, accounts[0], names, [ballot.at for ballot in new.values()])
    made = {row[0] for row in await connection.fetch(_ACCOUNTS, ids, *accounts, names)}
    if len(made) < len(ids):
        await connection.execute("DELETE FROM people WHERE id = ANY($1::bigint[])", sorted({*ids} - made))


async def _apply(connection: asyncpg.Connection, changes: Changes) -> None:
    answers = (
        (
            answer,
            ballot.community_id,
            ballot.post_id,
            person,
            ballot.card_id,
            ballot.day,
            ballot.given,
            ballot.fraction,
            ballot.correct,
            ballot.points,
            ballot.on_offer,
            ballot.hinted,
            ballot.at,
        )
        for answer, person, ballot in changes.answers
    )
    await connection.execute(_ANSWERS, *_columns(answers, 13))
    last: list[tuple[Any, ...]] = []
    for day, gains in sorted(changes.gains.items()):
        rows = (
            (*who, gain.sort_name, gain.points, gain.on_offer, gain.answered, gain.correct, gain.number)
            for who, gain in sorted(gains.items())
        )
        *scores, numbers = _columns(rows, 8)
        communities, people, _, _, _, answered, _ = scores
        await connection.execute(_DAYS, day, communities, people, numbers, answered)
        last.append((keys(day), *scores))
    if changes.streaks:
        streaks = (
            (person, community, streak.current, streak.best, streak.freezes, streak.last)
            for person, (community, streak) in sorted(changes.streaks.items())
        )
        await connection.execute(_STREAKS, *_columns(streaks, 6))
    for (community, platform, workspace, user), name in changes.account_names.items():
        statement = """
            UPDATE accounts SET name = $1 WHERE community_id = $2 AND platform = $3 AND workspace = $4 AND user_id = $5
        """
        await connection.execute(statement, name, community, platform, workspace, user)
    for person, (community, name) in changes.names.items():
        await connection.execute("UPDATE people SET name = $1 WHERE id = $2", name, person)
        await connection.execute(_RENAME, community, person, name.casefold())
    for gains_of_a_day in last:  # all workers of a community meet in its counts: the shorter they are held, the better
        await connection.execute(_SCORES, *gains_of_a_day)
