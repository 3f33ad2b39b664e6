"""Points: what an answer earns, how teams of different size compare, and who stands where."""

from __future__ import annotations

import bisect
from collections.abc import Sequence
from fractions import Fraction
from typing import Final, TypeVar

from bot.quiz.cards import Card, Explain, Flashcard, Level, MultiChoice, Ordering
from bot.quiz.grading import Grade

ON_OFFER: Final = {Level.BEGINNER: 10, Level.INTERMEDIATE: 15, Level.ADVANCED: 20}
TAKING_PART: Final = 2
PRIOR: Final = 25
"""Points on offer that every team is credited with at the community's mean, so that three lucky answers don't win."""

Number = TypeVar("Number", float, Fraction)


def points(card: Card, grade: Grade) -> tuple[int, int]:
    """What a daily answer won, and what it could have won.

    Kinds that can be partly right earn their fraction, rounded half up; a cloze is all or nothing. A flashcard earns for
    taking part, whatever the self-grade: nobody should have a reason to flatter themselves.
    """
    if isinstance(card, Flashcard):
        return TAKING_PART, TAKING_PART
    offer = ON_OFFER[card.level]
    if isinstance(card, MultiChoice | Explain | Ordering):
        share = Fraction(grade.fraction).limit_denominator(1000)  # 0.7 × 15 is 10½, not a hair less
        return int(share * offer + Fraction(1, 2)), offer
    return (offer if grade.correct else 0), offer


def fair_accuracy(won: Number, on_offer: Number, mean: Number) -> Number:
    """A team's accuracy, 0 to 1, drawn towards the community's `mean` (0 to 1) as long as little was on offer."""
    return (won + PRIOR * mean) / (on_offer + PRIOR)


def ranks(points: Sequence[float]) -> list[int]:
    """The rank of each, in the order given: equals share one, and the next takes up the count (1, 2, 2, 4)."""
    losses = sorted(-each for each in points)
    return [bisect.bisect_left(losses, -each) + 1 for each in points]
