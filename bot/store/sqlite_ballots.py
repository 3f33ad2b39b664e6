"""A batch of ballots in SQLite: one function on the database's thread, a fixed handful of statements.

Each statement takes its rows as one JSON text and gives its result as one: the driver lets go of the interpreter's lock
around every step of a statement, and a busy event loop can hold that lock for 5 ms before it gives it back. A statement
of a thousand rows that is one step waits once; `executemany`, or a result of a thousand rows, would wait a thousand times.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from itertools import count
from typing import Any

import orjson

from bot.quiz.periods import keys
from bot.store.ballots import Ballot, Receipt, Result, Standing
from bot.store.people import RENAME
from bot.store.reckoning import NONE, Changes, Gain, Key, Known, Mark, keys_of, latecomers, reckon, strangers, streak_of
from bot.store.sqlite import Sqlite, of_the_file


class SqliteBox:
    def __init__(self, database: Sqlite) -> None:
        self._database = database

    async def write(self, ballots: Sequence[Ballot]) -> list[Result]:
        return await self._database.batch(lambda connection: _write(connection, ballots))

    async def close(self) -> None:
        """Nothing is held: the connection is the database's."""


def _write(connection: sqlite3.Connection, ballots: Sequence[Ballot]) -> list[Result]:
    try:
        return _committed(connection, lambda: [*_record(connection, ballots)])
    except Exception as error:
        if of_the_file(error):  # locked, full, damaged: no smaller batch escapes it
            raise
    return _committed(connection, lambda: [_alone(connection, ballot) for ballot in ballots])


def _committed(connection: sqlite3.Connection, work: Callable[[], list[Result]]) -> list[Result]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        results = work()
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:  # a full disk may have rolled back already
            connection.execute("ROLLBACK")
        raise
    return results


def _alone(connection: sqlite3.Connection, ballot: Ballot) -> Result:
    connection.execute("SAVEPOINT ballot")
    try:
        (receipt,) = _record(connection, [ballot])
    except Exception as error:
        if of_the_file(error):
            raise
        connection.execute("ROLLBACK TO ballot")
        return error
    connection.execute("RELEASE ballot")
    return receipt


def _record(connection: sqlite3.Connection, ballots: Sequence[Ballot]) -> Sequence[Result]:
    accounts = keys_of(ballots)
    open_posts = _open_posts(connection, {ballot.post_id for ballot in ballots})
    known, standing = _known(connection, ballots, accounts)
    new = strangers(ballots, accounts, known, open_posts)
    if new:
        known.update(_create(connection, new))
    changes = reckon(
        ballots,
        accounts,
        known,
        open_posts,
        _standing(connection, standing),
        _numbers(connection, latecomers(ballots, accounts, known)),
        count(1 + _value(connection, "SELECT coalesce(max(id), 0) FROM answers")),
    )
    if changes.answers:
        _apply(connection, changes)
    return changes.receipts


# ---------------------------------------------------------------- reading


def _value(connection: sqlite3.Connection, statement: str, *rows: Iterable[Any]) -> Any:  # noqa: ANN401
    ((value,),) = connection.execute(statement, tuple(_json(each) for each in rows)).fetchall()
    return value


def _open_posts(connection: sqlite3.Connection, posts: Iterable[int]) -> set[int]:
    statement = """
        SELECT json_group_array(id) FROM posts WHERE id IN (SELECT value FROM json_each(?)) AND state IN ('claimed', 'open')
    """
    return set(orjson.loads(_value(connection, statement, posts)))


_KNOWN = """
    SELECT json_group_array(json_array(
        ballot.key, person.id, person.name, account.name,
        streak.current, streak.best, streak.freezes, streak.last_number, answer.id
    ))
    FROM json_each(?) AS ballot
    CROSS JOIN accounts AS account ON account.community_id = json_extract(ballot.value, '$[0]')
        AND account.platform = json_extract(ballot.value, '$[1]')
        AND account.workspace = json_extract(ballot.value, '$[2]')
        AND account.user_id = json_extract(ballot.value, '$[3]')
    CROSS JOIN people AS person ON person.id = account.person_id
    LEFT JOIN streaks AS streak ON streak.person_id = person.id
    LEFT JOIN answers AS answer ON answer.person_id = person.id
        AND answer.card_id = json_extract(ballot.value, '$[4]')
        AND answer.day = json_extract(ballot.value, '$[5]')
"""


