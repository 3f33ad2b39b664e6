"""A batch of ballots in SQLite: one function on the database's thread, a fixed handful of statements.

Each statement takes its rows as one JSON text and gives its result as one: the driver lets go of the interpreter's lock
around every step of a statement, and a busy event loop is slow to give it back. A thousand rows in one step wait once;
`executemany`, or a result of a thousand rows, waits a thousand times. Beside a loop that never rests that was 13 and 327 ms.
"""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from itertools import count
from typing import Any

import orjson

from bot.quiz.periods import keys, team_keys
from bot.store import sqlite_statements as sql
from bot.store.ballots import Ballot, Receipt, Result, Standing
from bot.store.reckoning import (
    NONE,
    Changes,
    Gain,
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
    posts, last_person, last_account, last_answer = connection.execute(
        sql.STATE, (_json({ballot.post_id for ballot in ballots}),)
    ).fetchone()
    asked = {post: its for post, *its in orjson.loads(posts)}
    if outdated := stale(ballots, {post: its[4] for post, its in asked.items()}):
        others = [ballot for place, ballot in enumerate(ballots) if place not in outdated]
        return refused(outdated, _record(connection, others) if others else ())
    check(ballots, {post: tuple(its[:3]) for post, its in asked.items()})
    open_posts = asked.keys()
    known, standing = _known(connection, ballots, accounts)
    new = strangers(ballots, accounts, known, open_posts)
    opened = {post: its[3] for post, its in asked.items() if its[3] is not None}
    dated = seasons(ballots, {post: its[5] for post, its in asked.items()})
    teams = _teams(connection, sides(ballots, accounts, known, opened, dated)) if opened else {}
    if new:
        known.update(_create(connection, new, last_person + 1, last_account + 1))
    changes = reckon(
        ballots,
        accounts,
        known,
        dated,
        teams,
        _standing(connection, standing),
        _numbers(connection, latecomers(ballots, accounts, known)),
        count(last_answer + 1),
    )
    if changes.answers:
        _apply(connection, changes)
    return changes.receipts


# ---------------------------------------------------------------- reading


def _known(
    connection: sqlite3.Connection, ballots: Sequence[Ballot], accounts: Sequence[Key]
) -> tuple[dict[Key, Known], list[int]]:
    """Who is known of those who answer, and which answers of theirs stand already."""
    rows = [(*who, ballot.card_id, ballot.day) for who, ballot in zip(accounts, ballots, strict=True)]
    known: dict[Key, Known] = {}
    standing: list[int] = []
    ((found,),) = connection.execute(sql.KNOWN, (_json(rows),)).fetchall()
    for at, person, account, name, account_name, hidden, current, best, freezes, last, answer in orjson.loads(found):
        streak = NONE if current is None else streak_of(current, best, freezes, last)
        known[accounts[at]] = Known(person, account, name, account_name, bool(hidden), streak)
        if answer is not None:
            standing.append(answer)
    return known, standing


def _teams(connection: sqlite3.Connection, asked: Sequence[tuple[int, int, str, str]]) -> dict[tuple[int, int], int]:
    """The teams that people were in when posts opened, by person and post."""
    ((found,),) = connection.execute(sql.TEAMS, (_json(asked),)).fetchall()
    return {(person, post): team for person, post, team in orjson.loads(found) if team is not None}


def _standing(connection: sqlite3.Connection, ids: list[int]) -> dict[Mark, Receipt]:
    if not ids:
        return {}
    standing: dict[Mark, Receipt] = {}
    for row in connection.execute(sql.STANDING, (_json(ids),)).fetchall():
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
    ((found,),) = connection.execute(sql.NUMBERS, (_json(late),)).fetchall()
    numbers: dict[int, set[int]] = {person: set() for person in late}
    for person, number in orjson.loads(found):
        numbers[person].add(number)
    return numbers


def _moved(
    connection: sqlite3.Connection, gains: Mapping[tuple[int, int], Gain], periods: Sequence[str]
) -> dict[tuple[int, str, int], int]:
    """How many people more or fewer have so many points, by community, period and points. `gains` are theirs who don't hide."""
    ((found,),) = connection.execute(sql.points(len(periods)), (_json(gains), *periods)).fetchall()
    every = [(community, gain.points) for (community, _), gain in gains.items()]
    # Many people have the same points in every period: look at each such history once.
    alike = Counter((*every[place], *held) for place, *held in orjson.loads(found))
    moved: dict[tuple[int, str, int], int] = defaultdict(int)
    for (community, gained, *held), people in alike.items():
        for period, points in zip(periods, held, strict=True):
            if points is None:
                moved[community, period, gained] += people
            elif gained:
                moved[community, period, points] -= people
                moved[community, period, points + gained] += people
    return moved


# ---------------------------------------------------------------- writing


def _json(rows: Iterable[Any]) -> str:
    return orjson.dumps(list(rows)).decode()


def _moment(at: datetime) -> str:
    """As SQLAlchemy's DateTime writes it in SQLite."""
    return at.astimezone(UTC).isoformat(" ", "microseconds")[:26]


def _create(connection: sqlite3.Connection, new: dict[Key, Ballot], first: int, first_account: int) -> dict[Key, Known]:
    ids = zip(count(first), count(first_account), new.items())
    made = [(person, account, who, ballot) for person, account, (who, ballot) in ids]
    rows = _json(
        (person, account, *who, ballot.account.name, _moment(ballot.at)) for person, account, who, ballot in made
    )
    connection.execute(sql.PEOPLE, (rows,))
    connection.execute(sql.ACCOUNTS, (rows,))
    return {
        who: Known(person, account, ballot.account.name, ballot.account.name, False, NONE)
        for person, account, who, ballot in made
    }


def _apply(connection: sqlite3.Connection, changes: Changes) -> None:
    answers = _json(
        (
            answer,
            ballot.community_id,
            ballot.post_id,
            person,
            ballot.card_id,
            team,
            ballot.day,
            ballot.given,
            float(ballot.fraction),
            int(ballot.correct),
            ballot.points,
            ballot.on_offer,
            int(ballot.hinted),
            _moment(ballot.at),
            account,
            ballot.correction,
        )
        for answer, person, account, team, ballot in changes.answers
    )
    connection.execute(sql.ANSWERS, (answers,))
    for (day, season), gains in changes.gains.items():
        rows = _json(
            (
                *who,
                gain.sort_name,
                gain.points,
                gain.on_offer,
                gain.answered,
                gain.correct,
                gain.number,
                int(gain.hidden),
            )
            for who, gain in sorted(gains.items())
        )
        periods = keys(day, season)
        shown = {who: gain for who, gain in gains.items() if not gain.hidden}
        moved = _moved(connection, shown, periods)  # before the scores: it reads what they were
        connection.execute(sql.COUNTS, (_json((*place, people) for place, people in sorted(moved.items()) if people),))
        connection.execute(sql.SCORES, (rows, _json(periods)))
        connection.execute(sql.DAYS, (rows, _json([day])))
    for (day, season), shares in changes.shares.items():
        rows = _json(
            (*who, share.points, share.on_offer, share.answered, share.correct) for who, share in sorted(shares.items())
        )
        counted = _json(team_keys(day, season))
        connection.execute(sql.TEAM_SCORES, (rows, counted))
        connection.execute(sql.TEAM_TOTALS, (rows, counted))
    if changes.streaks:
        rows = _json(
            (person, community, streak.current, streak.best, streak.freezes, streak.last)
            for person, (community, streak) in sorted(changes.streaks.items())
        )
        connection.execute(sql.STREAKS, (rows,))
    for who, name in changes.account_names.items():
        connection.execute(sql.ACCOUNT_NAME, (name, *who))
    for person, (community, name) in changes.names.items():
        connection.execute(sql.NAME, (name, person))
        connection.execute(sql.RENAME, {"community_id": community, "person_id": person, "sort_name": name.casefold()})
