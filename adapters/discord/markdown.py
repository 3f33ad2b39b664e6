"""Typed runs → Discord's markdown. The one place that escapes: whatever a deck or a name holds is shown as it stands.

The grammar is the one in Discord's clients (a descendant of simple-markdown): a backslash before any ASCII punctuation
shows that character. Code shows everything as it is and knows no escapes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

from bot.messages import Channel, CodeBlock, Mention, Run, Span, When, clip

_MARKS = re.compile(
    r"[\\`*_~|<>\[\]@#]"  # styles, spoilers, mentions, timestamps, links, headings
    r"|:(?=\S|\Z)"  # https://…, :emoji:
    r"|(?:(?<=\A)|(?<=\n))(?P<indent>[ \t]*)(?=[-+])"  # lists and small print
    r"|(?:(?<=\A)|(?<=\n))(?P<number>[ \t]*[0-9]+)(?=\.)"  # numbered lists
    r"|(?<=discord)(?=\.)|(?<=discordapp)(?=\.)",  # invitations
    re.IGNORECASE,
)
_LANGUAGE = re.compile(r"[a-z0-9_+\-.#]{1,20}", re.IGNORECASE)
_WORD = re.compile(r"[A-Za-z0-9_]")
_MENTIONED = re.compile(r"[0-9]{1,20}")


def escaped(text: str) -> str:
    """`text` so that Discord shows it and does nothing else with it."""
    return _MARKS.sub(_backslashed, text)


def _backslashed(found: re.Match[str]) -> str:
    if (lead := found["indent"] if found["indent"] is not None else found["number"]) is not None:
        return f"{lead}\\"
    return f"\\{found[0]}"


def heading(text: str, most: int) -> str:
    """A heading on one line. A `#` at its end would be taken for the end of the markup."""
    line = paragraphs((Span(" ".join(text.split())),), most - 4) or "…"
    return f"## {line}\u200b" if line.endswith("#") else f"## {line}"


@lru_cache(maxsize=2048)
def paragraphs(runs: tuple[Run, ...], most: int, *, quiet: bool = False) -> str:
    """The runs as markdown of at most `most` characters, escapes included; what is longer ends in an ellipsis.

    Kept in memory, as a thousand people who press in a second are told nearly the same.
    """
    whole = _drawn(runs, quiet)
    if len(whole) <= most:
        return whole
    low, high = 0, min(most, sum(len(run.text) for run in runs))
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if len(_drawn(cut(runs, middle), quiet)) <= most else (low, middle - 1)
    return _drawn(cut(runs, low), quiet) or "…"


def cut(runs: Sequence[Run], limit: int) -> tuple[Run, ...]:
    """The first runs that fit in `limit` characters, the last one shortened if it can be."""
    kept: list[Run] = []
    for run in runs:
        if len(run.text) <= limit:
            kept.append(run)
            limit -= len(run.text)
            continue
        if isinstance(run, Span | CodeBlock) and limit > 0:
            kept.append(replace(run, text=clip(run.text, limit)))
        break
    return tuple(kept)


def _drawn(runs: Sequence[Run], quiet: bool) -> str:
    parts: list[str] = []
    for is_block, group in groupby(runs, lambda run: isinstance(run, CodeBlock) and _blockable(run.text)):
        for each in group if is_block else [tuple(group)]:
            if isinstance(each, CodeBlock):
                language = each.language if _LANGUAGE.fullmatch(each.language) else ""
                parts.append(f"```{language}\n{each.text.strip(chr(10))}\n```")
            elif isinstance(each, tuple) and (text := _inline(each)).strip():
                lines = text.strip("\n").split("\n") if parts else text.removesuffix("\n").split("\n")
                parts.append("\n".join(f"-# {line}" if quiet and line.strip() else line for line in lines))
    return "\n".join(parts)


def _blockable(text: str) -> bool:
    return "```" not in text and not text.endswith("`") and bool(text.strip())


def _inline(runs: Sequence[Run]) -> str:
    lines: list[list[_Part]] = [[]]
    for part in _joined(runs):
        if part.raw or "\n" not in part.text:
            lines[-1].append(part)
            continue
        first, *rest = part.text.split("\n")
        lines[-1].append(part._replace(text=first))
        lines += [[part._replace(text=text)] for text in rest]
    return "\n".join(map(_line, lines))


class _Part(NamedTuple):
    """A stretch of one line in one style; `raw` is markdown already."""

    text: str
    bold: bool = False
    italic: bool = False
    code: bool = False
    url: str | None = None
    raw: bool = False


def _joined(runs: Sequence[Run]) -> Iterator[_Part]:
    """The runs' parts, neighbours of one style made one: their marks would run together."""
    for (bold, italic, code, url, raw), group in groupby(filter(_visible, runs), _style):
        texts = [_raw(run) if raw else _plain(run) for run in group]
        text = "".join(texts)
        fenced = code and "``" not in text and not (bold and "*" in text)  # three begin a block, and ** ends the bold
        yield _Part(text, bold and bool(text.strip()), italic, fenced, url, raw)


