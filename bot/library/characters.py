"""The characters of a deck file: UTF-8 text that people can see."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple, TypeAlias

MOST_BYTES = 2_000_000


class Spot(NamedTuple):
    """A place in a file; both count from 1."""

    line: int
    column: int


Report: TypeAlias = Callable[[Spot, str, str], None]
"""Takes a fault's place, its rule and its message."""


_UNWANTED = re.compile("[^\n\r\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LINE_END = re.compile(r"\r\n?|\n")
UNSHOWABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u2028\u2029\ufffe\uffff]")


def spot_of(text: str, index: int) -> Spot:
    """Where the character at `index` stands."""
    ends = [end.end() for end in _LINE_END.finditer(text, 0, index)]
    return Spot(len(ends) + 1, index - (ends[-1] if ends else 0) + 1)


def decoded(content: bytes | str, report: Report) -> str | None:
    """The content as text; None, with the fault reported, when it is none or too much."""
    size = len(content) if isinstance(content, bytes) else len(content.encode("utf-8", "surrogatepass"))
    if size > MOST_BYTES:
        report(
            Spot(1, 1),
            "too-big",
            f"this file has {size:,} bytes, and a deck may have {MOST_BYTES:,}: split it into several decks",
        )
        return None
    if isinstance(content, str):
        return content.removeprefix("\ufeff")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        skipped = len(content) - len(wrong.object)  # the byte order mark is not in `object`
        before = content[: skipped + wrong.start].decode("utf-8-sig")
        report(
            spot_of(before, len(before)),
            "not-utf-8",
            f"this file isn’t UTF-8 text (byte 0x{wrong.object[wrong.start]:02X} here): save it as UTF-8",
        )
        return None


def printable(text: str, report: Report) -> bool:
    """Whether the text has only characters that people see; else the first one that isn't, and the first tab."""
    clean = True
    seen: set[str] = set()
    for match in _UNWANTED.finditer(text):
        rule = "tab" if match[0] == "\t" else "control-character"
        if rule in seen:
            continue
        seen.add(rule)
        clean = False
        spot = spot_of(text, match.start())
        if rule == "tab":
            lines = sum("\t" in line for line in text.splitlines())
            also = f" (and on {lines - 1} other line{'s'[: lines > 2]})" if lines > 1 else ""
            report(spot, rule, f"there is a tab here{also}: YAML is indented with spaces, so put spaces in its place")
        else:
            report(spot, rule, f"there is an invisible character here, U+{ord(match[0]):04X}: delete it")
    return clean
