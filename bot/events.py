"""What reaches us: frozen values that an adapter makes from a platform's verified payload.

Ids are strings. An event's `id` is what the platform repeats when it delivers the same event again.
Nothing in a button's value names the actor: `actor` always comes from the payload.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from bot.messages import Action, OptionValue, clip

NAME_LIMIT = 80
"""Characters kept of a person's name; the longest that a platform allows today is 80 (Slack's full name)."""

NAMELESS = "Someone"
"""Shown for a name in which nothing is visible."""

_UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
"""Control characters and lone surrogates: neither UTF-8 nor PostgreSQL's text can hold all of them."""


def legible(text: str) -> str:
    """`text` with every character that no store or screen can hold replaced by U+FFFD; the rest is untouched."""
    if text.isprintable():  # as most is, and that is quickly seen
        return text
    return _UNSTORABLE.sub("\N{REPLACEMENT CHARACTER}", text.replace("\r\n", "\n").replace("\r", "\n"))


def display_name(raw: str) -> str:
    """A name that is safe to show on one line: no controls, no direction overrides, at most `NAME_LIMIT` characters.

    Zero-width joiners and non-joiners between visible characters stay (emoji, Persian and Indic scripts need them). At most three combining
    marks follow a character, so that nobody's name covers their neighbours'. What remains empty becomes `NAMELESS`.
    """
    if raw.isascii() and raw.isprintable():  # as most are, and that is quickly seen
        plain = " ".join(raw[: NAME_LIMIT * 20].split())
        return clip(plain, NAME_LIMIT) if plain else NAMELESS
    kept: list[str] = []
    marks = 0
    visible = False
    for char in unicodedata.normalize("NFC", " ".join(raw[: NAME_LIMIT * 20].split())):
        category = unicodedata.category(char)
        if category in ("Cc", "Cs", "Co") or (category == "Cf" and char not in "\u200c\u200d"):
            continue
        marks = marks + 1 if category in ("Mn", "Me") else 0
        if marks > 3:
            continue
        visible = visible or category[0] in "LNPS"
        kept.append(char)
    name = "".join(kept).strip(" \u200d\u2800\u3164\u115f\u1160\uffa0")
    if not visible or not name:
        return NAMELESS
    return clip(name, NAME_LIMIT)


@dataclass(frozen=True, slots=True)
class Place:
    """Where something happens: a channel of a workspace of a platform, or a thread in it.

    `workspace` is empty in a conversation with one person that belongs to no workspace, as Discord's private messages;
    `private` says so of one that belongs to a workspace, as Slack's. `channel` is empty where a person has the workspace
    as a whole before them, as in Slack's Home tab.
    """

    platform: str
    workspace: str
    channel: str
    thread: str | None = None
    private: bool = field(default=False, compare=False)

    @property
    def direct(self) -> bool:
        """Whether it is a conversation with one person, in which nobody is an admin."""
        return self.private or not self.workspace


@dataclass(frozen=True, slots=True)
class MessageRef:
    """Where a message stands, and its id there."""

    place: Place
    message: str


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, in the platform's own words.

    `workspace` is the realm in which `id` is unique: the Slack workspace, and empty on Discord, whose ids are unique
    everywhere. `name` is made safe here, once, for every platform. `tz` is an IANA zone where the platform tells one.
    `groups`: ids of the roles or user groups of the place that they are in; None where the event doesn't tell.
    """

    platform: str
    workspace: str
    id: str
    name: str
    is_admin: bool = False
    locale: str | None = None
    tz: str | None = None
    groups: tuple[str, ...] | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", display_name(self.name))


@dataclass(frozen=True, slots=True)
class Command:
    """Someone used `/quiz …`. `path` is without the leading `quiz`: `()` is the bare command."""

    id: str
    path: tuple[str, ...]
    options: Mapping[str, OptionValue]
    actor: Actor
    place: Place


@dataclass(frozen=True, slots=True)
class Completion:
    """Someone is typing an option's value and waits for suggestions."""

    id: str
    path: tuple[str, ...]
    option: str
    typed: str
    actor: Actor
    place: Place


@dataclass(frozen=True, slots=True)
class Press:
    """Someone pressed a button or chose in a menu (`values`) of the message at `ref`."""

    id: str
    action: Action
    values: tuple[str, ...]
    actor: Actor
    ref: MessageRef

    @property
    def place(self) -> Place:
        return self.ref.place


@dataclass(frozen=True, slots=True)
class Submit:
    """Someone sent a form. `fields` has one text per input, by the input's name."""

    id: str
    action: Action
    fields: Mapping[str, str] = field(repr=False)
    actor: Actor
    place: Place

    def __post_init__(self) -> None:
        object.__setattr__(self, "fields", {name: legible(text) for name, text in self.fields.items()})


@dataclass(frozen=True, slots=True)
class Reaction:
    """Someone put an emoji under the message at `ref`, or took it away."""

    id: str
    emoji: str
    added: bool
    actor: Actor
    ref: MessageRef

    @property
    def place(self) -> Place:
        return self.ref.place


@dataclass(frozen=True, slots=True)
class Workspace:
    """A workspace as its platform describes it. `owner`: who is told when an admin's hand is needed, where that is known."""

    platform: str
    id: str
    name: str
    owner: Actor | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", display_name(self.name))


@dataclass(frozen=True, slots=True)
class WorkspaceChanged:
    """The bot was added to a workspace, or the workspace's name, its channels or what the bot may do there changed.

    It says that a look is worth while, not what has changed: `Platform.check` tells.
    """

    id: str
    workspace: Workspace

    @property
    def place(self) -> Place:
        return Place(self.workspace.platform, self.workspace.id, "")


@dataclass(frozen=True, slots=True)
class WorkspaceLeft:
    """The bot was removed from a workspace."""

    id: str
    platform: str
    workspace: str

    @property
    def place(self) -> Place:
        return Place(self.platform, self.workspace, "")


@dataclass(frozen=True, slots=True)
class Roster:
    """Every workspace that this connection hears of, told when it begins.

    `covers` says of a workspace's id whether it would be among them if the bot were still in it: of one in another
    process's share (Discord's shards) nothing is known here.
    """

    id: str
    platform: str
    workspaces: tuple[Workspace, ...]
    covers: Callable[[str], bool]

    @property
    def place(self) -> Place:
        return Place(self.platform, "", "")


Happening: TypeAlias = WorkspaceChanged | WorkspaceLeft | Roster
"""What nobody asked for and nobody is answered."""

Event: TypeAlias = Command | Completion | Press | Submit | Reaction | Happening
