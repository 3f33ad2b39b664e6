"""A message for ears: the one text that notifications show and screen readers read, in which nothing is left out."""

from __future__ import annotations

import re
from functools import lru_cache

from adapters.slack import limits
from adapters.slack.context import escaped, token
from bot.events import legible
from bot.messages import Block, Buttons, Channel, Message, Select, Text, When

_SIGN = re.compile(r"<[^<>]*>|&[a-z]+;|.", re.DOTALL)
"""A control sequence, an entity, or a character: what may not be cut in two."""


def to_text(message: Message, most: int = limits.TEXT) -> str:
    """All words of the message, escaped, in at most `most` characters; of one with no words, those of its buttons."""
    whole = "\n".join(_line(block) for block in message.blocks if block.text.strip()) or _labels(message)
    if len(whole) <= most:
        return whole or "…"
    end = 0
    for sign in _SIGN.finditer(whole):
        if sign.end() >= most:
            break
        end = sign.end()
    return whole[:end].rstrip() + "…"


def _line(block: Block) -> str:
    return _words(block) if isinstance(block, Text) else escaped(legible(block.text))


@lru_cache(maxsize=1024)
def _words(text: Text) -> str:
    return "".join(token(run) if isinstance(run, When | Channel) else escaped(legible(run.text)) for run in text.runs)


def _labels(message: Message) -> str:
    labels: list[str] = []
    for block in message.blocks:
        if isinstance(block, Buttons):
            labels += [button.label for button in block.buttons]
        elif isinstance(block, Select):
            labels.append(block.placeholder)
    return escaped(legible(", ".join(labels)))
