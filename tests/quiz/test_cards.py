"""What a card is, and how it is kept."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from pydantic import ValidationError

from bot.quiz.cards import Card, Cloze, Concept, Option, from_json, gap_names, question, to_json, version
from tests.quiz.decks import ACCUMULATION, CARDS, cloze, flashcard, single_choice


@given(CARDS)
def test_a_card_is_the_same_after_it_was_kept(card: Card) -> None:
    assert from_json(to_json(card)) == card
    assert version(from_json(to_json(card))) == version(card)


def test_words_that_python_reserves_are_kept_as_the_deck_writes_them() -> None:
    assert '"not"' in to_json(ACCUMULATION)
    concept = Concept.model_validate(
        {"id": "x", "text": "X", "match": [["x"]], "examples": {"pass": ["a"], "fail": ["b"]}}
    )
    assert (concept.examples.passing, concept.examples.failing) == (("a",), ("b",))


def test_a_version_changes_with_the_content_alone() -> None:
    card = single_choice()
    assert version(card) == version(single_choice())
    assert len({version(card), version(single_choice(right=2)), version(single_choice(hint="Think"))}) == 3
    assert len(version(card)) == 16


def test_a_default_that_is_written_out_does_not_make_a_new_version() -> None:
    assert version(single_choice(level="beginner")) == version(single_choice())


@pytest.mark.parametrize(
    "fault", [{"levle": "beginner"}, {"level": "expert"}, {"topics": ["Two words"]}, {"id": "Capital"}]
)
def test_an_unknown_word_or_value_is_refused(fault: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        from_json(f'{{"id": "x", "kind": "flashcard", "front": "f", "back": "b"{_more(fault)}}}')


def _more(fault: dict[str, object]) -> str:
    return "".join(f", {json.dumps(name)}: {json.dumps(value)}" for name, value in fault.items())


def test_text_is_stripped_and_may_not_be_empty() -> None:
    assert Option(text="  a ").text == "a"
    with pytest.raises(ValidationError):
        Option(text="   ")


@pytest.mark.parametrize(
    ("text", "names", "asked"),
    [
        ("{{c1::Ring}} beats {{c2::tree::a shape}}.", ("c1", "c2"), "[1] beats [2: a shape]."),
        ("{{c2::b}} {{c1::a}} {{c2::b}}", ("c2", "c1"), "[2] [1] [2]"),
        ("no gap", (), "no gap"),
    ],
)
def test_a_cloze_has_its_gaps_in_the_order_of_the_text(text: str, names: tuple[str, ...], asked: str) -> None:
    card: Cloze = cloze(text)
    assert gap_names(card) == names
    assert question(card) == asked


def test_what_is_asked_is_the_prompt_or_the_front() -> None:
    assert question(single_choice()) == "Which?"
    assert question(flashcard()) == "front"
