"""Discord's markdown as its clients read it, after the rules they publish no grammar for: simple-markdown's, and Discord's own.

Written from the outside: it shares nothing with the code under test.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_LINE_RULES = [
    ("small", re.compile(r"-# +([^\n]+?)(?: *(?=\n)|$)")),
    ("heading", re.compile(r" *#{1,3}\s+((?!#+)[^\n]+?)#*\s*(?=\n|$)")),
    ("list", re.compile(r" *(?:[*+-]|\d+\.) +(?=\S)")),
    ("quote", re.compile(r" *>(?:>>)? (?=\S)")),
]
_RULES = [
    ("block", re.compile(r"```(?:([a-z0-9_+\-.#]+?)\n)?\n*([^\n].*?)\n*```", re.DOTALL | re.IGNORECASE)),
    ("escape", re.compile(r"\\([^0-9A-Za-z\s])")),
    ("time", re.compile(r"<t:(-?\d{1,17})(?::([tTdDfFR]))?>")),
    ("mention", re.compile(r"<@[!&]?(\d+)>|<#(\d+)>|@(?:everyone|here)")),
    ("emoji", re.compile(r"<a?:\w+:\d+>|:[^\s:]+?(?:::skin-tone-\d)?:")),
    ("url", re.compile(r"<([^: >]+:/[^ >]+)>|https?://[^\s<]+[^<.,:;\"')\]\s]")),
    ("invitation", re.compile(r"discord(?:app)?\.(?:gg|com|me)/\S+", re.IGNORECASE)),
    ("link", re.compile(r"\[((?:\[[^\]]*\]|[^\[\]]|\](?=[^\[]*\]))*)\]\(\s*<?((?:[^\s\\]|\\.)*?)>?\s*\)")),
    ("bold", re.compile(r"\*\*((?:\\.|[^\\])+?)\*\*(?!\*)", re.DOTALL)),
    ("underline", re.compile(r"__((?:\\.|[^\\])+?)__(?!_)", re.DOTALL)),
    (
        "italic",
        re.compile(
            r"_((?:__|\\.|[^\\_])+?)_(?![A-Za-z0-9_])"
            r"|\*(?=\S)((?:\*\*|\\.|\s+(?:\\.|[^\s*\\]|\*\*)|[^\s*\\])+?)\*(?!\*)",
            re.DOTALL,
        ),
    ),
    ("strike", re.compile(r"~~(.+?)~~(?!_)", re.DOTALL)),
    ("spoiler", re.compile(r"\|\|(.+?)\|\|", re.DOTALL)),
    ("code", re.compile(r"(`+)(.*?[^`])\1(?!`)", re.DOTALL)),
]


@dataclass
class Shown:
    """What is read on the screen, and what is done to which words of it."""

    text: str = ""
    effects: list[tuple[str, str]] = field(default_factory=list)

    @property
    def kinds(self) -> set[str]:
        return {kind for kind, _ in self.effects}

    def of(self, kind: str) -> list[str]:
        return [words for each, words in self.effects if each == kind]


def read(markdown: str) -> Shown:
    shown = Shown()
    _walk(markdown, shown, start=True)
    return shown


def _walk(source: str, shown: Shown, *, start: bool) -> None:
    at = 0
    while at < len(source):
        if (start and at == 0) or (at and source[at - 1] == "\n"):
            found = _first(_LINE_RULES, source, at)
            if found is not None:
                kind, match = found
                _apply(kind, match[1] if match.groups() else "", shown)
                at = match.end()
                continue
        found = _first(_RULES, source, at)
        if found is None:
            shown.text += source[at]
            at += 1
            continue
        kind, match = found
        at = match.end()
        if kind == "escape":
            shown.text += match[1]
        elif kind in ("code", "block"):
            words = re.sub(r"^ (?= *`)|(` *) $", r"\1", match[2]) if kind == "code" else match[2]
            shown.effects.append((kind, words))
            shown.text += words if kind == "code" else f"\n{words}\n"
        elif kind in ("time", "mention", "emoji", "url", "invitation"):
            shown.effects.append((kind, match[0]))
            shown.text += match[1] if kind == "url" and match[1] else match[0]
        elif kind == "link":
            shown.effects.append(("target", match[2]))
            _apply(kind, match[1], shown)
        else:
            _apply(kind, next(group for group in match.groups() if group is not None), shown)


def _apply(kind: str, inner: str, shown: Shown) -> None:
    within = Shown()
    _walk(inner, within, start=False)
    shown.effects += [(kind, within.text), *within.effects]
    shown.text += within.text


def _first(rules: list[tuple[str, re.Pattern[str]]], source: str, at: int) -> tuple[str, re.Match[str]] | None:
    return next(((kind, match) for kind, rule in rules if (match := rule.match(source, at))), None)