def _known(
    connection: sqlite3.Connection, ballots: Sequence[Ballot], accounts: Sequence[Key]
) -> tuple[dict[Key, Known], list[int]]:
    """Who is known of those who answer, and which answers of theirs stand already."""
    rows = [(*who, ballot.card_id, ballot.day) for who, ballot in zip(accounts, ballots, strict=True)]
    known: dict[Key, Known] = {}
    standing: list[int] = []
    found = orjson.loads(_value(connection, _KNOWN, rows))
    for at, person, name, account_name, current, best, freezes, last, answer in found:
        streak = NONE if current is None else streak_of(current, best, freezes, last)
        known[accounts[at]] = Known(person, name, account_name, streak)
        if answer is not None:
            standing.append(answer)
    return known, standing


def _standing(connection: sqlite3.Connection, ids: list[int]) -> dict[Mark, Receipt]:
    if not ids:
        return {}
    statement = """
        SELECT card_id, day, person_id, id, post_id, given, fraction, correct, points, on_offer, guessed, answered_at
        FROM answers WHERE id IN (SELECT value FROM json_each(?))
    """
    standing: dict[Mark, Receipt] = {}
    for row in connection.execute(statement, (_json(ids),)).fetchall():
        card, day, person, answer, post, given, fraction, correct, points, on_offer, guessed, at = row
        standing[person, card, date.fromisoformat(day)] = Receipt(
            Standing.ALREADY,
            person,
            answer,
            post,
            given,
            fraction,
            bool(correct),
            points,
            on_offer,
            bool(guessed),
            datetime.fromisoformat(at).replace(tzinfo=UTC),
            NONE,
            NONE,
        )
    return standing


def _numbers(connection: sqlite3.Connection, late: set[int]) -> dict[int, set[int]]:
    if not late:
        return {}
    statement = """
        SELECT json_group_array(json_array(person_id, number)) FROM days
        WHERE person_id IN (SELECT value FROM json_each(?)) AND number IS NOT NULL
    """
    numbers: dict[int, set[int]] = {person: set() for person in late}
    for person, number in orjson.loads(_value(connection, statement, late)):
        numbers[person].add(number)
    return numbers


_POINTS = "(SELECT points FROM scores WHERE community_id = gain.community AND period = ? AND person_id = gain.person)"


def _moved(
    connection: sqlite3.Connection, gains: Mapping[tuple[int, int], Gain], periods: Sequence[str]
) -> dict[tuple[int, str, int], int]:
    """How many people more or fewer have so many points, by community, period and points."""
    statement = f"""
        WITH gain AS MATERIALIZED (
            SELECT key, json_extract(value, '$[0]') AS community, json_extract(value, '$[1]') AS person FROM json_each(?)
        )
        SELECT json_group_array(json_array(key, {", ".join([_POINTS] * len(periods))})) FROM gain
    """
    ((found,),) = connection.execute(statement, (_json(gains), *periods)).fetchall()
    moved: dict[tuple[int, str, int], int] = defaultdict(int)
    every = list(gains.items())
    for at, *held in orjson.loads(found):
        (community, _), gain = every[at]
        for period, points in zip(periods, held, strict=True):
            if points is None:
                moved[community, period, gain.points] += 1
            elif gain.points:
                moved[community, period, points] -= 1
                moved[community, period, points + gain.points] += 1
    return moved


# ---------------------------------------------------------------- writing


def _json(rows: Iterable[Any]) -> str:
    return orjson.dumps(list(rows)).decode()


def _moment(at: datetime) -> str:
    """As SQLAlchemy's DateTime writes it in SQLite."""
    return at.astimezone(UTC).isoformat(" ", "microseconds")[:26]


def _columns(names: str) -> str:
    """The members of each JSON array, named, as one table."""
    each = ", ".join(f"json_extract(value, '$[{place}]') AS {name}" for place, name in enumerate(names.split()))
    return f"(SELECT {each} FROM json_each(?))"


