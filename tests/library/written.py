"""Decks as an author writes them, for tests: a clean card of every kind, to spoil in one respect each."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from bot.library.faults import Fault
from bot.library.native import read_text

HEAD = {"id": "tests", "title": "Tests"}
SAID = {"explanation": "Because it is so.", "source": "A book, 2020"}


def choices(*texts: str, right: tuple[int, ...] = (0,)) -> list[dict[str, Any]]:
    """Options of which those at `right` are correct; the others say why not."""
    return [
        {"text": text, "correct": True} if i in right else {"text": text, "why": "That is another thing."}
        for i, text in enumerate(texts)
    ]


CONCEPT = {
    "id": "batch",
    "text": "A larger effective batch",
    "match": [["larger|bigger", "batch"]],
    "examples": {
        "pass": ["You get a larger batch out of the same memory."],
        "fail": ["It saves some time on the network."],
    },
}

CLEAN: dict[str, dict[str, Any]] = {
    "flashcard": {"front": "What does ZeRO stage 3 shard?", "back": "Parameters, gradients and optimizer states."},
    "single_choice": {"prompt": "How does data travel?", "options": choices("in a ring", "by a tree", "at random")},
    "multi_choice": {
        "prompt": "What does a step keep?",
        "options": choices("gradients", "activations", "tokens", right=(0, 1)),
    },
    "true_false": {"prompt": "A ring has a start.", "answer": False},
    "short_answer": {"prompt": "Who sums the gradients?", "accept": ["all-reduce", "allreduce"]},
    "cloze": {"text": "Every rank holds a {{c1::replica::what?}} of the {{c2::model}}.", "accept": {"c1": ["copy"]}},
    "ordering": {"prompt": "Put a step in order.", "items": ["forward", "backward", "update"]},
    "explain": {
        "prompt": "What is accumulation for?",
        "reference": "It gives a larger batch than memory would hold at once.",
        "concepts": [CONCEPT],
    },
}


def card(kind: str, /, **changes: Any) -> dict[str, Any]:
    """A clean card of this kind with some keys changed; None takes a key out."""
    whole = {"id": f"a-{kind.replace('_', '-')}", "kind": kind, **SAID, **CLEAN[kind], **changes}
    return {name: value for name, value in whole.items() if value is not None}


def deck_of(*cards: Any, **head: Any) -> str:
    """A deck file's text. JSON is YAML 1.2."""
    return json.dumps({"deck": {**HEAD, **head}, "cards": cards}, ensure_ascii=False, indent=1)


def faults_in(*cards: Any, folder: Path | None = None, **head: Any) -> tuple[Fault, ...]:
    return read_text(deck_of(*cards, **head), "deck.yaml", folder)[1]


def rules_broken(*cards: Any, folder: Path | None = None, **head: Any) -> set[str]:
    return {fault.rule for fault in faults_in(*cards, folder=folder, **head)}
