"""A deck's cards taken together."""

from __future__ import annotations

from collections.abc import Sequence

from bot.library.lint.rule import Finds, Found, deck_error
from bot.quiz.cards import Card


@deck_error("no-cards")
def no_cards(cards: Sequence[tuple[int, Card]]) -> Finds:
    if not cards:
        yield Found(("cards",), "the deck has no cards: add one")


@deck_error("duplicate-id")
def duplicate_id(cards: Sequence[tuple[int, Card]]) -> Finds:
    first: dict[str, int] = {}
    for index, card in cards:
        if card.id in first:
            message = f"card {first[card.id] + 1} has the same id: give this one another (an id never changes once people have answered)"
            yield Found(("cards", index, "id"), message)
        first.setdefault(card.id, index)
