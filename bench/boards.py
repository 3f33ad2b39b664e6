"""How long a board takes beside summing the answers. `python -m bench.boards [--quick]`.

A board is the top ten, the asker's rank and two neighbours, read through `boards.board` by the leader of the board, by the
one in its middle and by the last. Beside it the sum that it replaces, for the top ten alone, on the same file. Then boards of
teams, beside the sum over their answers. The largest file takes 2 GB in the temporary folder for a few minutes.
"""

from __future__ import annotations

import argparse
import asyncio
import sqlite3
import statistics
import tempfile
import time
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from bench._machine import machine, table
from bot.quiz.periods import Period, key
from bot.quiz.seasons import QUARTERS
from bot.quiz.standings import Scoring
from bot.store.boards import board
from bot.store.database import Database
from bot.store.team_boards import team_board

RUNS = 100
TEAMS = 40
FIRST = date(2026, 1, 1)
COMMUNITY = 1


@dataclass(frozen=True)
class Size:
    """Everyone answers every question."""

    people: int
    questions: int

    @property
    def answers(self) -> int:
        return self.people * self.questions

    @property
    def last(self) -> date:
        return FIRST + timedelta(days=self.questions - 1)


SIZES = (Size(10_000, 1), Size(200_000, 5), Size(200_000, 50))
QUICK = (Size(1_000, 1), Size(10_000, 10))

_FILL = """
    WITH RECURSIVE person (id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM person WHERE id < :people),
    question (id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM question WHERE id < :questions)
"""
_PEOPLE = (
    f"{_FILL} INSERT INTO people (id, community_id, name, created_at) SELECT id, 1, 'Person ' || id, :at FROM person"
)
_CARDS = f"""{_FILL}
    INSERT INTO cards (id, community_id, deck, deck_title, card, version, body)
    SELECT id, 1, 'd', 'D', 'c' || id, '1', '{{}}' FROM question
"""
_TEAMS = """
    WITH RECURSIVE team (id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM team WHERE id < :teams)
    INSERT INTO teams (id, community_id, season, name, sort_name, platform, workspace, members, lasting, created_at)
    SELECT id, 1, :season, 'Team ' || id, 'team ' || id, 'discord', 'g', :people / :teams, true, :at FROM team
"""
_POSTS = f"""{_FILL}
    INSERT INTO posts (id, community_id, local_date, platform, workspace, channel, card_id, key, message_id, mode, feedback, seeded,
        state, day, day_number, opens_at, closes_at, claimed_at)
    SELECT id, 1, day, 'discord', 'g', 'c', id, 'k' || id, 'm', 'buttons', 'now', true, 'closed', day, id, :at, :at, :at
    FROM (SELECT id, date(:first, '+' || (id - 1) || ' days') AS day FROM question)
"""
_ANSWERS = f"""{_FILL}
    INSERT INTO answers (community_id, post_id, person_id, team_id, card_id, day, given, fraction, correct, points, on_offer,
        answered_at, account_id)
    SELECT 1, question, person, 1 + person % :teams, question, day, 'b', won, won, won * offer, offer, :at, person
    FROM (
        SELECT person.id AS person, question.id AS question, date(:first, '+' || (question.id - 1) || ' days') AS day,
            10 + question.id % 3 * 5 AS offer,
            (person.id * 7919 + question.id * 104729) % 100 < 25 + person.id * 31 % 70 AS won
        FROM person CROSS JOIN question
    )
"""
_SCORES = """
    INSERT INTO scores (community_id, period, person_id, sort_name, points, on_offer, answered, correct)
    SELECT 1, :period, person_id, 'person ' || person_id, sum(points), sum(on_offer), count(*), sum(correct)
    FROM answers WHERE day BETWEEN :since AND :until GROUP BY person_id
"""
_COUNTS = """
    INSERT INTO score_counts (community_id, period, points, people)
    SELECT community_id, period, points, count(*) FROM scores GROUP BY community_id, period, points
"""
_TEAM_SCORES = """
    INSERT INTO team_scores (community_id, period, team_id, person_id, points, on_offer, answered, correct)
    SELECT 1, CASE period WHEN 'all' THEN :season ELSE period END, 1 + person_id % :teams, person_id, points, on_offer, answered,
        correct
    FROM scores
"""
_TEAM_TOTALS = """
    INSERT INTO team_totals (community_id, period, team_id, points, on_offer, answered, correct, people)
    SELECT community_id, period, team_id, sum(points), sum(on_offer), sum(answered), sum(correct), count(*)
    FROM team_scores GROUP BY community_id, period, team_id
"""
_TEAM_SUM = """
    SELECT team_id, sum(points), sum(on_offer), count(*), count(DISTINCT person_id) FROM answers
    WHERE community_id = 1 AND day BETWEEN :since AND :until GROUP BY team_id
"""
_SUM = """
    SELECT person_id, sum(points) AS won FROM answers
    WHERE community_id = 1 AND day BETWEEN :since AND :until GROUP BY person_id ORDER BY won DESC LIMIT 10
"""
SPANS = {Period.ALL: date(1, 1, 1), Period.TODAY: None}
"""The first day of the periods that are measured; today's is the last day there is."""


