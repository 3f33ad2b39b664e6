"""Reviews: when somebody is to see a card again, by FSRS, from what they answered to it.

Nothing is kept but the answers: a card's day is derived from them whenever somebody looks.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from fsrs import Card, Rating, Scheduler

BEGINS = timedelta(hours=4)
"""After midnight, when a study day begins: who learns late at night is still in the day before."""

_SCHEDULER = Scheduler(
    desired_retention=0.90,
    learning_steps=(),  # a chat has no steps of minutes
    relearning_steps=(),
    maximum_interval=365,
    enable_fuzzing=False,  # its chance would be the process's own
)
_OWN_GRADES = {"again": Rating.Again, "hard": Rating.Hard, "good": Rating.Good, "easy": Rating.Easy}


@dataclass(frozen=True, slots=True)
class Attempt:
    """What somebody answered to a card. `kind` is the card's, `given` as quiz.grading reads it, `at` aware."""

    kind: str
    given: str
    fraction: float
    correct: bool
    hinted: bool
    guessed: bool
    at: datetime


def rating(attempt: Attempt) -> Rating | None:
    """What an answer says of how well the card is known. None of true / false, which half of all guesses hit."""
    match attempt.kind:
        case "true_false":
            return None
        case "flashcard":
            return _OWN_GRADES.get(attempt.given)
        case _ if attempt.guessed:
            return Rating.Again
        case "explain" if 0.6 <= attempt.fraction < 0.8:
            return Rating.Hard
        case "explain" if attempt.fraction < 0.6:
            return Rating.Again
        case "explain":
            return Rating.Hard if attempt.hinted else Rating.Good
        case _ if attempt.correct:
            return Rating.Hard if attempt.hinted else Rating.Good
        case _:
            return Rating.Again


def study_day(at: datetime, zone: ZoneInfo) -> date:
    """The day in which somebody studies at an instant, where they are."""
    return (at.astimezone(zone) - BEGINS).date()


def due_on(attempts: Iterable[Attempt], zone: ZoneInfo) -> date | None:
    """The study day from which a card is due, after all attempts at it; None for one that has never been rated.

    Of a day only the first attempt counts: what follows it repeats what was just read.
    """
    first: dict[date, Rating] = {}
    for attempt in sorted(attempts, key=lambda each: each.at):
        if (rated := rating(attempt)) is not None:
            first.setdefault(study_day(attempt.at, zone), rated)
    return _due(tuple(first.items())) if first else None


@lru_cache(maxsize=16_384)
def _due(history: tuple[tuple[date, Rating], ...]) -> date:
    """Kept in memory, as an answer changes one card's history and a person looks at all of theirs."""
    card = Card(card_id=0, due=_noon(history[0][0]))  # without an id the library waits for one
    for day, rated in history:
        card, _ = _SCHEDULER.review_card(card, rated, _noon(day))
    return card.due.date()


def _noon(day: date) -> datetime:
    """The library floors the time between two reviews to days."""
    return datetime.combine(day, time(12), UTC)
