"""The decks that come with Studybot keep every rule that other authors are told."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.library.native import read_deck
from bot.library.report import check
from bot.library.shelf import deck_files, shipped
from bot.quiz.cards import KINDS, Level
from bot.quiz.grading import grade, right_answer

DECKS = deck_files(shipped())


def test_there_is_a_deck() -> None:
    assert "distributed-training" in [path.stem for path in DECKS]


def test_the_decks_have_no_errors_and_no_warnings() -> None:
    text, code = check([shipped()])
    assert (code, text.count("\n"), text.rpartition(": ")[2]) == (0, 0, "0 errors, 0 warnings"), text


@pytest.mark.parametrize("path", DECKS, ids=lambda path: path.stem)
def test_a_deck_is_large_and_varied(path: Path) -> None:
    deck, _ = read_deck(path, trials=False)
    assert deck is not None
    assert deck.id == path.stem
    assert len(deck.cards) >= 40
    assert {card.kind for card in deck.cards} == set(KINDS)
    assert {card.level for card in deck.cards} == set(Level)
    assert deck.license
    assert deck.sources


@pytest.mark.parametrize("path", DECKS, ids=lambda path: path.stem)
def test_every_card_has_a_source_an_explanation_and_topics(path: Path) -> None:
    deck, _ = read_deck(path, trials=False)
    assert deck is not None
    assert [card.id for card in deck.cards if not (card.source and card.explanation and card.topics)] == []


@pytest.mark.parametrize("path", DECKS, ids=lambda path: path.stem)
def test_every_card_grades_its_own_answer_as_correct(path: Path) -> None:
    deck, _ = read_deck(path, trials=False)
    assert deck is not None
    assert [card.id for card in deck.cards if not grade(card, right_answer(card)).correct] == []


@pytest.mark.parametrize("path", DECKS, ids=lambda path: path.stem)
def test_every_picture_beside_a_deck_is_used(path: Path) -> None:
    deck, _ = read_deck(path, trials=False)
    assert deck is not None
    used = {card.image.file for card in deck.cards if card.image}
    folder = path.parent / path.stem
    assert {str(file.relative_to(path.parent)) for file in folder.glob("**/*.png")} <= used
