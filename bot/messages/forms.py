"""Forms: questions in a dialogue of their own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from bot.messages.actions import Action
from bot.messages.choices import Choice
from bot.messages.limits import LIMITS, within


@dataclass(frozen=True, slots=True)
class TextInput:
    """A box to write in: one line, or several (`long`). A platform that lets people write less than `most` shows less.
    `value`: what stands in it already.
    """

    name: str
    label: str
    long: bool = False
    placeholder: str = ""
    most: int = LIMITS.INPUT
    required: bool = True
    value: str = ""

    def __post_init__(self) -> None:
        within("an input's label", self.label, LIMITS.INPUT_LABEL)
        if self.value:
            within("an input's value", self.value, self.most)
        within("an input's placeholder", self.placeholder, LIMITS.INPUT_HINT, least=0)


@dataclass(frozen=True, slots=True)
class SelectInput:
    """A menu in a form: one of `options`; the field's text is the chosen value."""

    name: str
    label: str
    options: tuple[Choice, ...]
    chosen: str | None = None

    def __post_init__(self) -> None:
        within("an input's label", self.label, LIMITS.INPUT_LABEL)
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
        within("a form's title", self.title, LIMITS.FORM_TITLE)
        within("a form's intro", self.intro, LIMITS.TEXT, least=0)
        if not 1 <= len(self.inputs) <= LIMITS.FORM_INPUTS - bool(self.intro):
            raise ValueError(f"{len(self.inputs)} inputs and an intro; {LIMITS.FORM_INPUTS} parts can be shown")
