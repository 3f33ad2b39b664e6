"""What we say: messages made of blocks, forms, and the limits that every platform can show.

A message is data without any platform's markup; each adapter's `render.py` turns it into components, and escapes there
and nowhere else. Constructors refuse what some platform would reject, so an oversize message is found where it is made.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Self, TypeAlias

from bot.events import OptionValue


class LIMITS:
    """The tightest documented limit over Discord (docs: Components reference) and Slack (docs: Block Kit reference)."""

    ACTION = 100  # Discord custom_id; Slack value 2,000
    MESSAGE = 4000  # Discord: all text of a components-v2 message together
    BLOCKS = 35  # Discord: 40 components a message, the container and rows included; Slack 50 blocks
    TEXT = 2900  # Slack section text 3,000, less what escaping may add around it
    HEADING = 150  # Slack header
    FIELDS = 10  # Slack section fields
    FIELD = 300  # ours: two columns on a phone; Slack 2,000
    BUTTONS = 5  # Discord: buttons a row
    LABEL = 75  # Slack button text; Discord 80
    OPTIONS = 25  # Discord select options; Slack 100
    OPTION = 75  # Slack option text; Discord 100
    ALT = 1000  # Discord 1,024; Slack 2,000
    TABLE_ROWS = 99  # Slack table 100, with its head
    TABLE_COLUMNS = 20  # Slack table
    FORM_TITLE = 24  # Slack modal title; Discord 45
    FORM_INPUTS = 5  # Discord modal components
    INPUT_LABEL = 45  # Discord Label; Slack 2,000
    INPUT_HINT = 100  # Discord Label description and placeholder; Slack placeholder 150
    INPUT = 3000  # Slack plain_text_input max_length; Discord TextInput 4,000
    PICTURE = 5_000_000  # bytes; Discord uploads 10 MiB
    CHOICES = 25  # Discord autocomplete


def clip(text: str, limit: int) -> str:
    """`text`, or its beginning and an ellipsis, in at most `limit` characters."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def _within(what: str, text: str, limit: int, *, least: int = 1) -> None:
    if not least <= len(text) <= limit:
        raise ValueError(f"{what} has {len(text)} characters; {least} to {limit} can be shown")


# ---------------------------------------------------------------- runs


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


Run: TypeAlias = Span | CodeBlock | Mention | When


def plain(text: str) -> Span:
    return Span(text)


def bold(text: str) -> Span:
    return Span(text, bold=True)


def italic(text: str) -> Span:
    return Span(text, italic=True)


def code(text: str) -> Span:
    return Span(text, code=True)


# ---------------------------------------------------------------- actions


_VERB = re.compile(r"[a-z][a-z0-9-]*\Z")
_ARG = re.compile(r"[A-Za-z0-9_.-]*\Z")


@dataclass(frozen=True, slots=True)
class Action:
    """What a button or form asks for: a verb and its arguments, written `answer:17:2`.

    It is all the state there is, so it works after a restart. It never holds the right answer, and every use of it is
    authorised again. At most `LIMITS.ACTION` characters; arguments are letters, digits, `_`, `.` and `-`.
    """

    verb: str
    args: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not _VERB.match(self.verb) or not all(_ARG.match(arg) for arg in self.args):
            raise ValueError(f"not an action: {self.verb!r} {self.args!r}")
        _within("an action", str(self), LIMITS.ACTION)

    def __str__(self) -> str:
        return ":".join((self.verb, *self.args))

    @classmethod
    def of(cls, verb: str, *args: str | int) -> Self:
        return cls(verb, tuple(str(arg) for arg in args))

    @classmethod
    def parse(cls, written: str) -> Self:
        """The action that `str` wrote. ValueError for anything else: an older version's, a forged or foreign one."""
        verb, *args = written.split(":")
        return cls(verb, tuple(args))


# ---------------------------------------------------------------- blocks


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
        _within("a heading", self.text, LIMITS.HEADING)


@dataclass(frozen=True, slots=True)
class Text:
    """Paragraphs of typed runs; newlines inside runs break lines. `quiet` text is secondary: smaller, greyer."""

    runs: tuple[Run, ...]
    quiet: bool = False

    def __post_init__(self) -> None:
        _within("a text", self.text, LIMITS.TEXT)

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)

    @classmethod
    def of(cls, *runs: Run | str, quiet: bool = False) -> Self:
        return cls(tuple(Span(run) if isinstance(run, str) else run for run in runs), quiet)


