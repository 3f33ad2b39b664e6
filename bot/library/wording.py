"""What pydantic finds wrong with a deck's values, said in plain words."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from bot.library.document import Trail, Value
from bot.quiz.cards import KINDS, Card, Concept, Deck, Examples, Image, Level, Numeric, Option

BY_KIND: dict[str, type[BaseModel]] = {
    get_args(model.model_fields["kind"].annotation)[0]: model for model in get_args(get_args(Card)[0])
}
HEAD_KEYS = tuple(name for name in Deck.model_fields if name != "cards")

_INSIDE: dict[str, type[BaseModel]] = {
    "options": Option,
    "concepts": Concept,
    "examples": Examples,
    "image": Image,
    "numeric": Numeric,
}
_ONE_OF = {
    "options": "option",
    "items": "item",
    "concepts": "concept",
    "topics": "topic",
    "sources": "source",
    "pass": "pass example",
    "fail": "fail example",
    "accept": "accepted answer",
    "reject": "rejected answer",
    "allow": "allowed rule",
}


NOTHING = "there is nothing here (‘ #’ begins a comment): write something, in quotes if it has a #"


def spoken(trail: Trail) -> str:
    """A way inside a card in words, `option 2, why`; empty for the card itself."""
    parts: list[str] = []
    for step in trail:
        if isinstance(step, int):
            name = parts.pop() if parts else "entry"
            parts.append(f"{_ONE_OF.get(name, name)} {step + 1}")
        elif step != "examples":
            parts.append(step)
    return ", ".join(parts)


@dataclass(frozen=True, slots=True)
class Complaint:
    """One thing that has the wrong shape. `trail` leads to it, or to what lacks it; at_key: the key itself is wrong."""

    trail: Trail
    rule: str
    message: str
    at_key: bool = False


def complaints(wrong: ValidationError, value: Value) -> Iterator[Complaint]:
    """Everything that pydantic has against a card or a deck's head."""
    what, names = _model_of(value)
    errors = [(_way(error, value), error) for error in wrong.errors(include_url=False)]
    trails = [trail for trail, _ in errors]
    said: set[Trail] = set()
    for trail, error in errors:
        deeper = any(len(other) > len(trail) and other[: len(trail)] == trail for other in trails)
        if trail in said or (deeper and error["type"].endswith("_type")):
            continue  # of a union's branches, the one that got furthest knows best
        said.add(trail)
        rule, message = _said(error, trail, *_holder(trail, what, names))
        missing, at_key = error["type"] == "missing", rule == "unknown-key"
        place = spoken(trail[:-1] if missing or at_key else trail)
        yield Complaint(trail[:-1] if missing else trail, rule, f"{place}: {message}" if place else message, at_key)


def blanks(value: Value, trail: Trail = ()) -> Iterator[Complaint]:
    """Every key and entry with nothing behind it, which pydantic lets pass where a key may be left out."""
    if value is None:
        place = f"{spoken(trail)}: " if trail else ""
        yield Complaint(trail, "empty-text", f"{place}{NOTHING}, or delete the key")
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from blanks(inner, (*trail, name))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from blanks(inner, (*trail, index))


def _model_of(value: Value) -> tuple[str, Sequence[str]]:
    """What a value is meant to be, in words, and the keys that it can have."""
    if isinstance(value, dict) and "kind" in value:
        kind = value["kind"]
        model = BY_KIND.get(kind) if isinstance(kind, str) else None
        if model is not None:
            return f"a {kind} card", _names(model)
    return "the deck’s head", HEAD_KEYS


def _names(model: type[BaseModel]) -> tuple[str, ...]:
    return tuple(field.alias or name for name, field in model.model_fields.items())


def _way(error: ErrorDetails, value: Value) -> Trail:
    """The error's `loc` without what isn't part of the file: a union's tags, names of types, `[key]`."""
    trail: list[str | int] = []
    loc = list(error["loc"])
    if loc and loc[0] in KINDS:
        del loc[0]
    for step in loc:
        held = dict(enumerate(value)) if isinstance(value, list) else value
        if isinstance(held, dict) and step in held:
            value = held[step]  # type: ignore[index]  # `step in held` knows what mypy doesn't
            trail.append(step)
    if error["type"] == "missing":
        trail.append(loc[-1])
    elif error["type"] == "union_tag_invalid":
        trail.append("kind")
    return tuple(trail)


def _holder(trail: Trail, what: str, names: Sequence[str]) -> tuple[str, Sequence[str]]:
    """What holds the last step of `trail`, in words, and the keys that it can have."""
    for step in reversed(trail[:-1]):
        if isinstance(step, str):
            one = _ONE_OF.get(step, step)
            article = "" if step == "examples" else "an " if one[0] in "aeiou" else "a "
            return (article + one, _names(_INSIDE[step])) if step in _INSIDE else (what, names)
    return what, names


