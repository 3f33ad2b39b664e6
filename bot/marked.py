"""A text that is said later, to whoever reads it then: its English, as the catalogue has it, and what fills its places.

What a platform refuses is known deep in an adapter, and may be kept for days before an admin reads why. Nobody there knows in
which language; `bot.words` says it where that is known.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self, TypeAlias, Union

PLACE = re.compile(r"\{([a-z_]+)\}")

Value: TypeAlias = Union[str, int, "Marked", Sequence["str | Marked"]]
"""What fills a place; several are listed with an `and` before the last."""


@dataclass(frozen=True, slots=True)
class Marked:
    """`text` stands in the catalogue: it is marked by `N_` where it is written. `str` is the English, for the log."""

    text: str
    given: Mapping[str, Value] = field(default_factory=dict)

    @classmethod
    def joined(cls, *sentences: Marked) -> Self:
        """Whole sentences, one behind the other."""
        names = "abcdefgh"[: len(sentences)]
        return cls(" ".join(f"{{{name}}}" for name in names), dict(zip(names, sentences, strict=True)))

    def __str__(self) -> str:
        return filled(self.text, {name: _in_english(value) for name, value in self.given.items()})

    def written(self) -> str:
        """As it is kept; the same text with the same values is written alike."""
        return json.dumps(_plain(self), ensure_ascii=False, sort_keys=True)

    @classmethod
    def read(cls, written: str) -> Marked:
        found = _read(json.loads(written))
        assert isinstance(found, Marked)
        return found


def filled(text: str, given: Mapping[str, str]) -> str:
    """No format specification, no attribute, no index: names alone, so that no text of anybody's can reach anything."""
    return PLACE.sub(lambda found: given.get(found[1], found[0]), text) if given else text


def _in_english(value: Value) -> str:
    if isinstance(value, str | int | Marked):
        return str(value)
    *most, last = map(str, value)
    return f"{', '.join(most)} and {last}" if most else last


def _plain(value: Value) -> Any:  # noqa: ANN401 - as JSON has it
    match value:
        case Marked(text, given):
            return {"text": text, **({"given": {name: _plain(each) for name, each in given.items()}} if given else {})}
        case str() | int():
            return value
        case _:
            return [_plain(each) for each in value]


def _read(found: Any) -> Any:  # noqa: ANN401 - as JSON has it
    match found:
        case dict():
            return Marked(found["text"], {name: _read(each) for name, each in found.get("given", {}).items()})
        case list():
            return tuple(_read(each) for each in found)
        case _:
            return found
