"""Runs: stretches of text of one style, without any platform's markup."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of text in one style; with `url` it is a link (http, https or mailto alone)."""

    text: str
    bold: bool = False
    italic: bool = False
    code: bool = False
    url: str | None = None

    def __post_init__(self) -> None:
        if self.url is not None and not re.match(r"(https?://|mailto:)[^\s<>]+\Z", self.url):
            raise ValueError(f"not a link that can be shown: {self.url!r}")


@dataclass(frozen=True, slots=True)
class CodeBlock:
    """Lines of code, shown as they are."""

    text: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class Mention:
    """A person named so that the platform links to them. It never pings."""

    user: str
    name: str

    @property
    def text(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel by its id, named so that the platform links to it where it can."""

    id: str

    @property
    def text(self) -> str:
        return f"#{self.id}"


@dataclass(frozen=True, slots=True)
class When:
    """An instant, which each platform shows in the reader's own zone where it can (Discord, Slack, a browser's script).

    `text` is for where it can't: the same instant in UTC.
    """

    at: datetime

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise ValueError(f"a time without a zone: {self.at!r}")

    @property
    def text(self) -> str:
        return f"{self.at.astimezone(UTC):%a %d %b, %H:%M} UTC"


Run: TypeAlias = Span | CodeBlock | Mention | Channel | When


def plain(text: str) -> Span:
    return Span(text)


def bold(text: str) -> Span:
    return Span(text, bold=True)


def italic(text: str) -> Span:
    return Span(text, italic=True)


def code(text: str) -> Span:
    return Span(text, code=True)
