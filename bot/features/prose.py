"""Deck text, which is CommonMark, as typed runs; and a few turns of phrase that several features share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

from bot.messages import LIMITS, Block, CodeBlock, Message, Picture, Run, Span, Text, Tone, clip
from bot.quiz.cards import Level
from bot.quiz.streaks import Streak
from bot.words import N_, _, ngettext, number

_COMMONMARK = MarkdownIt("commonmark", {"html": False}).disable(
    ["html_block", "html_inline", "heading", "lheading", "image"]
)


@lru_cache(maxsize=2048)
def runs(commonmark: str) -> tuple[Run, ...]:
    """The text's runs: bold, italic, code, code blocks, links; paragraphs divided by an empty line, lists by bullets."""
    return tuple(_joined(_block_runs(_COMMONMARK.parse(commonmark))))


def text(commonmark: str, *before: Run, quiet: bool = False) -> Text:
    """A text block of deck text, after runs of ours; cut where no platform would show it whole."""
    return Text(clipped((*before, *runs(commonmark)), LIMITS.TEXT) or (Span("…"),), quiet)


def clipped(parts: Sequence[Run], limit: int) -> tuple[Run, ...]:
    """The first runs that fit in `limit` characters, the last one cut if need be."""
    kept: list[Run] = []
    left = limit
    for part in parts:
        if len(part.text) <= left:
            kept.append(part)
            left -= len(part.text)
            continue
        if left > 1 and isinstance(part, Span):
            kept.append(Span(clip(part.text, left), part.bold, part.italic, part.code, part.url))
        elif left > 1 and isinstance(part, CodeBlock):
            kept.append(CodeBlock(clip(part.text, left), part.language))
        break
    return tuple(kept)


# For translators: how hard a card is
LEVELS: Mapping[Level, str] = {
    Level.BEGINNER: N_("beginner"),
    Level.INTERMEDIATE: N_("intermediate"),
    Level.ADVANCED: N_("advanced"),
}

FLOOR = 80
"""Characters that a text keeps when a message is shortened."""


def unstyled(markdown: str) -> str:
    """The words of a CommonMark text, without any styling."""
    return "".join(run.text for run in runs(markdown))


def fitted(*blocks: Block, tone: Tone = Tone.PLAIN) -> Message:
    """A message of deck text, its longest texts cut until every platform shows it."""
    shown = list(blocks)
    while (over := sum(len(block.text) for block in shown) - LIMITS.MESSAGE) > 0:
        at = max(range(len(shown)), key=lambda i: len(shown[i].text) if isinstance(shown[i], Text | Picture) else 0)
        longest = shown[at]
        keep = max(FLOOR, len(longest.text) - over)
        if keep >= len(longest.text):
            break  # nothing left to cut: the message itself refuses
        if isinstance(longest, Text):
            shown[at] = Text(clipped(longest.runs, keep), longest.quiet)
        elif isinstance(longest, Picture):
            shown[at] = replace(longest, alt=clip(longest.alt, keep))
    return Message(tuple(shown), tone)


def _block_runs(tokens: Sequence[Token]) -> Iterator[Run]:
    started = False
    numbers: list[int | None] = []
    item = ""
    for token in tokens:
        match token.type:
            case "bullet_list_open":
                numbers.append(None)
            case "ordered_list_open":
                numbers.append(int(token.attrGet("start") or 1))
            case "bullet_list_close" | "ordered_list_close":
                numbers.pop()
            case "list_item_open":
                number = numbers[-1]
                item = "• " if number is None else f"{number}. "
                numbers[-1] = None if number is None else number + 1
            case "inline":
                if started:
                    yield Span("\n" if item else "\n\n")
                if item:
                    yield Span("  " * (len(numbers) - 1) + item)
                started, item = True, ""
                yield from _inline_runs(token.children or ())
            case "fence" | "code_block":
                if started:
                    yield Span("\n")
                started = True
                yield CodeBlock(token.content.rstrip("\n"), token.info.split()[0] if token.info.split() else "")


def _inline_runs(tokens: Sequence[Token]) -> Iterator[Run]:
    bold = italic = 0
    url: str | None = None
    for token in tokens:
        match token.type:
            case "strong_open" | "strong_close":
                bold += token.nesting
            case "em_open" | "em_close":
                italic += token.nesting
            case "link_open":
                href = str(token.attrGet("href") or "")
                url = href if href.startswith(("https://", "http://", "mailto:")) else None
            case "link_close":
                url = None
            case "softbreak":
                yield Span(" ")
            case "hardbreak":
                yield Span("\n")
            case "code_inline":
                yield Span(token.content, bold=bold > 0, italic=italic > 0, code=True, url=url)
            case _:
                if token.content:
                    yield Span(token.content, bold=bold > 0, italic=italic > 0, url=url)


def _joined(parts: Iterator[Run]) -> Iterator[Run]:
    """Neighbours of one style become one run."""
    last: Span | None = None
    for part in parts:
        if not isinstance(part, Span):
            if last is not None:
                yield last
            last = None
            yield part
        elif last is not None and (last.bold, last.italic, last.code, last.url) == (
            part.bold,
            part.italic,
            part.code,
            part.url,
        ):
            last = Span(last.text + part.text, last.bold, last.italic, last.code, last.url)
        else:
            if last is not None:
                yield last
            last = part
    if last is not None:
        yield last


def count(number: int, thing: str, things: str = "") -> str:
    """`1 point`, `2 points`: in English, as whoever runs the bot is spoken to."""
    return f"{number:,} {thing if number == 1 else things or thing + 's'}".replace(",", "\N{NARROW NO-BREAK SPACE}")


def streak_words(streak: Streak) -> str:
    """`🔥 4 days in a row · 1 freeze held`."""
    if not streak.current:
        if not streak.best:
            return _("No streak yet")
        return _("Starts anew with your next answer (best: {best})", best=number(streak.best))
    row = ngettext("{number} day in a row", "{number} days in a row", streak.current)
    # For translators: a freeze keeps a streak over a day that was missed
    held = ngettext("{number} freeze held", "{number} freezes held", streak.freezes)
    return f"🔥 {row} · {held}" if streak.freezes else f"🔥 {row}"


def points(won: int) -> str:
    """`1 point`, `20 points`."""
    return ngettext("{number} point", "{number} points", won)


def cards(many: int) -> str:
    """`1 card`, `12 cards`."""
    return ngettext("{number} card", "{number} cards", many)


def answers(many: int) -> str:
    """`1 answer`, `12 answers`."""
    return ngettext("{number} answer", "{number} answers", many)


def days(many: int) -> str:
    """`1 day`, `12 days`."""
    return ngettext("{number} day", "{number} days", many)


def people(many: int) -> str:
    """`1 person`, `12 people`."""
    return ngettext("{number} person", "{number} people", many)
