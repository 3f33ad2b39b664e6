"""What a card is once somebody has said that another answer is right."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from bot.quiz.cards import Card, Cloze, Numeric, Ordering, ShortAnswer, from_json, to_json
from bot.quiz.corrections import MANY, Extent, Fault, Unfit, asks_the_same, corrected, extents, key
from bot.quiz.given import cloze_given
from bot.quiz.grading import grade
from tests.decks import CARDS

BY_ID = {card.id: card for card in CARDS}


@pytest.mark.parametrize(
    ("card", "said", "extent", "answer", "after"),
    [
        ("ring", "C", Extent.ONLY, "C", "C"),
        ("ring", " b and c ", Extent.ONLY, "C", "B / C"),
        ("ring", "N · S", Extent.ONLY, "C", "C"),
        ("zero", "A, B", Extent.ONLY, "AB", "A, B"),
        ("zero", "cab", Extent.ONLY, "ABC", "A, B, C"),
        ("zero", "A und B", Extent.ONLY, "AB", "A, B"),
        ("sync", "FALSE", Extent.ONLY, "false", "False"),
        ("sync", "Falsch", Extent.ONLY, "false", "False"),
        ("mfu", "how busy it is", Extent.ALSO, "How busy it is!", "“model FLOPs utilization”, “how busy it is”"),
        ("mfu", "how busy it is", Extent.ONLY, "how busy it is", "“how busy it is”"),
        ("gap", "1: Adam", Extent.ALSO, cloze_given(["adam", "gradients"]), "1: “optimizer”, “Adam”; 2: “gradients”"),
        (
            "gap",
            "Lücke 1: Adam",
            Extent.ALSO,
            cloze_given(["adam", "gradients"]),
            "1: “optimizer”, “Adam”; 2: “gradients”",
        ),
        ("gap", "c2 = weights", Extent.ONLY, cloze_given(["optimizer", "weights"]), "1: “optimizer”; 2: “weights”"),
        ("order", "b a c d", Extent.ALSO, "BACD", "ABCD / BACD"),
        (
            "why",
            "split: samples, worker",
            Extent.ALSO,
            "Samples go to every worker, and each has the whole model.",
            "split: “data|batch, split|divide” / “samples, worker”; copy: “full|whole|complete, model|copy”",
        ),
    ],
)
def test_the_answer_that_was_wrong_is_right_then(card: str, said: str, extent: Extent, answer: str, after: str) -> None:
    before = BY_ID[card]
    assert not grade(before, answer).correct
    now = corrected(before, said, extent)
    assert grade(now, answer).correct
    assert key(now) == after
    assert asks_the_same(before, now)
    assert from_json(to_json(now)) == now
    assert corrected(now, said, extent) == now, "once more changes nothing"


@pytest.mark.parametrize(
    ("card", "said", "fault"),
    [
        ("ring", "F", Fault.LETTERS),
        ("ring", "all of them", Fault.LETTERS),
        ("zero", ",", Fault.LETTERS),
        ("sync", "perhaps", Fault.TRUTH),
        ("mfu", " \u200b ", Fault.EMPTY),
        ("mfu", "x" * 301, Fault.LONG),
        ("gap", "gradients", Fault.WHICH_GAP),
        ("gap", "7: gradients", Fault.NO_GAP),
        ("gap", "1: a}}b", Fault.MARKS),
        ("gap", "1: a::b", Fault.MARKS),
        ("why", "nonsense", Fault.CONCEPT),
        ("why", "split: ...", Fault.NO_WORDS),
        ("order", "AABD", Fault.ORDER),
        ("what", "good", Fault.NO_KEY),
    ],
)
def test_what_can_not_be_right_is_refused(card: str, said: str, fault: Fault) -> None:
    for extent in extents(BY_ID[card]) or (Extent.ONLY,):
        with pytest.raises(Unfit) as refused:
            corrected(BY_ID[card], said, extent)
        assert refused.value.fault is fault


def test_a_number_takes_the_numbers_place() -> None:
    card = ShortAnswer(id="n", kind="short_answer", prompt="How many bytes?", numeric=Numeric(value=16, tolerance=1))
    now = corrected(card, "20", Extent.ONLY)
    assert [grade(now, text).correct for text in ("16", "20", "21 bytes")] == [False, True, True]
    both = corrected(card, "twenty-ish", Extent.ALSO)
    assert [grade(both, text).correct for text in ("16", "twenty-ish")] == [True, True]


def test_what_was_rejected_can_be_accepted() -> None:
    card = ShortAnswer(id="n", kind="short_answer", prompt="Which?", accept=("all-reduce",), reject=("reduce",))
    assert grade(corrected(card, "Reduce", Extent.ALSO), "reduce").correct


def test_there_is_an_end_to_what_is_accepted() -> None:
    card = BY_ID["mfu"]
    for number in range(MANY - 1):
        card = corrected(card, f"answer number {number * 111}", Extent.ALSO)
    with pytest.raises(Unfit) as refused:
        corrected(card, "one more", Extent.ALSO)
    assert (refused.value.fault, refused.value.given) == (Fault.MANY, {"most": MANY})


def test_versions_that_ask_something_else_are_told_apart() -> None:
    ring = BY_ID["ring"]
    assert asks_the_same(ring, ring.model_copy(update={"explanation": "Another."}))
    assert not asks_the_same(ring, ring.model_copy(update={"prompt": "Another?"}))
    assert not asks_the_same(ring, BY_ID["zero"])
    gap = BY_ID["gap"]
    assert isinstance(gap, Cloze)
    assert not asks_the_same(gap, gap.model_copy(update={"text": "Now {{c1::this}}."}))


def test_an_order_is_as_right_as_the_nearest_right_one() -> None:
    order = BY_ID["order"]
    assert isinstance(order, Ordering)
    two = order.model_copy(update={"accept": ("DCBA",)})
    assert (grade(order, "DCAB").fraction, round(grade(two, "DCAB").fraction, 2)) == (0.0, 0.67)


@drawn(st.sampled_from(CARDS), st.text(max_size=400), st.sampled_from(Extent))
def test_whatever_is_said_is_a_card_or_refused(card: Card, said: str, extent: Extent) -> None:
    with suppress(Unfit):
        now = corrected(card, said, extent)
        assert asks_the_same(card, now)
        assert key(now)
