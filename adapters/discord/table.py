"""A table as runs: aligned in a block of code where a phone can show it, line by line where it can't."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from bot.messages import CodeBlock, Run, Span, Table, bold, italic, plain

WIDTH = 36
"""Columns of code that a phone held upright shows before it breaks the line."""

_GAP = "  "


def width(text: str) -> int:
    """How many columns `text` takes in a fixed-width font: two for emoji and East Asian wide characters, none for marks.

    A joined emoji (family, flag) is one picture.
    """
    columns = last = 0
    joined = flag = False
    for char in text:
        if char == "\u200d":
            joined = True
        elif char == "\ufe0f":  # the character before it is an emoji
            columns, last = columns + 2 - last if last else columns, 2
        elif unicodedata.category(char) in ("Mn", "Me", "Cf", "Cc") or "\U0001f3fb" <= char <= "\U0001f3ff":
            continue
        elif joined:
            joined = False
        elif "\U0001f1e6" <= char <= "\U0001f1ff":
            flag = not flag
            columns += 2 * flag
        else:
            last = 2 if unicodedata.east_asian_width(char) in "WF" else 1
            columns += last
    return columns


def runs(table: Table) -> tuple[Run, ...]:
    """The table, its marked row standing out."""
    rows = (table.head, *table.rows)
    if any(re.search(r"[\n`]", cell) for row in rows for cell in row):
        return _lines(table)
    widths = [max(width(cell) for cell in column) for column in zip(*rows, strict=True)]
    marked = table.mark is not None
    if sum(widths) + len(_GAP) * (len(widths) - 1) + 2 * marked > WIDTH:
        return _lines(table)
    drawn = [_row(row, widths, table.numeric) for row in rows]
    lines = [drawn[0], "─" * (sum(widths) + len(_GAP) * (len(widths) - 1)), *drawn[1:]]
    if marked:
        lines = [("▸ " if at - 2 == table.mark else "  ") + line for at, line in enumerate(lines)]
    return (CodeBlock("\n".join(line.rstrip() for line in lines)),)


def _row(cells: Sequence[str], widths: Sequence[int], numeric: frozenset[int]) -> str:
    padded = []
    for at, (cell, columns) in enumerate(zip(cells, widths, strict=True)):
        space = " " * (columns - width(cell))
        padded.append(space + cell if at in numeric else cell + space)
    return _GAP.join(padded)


def _lines(table: Table) -> tuple[Run, ...]:
    parts: list[Run] = [italic(_dotted(table.head))]
    for at, row in enumerate(table.rows):
        first, rest = row[0], _dotted(row[1:])
        if at == table.mark:
            parts += [plain("\n▸ "), bold(_dotted(row))]
        else:
            parts += [plain("\n"), bold(first), Span(f" · {rest}" if first and rest else rest)]
    return tuple(parts)


def _dotted(cells: Sequence[str]) -> str:
    return " · ".join(" ".join(cell.split()) for cell in cells if cell.strip())