_PEOPLE = f"""
    INSERT INTO people (id, community_id, name, created_at)
    SELECT id, community_id, name, at FROM {_columns("id community_id platform workspace user_id name at")}
"""
_ACCOUNTS = f"""
    INSERT INTO accounts (community_id, platform, workspace, user_id, person_id, name)
    SELECT community_id, platform, workspace, user_id, id, name
    FROM {_columns("id community_id platform workspace user_id name at")}
"""
_ANSWERS = f"""
    INSERT INTO answers (
        id, community_id, post_id, person_id, card_id, day, given, fraction, correct, points, on_offer, hinted, answered_at
    )
    SELECT * FROM {_columns("id community post person card day given fraction correct points on_offer hinted at")}
"""
_SCORES = f"""
    WITH gain AS MATERIALIZED (
        SELECT * FROM {_columns("community_id person_id sort_name points on_offer answered correct number")}
    )
    INSERT INTO scores (community_id, period, person_id, sort_name, points, on_offer, answered, correct)
    SELECT community_id, period.value, person_id, sort_name, points, on_offer, answered, correct
    FROM json_each(?) AS period CROSS JOIN gain WHERE true
    ON CONFLICT (community_id, period, person_id) DO UPDATE SET
        sort_name = excluded.sort_name,
        points = points + excluded.points,
        on_offer = on_offer + excluded.on_offer,
        answered = answered + excluded.answered,
        correct = correct + excluded.correct
"""
_COUNTS = f"""
    INSERT INTO score_counts (community_id, period, points, people)
    SELECT * FROM {_columns("community_id period points people")} WHERE true
    ON CONFLICT (community_id, period, points) DO UPDATE SET people = people + excluded.people
"""
_DAYS = f"""
    WITH gain AS (
        SELECT * FROM {_columns("community_id person_id sort_name points on_offer answered correct number")}
    )
    INSERT INTO days (person_id, day, community_id, number, questions, practised)
    SELECT person_id, json_extract(?, '$[0]'), community_id, number, answered, 0 FROM gain WHERE true
    ON CONFLICT (person_id, day) DO UPDATE SET questions = questions + excluded.questions, number = excluded.number
"""
_STREAKS = f"""
    INSERT INTO streaks (person_id, community_id, current, best, freezes, last_number)
    SELECT * FROM {_columns("person_id community_id current best freezes last_number")} WHERE true
    ON CONFLICT (person_id) DO UPDATE SET
        current = excluded.current, best = excluded.best, freezes = excluded.freezes, last_number = excluded.last_number
"""


def _create(connection: sqlite3.Connection, new: dict[Key, Ballot]) -> dict[Key, Known]:
    first = 1 + _value(connection, "SELECT coalesce(max(id), 0) FROM people")
    rows = _json(
        (person, *who, ballot.account.name, _moment(ballot.at))
        for person, (who, ballot) in enumerate(new.items(), first)
    )
    connection.execute(_PEOPLE, (rows,))
    connection.execute(_ACCOUNTS, (rows,))
    return {
        who: Known(person, ballot.account.name, ballot.account.name, NONE)
        for person, (who, ballot) in enumerate(new.items(), first)
    }


def _apply(connection: sqlite3.Connection, changes: Changes) -> None:
    answers = _json(
        (
            answer,
            ballot.community_id,
            ballot.post_id,
            person,
            ballot.card_id,
            ballot.day,
            ballot.given,
            float(ballot.fraction),
            int(ballot.correct),
            ballot.points,
            ballot.on_offer,
            int(ballot.hinted),
            _moment(ballot.at),
        )
        for answer, person, ballot in changes.answers
    )
    connection.execute(_ANSWERS, (answers,))
    for day, gains in changes.gains.items():
        rows = _json(
            (*who, gain.sort_name, gain.points, gain.on_offer, gain.answered, gain.correct, gain.number)
            for who, gain in sorted(gains.items())
        )
        periods = _json(keys(day))
        moved = _moved(connection, gains, keys(day))  # before the scores: it reads what they were
        connection.execute(_COUNTS, (_json((*count, people) for count, people in sorted(moved.items()) if people),))
        connection.execute(_SCORES, (rows, periods))
        connection.execute(_DAYS, (rows, _json([day])))
    if changes.streaks:
        rows = _json(
            (person, community, streak.current, streak.best, streak.freezes, streak.last)
            for person, (community, streak) in sorted(changes.streaks.items())
        )
        connection.execute(_STREAKS, (rows,))
    for who, name in changes.account_names.items():
        connection.execute(
            "UPDATE accounts SET name = ? WHERE (community_id, platform, workspace, user_id) = (?, ?, ?, ?)",
            (name, *who),
        )
    for person, (community, name) in changes.names.items():
        connection.execute("UPDATE people SET name = ? WHERE id = ?", (name, person))
        connection.execute(RENAME, {"community_id": community, "person_id": person, "sort_name": name.casefold()})
