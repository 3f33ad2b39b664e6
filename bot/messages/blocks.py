"""Blocks, from which messages are made, top to bottom."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Self, TypeAlias

from bot.messages.actions import Action
from bot.messages.choices import Choice
from bot.messages.limits import LIMITS, within
from bot.messages.runs import Run, Span, woven

_FILE_NAME = re.compile(r"[A-Za-z0-9_-]{1,50}\.[a-z0-9]{1,8}")
"""What Discord leaves of a name as it is."""


class Tone(StrEnum):
    """How a message feels; platforms with an accent colour show it. The words say the same without colour."""

    PLAIN = "plain"
    GOOD = "good"
    PARTLY = "partly"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Heading:
    text: str

    def __post_init__(self) -> None:
        within("a heading", self.text, LIMITS.HEADING)


@dataclass(frozen=True, slots=True)
class Text:
    """Paragraphs of typed runs; newlines inside runs break lines. `quiet` text is secondary: smaller, greyer."""

    runs: tuple[Run, ...]
    quiet: bool = False

    def __post_init__(self) -> None:
        within("a text", self.text, LIMITS.TEXT)

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)

    @classmethod
    def of(cls, *runs: Run | str, quiet: bool = False) -> Self:
        return cls(tuple(Span(run) if isinstance(run, str) else run for run in runs), quiet)

    @classmethod
    def woven(cls, text: str, /, *, quiet: bool = False, **parts: Run | str | Sequence[Run | str]) -> Self:
        """A whole sentence, as `runs.woven` reads it."""
        return cls(woven(text, **parts), quiet)


@dataclass(frozen=True, slots=True)
class Fields:
    """Short pairs of a name and a value, side by side where there is room."""

    pairs: tuple[tuple[str, str], ...]

    def __post_init__(self) -> None:
        if not 1 <= len(self.pairs) <= LIMITS.FIELDS:
            raise ValueError(f"{len(self.pairs)} fields; 1 to {LIMITS.FIELDS} can be shown")
        for name, value in self.pairs:
            within("a field", name + value, LIMITS.FIELD)

    @property
    def text(self) -> str:
        return "\n".join(f"{name}: {value}" for name, value in self.pairs)


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a head; `numeric` are the columns set flush right, `mark` is the row to stand out (the reader's own)."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: frozenset[int] = frozenset()
    mark: int | None = None

    def __post_init__(self) -> None:
        if not 1 <= len(self.head) <= LIMITS.TABLE_COLUMNS or len(self.rows) > LIMITS.TABLE_ROWS:
            raise ValueError(f"a table of {len(self.head)} columns and {len(self.rows)} rows can't be shown")
        if any(len(row) != len(self.head) for row in self.rows):
            raise ValueError("every row of a table has as many cells as its head")

    @property
    def text(self) -> str:
        return "\n".join(" · ".join(cell for cell in row if cell) for row in (self.head, *self.rows))


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG or JPEG; `alt` says everything that the picture shows, numbers included.

    `svg`: the same drawing as SVG, where there is one, its colours by classes: for screens that have their own.
    """

    content: bytes
    alt: str
    name: str = "picture.png"
    svg: str = ""

    def __post_init__(self) -> None:
        within("a picture's alt text", self.alt, LIMITS.ALT)
        if not self.content.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")):
            raise ValueError("a picture is a PNG or a JPEG")
        if len(self.content) > LIMITS.PICTURE:
            raise ValueError(f"a picture of {len(self.content)} bytes; {LIMITS.PICTURE} can be sent")

    @property
    def media_type(self) -> str:
        return "image/png" if self.content.startswith(b"\x89PNG") else "image/jpeg"

    @property
    def text(self) -> str:
        return self.alt


