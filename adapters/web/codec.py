"""Messages and forms as JSON text, for the channel's own memory."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from typing import Any

from bot import messages as m
from bot.events import legible

_PARTS: Mapping[str, type[Any]] = {
    part.__name__: part
    for part in (
        m.Message, m.Heading, m.Text, m.Fields, m.Table, m.Picture, m.File, m.Buttons, m.Button, m.Select, m.Choice,
        m.Span, m.CodeBlock, m.Mention, m.Channel, m.When, m.Action, m.Form, m.TextInput, m.SelectInput,
    )
}  # fmt: skip

_SPECIAL: Mapping[str, Callable[[Any], Any]] = {
    "numeric": frozenset,
    "content": base64.b64decode,
    "at": datetime.fromisoformat,
    "tone": m.Tone,
    "style": m.Style,
}
"""Fields whose type JSON doesn't have, by name: each name means one thing in all of `bot.messages`."""

UNREADABLE = m.Message.of("This message was kept by another version of the bot and can’t be shown.")


def to_json(value: m.Message | m.Form) -> str:
    """The text that `message` or `form` reads back. What no screen can show is replaced on the way in."""
    return json.dumps(_plain(value), ensure_ascii=False, separators=(",", ":"))


def message(text: str) -> m.Message:
    """The message that was kept, or `UNREADABLE` for one that this version has no words for."""
    try:
        value = _read(json.loads(text))
    except (ValueError, TypeError, KeyError):
        return UNREADABLE
    return value if isinstance(value, m.Message) else UNREADABLE


def form(text: str) -> m.Form | None:
    """The form that was kept, or None for one that this version has no words for."""
    try:
        value = _read(json.loads(text))
    except (ValueError, TypeError, KeyError):
        return None
    return value if isinstance(value, m.Form) else None


def _plain(value: object) -> Any:  # noqa: ANN401 - whatever JSON can hold
    if is_dataclass(value) and not isinstance(value, type):
        return {"is": type(value).__name__, **{f.name: _plain(getattr(value, f.name)) for f in fields(value)}}
    if isinstance(value, (tuple, frozenset)):
        return [_plain(part) for part in (sorted(value) if isinstance(value, frozenset) else value)]
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    return legible(value) if isinstance(value, str) else value


def _read(value: Any) -> Any:  # noqa: ANN401 - whatever JSON can hold
    if isinstance(value, dict):
        part = _PARTS[value.pop("is")]
        return part(**{name: _SPECIAL.get(name, _read)(kept) for name, kept in value.items()})
    return tuple(_read(part) for part in value) if isinstance(value, list) else value
