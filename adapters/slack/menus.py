"""Entries of menus: in messages, in forms, and suggested while somebody types."""

from __future__ import annotations

from collections.abc import Sequence

from slack_sdk.models.blocks import Option

from adapters.slack import limits
from adapters.slack.context import plain
from bot.events import legible
from bot.messages import Choice, Choices, clip


def line(text: str, most: int) -> str:
    """`text` on one line, in 1 to `most` characters."""
    return clip(" ".join(legible(text).split()), most) or "…"


def options(choices: Sequence[Choice]) -> list[Option]:
    """The choices whose values Slack can carry, each value once."""
    by_value = {
        value: choice for choice in reversed(choices) if 0 < len(value := str(choice.value)) <= limits.OPTION_VALUE
    }
    return [_option(choice, value) for value, choice in reversed(by_value.items())][: limits.OPTIONS]


def to_options(choices: Choices) -> list[Option]:
    """Suggestions for an option's value, in answer to a `block_suggestion`."""
    return options(choices.choices)


def _option(choice: Choice, value: str) -> Option:
    note = plain(line(choice.note, limits.OPTION)) if choice.note.strip() else None
    return Option(text=plain(line(choice.label, limits.OPTION)), value=value, description=note)
