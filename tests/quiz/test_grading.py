"""Is an answer right, how far, and why."""

from __future__ import annotations

import itertools
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.quiz import grading
from bot.quiz.cards import Card, MultiChoice, Numeric, ShortAnswer, TrueFalse
from bot.quiz.grading import Note, Verdict, choice_given, cloze_given, grade, ordering_given, right_answer, shown
from tests.quiz.decks import (
    ACCUMULATION,
    CARDS,
    MULTI_CHOICES,
    PARALLELISM,
    cloze,
    flashcard,
    multi_choice,
    ordering,
    short_answer,
    single_choice,
)

TRUE = TrueFalse(id="tf", kind="true_false", prompt="Is it?", answer=True, why="It is.")


@given(CARDS)
def test_the_right_answer_of_every_card_is_graded_correct(card: Card) -> None:
    result = grade(card, right_answer(card))
    assert (result.verdict, result.fraction, result.correct) == (Verdict.CORRECT, 1, True)
    assert shown(card, right_answer(card))


@given(
    CARDS,
    st.one_of(st.text(max_size=60), st.text("ABCDEFGHI", max_size=5), st.lists(st.text(max_size=9)).map(cloze_given)),
)
def test_any_text_is_graded_between_none_and_all_or_refused_with_a_value_error(card: Card, text: str) -> None:
    try:
        result = grade(card, text)
    except ValueError:
        with pytest.raises(ValueError):  # noqa: PT011 - what it says differs by kind
            shown(card, text)
        return
    assert 0 <= result.fraction <= 1
    assert (result.verdict is Verdict.CORRECT) == (result.fraction == 1)
    assert (result.verdict is Verdict.WRONG) == (result.fraction == 0)
    assert isinstance(shown(card, text), str)
    assert grade(card, text) == result


# ---------------------------------------------------------------- choices


def test_a_wrong_option_says_why_and_the_right_one_needs_no_reason() -> None:
    card = single_choice(right=1)
    assert grade(card, "B") == grading.Grade(Verdict.CORRECT, 1.0)
    assert grade(card, "C") == grading.Grade(Verdict.WRONG, 0.0, "why not 2")


@pytest.mark.parametrize("forged", ["", "E", "AB", "b", "1", "Ａ", "BB", " B", "\x00"])
def test_what_is_no_option_of_the_card_is_refused(forged: str) -> None:
    with pytest.raises(ValueError, match=r"letter|option"):
        grade(single_choice(), forged)


@pytest.mark.parametrize("forged", ["", "E", "BA", "AA", "a", "A C"])
def test_what_is_no_set_of_options_is_refused(forged: str) -> None:
    with pytest.raises(ValueError, match="letter"):
        grade(multi_choice({0}), forged)


@pytest.mark.parametrize(
    ("chosen", "fraction"),
    [("AC", 1), ("A", 0.5), ("ABC", 0.5), ("AB", 0), ("B", 0), ("ABCD", 0), ("BD", 0)],
)
def test_partial_scoring_pays_hits_less_false_picks(chosen: str, fraction: float) -> None:
    assert grade(multi_choice({0, 2}), chosen).fraction == fraction


def test_exact_scoring_is_all_or_nothing() -> None:
    card = multi_choice({0, 2}, scoring="exact")
    assert [grade(card, chosen).fraction for chosen in ("AC", "A", "ABC", "C")] == [1, 0, 0, 0]


def test_each_false_pick_says_why_under_its_letter() -> None:
    assert grade(multi_choice({0}), "ABD").why == "**B:** why not 1\n\n**D:** why not 3"


@given(MULTI_CHOICES, st.data())
def test_one_more_right_option_never_pays_less_and_one_more_false_pick_never_more(
    card: MultiChoice, data: st.DataObject
) -> None:
    count = len(card.options)
    chosen = data.draw(st.sets(st.integers(0, count - 1), min_size=1, max_size=count - 1))
    added = data.draw(st.sampled_from(sorted(set(range(count)) - chosen)))
    before = grade(card, choice_given(chosen)).fraction
    after = grade(card, choice_given(chosen | {added})).fraction
    if card.options[added].correct:
        assert after >= before
    else:
        assert after <= before


