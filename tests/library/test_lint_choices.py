from __future__ import annotations

from typing import Any

import pytest

from bot.library.faults import Severity
from bot.quiz.cards import TrueFalse, version
from tests.library.written import CLEAN, card, choices, faults_in, rules_broken


@pytest.mark.parametrize("kind", CLEAN)
def test_a_clean_card_of_each_kind_has_no_faults(kind: str) -> None:
    assert faults_in(card(kind)) == ()


@pytest.mark.parametrize(
    ("kind", "broken", "sound", "rule"),
    [
        (
            "single_choice",
            {"options": choices("in a ring")},
            {"options": choices("in a ring", "by a tree", "at random")},
            "option-count",
        ),
        (
            "single_choice",
            {"options": choices("ring", "tree", "mesh", "star", "torus", "line")},
            {"options": choices("ring", "tree", "mesh", "star", "torus")},
            "option-count",
        ),
        (
            "single_choice",
            {"options": choices("in a ring", "by a tree", "at random", right=())},
            {"options": choices("in a ring", "by a tree", "at random", right=(2,))},
            "right-options",
        ),
        (
            "single_choice",
            {"options": choices("in a ring", "by a tree", "at random", right=(0, 1))},
            {"options": choices("in a ring", "by a tree", "at random", right=(1,))},
            "right-options",
        ),
        (
            "multi_choice",
            {"options": choices("in a ring", "by a tree", "at random", right=(1,))},
            {"options": choices("in a ring", "by a tree", "at random", right=(1, 2))},
            "right-options",
        ),
        (
            "multi_choice",
            {"options": choices("in a ring", "by a tree", "at random", right=(0, 1, 2))},
            {"options": choices("in a ring", "by a tree", "at random", right=(0, 1))},
            "right-options",
        ),
        (
            "single_choice",
            {"options": choices("All-reduce", "by a tree", "all reduce.")},
            {"options": choices("All-reduce", "by a tree", "all-gather")},
            "equal-options",
        ),
        (
            "single_choice",
            {"options": choices("2(N−1)/N · S", "2 (N-1) / N · S", "S")},
            {"options": choices("2(N−1)/N · S", "2(N+1)/N · S", "S")},
            "equal-options",
        ),
        (
            "single_choice",
            {"options": choices("`True`", "`False`", "`True`")},
            {"options": choices("`True`", "`False`", "`true`")},
            "equal-options",
        ),
        ("ordering", {"items": ["forward", "backward"]}, {"items": ["forward", "backward", "update"]}, "item-count"),
        (
            "ordering",
            {"items": list("abcd"), "accept": ["BACE"]},
            {"items": list("abcd"), "accept": ["BACD"]},
            "other-order",
        ),
        ("ordering", {"items": list("abcdefghi")}, {"items": list("abcdefgh")}, "item-count"),
        (
            "ordering",
            {"items": ["forward", "backward", "Forward"]},
            {"items": ["forward", "backward", "forward again"]},
            "equal-items",
        ),
    ],
)
def test_what_cannot_be_asked_is_an_error(kind: str, broken: dict[str, Any], sound: dict[str, Any], rule: str) -> None:
    faults = faults_in(card(kind, **broken))
    assert [(fault.rule, fault.severity) for fault in faults] == [(rule, Severity.ERROR)]
    assert faults_in(card(kind, **sound)) == ()


def test_all_of_a_cards_errors_come_together() -> None:
    assert rules_broken(card("single_choice", options=choices("x", "X", right=()))) == {
        "right-options",
        "equal-options",
        "few-options",
    }


