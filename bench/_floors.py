"""The same row changes as `ballots.cast` makes, by the bare drivers: what the database itself can do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from typing import Any, TypeAlias

from bot.quiz.periods import keys
from bot.quiz.seasons import QUARTERS
from bot.quiz.streaks import Streak
from bot.store.ballots import Ballot

Batch: TypeAlias = dict[str, list[tuple[Any, ...]]]
"""Rows by table, in the order to write them."""

PRAGMAS = (
    "PRAGMA foreign_keys = ON",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA cache_size = -32768",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA wal_autocheckpoint = 4000",
)
"""As the bot's writing connection has them."""

STATEMENTS = {
    "people": "INSERT INTO people (id, community_id, name, created_at) VALUES (?, ?, ?, ?)",
    "accounts": """INSERT INTO accounts (community_id, platform, workspace, user_id, id, person_id, name, created_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)""",
    "answers": """INSERT INTO answers (id, community_id, post_id, person_id, card_id, day, given, fraction, correct, points,
        on_offer, hinted, answered_at, account_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
    "scores": """INSERT INTO scores (community_id, period, person_id, sort_name, points, on_offer, answered, correct)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (community_id, period, person_id) DO UPDATE SET
        sort_name = excluded.sort_name, points = scores.points + excluded.points,
        on_offer = scores.on_offer + excluded.on_offer, answered = scores.answered + excluded.answered,
        correct = scores.correct + excluded.correct""",
    "score_counts": """INSERT INTO score_counts (community_id, period, points, people) VALUES (?, ?, ?, ?)
        ON CONFLICT (community_id, period, points) DO UPDATE SET people = score_counts.people + excluded.people""",
    "days": """INSERT INTO days (person_id, day, community_id, number, questions, practised) VALUES (?, ?, ?, ?, ?, ?)
        ON CONFLICT (person_id, day) DO UPDATE SET questions = days.questions + excluded.questions,
        number = excluded.number""",
    "streaks": """INSERT INTO streaks (person_id, community_id, current, best, freezes, last_number)
        VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (person_id) DO UPDATE SET current = excluded.current,
        best = excluded.best, freezes = excluded.freezes, last_number = excluded.last_number""",
}


class Ledger:
    """Knows by itself what each batch changes, so that the floor reads nothing: it only writes."""

    def __init__(self) -> None:
        self._people: dict[str, int] = {}
        self._streaks: dict[int, Streak] = {}
        self._points: dict[tuple[str, int], int] = {}
        self._answers = 0

    def batches(self, ballots: Sequence[Ballot], size: int) -> Iterator[Batch]:
        for start in range(0, len(ballots), size):
            yield self._batch(ballots[start : start + size])

    def _batch(self, ballots: Sequence[Ballot]) -> Batch:
        rows: Batch = {name: [] for name in STATEMENTS}
        moved: Counter[tuple[int, str, int]] = Counter()
        for ballot in ballots:
            self._answers += 1
            here, name, at = ballot.community_id, ballot.account.name, ballot.at
            person = self._people.get(ballot.account.user_id)
            if person is None:
                person = self._people[ballot.account.user_id] = len(self._people) + 1
                rows["people"].append((person, here, name, at))
                account = ballot.account
                who = (account.platform, account.workspace, account.user_id)
                rows["accounts"].append((here, *who, person, person, name, at))  # one account each: its id is theirs
            grade = (ballot.fraction, ballot.correct, ballot.points, ballot.on_offer, ballot.hinted)
            asked = (ballot.post_id, person, ballot.card_id, ballot.day)
            rows["answers"].append((self._answers, here, *asked, ballot.given, *grade, at, person))
            for period in keys(ballot.day, QUARTERS.key(ballot.day)):
                gained = (ballot.points, ballot.on_offer, 1, int(ballot.correct))
                rows["scores"].append((here, period, person, name.casefold(), *gained))
                before = self._points.get((period, person))
                after = self._points[period, person] = (before or 0) + ballot.points
                if before is not None:
                    moved[here, period, before] -= 1
                moved[here, period, after] += 1
            rows["days"].append((person, ballot.day, here, ballot.day_number, 1, 0))
            streak = self._streaks[person] = self._streaks.get(person, Streak()).answered(ballot.day_number)
            rows["streaks"].append((person, here, streak.current, streak.best, streak.freezes, streak.last))
        rows["score_counts"] = [(*count, people) for count, people in moved.items() if people]
        return rows


def as_sqlite(rows: Batch) -> Batch:
    """Days and times as SQLAlchemy writes them in SQLite."""
    return {name: [tuple(map(_value, row)) for row in batch] for name, batch in rows.items()}


def _value(each: object) -> object:
    match each:
        case datetime():
            return each.astimezone(UTC).isoformat(" ", "microseconds")[:26]
        case date():
            return each.isoformat()
    return each


def numbered(statement: str) -> str:
    """PostgreSQL's way to write parameters."""
    parts = statement.split("?")
    return "".join(f"{part}${place}" for place, part in enumerate(parts[:-1], 1)) + parts[-1]


LOOK_UPS = (
    "SELECT state FROM posts WHERE id = ?",
    """SELECT people.id, people.name FROM accounts JOIN people ON people.id = accounts.person_id
        WHERE accounts.community_id = ? AND platform = ? AND workspace = ? AND user_id = ?""",
    "SELECT current, best, freezes, last_number FROM streaks WHERE person_id = ?",
    "SELECT id FROM answers WHERE person_id = ? AND card_id = ? AND day = ?",
)
"""What any bot has to ask before it may write: is the post open, who is it, what is their streak, did they answer?"""


def look_ups(batch: Batch) -> list[tuple[Any, ...]]:
    """The values for `LOOK_UPS`, from a batch of one answer in SQLite's terms."""
    ((_, community, post, person, card, day, *_),) = batch["answers"]
    return [(post,), (community, "discord", "", str(10**17 + person)), (person,), (person, card, day)]
