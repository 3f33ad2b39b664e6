"""From plain values to cards; what doesn't have the right shape is reported at its place."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from bot.library.document import Document, Trail, Value
from bot.library.faults import Fault, Severity
from bot.library.wording import HEAD_KEYS, Complaint, blanks, complaints, either, nearest
from bot.quiz.cards import Card, Deck

Model = TypeVar("Model")
_HEAD: TypeAdapter[Deck] = TypeAdapter(Deck)
_CARD: TypeAdapter[Card] = TypeAdapter(Card)


@dataclass(slots=True)
class Shaped:
    """What could be read: the deck without cards (None when its head is at fault), and cards with their places."""

    document: Document
    file: str
    head: Deck | None = None
    cards: list[tuple[int, Card]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def report(self, *found: Complaint, under: Trail = ()) -> None:
        for one in found:
            trail = (*under, *one.trail)
            spot = self.document.key_spot(trail) if one.at_key else self.document.spot(trail)
            card = card_id(self.document.value, trail)
            self.faults.append(Fault(self.file, *spot, card, one.rule, one.message, Severity.ERROR))

    def tried(self, model: TypeAdapter[Model], value: Value, at: Trail) -> Model | None:
        """The value as the model; None, and everything reported that is wrong with it."""
        made: Model | None = None
        wrong: list[Complaint] = []
        try:
            # strict, and by way of JSON: a list is then a tuple's one spelling and "yes" no bool, as in the JSON Schema
            made = model.validate_json(json.dumps(value), strict=True)
        except ValidationError as error:
            wrong += complaints(error, value)
        told = {complaint.trail for complaint in wrong if complaint.rule != "missing-key"}
        wrong += (blank for blank in blanks(value) if blank.trail not in told)
        self.report(*wrong, under=at)
        return None if wrong else made


def shaped(document: Document, file: str) -> Shaped:
    """The deck's parts that have the right shape, and a fault for each that hasn't."""
    result = Shaped(document, file)
    root = document.value
    if not isinstance(root, dict):
        message = "a deck file begins with ‘deck:’ and goes on with ‘cards:’: see content/README.md"
        result.report(Complaint((), "wrong-type", message))
        return result
    for name in root:
        if name not in ("deck", "cards"):
            result.report(Complaint((name,), "unknown-key", _stray(name), at_key=True))
    if "deck" in root:
        _head(root["deck"], result)
    else:
        message = "‘deck’ is missing: begin the file with ‘deck:’, and its id and title under it"
        result.report(Complaint((), "missing-key", message))
    if "cards" in root:
        _cards(root["cards"], result)
    else:
        message = "‘cards’ is missing: add ‘cards:’ and a list of cards under it"
        result.report(Complaint((), "missing-key", message))
    return result


def _stray(name: str) -> str:
    if near := nearest(name, ("deck", "cards")):
        return f"‘{name[:40]}’ doesn’t belong here: did you mean {either(near)}?"
    mend = "indent it under ‘deck:’" if name in HEAD_KEYS else "a deck file has ‘deck’ and ‘cards’, so delete it"
    return f"‘{name[:40]}’ doesn’t belong here: {mend}"


def _head(value: Value, result: Shaped) -> None:
    if not isinstance(value, dict):
        message = "‘deck’ holds the deck’s id and title: write ‘id: …’ and ‘title: …’ under it"
        result.report(Complaint(("deck",), "wrong-type", message))
        return
    if "cards" in value:
        message = "‘cards’ stands beside ‘deck’, not under it: take its indentation away"
        result.report(Complaint(("deck", "cards"), "unknown-key", message, at_key=True))
    own = {name: inner for name, inner in value.items() if name != "cards"}
    result.head = result.tried(_HEAD, own, ("deck",))


def _cards(value: Value, result: Shaped) -> None:
    if not isinstance(value, list):
        message = "‘cards’ is a list: begin each card with ‘- id: …’"
        result.report(Complaint(("cards",), "wrong-type", message))
        return
    for index, one in enumerate(value):
        if card := result.tried(_CARD, one, ("cards", index)):
            result.cards.append((index, card))


def card_id(root: Value, trail: Trail) -> str | None:
    """The id of the card that `trail` leads into, as far as it can be told."""
    if (
        isinstance(root, dict)
        and len(trail) > 1
        and trail[0] == "cards"
        and isinstance(cards := root.get("cards"), list)
    ):
        card = cards[int(trail[1])]
        if isinstance(card, dict) and isinstance(name := card.get("id"), str):
            return name[:40]
    return None