@given(MULTI_CHOICES, st.data())
def test_the_order_of_the_options_does_not_matter_to_the_fraction(card: MultiChoice, data: st.DataObject) -> None:
    positions = range(len(card.options))
    order = data.draw(st.permutations(positions))
    turned = card.model_copy(update={"options": tuple(card.options[i] for i in order)})
    chosen = data.draw(st.sets(st.sampled_from(positions), min_size=1))
    assert (
        grade(turned, choice_given(order.index(i) for i in chosen)).fraction
        == grade(card, choice_given(chosen)).fraction
    )


def test_true_and_false_are_the_only_answers_to_a_statement() -> None:
    assert grade(TRUE, "true").correct
    assert grade(TRUE, "false") == grading.Grade(Verdict.WRONG, 0.0, "It is.")
    with pytest.raises(ValueError, match="neither"):
        grade(TRUE, "True")


def test_a_flashcard_is_wrong_only_when_its_learner_says_again() -> None:
    assert [grade(flashcard(), said).fraction for said in ("again", "hard", "good", "easy")] == [0, 1, 1, 1]
    with pytest.raises(ValueError, match="self-grade"):
        grade(flashcard(), "Good")


# ---------------------------------------------------------------- ordering


def test_a_blind_shuffle_earns_little_and_the_expected_rank_correlation_is_none() -> None:
    orders = [ordering_given(order) for order in itertools.permutations(range(4))]
    fractions = [grade(ordering(4), order).fraction for order in orders]
    assert fractions.count(1) == 1
    assert sum(fractions) / len(fractions) < 0.25
    assert sum(fraction == 0 for fraction in fractions) > len(fractions) / 2


def test_each_pair_the_wrong_way_round_costs_the_same() -> None:
    card = ordering(4)
    assert [grade(card, order).fraction for order in ("ABCD", "BACD", "BADC", "DCBA")] == [
        1,
        pytest.approx(2 / 3),
        pytest.approx(1 / 3),
        0,
    ]


@pytest.mark.parametrize("forged", ["", "ABC", "ABCDE", "AABC", "abcd", "ABC?"])
def test_what_does_not_name_each_item_once_is_refused(forged: str) -> None:
    with pytest.raises(ValueError, match="order"):
        grade(ordering(4), forged)


# ---------------------------------------------------------------- text


@pytest.mark.parametrize(
    "typed", ["all-reduce", "All Reduce", "ALLREDUCE", "the all-reduce.", "“all_reduce”", "allredcue"]
)
def test_a_short_answer_is_forgiven_case_spacing_punctuation_and_a_slip(typed: str) -> None:
    assert grade(short_answer("all-reduce"), typed).correct


@pytest.mark.parametrize(
    ("accepted", "typed"),
    [
        ("synchronous", "asynchronous"),
        ("sharding", "sharing"),
        ("Adam", "Adan"),
        ("ZeRO-3", "ZeRO-2"),
        ("intranode", "internode"),
        ("momentum", "momentum2"),
        ("C++", "C"),
        ("x > y", "x < y"),
        ("gradient", ""),
        ("gradient", "\u200b"),
    ],
)
def test_a_short_answer_that_says_something_else_is_wrong(accepted: str, typed: str) -> None:
    assert grade(short_answer(accepted), typed).verdict is Verdict.WRONG


def test_a_typo_is_right_and_told() -> None:
    given = grade(short_answer("momentum"), "momentun")
    assert (given.note, given.spelled) == (Note.TYPO, "momentum")
    assert grade(short_answer("momentum"), "Momentum").why is None


def test_a_rejected_text_is_wrong_though_a_typo_away_from_an_accepted_one() -> None:
    card = short_answer("adsorption", reject=("absorption",))
    assert grade(card, "adsorption").correct
    assert not grade(card, "Absorption").correct
    assert grade(card, "adsorptoin").correct
    assert not grade(card, "adbsorption").correct, "as near to the one as to the other"


def test_a_rejected_text_is_wrong_though_its_number_is_right() -> None:
    card = short_answer("4", reject=("4 bits",), value=4)
    assert grade(card, "4 bytes").correct
    assert not grade(card, "4 bits").correct


