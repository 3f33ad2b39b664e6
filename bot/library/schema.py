"""The JSON Schema of deck files, for completion and checks while typing: `python -m bot.library.schema` writes it."""

from __future__ import annotations

import importlib.resources
import json
from pathlib import Path
from typing import Any

from bot.library.lint import ALLOWABLE
from bot.quiz.cards import Deck


def deck_schema() -> dict[str, Any]:
    """Draft 2020-12. The file has the deck's head under `deck` and its cards beside it; the models have them in one."""
    whole = _without_null(Deck.model_json_schema(by_alias=True))
    definitions = whole.pop("$defs")
    for definition in definitions.values():
        if "allow" in definition.get("properties", {}):
            definition["properties"]["allow"]["items"] = {"enum": sorted(ALLOWABLE)}
    head = whole
    cards = head["properties"].pop("cards")
    cards.pop("default", None)
    head["title"] = "Head"
    head["description"] = "What the deck is called and who may use it."
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Studybot deck",
        "description": "One deck of cards; content/README.md explains every key.",
        "type": "object",
        "properties": {
            "deck": {"$ref": "#/$defs/Head"},
            "cards": {**cards, "title": "Cards", "minItems": 1},
        },
        "required": ["deck", "cards"],
        "additionalProperties": False,
        "$defs": {**definitions, "Head": head},
    }


def _without_null(part: Any) -> Any:  # noqa: ANN401  # JSON
    """A schema in which a key that may be left out can't be empty: `hint: # of ranks` is a slip, and null to YAML."""
    if isinstance(part, list):
        return [_without_null(inner) for inner in part]
    if not isinstance(part, dict):
        return part
    kept = {name: _without_null(inner) for name, inner in part.items() if (name, inner) != ("default", None)}
    if "anyOf" in kept:
        kept["anyOf"] = [inner for inner in kept["anyOf"] if inner != {"type": "null"}]
        if len(kept["anyOf"]) == 1:
            return {**kept.pop("anyOf")[0], **kept}
    return kept


def written() -> str:
    """The schema's file, the same for the same models."""
    return json.dumps(deck_schema(), indent=2, ensure_ascii=False, sort_keys=True) + "\n"


def place() -> Path:
    return Path(str(importlib.resources.files("content"))) / "deck.schema.json"


if __name__ == "__main__":
    place().write_text(written(), encoding="utf-8")