def fill(file: Path, size: Size) -> None:
    """Answers in bulk, and the scores that a bot would have kept on the way."""
    raw = sqlite3.connect(file, isolation_level=None)
    for pragma in (
        "foreign_keys = OFF",
        "synchronous = OFF",
        "journal_mode = OFF",
        "cache_size = -262144",
        "temp_store = MEMORY",
    ):
        raw.execute(f"PRAGMA {pragma}")
    at = "2026-01-01 09:00:00.000000"
    values = {"people": size.people, "questions": size.questions, "first": FIRST.isoformat(), "at": at}
    values |= {"teams": TEAMS, "season": QUARTERS.key(size.last)}
    raw.execute("BEGIN")
    raw.execute("INSERT INTO communities (id, name, zone, created_at) VALUES (1, 'Bench', 'UTC', ?)", (at,))
    for statement in (_PEOPLE, _CARDS, _TEAMS, _POSTS, _ANSWERS):
        raw.execute(statement, values)
    for period in SPANS:
        raw.execute(_SCORES, {"period": key(period, size.last, QUARTERS), **span(period, size)})
    raw.execute(_COUNTS)
    raw.execute(_TEAM_SCORES, {"teams": TEAMS, "season": values["season"]})
    raw.execute(_TEAM_TOTALS)
    raw.execute("COMMIT")
    raw.execute("PRAGMA journal_mode = WAL")
    raw.close()


def span(period: Period, size: Size) -> dict[str, str]:
    return {"since": (SPANS[period] or size.last).isoformat(), "until": size.last.isoformat()}