@pytest.mark.parametrize(
    ("changes", "near_miss", "rule"),
    [
        (
            {"options": choices("in a ring, chunk after chunk", "by a tree", "at random")},
            {"options": choices("in a ring, chunk after chunk", "by a tree, level by level", "at random, by chance")},
            "longest-option",
        ),
        (
            {"options": choices("in a ring", "all of the above", "at random")},
            {"options": choices("in a ring", "all of the ranks", "at random")},
            "all-of-the-above",
        ),
        (
            {"options": choices("in a ring", "None of these", "at random")},
            {"options": choices("in a ring", "None of these ranks send", "at random")},
            "all-of-the-above",
        ),
        (
            {"options": choices("in a ring", "at random", "both A and B")},
            {"options": choices("in a ring", "at random", "both A and B are sent")},
            "both-a-and-b",
        ),
        (
            {"options": choices("in a ring", "at random", "A, B and C")},
            {"options": choices("in a ring", "at random", "A, B and so on")},
            "both-a-and-b",
        ),
        (
            {"prompt": "Which of these is not a topology?"},
            {"prompt": "Which of these is NOT a topology?"},
            "negative-stem",
        ),
        (
            {"prompt": "All are topologies except which?"},
            {"prompt": "All are topologies **except** which?"},
            "negative-stem",
        ),
        (
            {"prompt": "Why does `not` not help?"},
            {"prompt": "The ranks do not wait. How does data travel?"},
            "negative-stem",
        ),
        (
            {"options": choices("in a ring", "Always by a tree", "at random")},
            {"options": choices("in a ring", "by a tree as `always` says", "at random")},
            "absolute-word",
        ),
        (
            {"options": choices("in a ring", "it never travels", "at random")},
            {"options": choices("in a ring", "it travels nevertheless", "at random")},
            "absolute-word",
        ),
        (
            {"prompt": "How do the chunks travel?", "options": choices("chunk by step", "by a tree", "at random")},
            {"prompt": "How do the chunks travel?", "options": choices("chunk by step", "one chunk", "at random")},
            "echoed-word",
        ),
        (
            {"prompt": "A network without ends is a", "options": choices("ring", "tree", "island")},
            {"prompt": "A network without ends is a", "options": choices("ring", "tree", "star")},
            "a-or-an",
        ),
        (
            {"prompt": "Four ranks that agree form an …", "options": choices("average", "sum", "max")},
            {"prompt": "Four ranks that agree form a(n) …", "options": choices("average", "sum", "max")},
            "a-or-an",
        ),
        (
            {"prompt": "How many ranks?", "options": choices("8", "4", "16")},
            {"prompt": "How many ranks?", "options": choices("16", "8", "4")},
            "unsorted-numbers",
        ),
        (
            {"prompt": "How much?", "options": choices("1,024 GB", "80 GB", "160 GB")},
            {"prompt": "How much?", "options": choices("80 GB", "160 MB", "40 GB")},
            "unsorted-numbers",
        ),
        (
            {"prompt": "How much?", "options": choices("−5", "−1", "−3")},
            {"prompt": "How much?", "options": choices("−5", "none", "−3")},
            "unsorted-numbers",
        ),
    ],
)
def test_what_gives_an_answer_away_is_a_warning(changes: dict[str, Any], near_miss: dict[str, Any], rule: str) -> None:
    faults = faults_in(card("single_choice", **changes))
    assert [(fault.rule, fault.severity) for fault in faults] == [(rule, Severity.WARNING)]
    assert faults_in(card("single_choice", **near_miss)) == ()


def test_rules_about_english_leave_other_languages_alone() -> None:
    options = choices("ein Ring", "never", "none of the above")
    assert rules_broken(card("single_choice", options=options), language="de") == set()
    assert rules_broken(card("single_choice", options=options), language="en-GB") != set()


