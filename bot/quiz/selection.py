"""Which cards a schedule takes its questions from."""

from __future__ import annotations

from dataclasses import dataclass

from bot.quiz.cards import Card, Level


@dataclass(frozen=True, slots=True)
class Selection:
    """Cards of these decks, this level and this topic; what is not said narrows nothing."""

    decks: tuple[str, ...] = ()
    level: Level | None = None
    topic: str | None = None

    def takes(self, deck: str, card: Card) -> bool:
        return (
            (not self.decks or deck in self.decks)
            and (self.level is None or card.level is self.level)
            and (self.topic is None or self.topic in card.topics)
        )


EVERYTHING = Selection()