@pytest.mark.parametrize(
    ("typed", "right"),
    [("96", True), ("100", True), ("95", False), ("1e2 GB", True), ("about 100", True), ("none", False)],
)
def test_a_number_is_right_within_its_tolerance(typed: str, right: bool) -> None:
    assert grade(short_answer(value=98, tolerance=2), typed).correct is right


def test_a_tolerance_is_not_missed_by_a_rounding_error() -> None:
    assert grade(short_answer(value=0.2, tolerance=0.1), "0.3").correct


def test_each_gap_is_marked_and_the_fraction_is_the_share_of_right_ones() -> None:
    card = cloze(
        "{{c1::Reduce-scatter}} then {{c2::all-gather::a collective}}, {{c1::Reduce-scatter}}", c2=("allgather op",)
    )
    result = grade(card, cloze_given(["reduce scatter", "gather"]))
    assert [(gap.name, gap.right, gap.expected) for gap in result.gaps] == [
        ("c1", True, "Reduce-scatter"),
        ("c2", False, "all-gather"),
    ]
    assert (result.fraction, result.verdict) == (0.5, Verdict.PARTLY)
    assert grade(card, cloze_given(["Reduce-scatter", "allgather op"])).correct


@pytest.mark.parametrize("forged", ["", "x", "{}", '["a"]', '["a","b","c"]', '["a",1]', "null", "[" * 100_000])
def test_what_does_not_fill_each_gap_with_a_text_is_refused(forged: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the JSON reader's message or ours
        grade(cloze("{{c1::a}} {{c2::b}}"), forged)


@given(st.lists(st.text(), min_size=2, max_size=2))
def test_what_was_typed_into_gaps_is_kept_as_it_was(texts: list[str]) -> None:
    assert json.loads(cloze_given(texts)) == texts
    assert [gap.given for gap in grade(cloze("{{c1::a}} {{c2::b}}"), cloze_given(texts)).gaps] == texts


def test_an_explanation_is_correct_only_with_every_concept() -> None:
    half = grade(PARALLELISM, "It splits the data, each device keeps the full model.")
    assert (half.fraction, half.verdict) == (0.5, Verdict.PARTLY)
    assert [mark.id for mark in half.concepts if mark.covered] == ["data", "copy"]
    assert grade(ACCUMULATION, "I don't know.").verdict is Verdict.WRONG


# ---------------------------------------------------------------- said to people


@pytest.mark.parametrize(
    ("card", "answer", "said"),
    [
        (single_choice(), "B", "B"),
        (multi_choice({0}), "AC", "A and C"),
        (multi_choice({0}), "ABD", "A, B and D"),
        (TRUE, "false", "False"),
        (flashcard(), "again", "Again"),
        (ordering(3), "CAB", "item 2 → item 0 → item 1"),
        (short_answer("x"), " momentum ", "momentum"),
        (cloze("{{c1::a}} {{c2::b}}"), '["x", ""]', "x, …"),
    ],
)
def test_an_answer_is_said_in_words(card: Card, answer: str, said: str) -> None:
    assert shown(card, answer) == said


@settings(max_examples=50)
@given(st.text(max_size=300))
def test_an_explanation_of_any_characters_is_graded_and_its_evidence_is_verbatim(text: str) -> None:
    for mark in grade(PARALLELISM, f"{text} the data is split {text}").concepts:
        assert all(words in f"{text} the data is split {text}" for words in mark.evidence)
        assert mark.covered == bool(mark.evidence)


def test_the_right_answer_of_a_number_is_the_number_that_was_asked_for() -> None:
    card = ShortAnswer(
        id="mfu", kind="short_answer", prompt="In per cent?", accept=("0.42",), numeric=Numeric(value=42, tolerance=0.5)
    )
    assert right_answer(card) == "42"
    assert grade(card, "42").correct


def test_an_answer_far_too_long_is_wrong_without_being_read() -> None:
    card = ShortAnswer(id="word", kind="short_answer", prompt="Which?", accept=("straggler",))
    assert not grade(card, "\ufdfa" * 10_000).correct
