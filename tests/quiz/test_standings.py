"""Teams beside each other, against tables worked out by hand; and people dealt out to them."""

from __future__ import annotations

import random
from collections import Counter
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.quiz.standings import Scoring, Tally, dealt, standings


def tally(
    name: str, points: int, on_offer: int = 100, *, members: int = 5, people: int = 5, answered: int = 10, best: int = 0
) -> Tally:
    return Tally(ord(name[0]), name, members, people, points, on_offer, answered, best)


def placed(tallies: list[Tally], scoring: Scoring) -> list[tuple[int | None, str, Fraction]]:
    return [(each.rank, each.tally.name, each.score) for each in standings(tallies, scoring)]


def test_fair_accuracy_draws_small_teams_to_the_mean_of_all() -> None:
    # g = (800 + 50 + 200 + 30) / (1000 + 50 + 400 + 50) = 1080 / 1500 = .72, and 25 g = 18
    teams = [
        tally("big", 800, 1000),  # 818 / 1025
        tally("lucky", 50, 50),  # 68 / 75
        tally("weak", 200, 400),  # 218 / 425
        tally("young", 30, 50, answered=9),  # no rank, but compared
    ]
    assert placed(teams, Scoring.FAIR) == [
        (1, "lucky", Fraction(68, 75)),
        (2, "big", Fraction(818, 1025)),
        (3, "weak", Fraction(218, 425)),
        (None, "young", Fraction(48, 75)),
    ]


def test_of_teams_as_accurate_the_one_of_which_more_took_part_stands_first() -> None:
    teams = [
        tally("a", 50, people=2, members=4),
        tally("b", 50, people=3, members=3),
        tally("c", 50, people=2, members=4),
        tally("d", 40, people=4, members=4),
    ]
    assert [(rank, name) for rank, name, _ in placed(teams, Scoring.FAIR)] == [(1, "b"), (2, "a"), (2, "c"), (4, "d")]


def test_equal_accuracy_of_unlike_sums_is_a_tie() -> None:
    """A third of 99 and a third of 33 are no floats apart, were g not what draws them to itself: it is a third as well."""
    teams = [tally("a", 33, 99), tally("b", 11, 33), tally("c", 7, 21)]
    assert [rank for rank, _, _ in placed(teams, Scoring.FAIR)] == [1, 1, 1]


@pytest.mark.parametrize(
    ("scoring", "expected"),
    [
        (Scoring.MEAN, [(1, "c", Fraction(20)), (2, "a", Fraction(15)), (3, "b", Fraction(10))]),
        (Scoring.TOP3, [(1, "b", Fraction(70)), (2, "a", Fraction(60)), (3, "c", Fraction(55))]),
        (Scoring.SUM, [(1, "b", Fraction(100)), (2, "a", Fraction(90)), (3, "c", Fraction(60))]),
    ],
)
def test_other_settings_rank_by_other_sums(scoring: Scoring, expected: list[tuple[int, str, Fraction]]) -> None:
    teams = [
        tally("a", 90, members=6, people=6, best=60),
        tally("b", 100, members=10, people=4, best=70),
        tally("c", 60, members=3, people=3, best=55),
    ]
    assert placed(teams, scoring) == expected


@pytest.mark.parametrize("scoring", [Scoring.FAIR, Scoring.MEAN])
def test_a_rank_takes_three_members_and_ten_answers(scoring: Scoring) -> None:
    teams = [
        tally("a", 10, members=2, people=2),
        tally("b", 10, answered=9),
        tally("c", 10, members=3, people=3),
        tally("d", 0, 0, members=1, people=0, answered=0),
    ]
    told = {
        each.tally.name: (each.rank, each.members_lacking, each.answers_lacking) for each in standings(teams, scoring)
    }
    assert told == {"a": (None, 1, 0), "b": (None, 0, 1), "c": (1, 0, 0), "d": (None, 2, 10)}


@pytest.mark.parametrize("scoring", [Scoring.SUM, Scoring.TOP3])
def test_sums_rank_whoever_has_answered(scoring: Scoring) -> None:
    teams = [tally("a", 10, members=1, people=1, answered=1, best=10), tally("b", 0, 0, people=0, answered=0)]
    assert [(rank, name) for rank, name, _ in placed(teams, scoring)] == [(1, "a"), (None, "b")]


def test_leaving_does_not_better_a_teams_mean_or_participation() -> None:
    (left,) = standings([tally("a", 90, members=3, people=6)], Scoring.MEAN)
    assert left.score == 15
    assert left.tally.participation == 1


def test_no_teams_are_no_standings() -> None:
    assert standings([], Scoring.FAIR) == ()
    (alone,) = standings([tally("a", 0, 0, members=0, people=0, answered=0)], Scoring.FAIR)
    assert (alone.rank, alone.score + alone.tally.participation) == (None, Fraction(0))


@given(st.lists(st.tuples(st.integers(0, 99), st.integers(0, 99), st.integers(1, 9), st.integers(0, 30)), max_size=12))
def test_ranks_share_and_take_up_the_count(rows: list[tuple[int, int, int, int]]) -> None:
    teams = [
        Tally(number, f"t{number}", people, people, won, won + lost, answered)
        for number, (won, lost, people, answered) in enumerate(rows)
    ]
    found = standings(teams, Scoring.FAIR)
    assert sorted(each.tally.team_id for each in found) == [*range(len(rows))]
    ranked = [each for each in found if each.rank is not None]
    strength = [(each.score, each.tally.participation) for each in ranked]
    assert [each.rank for each in ranked] == [1 + sum(other > mine for other in strength) for mine in strength]
    assert all(each.rank is None for each in found[len(ranked) :])


@given(st.dictionaries(st.integers(), st.integers(0, 500), max_size=60), st.integers(1, 9), st.integers())
def test_teams_are_dealt_alike(points: dict[int, int], number: int, seed: int) -> None:
    teams = [*range(number)]
    places = dealt(points, teams, random.Random(seed))
    assert places.keys() == points.keys()
    sizes = Counter(places.values())
    held = [sizes[team] for team in teams]
    assert max(held) - min(held) <= 1
    sums = [sum(won for person, won in points.items() if places[person] == team) for team in teams]
    assert max(sums) - min(sums) <= max(points.values(), default=0)


def test_who_goes_where_is_chance() -> None:
    points = dict.fromkeys(range(8), 10)
    assert len({tuple(sorted(dealt(points, [1, 2], random.Random(seed)).items())) for seed in range(20)}) > 10