@dataclass(frozen=True, slots=True)
class File:
    """A file for the reader to keep, in a private message alone. `name` is of letters, digits, `-`, `_` and one dot."""

    content: bytes = field(repr=False)
    name: str
    media_type: str

    def __post_init__(self) -> None:
        if not _FILE_NAME.fullmatch(self.name):
            raise ValueError(f"{self.name!r} is no name for a file")
        if not 1 <= len(self.content) <= LIMITS.FILE:
            raise ValueError(f"a file of {len(self.content)} bytes; 1 to {LIMITS.FILE} can be sent")

    @property
    def text(self) -> str:
        return self.name


class Style(StrEnum):
    PLAIN = "plain"
    PRIMARY = "primary"
    DANGER = "danger"


@dataclass(frozen=True, slots=True)
class Button:
    """A button. `label` is all that most platforms show; `hint` is said by screen readers where they allow it."""

    label: str
    action: Action
    style: Style = Style.PLAIN
    hint: str = ""

    def __post_init__(self) -> None:
        within("a button's label", self.label, LIMITS.LABEL)


@dataclass(frozen=True, slots=True)
class Buttons:
    """One row of buttons."""

    buttons: tuple[Button, ...]

    def __post_init__(self) -> None:
        if not 1 <= len(self.buttons) <= LIMITS.BUTTONS:
            raise ValueError(f"{len(self.buttons)} buttons in a row; 1 to {LIMITS.BUTTONS} can be shown")

    @property
    def text(self) -> str:
        return ""

    @classmethod
    def of(cls, *buttons: Button) -> Self:
        return cls(buttons)


def button_rows(buttons: Iterable[Button]) -> tuple[Buttons, ...]:
    """As many rows as the buttons need."""
    every = tuple(buttons)
    return tuple(Buttons(every[i : i + LIMITS.BUTTONS]) for i in range(0, len(every), LIMITS.BUTTONS))


@dataclass(frozen=True, slots=True)
class Select:
    """A menu in a message: choosing presses `action` with the chosen value."""

    action: Action
    placeholder: str
    options: tuple[Choice, ...]

    def __post_init__(self) -> None:
        within("a menu's placeholder", self.placeholder, LIMITS.OPTION)
        if not 1 <= len(self.options) <= LIMITS.OPTIONS:
            raise ValueError(f"{len(self.options)} options; 1 to {LIMITS.OPTIONS} can be shown")

    @property
    def text(self) -> str:
        return ""


Block: TypeAlias = Heading | Text | Fields | Table | Picture | File | Buttons | Select


def _parts(block: Block) -> int:
    """How many of a message's parts a block takes: itself, and whatever stands in its row."""
    match block:
        case Buttons():
            return 1 + len(block.buttons)
        case Select():
            return 2
        case _:
            return 1


@dataclass(frozen=True, slots=True)
class Message:
    """Blocks from top to bottom. `text` is the same for ears: what a notification or a screen reader says."""

    blocks: tuple[Block, ...]
    tone: Tone = Tone.PLAIN

    def __post_init__(self) -> None:
        if not 1 <= len(self.blocks) <= LIMITS.BLOCKS:
            raise ValueError(f"{len(self.blocks)} blocks; 1 to {LIMITS.BLOCKS} can be shown")
        if (parts := sum(map(_parts, self.blocks))) > LIMITS.PARTS:
            raise ValueError(f"{parts} parts, each button one and its row another; {LIMITS.PARTS} can be shown")
        if (total := sum(len(block.text) for block in self.blocks)) > LIMITS.MESSAGE:
            raise ValueError(f"{total} characters in a message; {LIMITS.MESSAGE} can be shown")

    @property
    def text(self) -> str:
        return "\n".join(block.text for block in self.blocks if block.text)

    @property
    def actions(self) -> tuple[Action, ...]:
        """Every action that this message offers, in order."""
        return tuple(
            action
            for block in self.blocks
            for action in (
                [button.action for button in block.buttons]
                if isinstance(block, Buttons)
                else [block.action]
                if isinstance(block, Select)
                else []
            )
        )

    @classmethod
    def of(cls, *blocks: Block | str, tone: Tone = Tone.PLAIN) -> Self:
        return cls(tuple(Text.of(block) if isinstance(block, str) else block for block in blocks), tone)
