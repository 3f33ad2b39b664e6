"""Which cards a schedule takes its questions from."""

from __future__ import annotations

from dataclasses import dataclass

from bot.quiz.cards import Card, Level


@dataclass(frozen=True, slots=True)
class Selection:
    """Cards of one of these decks, of one of these levels, and about at least one of these topics; what is not said narrows
    nothing.
    """

    decks: tuple[str, ...] = ()
    levels: tuple[Level, ...] = ()
    topics: tuple[str, ...] = ()

    def takes(self, deck: str, card: Card) -> bool:
        return (
            (not self.decks or deck in self.decks)
            and (not self.levels or card.level in self.levels)
            and (not self.topics or not set(self.topics).isdisjoint(card.topics))
        )


EVERYTHING = Selection()
