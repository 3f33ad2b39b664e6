"""Yes and no, true and false, as people type them: in any of our languages, whichever one they are spoken to in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Truths:
    """A language's words, the usual one first. What means the same in an answer stands together."""

    true: tuple[str, ...]
    false: tuple[str, ...]
    yes: tuple[str, ...]
    no: tuple[str, ...]


LANGUAGES: Mapping[str, Truths] = {
    "en": Truths(("true",), ("false",), ("yes",), ("no",)),
    "de": Truths(("wahr", "richtig", "stimmt"), ("falsch", "unwahr", "stimmt nicht"), ("ja",), ("nein",)),
}
"""By code. A language that is added says its own here."""

ALSO = {"t": True, "right": True, "correct": True, "f": False, "wrong": False, "incorrect": False}
"""Understood where nothing else could be meant, but no right answer to a question by itself: `right` is a side, too."""

_ALIKE: tuple[frozenset[str], ...] = tuple(
    frozenset(word for language in LANGUAGES.values() for word in getattr(language, kind))
    for kind in ("true", "false", "yes", "no")
)
_TRUTHS: Mapping[str, bool] = {**ALSO, **{word: at % 2 == 0 for at, words in enumerate(_ALIKE) for word in words}}


def truth(text: str) -> bool | None:
    """What a word affirms or denies; None for any other."""
    return _TRUTHS.get(_folded(text))


def in_every_language(accept: Iterable[str]) -> tuple[str, ...]:
    """These answers, and behind them what says the same in another language: with `yes` goes `ja`, with `falsch` `false`."""
    given = tuple(accept)
    folded = {_folded(text) for text in given}
    return (*given, *(word for words in _ALIKE if words & folded for word in sorted(words - folded)))


def _folded(text: str) -> str:
    return " ".join(text.casefold().split()).rstrip(".!")
