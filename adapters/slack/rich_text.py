"""Typed runs → the elements of a `rich_text` block, in which text is shown as it stands: no markup, no pings.

A person is named in words. Slack's own mention of a user notifies them, and no field of a message keeps it from that.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any, TypeAlias

from adapters.slack import limits
from bot.events import legible
from bot.messages import Channel, CodeBlock, Run, Span, When

Json: TypeAlias = dict[str, Any]

_CHANNEL = re.compile(r"[CGD][A-Z0-9]{1,30}")

DATE = "{date_short_pretty} at {time}"
"""`today at 17:00`, `Nov 23, 2026 at 17:00`: Slack's words for an instant, in the reader's own zone."""

CLOCK = "{time_secs}"
"""`17:00:30`: an instant that people wait for. Slack counts nothing down."""


def to_elements(runs: Iterable[Run]) -> list[Json]:
    """Sections of text and blocks of code, from top to bottom; none when there is nothing to see.

    A block breaks the line by itself, so the line breaks around a block of code are left out.
    """
    drawn: list[Json] = []
    groups = [(is_code, list(group)) for is_code, group in groupby(runs, lambda run: isinstance(run, CodeBlock))]
    for at, (is_code, group) in enumerate(groups):
        if is_code:
            drawn += [
                {"type": "rich_text_preformatted", "elements": [_text(code)]}
                for run in group
                if (code := legible(run.text).strip("\n")).strip()
            ]
        elif parts := _trimmed([each for run in group if (each := _inline(run)) is not None], at, len(groups)):
            drawn.append({"type": "rich_text_section", "elements": parts})
    return drawn


def seconds(at: datetime) -> int | None:
    """An instant as Slack's clients can show it; None for one before 1970 or after 2286."""
    found = int(at.timestamp())
    return found if 0 <= found <= limits.TIMESTAMP else None


def is_channel(run: Run) -> bool:
    """Whether Slack can link to it: a channel of its own. No channel is called by its name."""
    return isinstance(run, Channel) and _CHANNEL.fullmatch(run.id) is not None


def _inline(run: Run) -> Json | None:
    if isinstance(run, Channel) and is_channel(run):
        return {"type": "channel", "channel_id": run.id}
    if isinstance(run, When) and (stamp := seconds(run.at)) is not None:
        return {"type": "date", "timestamp": stamp, "format": CLOCK if run.soon else DATE, "fallback": run.text}
    if not (text := legible(run.text)):
        return None
    if not isinstance(run, Span):
        return _text(text)
    part = _text(text)
    if run.url is not None and len(run.url) <= limits.URL:
        part = {"type": "link", "url": legible(run.url), "text": text}
    if style := {name: True for name in ("bold", "italic", "code") if getattr(run, name)}:
        part["style"] = style
    return part


def _text(text: str) -> Json:
    return {"type": "text", "text": text}


def _trimmed(parts: list[Json], at: int, groups: int) -> Sequence[Json]:
    """A section without the line breaks beside a block of code; nothing when it shows nothing."""
    if at:
        _strip(parts, 0, str.lstrip)
    if at < groups - 1:
        _strip(parts, -1, str.rstrip)
    return parts if any(part.get("text", "x").strip() for part in parts) else ()


def _strip(parts: list[Json], end: int, strip: Callable[[str, str], str]) -> None:
    while parts and parts[end]["type"] == "text":
        if text := strip(parts[end]["text"], "\n"):
            parts[end] = {**parts[end], "text": text}
            return
        del parts[end]
