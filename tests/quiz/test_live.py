"""Points of live rounds fall with time, from all to half, and a round's length is what its questions take."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.quiz import live
from tests.decks import CARDS

seconds = st.integers(5, 120)
taken = st.timedeltas(timedelta(seconds=-5), timedelta(seconds=130))


@given(taken, seconds)
def test_a_right_answer_wins_its_share_to_the_point(taken: timedelta, seconds: int) -> None:
    share = min(max(Fraction(taken // timedelta(microseconds=1), seconds * 1_000_000), Fraction(0)), Fraction(1))
    exact = 1000 * (1 - share / 2)
    assert abs(live.points(taken, seconds) - exact) <= Fraction(501, 1000)
    assert 500 <= live.points(taken, seconds) <= 1000


@given(taken, taken, seconds)
def test_who_is_sooner_never_wins_less(one: timedelta, other: timedelta, seconds: int) -> None:
    sooner, later = sorted((one, other))
    assert live.points(sooner, seconds) >= live.points(later, seconds)


@pytest.mark.parametrize(
    ("after", "won"), [(0, 1000), (5, 875), (10, 750), (19.999, 500), (20, 500), (0.02, 1000), (0.03, 999), (-1, 1000)]
)
def test_points_of_a_question_of_twenty_seconds(after: float, won: int) -> None:
    assert live.points(timedelta(seconds=after), 20) == won


def test_a_round_takes_its_questions_and_the_lobby() -> None:
    assert live.lasts(10, 20) == timedelta(seconds=60 + 10 * (1 + 20 + 1 + 12))


def test_what_one_press_answers_can_be_asked() -> None:
    assert {card.id for card in CARDS if live.pressable(card)} == {"ring", "sync"}