async def read(database: Database, period: Period, size: Size) -> list[float]:
    """Median seconds of a board for the leader, for the middle and for the last."""
    name = key(period, size.last, QUARTERS)
    async with database.read() as tx:
        order = "SELECT person_id FROM scores WHERE period = ? ORDER BY points DESC, sort_name, person_id"
        everyone = (await tx.exec_driver_sql(order, (name,))).scalars().all()
    medians: list[float] = []
    for asker in (everyone[0], everyone[len(everyone) // 2], everyone[-1]):
        took: list[float] = []
        for _ in range(RUNS):
            began = time.perf_counter()
            async with database.read() as tx:
                seen = await board(tx, COMMUNITY, name, asker)
            took.append(time.perf_counter() - began)
        assert seen.me is not None
        assert seen.people == size.people
        medians.append(statistics.median(took))
    return medians


async def read_teams(database: Database, period: Period, size: Size) -> list[float]:
    """Median seconds of a board of teams, by what they have won of what was on offer and by their three best members."""
    medians: list[float] = []
    for scoring in (Scoring.FAIR, Scoring.TOP3):
        took: list[float] = []
        for _ in range(RUNS):
            began = time.perf_counter()
            async with database.read() as tx:
                seen = await team_board(
                    tx, COMMUNITY, key(period, size.last, QUARTERS), QUARTERS.key(size.last), scoring
                )
            took.append(time.perf_counter() - began)
        assert len(seen.standings) == TEAMS
        assert sum(each.tally.people for each in seen.standings) == size.people
        medians.append(statistics.median(took))
    return medians


def summed(file: Path, period: Period, size: Size, query: str) -> tuple[float, list[tuple[int, ...]]]:
    """Median seconds of the sum, and what it comes to."""
    raw = sqlite3.connect(file)
    raw.execute("PRAGMA cache_size = -32768")
    took: list[float] = []
    for _ in range(3):
        began = time.perf_counter()
        found = raw.execute(query, span(period, size)).fetchall()
        took.append(time.perf_counter() - began)
    raw.close()
    return statistics.median(took), found


async def same(database: Database, period: Period, size: Size, top: list[tuple[int, ...]]) -> None:
    """The top ten of the board have what the sum says."""
    async with database.read() as tx:
        seen = await board(tx, COMMUNITY, key(period, size.last, QUARTERS), None)
    assert [row.points for row in seen.top] == [points for _, points in top]


async def same_teams(database: Database, period: Period, size: Size, sums: list[tuple[int, ...]]) -> None:
    """Every team has what the sum says."""
    async with database.read() as tx:
        name = key(period, size.last, QUARTERS)
        seen = await team_board(tx, COMMUNITY, name, QUARTERS.key(size.last), Scoring.FAIR)
    tallies = [each.tally for each in seen.standings]
    assert {(one.team_id, one.points, one.on_offer, one.answered, one.people) for one in tallies} == set(sums)


async def measure(size: Size) -> tuple[list[list[str]], list[list[str]]]:
    """The rows of boards of people, and of teams."""
    rows: list[list[str]] = []
    of_teams: list[list[str]] = []
    with tempfile.TemporaryDirectory(prefix="studybot-bench-") as name:
        file = Path(name) / "studybot.db"
        await (await Database.open(f"sqlite:///{file}")).close()
        fill(file, size)
        database = await Database.open(f"sqlite:///{file}")
        for period in SPANS:
            medians = await read(database, period, size)
            whole, top = summed(file, period, size, _SUM)
            await same(database, period, size, top)
            rows.append(
                [
                    f"{period}, {size.people:,} people",
                    f"{size.answers:,}",
                    *(f"{median * 1000:.2f}" for median in medians),
                    f"{whole * 1000:,.0f}",
                    f"{whole / max(medians):,.0f}",
                ]
            )
            medians = await read_teams(database, period, size)
            whole, sums = summed(file, period, size, _TEAM_SUM)
            await same_teams(database, period, size, sums)
            of_teams.append(
                [
                    f"{period}, {TEAMS} teams of {size.people // TEAMS:,}",
                    f"{size.answers:,}",
                    *(f"{median * 1000:.2f}" for median in medians),
                    f"{whole * 1000:,.0f}",
                    f"{whole / max(medians):,.0f}",
                ]
            )
        await database.close()
    return rows, of_teams


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small files")
    began = time.perf_counter()
    told = [asyncio.run(measure(size)) for size in (QUICK if parser.parse_args().quick else SIZES)]
    print(machine())
    print(f"{time.perf_counter() - began:.0f} s, filling included; medians of {RUNS} boards and 3 sums")
    print()
    head = ["board", "answers", "leader ms", "middle ms", "last ms", "sum ms", "sum / slowest"]
    print(table(head, [row for rows, _ in told for row in rows]))
    print()
    head = ["board of teams", "answers", "fair ms", "top3 ms", "sum ms", "sum / slowest"]
    print(table(head, [row for _, rows in told for row in rows]))


if __name__ == "__main__":
    main()
