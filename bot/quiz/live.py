"""A live round's rules: what a right answer wins by how soon it came, and how long each state lasts."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction
from typing import Final

from bot.quiz.cards import Card, SingleChoice, TrueFalse

MOST: Final = 1000
"""Points of a right answer that takes no time; one in the last moment wins half of them."""

LOBBY: Final = timedelta(seconds=60)
"""How long people can join before the first question comes by itself."""

REVEAL: Final = timedelta(seconds=12)
"""How long an answer and the standings stand before what comes next: as long as reading them takes."""

LEAD: Final = timedelta(seconds=1)
"""From sending a question until it can be seen; its time begins then."""

GRACE: Final = timedelta(seconds=1)
"""From the end of a question until it is closed: presses that came in time are on their way to the database."""

ABANDONED: Final = timedelta(minutes=10)
"""A round that nobody has driven for so long is ended: nobody waits before the screen any more."""

LONGEST: Final = timedelta(minutes=45)
"""Of a whole round. Discord slows down edits of messages that are over an hour old."""


def points(taken: timedelta, seconds: int) -> int:
    """What a right answer wins after some time of the question's `seconds`: 1000 × (1 − t/2T), rounded half up."""
    share = min(max(taken / timedelta(seconds=seconds), 0.0), 1.0)
    return int(MOST * (1 - Fraction(share).limit_denominator(1_000_000) / 2) + Fraction(1, 2))


def lasts(count: int, seconds: int) -> timedelta:
    """How long so many questions take at most, the lobby included."""
    return LOBBY + count * (LEAD + timedelta(seconds=seconds) + GRACE + REVEAL)


def pressable(card: Card) -> bool:
    """Whether one press answers a card, and a key says whether it is right."""
    return isinstance(card, SingleChoice | TrueFalse)
