from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest

from bot.library.schema import deck_schema, place, written
from tests.library.written import CLEAN, card, deck_of

CHECK = jsonschema.Draft202012Validator(deck_schema())


def test_the_schema_in_content_is_the_models_own() -> None:
    assert place().read_text(encoding="utf-8") == written(), "run `python -m bot.library.schema`"


def test_it_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(deck_schema())


def test_it_takes_a_clean_card_of_every_kind() -> None:
    assert list(CHECK.iter_errors(json.loads(deck_of(*(card(kind) for kind in CLEAN))))) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"front": None},
        {"front": 1},
        {"kind": "flashcards"},
        {"level": "easy"},
        {"topics": "memory"},
        {"extra": 1},
        {"id": "No. 1"},
        {"allow": ["no-such-rule"]},
        {"image": {"file": "x.svg", "alt": "x"}},
    ],
)
def test_it_refuses_what_the_models_refuse(changes: dict[str, Any]) -> None:
    assert not CHECK.is_valid(json.loads(deck_of(card("flashcard", **changes))))


def test_it_refuses_a_key_with_nothing_behind_it() -> None:
    spoiled = card("flashcard")
    spoiled["hint"] = None
    assert not CHECK.is_valid(json.loads(deck_of(spoiled)))