@pytest.mark.parametrize(
    ("kind", "broken", "sound", "rule"),
    [
        ("short_answer", {"explanation": None}, {}, "no-explanation"),
        ("true_false", {"explanation": None}, {}, "no-explanation"),
        ("cloze", {"source": None}, {}, "no-source"),
        ("flashcard", {"source": None}, {"explanation": None}, "no-source"),
        ("explain", {"source": None}, {"explanation": None}, "no-source"),
        (
            "single_choice",
            {"options": [*choices("in a ring", "by a tree"), {"text": "at random"}]},
            {"options": [*choices("in a ring", "by a tree"), {"text": "at random", "why": "No."}]},
            "no-why",
        ),
        ("single_choice", {"options": choices("in a ring", "by a tree")}, {}, "few-options"),
        ("flashcard", {"front": "x" * 301}, {"front": "x" * 300}, "long-prompt"),
        ("true_false", {"prompt": "x" * 301}, {"prompt": "x" * 300}, "long-prompt"),
    ],
)
def test_what_a_card_lacks_is_a_warning(kind: str, broken: dict[str, Any], sound: dict[str, Any], rule: str) -> None:
    faults = faults_in(card(kind, **broken))
    assert [(fault.rule, fault.severity) for fault in faults] == [(rule, Severity.WARNING)]
    assert faults_in(card(kind, **sound)) == ()


def right_at(*positions: int) -> list[dict[str, Any]]:
    """One question for each position, with its right option there."""
    texts = ("in a ring", "by a tree", "at random", "in one go")
    return [
        card("single_choice", id=f"q{i}", options=choices(*texts, right=(position,)))
        for i, position in enumerate(positions)
    ]


def test_a_right_option_that_stands_in_one_place_too_often_is_a_warning() -> None:
    (fault,) = faults_in(*right_at(*[1] * 9, 0, 2, 3))
    assert (fault.rule, fault.severity, fault.card) == ("key-position", Severity.WARNING, None)
    assert fault.message == "B is right in 9 of 12 questions, 3 would be even: move some away from B"


def test_a_place_that_never_holds_the_right_option_is_a_warning() -> None:
    (fault,) = faults_in(*right_at(*[0, 1, 2] * 10))
    assert fault.message == "D is right in 0 of 30 questions, 8 would be even: give D the right option more often"


@pytest.mark.parametrize("positions", [[1] * 9, [0, 1, 2, 3] * 5, [1, 1, 1, 1, 1, 0, 2, 3, 0, 2, 3, 0]])
def test_few_questions_or_an_even_spread_are_no_warning(positions: list[int]) -> None:
    assert faults_in(*right_at(*positions)) == ()


def test_true_false_cards_that_are_mostly_true_are_a_warning() -> None:
    statements = [card("true_false", id=f"t{i}", answer=i > 0) for i in range(12)]
    (fault,) = faults_in(*statements)
    assert fault.rule == "key-position"
    assert fault.message == "true is right in 11 of 12 true / false cards: turn some around"
    assert faults_in(*statements[:7]) == ()


def test_two_cards_with_one_id_are_an_error() -> None:
    (fault,) = faults_in(card("flashcard", id="x"), card("cloze", id="y"), card("true_false", id="x"))
    assert (fault.rule, fault.severity, fault.card) == ("duplicate-id", Severity.ERROR, "x")
    assert "card 1 has the same id" in fault.message


def test_a_deck_without_cards_is_an_error() -> None:
    assert rules_broken() == {"no-cards"}


def test_a_card_can_allow_a_warning_that_it_means() -> None:
    never = {"options": choices("in a ring", "it never travels", "at random")}
    assert rules_broken(card("single_choice", **never)) == {"absolute-word"}
    assert rules_broken(card("single_choice", **never, allow=["absolute-word"])) == set()


def test_an_allowance_that_nothing_needs_is_a_warning() -> None:
    (fault,) = faults_in(card("single_choice", allow=["absolute-word"]))
    assert (fault.rule, fault.severity) == ("unused-allow", Severity.WARNING)


@pytest.mark.parametrize("rule", ["no-such-rule", "right-options", "key-position"])
def test_only_warnings_about_the_card_can_be_allowed(rule: str) -> None:
    broken = card("single_choice", options=choices("in a ring", "by a tree", "at random", right=()), allow=[rule])
    assert rules_broken(broken) == {"right-options", "unknown-rule"}


def test_allowing_a_warning_is_no_new_version_of_the_card() -> None:
    plain = TrueFalse(id="x", kind="true_false", prompt="A ring has a start.", answer=False)
    assert version(plain.model_copy(update={"allow": ("no-source",)})) == version(plain)
