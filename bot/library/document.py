"""YAML 1.2 as decks use it: mappings, lists and scalars, each with its place in the file.

Read from the parser's events in one walk, which costs a third less than the round-trip objects. What a deck has no
use for and an attacker has (aliases, tags, several documents, deep nesting) is refused.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import TypeAlias

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from bot.library import syntax
from bot.library.characters import UNSHOWABLE, Report, Spot, decoded, printable, spot_of
from bot.library.faults import Fault, Severity

Value: TypeAlias = dict[str, "Value"] | list["Value"] | str | int | float | bool | None
Trail: TypeAlias = tuple[str | int, ...]
"""The way to a value: `("cards", 3, "options", 0, "text")`."""

DEEPEST = 20  # a deck needs 9


class Document:
    """A file's value, and where each part of it stands."""

    def __init__(self) -> None:
        self.value: Value = None
        self.values: dict[Trail, Spot] = {(): Spot(1, 1)}
        self.keys: dict[Trail, Spot] = {}

    def spot(self, trail: Trail) -> Spot:
        """Where the value at `trail` begins, or the nearest one around it."""
        while trail not in self.values:
            trail = trail[:-1]
        return self.values[trail]

    def key_spot(self, trail: Trail) -> Spot:
        """Where the key of the value at `trail` stands."""
        return self.keys.get(trail) or self.spot(trail)


def read_document(content: bytes | str, file: str) -> tuple[Document | None, tuple[Fault, ...]]:
    """The document in a file's content, and what is wrong with it as YAML. None when it can't be read to its end."""
    faults: list[Fault] = []

    def report(spot: Spot, rule: str, message: str) -> None:
        faults.append(Fault(file, *spot, None, rule, message, Severity.ERROR))

    text = decoded(content, report)
    if text is None or not printable(text, report):
        return None, tuple(faults)
    try:
        document = _Walk(text, report).document()
    except _Refusal as stop:
        report(stop.spot, stop.rule, str(stop))
        return None, tuple(faults)
    except MarkedYAMLError as broken:
        line, column, message = syntax.reworded(broken, text)
        report(Spot(line, column), "yaml-syntax", message)
        return None, tuple(faults)
    except (YAMLError, ValueError, OverflowError):  # the last two are what chr() says to the parser
        escape = _PAST_UNICODE.search(text)
        report(
            spot_of(text, escape.start() if escape else 0),
            "yaml-syntax",
            "this escape names no character: take it out, or write the backslash as \\\\",
        )
        return None, tuple(faults)
    return document, tuple(faults)


_PAST_UNICODE = re.compile(r"\\U(?!00(?:0|10))[0-9A-Fa-f]{8}")


class _Refusal(Exception):  # never leaves this file
    """Something is refused, and reading on makes no sense."""

    def __init__(self, spot: Spot, rule: str, message: str) -> None:
        super().__init__(message)
        self.spot = spot
        self.rule = rule


# ---------------------------------------------------------------- the walk


class _Walk:
    """One pass over the parser's events."""

    def __init__(self, text: str, report: Report) -> None:
        self.events: Iterator[Event] = YAML(typ="safe", pure=True).parse(text)
        self.report = report
        self.read = Document()

    def document(self) -> Document:
        started = False
        for event in self.events:
            if isinstance(event, DocumentStartEvent):
                if started:
                    message = "a second document begins here: a file holds one deck, so delete the line ‘---’"
                    raise _Refusal(_at(event), "several-documents", message)
                started = True
                self.read.value = self.value(next(self.events), (), 0)
        return self.read

    def value(self, event: Event, trail: Trail, depth: int) -> Value:
        spot = self.read.values[trail] = _at(event)
        _refuse(event, spot, depth)
        if isinstance(event, ScalarEvent):
            if event.value == "" and event.style is None:
                self.read.values[trail] = self.read.key_spot(trail)  # the parser has it where the next thing begins
            return self.scalar(event, spot)
        if isinstance(event, SequenceStartEvent):
            items: list[Value] = []
            while not isinstance(inner := next(self.events), SequenceEndEvent):
                items.append(self.value(inner, (*trail, len(items)), depth + 1))
            return items
        assert isinstance(event, MappingStartEvent)
        return self.mapping(trail, depth)

    def mapping(self, trail: Trail, depth: int) -> Value:
        entries: dict[str, Value] = {}
        while not isinstance(event := next(self.events), MappingEndEvent):
            spot = _at(event)
            _refuse(event, spot, depth)
            if not isinstance(event, ScalarEvent):
                message = "a key is a word, not a list or a mapping: text that begins with [ or { stands in quotes"
                raise _Refusal(spot, "yaml-syntax", message)
            name = str(event.value)
            if (inner := (*trail, name)) in self.read.keys:
                first = self.read.keys[inner]
                message = f"the key ‘{name}’ is here twice (first on line {first.line}): delete one of the two"
                self.report(spot, "duplicate-key", message)
                _Walk.value(self._aside(), next(self.events), inner, depth + 1)
                continue
            self.read.keys[inner] = spot
            entries[name] = self.value(next(self.events), inner, depth + 1)
        return entries

    def _aside(self) -> _Walk:
        """A walk over the same events whose values are kept nowhere."""
        aside = object.__new__(_Walk)
        aside.events, aside.report, aside.read = self.events, self.report, Document()
        return aside

    def scalar(self, event: ScalarEvent, spot: Spot) -> Value:
        text = str(event.value)
        if event.style is None:
            return _plain(text)
        if event.style == '"' and (unshowable := UNSHOWABLE.search(text)):
            message = f"this text holds U+{ord(unshowable[0]):04X}, which no chat can show: take the escape out"
            self.report(spot, "control-character", message)
            return UNSHOWABLE.sub("", text)
        return text


def _at(event: Event) -> Spot:
    return Spot(event.start_mark.line + 1, event.start_mark.column + 1)


def _refuse(event: Event, spot: Spot, depth: int) -> None:
    """Stop at what no deck needs."""
    if isinstance(event, AliasEvent):
        message = "text that begins with * stands in quotes (YAML’s aliases aren’t read): put it in quotes"
        raise _Refusal(spot, "yaml-alias", message)
    if getattr(event, "anchor", None) is not None:
        message = "text that begins with & stands in quotes (YAML’s anchors aren’t read): put it in quotes"
        raise _Refusal(spot, "yaml-alias", message)
    if getattr(event, "ctag", None) is not None:
        message = "text that begins with ! stands in quotes (YAML’s tags aren’t read): put it in quotes"
        raise _Refusal(spot, "yaml-tag", message)
    if depth > DEEPEST:
        raise _Refusal(spot, "too-deep", "lists and mappings are nested too deep here: no part of a deck is")


# YAML 1.2, core schema (https://yaml.org/spec/1.2.2/#103-core-schema), without .inf and .nan: no card has a use for them
_NULL = frozenset(("", "~", "null", "Null", "NULL"))
_BOOL = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_INT = re.compile(r"[-+]?[0-9]{1,15}\Z")
_BASED = re.compile(r"0o[0-7]{1,15}\Z|0x[0-9a-fA-F]{1,12}\Z")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z")


def _plain(text: str) -> Value:
    """What an unquoted scalar means."""
    if text in _NULL:
        return None
    if text in _BOOL:
        return _BOOL[text]
    if text[0] in "-+.0123456789":
        if _INT.match(text):
            return int(text)
        if _BASED.match(text):
            return int(text, 0)
        if _FLOAT.match(text) and math.isfinite(number := float(text)):
            return number
    return text
