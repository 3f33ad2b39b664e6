"""Slack's names of emoji, and the characters that other platforms know them by."""

from __future__ import annotations

import re
from collections.abc import Mapping

_DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_CHARACTERS: Mapping[str, str] = {name: f"{digit}\ufe0f\u20e3" for digit, name in enumerate(_DIGITS)}
_NAMES = {character.replace("\ufe0f", ""): name for name, character in _CHARACTERS.items()}
_NAME = re.compile(r"[^\s:]{1,100}")


def to_emoji(name: str) -> str:
    """The keycap that `one` … `nine` are, any other emoji's name in colons; the tone of a skin is dropped."""
    plain = name.partition("::")[0]
    return _CHARACTERS.get(plain, f":{plain}:")


def to_name(emoji: str) -> str:
    """What Slack calls an emoji that `to_emoji` made, or a keycap. ValueError for others: Slack knows no characters."""
    if (name := _NAMES.get(emoji.replace("\ufe0f", ""))) is not None:
        return name
    if len(emoji) > 2 and emoji[0] == emoji[-1] == ":" and _NAME.fullmatch(emoji[1:-1]):
        return emoji[1:-1]
    raise ValueError(f"Slack has no name for the emoji {emoji!r}")