def _visible(run: Run) -> bool:
    return bool(run.text)


def _style(run: Run) -> tuple[bool, bool, bool, str | None, bool]:
    """What keeps runs apart: bold, italic (never seen on code), code, link, and whether it is written by us alone."""
    if isinstance(run, Span):
        return run.bold, run.italic and not run.code, run.code, run.url, False
    named = run.user if isinstance(run, Mention) else run.id if isinstance(run, Channel) else ""
    raw = isinstance(run, When) or _MENTIONED.fullmatch(named) is not None
    return False, False, False, None, raw


def _raw(run: Run) -> str:
    assert isinstance(run, When | Mention | Channel)
    if isinstance(run, When):
        return f"<t:{int(run.at.timestamp())}:{'R' if run.soon else 'f'}>"
    return f"<#{run.id}>" if isinstance(run, Channel) else f"<@{run.user}>"


def _plain(run: Run) -> str:
    """A block of code that can't be one stands on lines of its own."""
    return f"\n{run.text}\n" if isinstance(run, CodeBlock) else run.text


def _line(parts: Sequence[_Part]) -> str:
    """One line. Bold goes around all that is bold in a row, so that its marks never meet."""
    shown = [part.text if part.raw else _link(part) for part in parts]
    out = ""
    at = 0
    for strong, group in groupby(parts, _is_bold):
        inner = ""
        for part in group:
            text = shown[at]
            at += 1
            if part.italic and part.url is None:
                after = shown[at][:1] if at < len(parts) and parts[at].bold == strong else ""
                text = _italic(text, (out + "**" * strong + inner)[-1:], after)
            inner += text
        out += _around(inner, "**") if strong else inner
    return out


def _is_bold(part: _Part) -> bool:
    return part.bold


def _italic(shown: str, before: str, after: str) -> str:
    """Underscores; asterisks where a word goes on after them; nothing where neither would be read."""
    if _WORD.match(shown[-1:].strip() and after):
        return shown if before == "*" else _around(shown, "*")
    return _around(shown, "_")


def _around(inner: str, mark: str) -> str:
    """`inner` in marks, its outer spaces outside them."""
    words = inner.strip()
    if not words:
        return inner
    start = inner.index(words)
    return f"{inner[:start]}{mark}{words}{mark}{inner[start + len(words) :]}"


def _link(part: _Part) -> str:
    shown = _code(part.text) if part.code else escaped(part.text)
    if part.url is None or not part.text.strip():
        return shown
    if part.text == part.url and not part.url.startswith("mailto:"):
        return f"<{part.url}>"
    if part.url.startswith("mailto:"):
        address = part.url.removeprefix("mailto:")
        return shown if address in part.text else f"{shown} ({escaped(address)})"
    if re.search(r"[\[\]]|://", part.text):  # Discord shows no link whose label looks like another
        return f"{shown} (<{part.url}>)"
    target = part.url.replace("\\", "%5C").replace("(", "%28").replace(")", "%29")
    return f"[{shown}]({target})"


def _code(text: str) -> str:
    if not text.strip():
        return text
    fence = "``" if "`" in text else "`"
    before, after = " " * text.lstrip(" ").startswith("`"), " " * text.rstrip(" ").endswith("`")
    return f"{fence}{before}{text}{after}{fence}"
