"""What a rule of the lint is: a name, how grave it is, and a function that finds what it is against."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from bot.library.document import Trail
from bot.library.faults import Severity


@dataclass(frozen=True, slots=True)
class Found:
    """One find: the way to it from where the rule began to look, and what is wrong with the mend, in one sentence."""

    trail: Trail
    message: str
    at_key: bool = False


Finds: TypeAlias = Iterator[Found]
CardCheck: TypeAlias = Callable[[Any], Finds]
"""`Any`: each rule names the kinds that it takes."""
DeckCheck: TypeAlias = Callable[[Sequence[tuple[int, Any]]], Finds]


@dataclass(frozen=True, slots=True)
class CardRule:
    """A rule about one card. `kinds`: the cards it looks at. `english`: it knows English words and reads no other."""

    id: str
    severity: Severity
    kinds: tuple[type, ...]
    english: bool
    finds: CardCheck

    def __call__(self, card: object) -> Finds:
        return self.finds(card)


@dataclass(frozen=True, slots=True)
class DeckRule:
    """A rule about a deck's cards together; it gets them with their places in the file, and finds from the root."""

    id: str
    severity: Severity
    finds: DeckCheck

    def __call__(self, cards: Sequence[tuple[int, Any]]) -> Finds:
        return self.finds(cards)


def error(id: str, *kinds: type) -> Callable[[CardCheck], CardRule]:  # noqa: A002
    """Make a function the rule that nothing may break."""
    return lambda finds: CardRule(id, Severity.ERROR, kinds, False, finds)


def warning(id: str, *kinds: type, english: bool = False) -> Callable[[CardCheck], CardRule]:  # noqa: A002
    """Make a function the rule that a good card keeps."""
    return lambda finds: CardRule(id, Severity.WARNING, kinds, english, finds)


def deck_error(id: str) -> Callable[[DeckCheck], DeckRule]:  # noqa: A002
    return lambda finds: DeckRule(id, Severity.ERROR, finds)


def deck_warning(id: str) -> Callable[[DeckCheck], DeckRule]:  # noqa: A002
    return lambda finds: DeckRule(id, Severity.WARNING, finds)