@dataclass(frozen=True, slots=True)
class Fields:
    """Short pairs of a name and a value, side by side where there is room."""

    pairs: tuple[tuple[str, str], ...]

    def __post_init__(self) -> None:
        if not 1 <= len(self.pairs) <= LIMITS.FIELDS:
            raise ValueError(f"{len(self.pairs)} fields; 1 to {LIMITS.FIELDS} can be shown")
        for name, value in self.pairs:
            _within("a field", name + value, LIMITS.FIELD)

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
    """A PNG or JPEG; `alt` says everything that the picture shows, numbers included."""

    content: bytes
    alt: str
    name: str = "picture.png"

    def __post_init__(self) -> None:
        _within("a picture's alt text", self.alt, LIMITS.ALT)
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
        _within("a button's label", self.label, LIMITS.LABEL)


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
class Choice:
    """One entry of a menu or of a list of suggestions: what is shown, and what it stands for."""

    label: str
    value: OptionValue
    note: str = ""

    def __post_init__(self) -> None:
        _within("a choice", self.label, LIMITS.OPTION)


@dataclass(frozen=True, slots=True)
class Select:
    """A menu in a message: choosing presses `action` with the chosen value."""

    action: Action
    placeholder: str
    options: tuple[Choice, ...]

    def __post_init__(self) -> None:
        _within("a menu's placeholder", self.placeholder, LIMITS.OPTION)
        if not 1 <= len(self.options) <= LIMITS.OPTIONS:
            raise ValueError(f"{len(self.options)} options; 1 to {LIMITS.OPTIONS} can be shown")

    @property
    def text(self) -> str:
        return ""


Block: TypeAlias = Heading | Text | Fields | Table | Picture | Buttons | Select


@dataclass(frozen=True, slots=True)
class Message:
    """Blocks from top to bottom. `text` is the same for ears: what a notification or a screen reader says."""

    blocks: tuple[Block, ...]
    tone: Tone = Tone.PLAIN

    def __post_init__(self) -> None:
        if not 1 <= len(self.blocks) <= LIMITS.BLOCKS:
            raise ValueError(f"{len(self.blocks)} blocks; 1 to {LIMITS.BLOCKS} can be shown")
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


# ---------------------------------------------------------------- forms


@dataclass(frozen=True, slots=True)
class TextInput:
    """A box to write in: one line, or several (`long`)."""

    name: str
    label: str
    long: bool = False
    placeholder: str = ""
    most: int = LIMITS.INPUT
    required: bool = True

    def __post_init__(self) -> None:
        _within("an input's label", self.label, LIMITS.INPUT_LABEL)
        _within("an input's placeholder", self.placeholder, LIMITS.INPUT_HINT, least=0)


@dataclass(frozen=True, slots=True)
class SelectInput:
    """A menu in a form: one of `options`; the field's text is the chosen value."""

    name: str
    label: str
    options: tuple[Choice, ...]
    chosen: str | None = None

    def __post_init__(self) -> None:
        _within("an input's label", self.label, LIMITS.INPUT_LABEL)
        if not 1 <= len(self.options) <= LIMITS.OPTIONS:
            raise ValueError(f"{len(self.options)} options; 1 to {LIMITS.OPTIONS} can be shown")


Input: TypeAlias = TextInput | SelectInput


@dataclass(frozen=True, slots=True)
class Form:
    """A question in a dialogue of its own. Sending it makes a `Submit` with `action`. `intro` stands above the inputs."""

    title: str
    inputs: tuple[Input, ...]
    action: Action
    intro: str = ""
    send: str = "Send"

    def __post_init__(self) -> None:
        _within("a form's title", self.title, LIMITS.FORM_TITLE)
        _within("a form's intro", self.intro, LIMITS.TEXT, least=0)
        if not 1 <= len(self.inputs) <= LIMITS.FORM_INPUTS - bool(self.intro):
            raise ValueError(f"{len(self.inputs)} inputs and an intro; {LIMITS.FORM_INPUTS} parts can be shown")


@dataclass(frozen=True, slots=True)
class Choices:
    """What could complete an option's value; the answer to a `Completion`."""

    choices: tuple[Choice, ...] = ()


Answer: TypeAlias = Message | Form | Choices | None
"""What `handle` hands back to the adapter, for the actor's eyes alone."""
