"""Secondary text → the elements of a `context` block, which knows plain text and Slack's markup, and nothing between.

Markup is written for what only it can do: instants, channels and links. Text stands beside it only when nothing in the text can
be taken for markup; otherwise it stands apart, as plain text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from slack_sdk.models.blocks import MarkdownTextObject, PlainTextObject

from adapters.slack import limits
from adapters.slack.rich_text import CLOCK, DATE, is_channel, seconds
from bot.events import legible
from bot.messages import Channel, CodeBlock, Run, Span, When

_ACTIVE = re.compile(r"[*_~`>@#\u200e\u200f\u202a-\u202e\u2066-\u2069]|:\S+?:")
"""Signs that style, quote, mention or turn around what follows, and names of emoji. `&` and `<` are escaped."""

_BREAKING = re.compile(rf"{_ACTIVE.pattern}|[|\n]")
"""Signs that can't stand in a link's own words."""


@dataclass(frozen=True, slots=True)
class _Part:
    """A stretch of text, or with `markup` what stands for it there."""

    text: str
    markup: str = ""


def escaped(text: str) -> str:
    """`text` so that nothing in it is a control sequence of Slack's. It may still be styled."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def token(run: When | Channel) -> str:
    """In Slack's markup: an instant in the reader's own zone, a channel by the name that it has for them."""
    if isinstance(run, Channel):
        return f"<#{run.id}>" if is_channel(run) else escaped(legible(run.text))
    stamp = seconds(run.at)
    form = CLOCK if run.soon else DATE
    return escaped(run.text) if stamp is None else f"<!date^{stamp}^{form}|{escaped(run.text)}>"


def to_elements(runs: Sequence[Run]) -> list[PlainTextObject | MarkdownTextObject] | None:
    """The runs, their styles left out; None where only rich text can show them. Something in them is visible."""
    if any(isinstance(run, CodeBlock) for run in runs):
        return None
    parts = list(_joined([_part(run) for run in runs]))
    words = [part.text for part in parts if not part.markup]
    if len(words) == len(parts):
        return [plain("".join(words).strip())]
    if not _ACTIVE.search("".join(words)) and not any(_BREAKING.search(part.text) for part in parts if part.markup):
        whole = "".join(part.markup or escaped(part.text) for part in parts).strip()
        return [_markup(whole)] if len(whole) <= limits.OBJECT else None
    return _apart(parts)


def _part(run: Run) -> _Part:
    text = legible(run.text)
    if isinstance(run, When):
        return _Part(text, token(run))
    if isinstance(run, Channel) and is_channel(run):
        return _Part(run.id, token(run))
    if isinstance(run, Span) and run.url is not None and text.strip():
        target = legible(run.url).replace("|", "%7C")
        return _Part(text, f"<{escaped(target)}|{escaped(text)}>")
    return _Part(text)


def _joined(parts: Sequence[_Part]) -> Iterator[_Part]:
    """Neighbouring text made one."""
    for is_text, group in groupby(parts, lambda part: not part.markup):
        if is_text:
            yield _Part("".join(part.text for part in group))
        else:
            yield from group


def _apart(parts: Sequence[_Part]) -> list[PlainTextObject | MarkdownTextObject] | None:
    """Each part by itself. Rich text has to do it where a link's own words could be taken for markup."""
    shown: list[PlainTextObject | MarkdownTextObject] = []
    for part in parts:
        if part.markup and (_BREAKING.search(part.text) or len(part.markup) > limits.OBJECT):
            return None
        if part.markup:
            shown.append(_markup(part.markup))
        elif text := part.text.strip():
            shown.append(plain(text))
    return shown if len(shown) <= limits.CONTEXT else None


def plain(text: str) -> PlainTextObject:
    """Text as it stands: without `emoji`, `:tada:` is six letters between colons."""
    return PlainTextObject(text=text, emoji=False)


def _markup(text: str) -> MarkdownTextObject:
    """`verbatim`, so that Slack makes no links or mentions of what looks like one."""
    return MarkdownTextObject(text=text, verbatim=True)
