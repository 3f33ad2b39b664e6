"""Streaks over question days, and the freezes that save them."""

from __future__ import annotations

import itertools
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.quiz.streaks import FREEZES_HELD, Streak, frozen, walk

DAYS = st.lists(st.integers(1, 60), max_size=60)


@given(DAYS)
def test_days_in_any_order_come_to_the_same_as_answering_them_one_by_one(days: list[int]) -> None:
    streak = Streak()
    for day in sorted(days):
        streak = streak.answered(day)
    assert walk(days) == walk(reversed(days)) == streak


@given(DAYS)
def test_a_streak_is_never_longer_than_its_best_nor_than_the_days_answered(days: list[int]) -> None:
    streak = walk(days)
    assert 0 <= streak.current <= streak.best <= len(set(days))
    assert 0 <= streak.freezes <= FREEZES_HELD
    assert streak.last == max(days, default=0)
    assert streak.best >= _longest_run(sorted(set(days)))


def _longest_run(days: list[int]) -> int:
    """Days in a row have the same difference to their place."""
    runs = itertools.groupby(enumerate(days), key=lambda placed: placed[1] - placed[0])
    return max((len(list(run)) for _, run in runs), default=0)


@given(DAYS, st.integers(1, 61))
def test_one_more_day_never_shortens_the_best(days: list[int], extra: int) -> None:
    assert walk([*days, extra]).best >= walk(days).best


def test_answering_twice_on_a_day_counts_once() -> None:
    assert walk([1, 2, 2]) == walk([1, 2]) == Streak(2, 2, 0, 2)


def test_a_day_missed_without_a_freeze_ends_the_streak() -> None:
    assert walk([1, 2, 3, 5]) == Streak(1, 3, 0, 5)


def test_seven_in_a_row_earn_a_freeze_that_spends_itself() -> None:
    week = walk(range(1, 8))
    assert week == Streak(7, 7, 1, 7)
    assert week.answered(9) == Streak(8, 8, 0, 9)
    assert week.answered(10) == Streak(1, 7, 0, 10), "two days missed, one freeze"


def test_at_most_two_freezes_are_held() -> None:
    month = walk(range(1, 29))
    assert month.freezes == 2
    assert month.answered(31) == Streak(29, 29, 0, 31)


def test_a_streak_is_shown_as_it_stands_before_todays_answer() -> None:
    week = walk(range(1, 8))
    assert week.seen_from(7) == week.seen_from(8) == week
    assert week.seen_from(9) == Streak(7, 7, 0, 7)
    assert week.seen_from(10).current == 0


def test_the_first_day_ever_may_come_late() -> None:
    assert walk([40]) == Streak(1, 1, 0, 40)


def test_an_earlier_day_has_to_be_walked_again() -> None:
    with pytest.raises(ValueError, match="walk"):
        walk([5]).answered(4)


@given(DAYS, st.integers(0, 10))
def test_looking_at_a_streak_before_answering_changes_nothing(days: list[int], ahead: int) -> None:
    streak = walk(days)
    number = streak.last + 1 + ahead
    assert streak.seen_from(number).answered(number) == streak.answered(number)


# ---------------------------------------------------------------- a plain model beside it


def lived(answered: list[bool]) -> tuple[int, int, int, list[int]]:
    """One day after the other, as somebody would live them: the streak, its best, the freezes held, and the days that one kept."""
    row = best = held = 0
    kept: list[int] = []
    since: list[int] = []  # freezes that wait to see whether the streak goes on
    for day, was_there in enumerate(answered, 1):
        if was_there:
            row += 1
            best = max(best, row)
            kept, since = kept + since, []
            if row % 7 == 0 and held < 2:
                held += 1
        elif row and held:
            held -= 1
            since.append(day)
        else:
            row, held, since = 0, 0, []
    return row, best, held, kept + since


@given(st.lists(st.booleans() | st.just(True), max_size=90), st.randoms(use_true_random=False))
def test_a_streak_is_what_living_through_its_days_comes_to(answered: list[bool], chance: random.Random) -> None:
    numbers = [day for day, was_there in enumerate(answered, 1) if was_there]
    chance.shuffle(numbers)
    tomorrow = len(answered) + 1
    seen = walk(numbers).seen_from(tomorrow)
    assert (seen.current, seen.best, seen.freezes, list(frozen(numbers, tomorrow))) == lived(answered)


def test_a_freeze_that_saved_nothing_in_the_end_is_not_told_of() -> None:
    assert frozen(range(1, 8), 9) == (8,)
    assert frozen(range(1, 8), 10) == ()
    assert frozen([*range(1, 8), 9], 20) == (8,)