def _said(error: ErrorDetails, trail: Trail, holder: str, names: Sequence[str]) -> tuple[str, str]:
    """Rule id and sentence."""
    value: Any = error["input"]
    context: dict[str, Any] = error.get("ctx", {})
    name = str(trail[-1]) if trail else ""
    match error["type"]:
        case "missing":
            return "missing-key", f"‘{name}’ is missing, which {holder} must have: add ‘{name}: …’"
        case "extra_forbidden":
            return "unknown-key", _unknown_key(name, value, holder, names)
        case "union_tag_not_found":
            return "missing-key", f"‘kind’ is missing, which a card must have: add ‘kind:’ and one of {either(KINDS)}"
        case "union_tag_invalid":
            kind = str(value["kind"])
            return "unknown-kind", f"‘{_short(kind)}’ is no kind of card: {_meant(kind, KINDS)}"
        case "string_type":
            return _no_text(value)
        case "string_too_short":
            return "empty-text", "there is no text: write some, or delete the key"
        case "string_too_long":
            most = context["max_length"]
            return "text-too-long", f"{len(value.strip()):,} characters, and {most:,} can be shown: shorten it"
        case "string_pattern_mismatch":
            return "bad-value", _mismatch(trail, str(value))
        case "bool_type":
            mend = "without quotes" if isinstance(value, str) else f"not {_kind_of(value)}"
            return "wrong-type", f"this is true or false, {mend}: write true or false"
        case "float_type" | "int_type" | "finite_number":
            return "wrong-type", f"this is a number, not {_kind_of(value)}: write digits, with a point for decimals"
        case "tuple_type" | "list_type":
            mend = "write [a, b], or each on a line with ‘- ’ before it"
            return "wrong-type", f"this is a list, not {_kind_of(value)}: {mend}"
        case "model_type" | "model_attributes_type" | "dict_type":
            return "wrong-type", f"this has keys of its own, and is not {_kind_of(value)}: write ‘key: value’ lines"
        case "enum" | "literal_error":
            known = tuple(Level) if name == "level" else tuple(re.findall(r"'([^']+)'", context["expected"]))
            return "bad-value", f"‘{_short(value)}’ isn’t known here: {_meant(str(value), known)}"
        case "greater_than_equal":
            return "bad-value", f"{_short(value)} is too small: write {context['ge']:g} or more"
        case _:
            return "bad-value", f"‘{_short(value)}’ can’t stand here: see the examples in content/README.md"


def _unknown_key(name: str, value: object, holder: str, names: Sequence[str]) -> str:
    told = f"‘{_short(name)}’ is no key of {holder}"
    if value is None and " " in name:
        return f"{told}: text with a comma or a colon inside {{ }} stands in quotes, so put it in quotes"
    if near := nearest(name, names):
        return f"{told}: did you mean {either(near)}?"
    if homes := [kind for kind, model in BY_KIND.items() if name in _names(model)]:
        return f"{told}, but of {either(homes, 'and')}: delete it, or change the kind"
    return f"{told}: delete it, or use one of {either(names)}"


def _no_text(value: object) -> tuple[str, str]:
    if value is None:
        return "empty-text", NOTHING
    if isinstance(value, dict | list):
        return "wrong-type", f"this is text, not {_kind_of(value)}: text with [, {{ or ‘: ’ in it stands in quotes"
    return "wrong-type", f"this is text, not {_kind_of(value)}: put it in quotes"


def _mismatch(trail: Trail, value: str) -> str:
    name = next((step for step in reversed(trail) if isinstance(step, str)), "")
    if name == "language":
        return f"‘{_short(value)}’ is no language code: write one such as en, de or pt-BR"
    if name == "file":
        return f"‘{_short(value)}’ can’t name a picture: write a path beside the deck that ends in .png or .jpg"
    if len(trail) > 1 and trail[-2] == "accept":
        return f"‘{_short(name)}’ names no gap: write c1 to c9, as in the text"
    slug = re.sub(r"[^a-z0-9]+", "-", value.lower()).strip("-")[:40].strip("-")
    mend = f", such as ‘{slug}’" if slug else ""
    return f"‘{_short(value)}’ can’t be a name here: write lower-case letters, digits and dashes, at most 40{mend}"


def _kind_of(value: object) -> str:
    match value:
        case None:
            return "nothing"
        case bool():
            return "true or false"
        case int() | float():
            return "a number"
        case str():
            return "text"
        case list():
            return "a list"
        case _:
            return "keys and values"


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= 40 else text[:39] + "…"


def either(names: Sequence[str], word: str = "or") -> str:
    """`a, b or c`."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} {word} {names[-1]}"


def nearest(typed: str, names: Sequence[str]) -> tuple[str, ...]:
    """Up to two names, in quotes, that someone may have meant."""
    return tuple(f"‘{name}’" for name in difflib.get_close_matches(typed.lower()[:60], names, n=2, cutoff=0.6))


def _meant(typed: str, names: Sequence[str]) -> str:
    near = nearest(typed, names)
    return f"did you mean {either(near)}?" if near else f"write {either(names)}"
