"""How far the grader agrees with a person, on the answers in answers.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from bot.library.native import read_deck
from bot.library.shelf import shipped
from bot.quiz.cards import Explain
from bot.quiz.grading import grade

ANSWERS: Mapping[str, list[dict[str, object]]] = YAML(typ="safe", pure=True).load(
    Path(__file__).with_name("answers.yaml").read_text(encoding="utf-8")
)


def explain_cards() -> list[Explain]:
    deck, _ = read_deck(shipped() / "distributed-training.yaml", trials=False)
    assert deck is not None
    return [card for card in deck.cards if isinstance(card, Explain)]


CARDS = explain_cards()

MEASURED = {
    ("explain-data-vs-model", "data-split"): (0, 2),
    ("explain-data-vs-model", "full-copy"): (0, 4),
    ("explain-data-vs-model", "model-split"): (0, 1),
    ("explain-data-vs-model", "too-big"): (0, 1),
    ("explain-synchronisation", "same-parameters"): (2, 0),
    ("explain-synchronisation", "common-update"): (0, 1),
    ("explain-synchronisation", "conflict"): (0, 2),
    ("explain-synchronisation", "accuracy"): (1, 1),
    ("explain-zero", "redundant"): (1, 2),
    ("explain-zero", "sharded"): (0, 3),
    ("explain-zero", "gather"): (0, 2),
    ("explain-zero", "communication"): (0, 1),
    ("explain-bubble", "idle"): (0, 3),
    ("explain-bubble", "fill-drain"): (1, 4),
    ("explain-bubble", "more-microbatches"): (0, 3),
    ("explain-bubble", "price"): (0, 1),
    ("explain-checkpoint-interval", "saving-costs"): (1, 2),
    ("explain-checkpoint-interval", "lost-work"): (0, 3),
    ("explain-checkpoint-interval", "balance"): (0, 2),
    ("explain-checkpoint-interval", "scale"): (2, 1),
}
"""For each concept the answers in which it was found without being said, and in which it was said and not found, of 30.

When a change moves a number up, look at the answers before writing down the worse one; when down, write it down.
"""


@dataclass(frozen=True, slots=True)
class Disagreement:
    """The answers on which grader and person disagree about one concept."""

    not_said: tuple[str, ...]
    not_found: tuple[str, ...]


def disagreement(card: Explain, concept: str) -> Disagreement:
    not_said, not_found = [], []
    for answer in ANSWERS[card.id]:
        text, says = str(answer["text"]), answer["says"]
        assert isinstance(says, list)
        found = any(mark.covered for mark in grade(card, text).concepts if mark.id == concept)
        if found and concept not in says:
            not_said.append(text)
        if not found and concept in says:
            not_found.append(text)
    return Disagreement(tuple(not_said), tuple(not_found))


def test_there_are_thirty_answers_to_each_explain_card_that_name_its_concepts() -> None:
    assert {card.id: 30 for card in CARDS} == {card: len(answers) for card, answers in ANSWERS.items()}
    for card in CARDS:
        said = {str(concept) for answer in ANSWERS[card.id] for concept in _listed(answer["says"])}
        assert said == {concept.id for concept in card.concepts}


def _listed(says: object) -> list[object]:
    assert isinstance(says, list)
    return says


@pytest.mark.parametrize(
    ("card", "concept"), [pytest.param(c, k.id, id=f"{c.id}-{k.id}") for c in CARDS for k in c.concepts]
)
def test_the_grader_agrees_with_a_person_no_less_than_was_measured(card: Explain, concept: str) -> None:
    found = disagreement(card, concept)
    not_said, not_found = MEASURED[card.id, concept]
    assert len(found.not_said) <= not_said, found.not_said
    assert len(found.not_found) <= not_found, found.not_found


@pytest.mark.parametrize("card", CARDS, ids=lambda card: card.id)
def test_a_list_of_the_rubrics_words_or_the_question_itself_earns_nothing(card: Explain) -> None:
    words = [slot.split("|")[0] for concept in card.concepts for slot in concept.match[0]]
    for between in (" ", ", ", "\n", " and ", "; "):
        assert not any(mark.covered for mark in grade(card, between.join(words)).concepts)
    assert not any(mark.covered for mark in grade(card, card.prompt).concepts)
