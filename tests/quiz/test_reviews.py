"""Reviews: what an answer says of a card, and when the card is due again."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from fsrs import Rating
from hypothesis import given
from hypothesis import strategies as st

from bot.quiz.reviews import Attempt, due_on, rating, study_day

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
ZONE = ZoneInfo("UTC")


def attempt(
    kind: str = "single_choice", given: str = "B", *, days: float = 0, right: bool = True, **more: object
) -> Attempt:
    about: dict[str, object] = {"fraction": float(right), "correct": right, "hinted": False, "guessed": False, **more}
    return Attempt(kind, given, at=MONDAY + timedelta(days=days), **about)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (attempt(), Rating.Good),
        (attempt(right=False), Rating.Again),
        (attempt(guessed=True), Rating.Again),
        (attempt(hinted=True), Rating.Hard),
        (attempt("multi_choice", right=False, fraction=0.5), Rating.Again),
        (attempt("explain", "words", fraction=0.8), Rating.Good),
        (attempt("explain", "words", fraction=0.75, right=False), Rating.Hard),
        (attempt("explain", "words", fraction=0.5, right=False), Rating.Again),
        (attempt("explain", "words", hinted=True), Rating.Hard),
        (attempt("flashcard", "easy"), Rating.Easy),
        (attempt("flashcard", "again", right=False), Rating.Again),
        (attempt("true_false", "true"), None),
    ],
)
def test_an_answer_says_how_well_a_card_is_known(answer: Attempt, says: Rating | None) -> None:
    assert rating(answer) is says


def test_a_card_that_is_known_comes_later_each_time_and_one_that_is_not_tomorrow() -> None:
    day = study_day(MONDAY, ZONE)
    attempts, gaps = [attempt()], []
    for _ in range(4):
        due = due_on(attempts, ZONE)
        assert due is not None
        gaps.append((due - day).days)
        day = due
        attempts.append(attempt(days=(due - MONDAY.date()).days))
    assert gaps == sorted(set(gaps)), gaps
    assert gaps[0] >= 2
    assert due_on([attempt(right=False)], ZONE) == date(2026, 11, 24)


def test_of_a_day_the_first_attempt_counts_and_the_day_begins_at_four() -> None:
    missed = attempt(right=False)
    again = attempt(days=0.1)
    assert due_on([again, missed], ZONE) == due_on([missed], ZONE)
    assert study_day(datetime(2026, 11, 24, 2, 59, tzinfo=UTC), BERLIN) == date(2026, 11, 23)
    assert study_day(datetime(2026, 11, 24, 3, 0, tzinfo=UTC), BERLIN) == date(2026, 11, 24)


def test_a_card_that_was_never_rated_is_never_due() -> None:
    assert due_on([], ZONE) is None
    assert due_on([attempt("true_false", "true")], ZONE) is None
    assert due_on([attempt("flashcard", "revealed")], ZONE) is None


@given(st.lists(st.tuples(st.integers(0, 2000), st.booleans()), min_size=1, max_size=30))
def test_a_card_is_due_after_its_last_rated_day_and_within_a_year(history: list[tuple[int, bool]]) -> None:
    attempts = [attempt(days=day, right=right) for day, right in history]
    last = MONDAY.date() + timedelta(days=max(day for day, _ in history))
    due = due_on(attempts, ZONE)
    assert due is not None
    assert timedelta(days=1) <= due - last <= timedelta(days=365)
