from __future__ import annotations

import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.library.document import read_document
from bot.library.faults import Severity
from bot.library.native import read_text
from bot.quiz.grading import Verdict, grade, right_answer
from tests.library.written import CLEAN, CONCEPT, HEAD, card, deck_of

SOMETIMES = settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))

WORDS = st.sampled_from(
    [
        "",
        " ",
        "ring",
        "Ring",
        "a tree",
        "{{c1::x}}",
        "{{c2::y::z}}",
        "{{c1:x",
        "$x$",
        "<b>",
        "# h",
        "12",
        "larger batch",
        "\u200b",
        "no",
        "A and B",
        "|",
        "x" * 301,
    ]
)
LEAVES = (
    WORDS
    | st.none()
    | st.booleans()
    | st.integers(-3, 3)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8)
)
KEYS = st.sampled_from(
    sorted(
        {key for kind in CLEAN for key in card(kind)}
        | {
            "text",
            "correct",
            "why",
            "match",
            "not",
            "examples",
            "pass",
            "fail",
            "numeric",
            "value",
            "tolerance",
            "scoring",
            "image",
            "file",
            "alt",
            "allow",
            "topics",
            "zzz",
        }
    )
)
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4), max_leaves=12
)


def spoilt() -> st.SearchStrategy[dict[str, Any]]:
    """A clean card of some kind with some keys replaced."""
    return st.builds(
        lambda kind, changes: {**card(kind), **changes},
        st.sampled_from(sorted(CLEAN)),
        st.dictionaries(KEYS, VALUES, max_size=3),
    )


def plausible() -> st.SearchStrategy[dict[str, Any]]:
    """A card of the right shape, whatever it says."""
    some = st.lists(WORDS, min_size=1, max_size=4)
    option = st.fixed_dictionaries({"text": WORDS}, optional={"correct": st.booleans(), "why": WORDS})
    examples = st.fixed_dictionaries({}, optional={"pass": some, "fail": some})
    concept = st.fixed_dictionaries(
        {"id": st.sampled_from(["a", "b"]), "text": WORDS, "match": st.lists(some, max_size=2)},
        optional={"not": some, "examples": examples},
    ) | st.just(CONCEPT)
    number = st.fixed_dictionaries(
        {"value": st.floats(-1e9, 1e9) | st.integers(-9, 9)}, optional={"tolerance": st.floats(0, 5)}
    )
    return st.one_of(
        st.builds(lambda options: card("single_choice", options=options), st.lists(option, max_size=6)),
        st.builds(lambda options: card("multi_choice", options=options), st.lists(option, max_size=6)),
        st.builds(lambda accept, reject: card("short_answer", accept=accept, reject=reject), some, some),
        st.builds(
            lambda numeric, reject: card("short_answer", accept=None, numeric=numeric, reject=reject), number, some
        ),
        st.builds(lambda parts: card("cloze", text=" ".join(parts), accept=None), some),
        st.builds(lambda items: card("ordering", items=items), st.lists(WORDS, max_size=9)),
        st.builds(lambda concepts: card("explain", concepts=concepts), st.lists(concept, max_size=3)),
    )


def holds(text: str) -> None:
    """Reading gives a deck or errors, and every card of a deck grades its own right answer as correct."""
    deck, faults = read_text(text, "deck.yaml", None)
    assert (deck is None) == any(fault.severity is Severity.ERROR for fault in faults)
    for fault in faults:
        assert fault.line >= 1
        assert fault.column >= 1
        assert fault.message
    for one in deck.cards if deck else ():
        assert grade(one, right_answer(one)).verdict is Verdict.CORRECT


@SOMETIMES
@given(st.text(alphabet=st.sampled_from("ab: -#[]{}&*!|>'\"%@`\\,?\n\t~0.é\u200b"), max_size=60) | st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    holds(text)


@SOMETIMES
@given(st.binary(max_size=40))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    document, faults = read_document(content, "deck.yaml")
    assert (document is None) <= bool(faults)


@SOMETIMES
@given(VALUES)
def test_any_value_is_a_deck_or_refused(value: Any) -> None:
    holds(json.dumps(value))
    holds(json.dumps({"deck": value, "cards": value}))


@SOMETIMES
@given(st.lists(spoilt(), max_size=3))
def test_a_spoilt_deck_is_told_or_can_be_graded(cards: list[dict[str, Any]]) -> None:
    holds(deck_of(*cards))


@SOMETIMES
@given(plausible())
def test_a_card_that_passes_grades_its_own_answer_as_correct(one: dict[str, Any]) -> None:
    holds(deck_of(one))


@SOMETIMES
@given(st.integers(0, 2000), st.integers(0, 40))
def test_a_deck_cut_anywhere_is_told_or_can_be_graded(start: int, length: int) -> None:
    whole = json.dumps({"deck": HEAD, "cards": [card(kind) for kind in CLEAN]})
    holds(whole[:start] + whole[start + length :])
