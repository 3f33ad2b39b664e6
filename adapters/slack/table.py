"""A table as Slack's own block, and as rich text where that block isn't taken: in a home tab, or a second time in a message."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from slack_sdk.models.blocks import TableBlock
from slack_sdk.models.blocks.basic_components import TableBlockColumnSettings

from adapters.slack.rich_text import Json, to_elements
from bot.messages import CodeBlock, Run, Table, bold, plain

WIDTH = 48
"""Columns of code that a home tab shows on a phone held upright before it breaks the line."""

_GAP = "  "


def to_block(table: Table) -> TableBlock:
    """The head and the marked row stand out; numbers are flush right, all else is wrapped."""
    rows = [_cells(table.head, strong=True)]
    rows += [_cells(row, strong=at == table.mark) for at, row in enumerate(table.rows)]
    settings = [
        TableBlockColumnSettings(align="right" if at in table.numeric else "left", is_wrapped=at not in table.numeric)
        for at in range(len(table.head))
    ]
    return TableBlock(rows=rows, column_settings=settings)


def runs(table: Table) -> tuple[Run, ...]:
    """The table aligned in a block of code if it is narrow, a line per row if not; the marked row after `▸`."""
    rows = [tuple(" ".join(cell.split()) for cell in row) for row in (table.head, *table.rows)]
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    pointed = ["▸ " if at - 1 == table.mark else "  " for at in range(len(rows))] if table.mark is not None else []
    if sum(widths) + len(_GAP) * len(widths) > WIDTH:
        return _lines(rows, pointed)
    lines = [_aligned(row, widths, table.numeric) for row in rows]
    return (
        CodeBlock("\n".join(f"{mark}{line}" for mark, line in zip(pointed or [""] * len(lines), lines, strict=True))),
    )


def _cells(row: Sequence[str], *, strong: bool) -> list[Json]:
    """Slack takes no cell without a character."""
    return [
        {"type": "rich_text", "elements": to_elements([bold(cell) if strong else plain(cell)])}
        if cell.strip()
        else {"type": "raw_text", "text": " "}
        for cell in row
    ]


def _aligned(row: Sequence[str], widths: Sequence[int], numeric: frozenset[int]) -> str:
    padded = []
    for at, (cell, columns) in enumerate(zip(row, widths, strict=True)):
        space = " " * (columns - _width(cell))
        padded.append(space + cell if at in numeric else cell + space)
    return _GAP.join(padded).rstrip()


def _lines(rows: Sequence[Sequence[str]], pointed: Sequence[str]) -> tuple[Run, ...]:
    found: list[Run] = []
    for at, row in enumerate(rows):
        first, rest = row[0], " · ".join(cell for cell in row[1:] if cell)
        mark = "▸ " if pointed and pointed[at].strip() else ""
        found.append(plain(("\n" if at else "") + mark))
        found += [bold(first), plain(f" · {rest}" if first and rest else rest)]
    return tuple(found)


def _width(text: str) -> int:
    """About how many columns `text` takes in a fixed-width font: two for wide characters and emoji, none for marks."""
    return sum(
        0
        if unicodedata.category(char) in ("Mn", "Me", "Cf", "Cc")
        else 1 + (unicodedata.east_asian_width(char) in "WF")
        for char in text
    )
