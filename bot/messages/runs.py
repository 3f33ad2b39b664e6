"""Runs: stretches of text of one style, without any platform's markup."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
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

    @property
    def style(self) -> tuple[bool, bool, bool, str | None]:
        """All but the text."""
        return self.bold, self.italic, self.code, self.url


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

    `soon`: one that people wait for, a moment away. It counts down where a platform does that by itself (Discord, a browser's
    script), and is told to the second elsewhere. `text` is for where none of that can be: the same instant in UTC.
    """

    at: datetime
    soon: bool = False

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise ValueError(f"a time without a zone: {self.at!r}")

    @property
    def text(self) -> str:
        return f"{self.at.astimezone(UTC):{'%H:%M:%S' if self.soon else '%a %d %b, %H:%M'}} UTC"


Run: TypeAlias = Span | CodeBlock | Mention | Channel | When


def plain(text: str) -> Span:
    return Span(text)


def bold(text: str) -> Span:
    return Span(text, bold=True)


def italic(text: str) -> Span:
    return Span(text, italic=True)


def code(text: str) -> Span:
    return Span(text, code=True)


_WOVEN = re.compile(r"(\*\*)|`([^`]+)`|\{([a-z_]+)\}")


def woven(text: str, /, **parts: Run | str | Sequence[Run | str]) -> tuple[Run, ...]:
    """The runs of a sentence of ours: `**bold**`, `` `code` ``, and `{places}` that `parts` fill by their names.

    So a sentence stays whole for whoever translates it. What fills a place is never read for marks. KeyError for a place
    that nothing fills.
    """
    return tuple(_joined(_woven(text, parts)))


@lru_cache(maxsize=1024)
def _pieces(text: str) -> tuple[tuple[str, str | None, str | None, bool], ...]:
    """A sentence's stretches in order: plain words, then the code or the place after them, if any; and whether it is bold."""
    pieces: list[tuple[str, str | None, str | None, bool]] = []
    at, strong = 0, False
    for found in _WOVEN.finditer(text):
        pieces.append((text[at : found.start()], found[2], found[3], strong))
        at = found.end()
        strong ^= bool(found[1])
    return (*pieces, (text[at:], None, None, strong))


def _woven(text: str, parts: dict[str, Run | str | Sequence[Run | str]]) -> Iterator[Run]:
    for words, code_of, place, strong in _pieces(text):
        if words:
            yield Span(words, bold=strong)
        if code_of is not None:
            yield Span(re.sub(r"\{([a-z_]+)\}", lambda found: _text(parts[found[1]]), code_of), bold=strong, code=True)
        elif place is not None:
            yield from (_styled(each, strong=strong) for each in _several(parts[place]))


def _several(part: Run | str | Sequence[Run | str]) -> Sequence[Run | str]:
    return (part,) if isinstance(part, str | Span | CodeBlock | Mention | Channel | When) else part


def _text(part: Run | str | Sequence[Run | str]) -> str:
    return "".join(each if isinstance(each, str) else each.text for each in _several(part))


def _styled(part: Run | str, *, strong: bool) -> Run:
    if isinstance(part, str):
        return Span(part, bold=strong)
    return replace(part, bold=True) if strong and isinstance(part, Span) else part


def _joined(every: Iterator[Run]) -> Iterator[Run]:
    """Without what is empty; neighbours of one style are one run."""
    last: Run | None = None
    for each in every:
        if not each.text:
            continue
        if isinstance(last, Span) and isinstance(each, Span) and last.style == each.style:
            last = replace(last, text=last.text + each.text)
            continue
        if last is not None:
            yield last
        last = each
    if last is not None:
        yield last
