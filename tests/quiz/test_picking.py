"""Which card comes next."""

from __future__ import annotations

import random
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.quiz.cards import Level
from bot.quiz.picking import Candidate, pick, sample

CANDIDATES = st.lists(
    st.builds(
        Candidate,
        st.integers(0, 99).map("deck/{}".format),
        st.sampled_from(Level),
        st.lists(st.sampled_from(["memory", "network", "pipeline"]), max_size=2, unique=True).map(tuple),
    ),
    min_size=1,
    max_size=20,
    unique_by=lambda candidate: candidate.key,
)


def posted(candidates: list[Candidate], days: int, seed: int = 1) -> list[Candidate]:
    chance = random.Random(seed)
    history: list[Candidate] = []
    for _ in range(days):
        history.append(pick(candidates, [candidate.key for candidate in history], chance))
    return history


@given(CANDIDATES, st.integers(0, 9))
def test_a_channel_has_every_card_once_before_one_comes_again_and_then_in_the_same_order(
    candidates: list[Candidate], seed: int
) -> None:
    history = posted(candidates, 2 * len(candidates), seed)
    first, second = history[: len(candidates)], history[len(candidates) :]
    assert sorted(first, key=lambda candidate: candidate.key) == sorted(candidates, key=lambda candidate: candidate.key)
    assert second == first


@given(CANDIDATES, st.integers(0, 9), st.randoms(use_true_random=False))
def test_the_same_seed_gives_the_same_card_in_whatever_order_the_deck_is_read(
    candidates: list[Candidate], seed: int, shuffle: random.Random
) -> None:
    turned = list(candidates)
    shuffle.shuffle(turned)
    history = [candidates[0].key]
    assert pick(candidates, history, random.Random(seed)) == pick(turned, history, random.Random(seed))


@pytest.mark.parametrize("seed", range(5))
def test_levels_and_topics_alternate_when_there_are_as_many_of_each(seed: int) -> None:
    halves = [
        Candidate(f"deck/{level}-{topic}-{i}", level, (topic,))
        for level in (Level.BEGINNER, Level.ADVANCED)
        for topic in ("memory", "network")
        for i in range(5)
    ]
    history = posted(halves, 20, seed)
    for traits in ([candidate.level for candidate in history], [candidate.topics for candidate in history]):
        assert all(len(set(traits[i : i + 4])) > 1 for i in range(17)), "never four alike in a row"


@pytest.mark.parametrize("seed", range(5))
def test_the_few_advanced_cards_are_spread_over_the_whole_run(seed: int) -> None:
    cards = [Candidate(f"deck/{i}", Level.ADVANCED if i < 6 else Level.BEGINNER) for i in range(30)]
    history = posted(cards, 30, seed)
    for start in (0, 10, 20):
        assert 1 <= sum(candidate.level is Level.ADVANCED for candidate in history[start : start + 10]) <= 3


def test_cards_that_are_no_longer_there_do_not_disturb() -> None:
    only = Candidate("deck/new", Level.BEGINNER)
    assert pick([only], ["gone/1", "gone/2"], random.Random(1)) == only
    with pytest.raises(ValueError, match="no card"):
        pick([], ["gone/1"], random.Random(1))


def test_different_seeds_open_with_different_cards() -> None:
    cards = [Candidate(f"deck/{i}", Level.BEGINNER) for i in range(10)]
    assert len({pick(cards, [], random.Random(seed)).key for seed in range(20)}) > 3


def test_sessions_of_a_deck_with_many_topics_come_to_all_of_its_cards() -> None:
    topics = ("memory", *(f"topic-{n}" for n in range(15)))
    sorts = [(level, topic) for topic in topics for level in Level for _ in range(3 if topic == "memory" else 1)]
    cards = [Candidate(f"deck/{i}", level, (topic,)) for i, (level, topic) in enumerate(sorts)]
    chance = random.Random(1)
    sessions = [sample(cards, 10, chance) for _ in range(100)]
    assert {candidate for session in sessions for candidate in session} == set(cards)
    often = Counter(candidate for session in sessions for candidate in session)
    assert max(often.values()) < 50, "of 100 sessions, in which a card is 19 times by chance"
    assert len({session[0] for session in sessions}) > len(cards) / 3
    assert len({pick(cards, [], random.Random(seed)) for seed in range(100)}) > len(cards) / 3


@given(CANDIDATES, st.integers(0, 30), st.integers(0, 9))
def test_a_session_repeats_no_card_and_is_as_long_as_asked_or_as_the_deck(
    candidates: list[Candidate], count: int, seed: int
) -> None:
    drawn = sample([*candidates, *candidates], count, random.Random(seed))
    assert len(drawn) == len(set(drawn)) == min(count, len(candidates))
    assert set(drawn) <= set(candidates)
    assert drawn == sample(candidates, count, random.Random(seed))


@pytest.mark.parametrize("seed", range(5))
def test_a_session_has_something_of_every_topic(seed: int) -> None:
    cards = [Candidate(f"deck/{i}", Level.BEGINNER, (topic,)) for i, topic in enumerate(["a", "b", "c", "d"] * 10)]
    assert Counter(candidate.topics for candidate in sample(cards, 8, random.Random(seed))) == {
        ("a",): 2,
        ("b",): 2,
        ("c",): 2,
        ("d",): 2,
    }
