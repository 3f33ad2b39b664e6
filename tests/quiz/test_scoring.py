"""Points, fair accuracy and ranks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.quiz.cards import Card, Level
from bot.quiz.grading import Grade, Verdict, choice_given, grade, right_answer
from bot.quiz.scoring import fair_accuracy, points, ranks
from tests.quiz.decks import CARDS, PARALLELISM, cloze, flashcard, multi_choice, ordering, single_choice


@pytest.mark.parametrize(("level", "worth"), [(Level.BEGINNER, 10), (Level.INTERMEDIATE, 15), (Level.ADVANCED, 20)])
def test_a_right_answer_earns_ten_times_the_weight_of_its_level(level: Level, worth: int) -> None:
    card = single_choice(right=0, level=level)
    assert points(card, grade(card, "A")) == (worth, worth)
    assert points(card, grade(card, "B")) == (0, worth)


@pytest.mark.parametrize(
    ("fraction", "won"), [(0.1, 2), (0.3, 5), (0.7, 11), (1 / 3, 5), (2 / 3, 10), (0.5, 8), (0.0, 0), (1.0, 15)]
)
def test_a_fraction_is_rounded_half_up(fraction: float, won: int) -> None:
    for card in (PARALLELISM, ordering(4), multi_choice({0})):
        worth_15 = card.model_copy(update={"level": Level.INTERMEDIATE})
        assert points(worth_15, Grade(Verdict.PARTLY, fraction)) == (won, 15)


def test_a_cloze_is_all_or_nothing() -> None:
    card = cloze("{{c1::a}} {{c2::b}}")
    assert points(card, grade(card, '["a", "x"]')) == (0, 10)


@pytest.mark.parametrize("said", ["again", "hard", "good", "easy"])
def test_a_flashcard_earns_two_for_taking_part_whatever_its_learner_says(said: str) -> None:
    card = flashcard(level=Level.ADVANCED)
    assert points(card, grade(card, said)) == (2, 2)


@given(CARDS)
def test_a_fully_right_answer_wins_all_that_is_on_offer(card: Card) -> None:
    won, on_offer = points(card, grade(card, right_answer(card)))
    assert won == on_offer > 0


@given(st.sets(st.integers(0, 5), min_size=1), st.sets(st.integers(0, 5), min_size=1))
def test_no_answer_wins_less_than_nothing_or_more_than_is_on_offer(right: set[int], chosen: set[int]) -> None:
    card = multi_choice(right, 6)
    won, on_offer = points(card, grade(card, choice_given(chosen)))
    assert 0 <= won <= on_offer


def test_a_team_that_has_hardly_answered_stands_near_the_mean() -> None:
    assert fair_accuracy(0, 0, 0.6) == 0.6
    assert fair_accuracy(30, 30, 0.5) < fair_accuracy(800, 1000, 0.5)


@given(st.integers(0, 10_000), st.integers(0, 10_000), st.floats(0, 1))
def test_fair_accuracy_lies_between_the_mean_and_the_teams_own(won: int, lost: int, mean: float) -> None:
    fair = fair_accuracy(won, won + lost, mean)
    own = won / (won + lost) if won + lost else mean
    assert min(own, mean) - 1e-9 <= fair <= max(own, mean) + 1e-9


def test_a_tie_shares_a_rank_and_takes_up_the_count() -> None:
    assert ranks([30, 20, 20, 10]) == [1, 2, 2, 4]
    assert ranks([10, 20, 30, 20]) == [4, 2, 1, 2]
    assert ranks([]) == []


@given(st.lists(st.integers(-5, 5)))
def test_a_rank_is_one_more_than_the_number_of_those_with_more_points(scores: list[int]) -> None:
    assert ranks(scores) == [1 + sum(other > score for other in scores) for score in scores]
