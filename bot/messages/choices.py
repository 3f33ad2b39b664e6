"""Choices: entries of menus and of lists of suggestions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from bot.messages.limits import LIMITS, within

OptionValue: TypeAlias = str | int | bool
"""What an option of a command, or an entry of a list, can stand for."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of a menu or of a list of suggestions: what is shown, and what it stands for."""

    label: str
    value: OptionValue
    note: str = ""

    def __post_init__(self) -> None:
        within("a choice", self.label, LIMITS.OPTION)


@dataclass(frozen=True, slots=True)
class Choices:
    """What could complete an option's value; the answer to a `Completion`."""

    choices: tuple[Choice, ...] = ()
