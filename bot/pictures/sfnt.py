"""What a font file says about itself: its family, which characters it has, and how wide each is.

Read from the file that is drawn with, so that no table of widths can go stale. Formats: OpenType 1.9, `cmap` 4 and 12,
`hhea`, `hmtx`, `head`, `name`.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator


def family(font: bytes) -> str:
    """The family under which the font is asked for, in English. ValueError for what is no font."""
    table = _tables(font)[b"name"]
    number, texts = struct.unpack_from(">HH", table, 2)
    for at in range(6, 6 + 12 * number, 12):
        platform, _, language, what, size, offset = struct.unpack_from(">6H", table, at)
        if (platform, language, what) == (3, 0x409, 1):
            return table[texts + offset : texts + offset + size].decode("utf-16-be")
    raise ValueError("the font has no family name that we can read")


def advances(font: bytes) -> dict[int, float]:
    """The advance width of every character that the font has, in em. ValueError for what is no font."""
    tables = _tables(font)
    (em,) = struct.unpack_from(">H", tables[b"head"], 18)
    (measured,) = struct.unpack_from(">H", tables[b"hhea"], 34)
    widths = struct.unpack_from(">" + "Hh" * measured, tables[b"hmtx"])[::2]
    last = measured - 1  # glyphs past the last one measured are as wide as it
    return {char: widths[min(glyph, last)] / em for char, glyph in _glyphs(tables[b"cmap"]) if glyph}


def _tables(font: bytes) -> dict[bytes, bytes]:
    if font[:4] not in (b"\0\1\0\0", b"OTTO"):
        raise ValueError("neither a TrueType nor an OpenType font")
    (number,) = struct.unpack_from(">H", font, 4)
    entries = struct.iter_unpack(">4sIII", font[12 : 12 + 16 * number])
    return {tag: font[at : at + size] for tag, _, at, size in entries}


def _glyphs(cmap: bytes) -> Iterator[tuple[int, int]]:
    """Pairs of a character and its glyph, from the fullest Unicode subtable."""
    (number,) = struct.unpack_from(">H", cmap, 2)
    found: dict[int, int] = {}
    for at in range(4, 4 + 8 * number, 8):
        platform, _, offset = struct.unpack_from(">HHI", cmap, at)
        (form,) = struct.unpack_from(">H", cmap, offset)
        if platform in (0, 3):
            found[form] = offset
    if 12 in found:
        return _groups(cmap[found[12] :])
    if 4 in found:
        return _segments(cmap[found[4] :])
    raise ValueError("the font has no character map that we can read")


def _groups(table: bytes) -> Iterator[tuple[int, int]]:
    """Format 12: runs of characters, each with the glyph of its first."""
    (number,) = struct.unpack_from(">I", table, 12)
    for first, last, glyph in struct.iter_unpack(">III", table[16 : 16 + 12 * number]):
        for char in range(first, last + 1):
            yield char, glyph + char - first


def _segments(table: bytes) -> Iterator[tuple[int, int]]:
    """Format 4: segments of characters, whose glyphs are at a distance or in a list."""
    (doubled,) = struct.unpack_from(">H", table, 6)
    number = doubled // 2

    def column(at: int, form: str) -> tuple[int, ...]:
        return struct.unpack_from(f">{number}{form}", table, at)

    ends, starts = column(14, "H"), column(16 + doubled, "H")
    deltas, offsets = column(16 + 2 * doubled, "h"), column(16 + 3 * doubled, "H")
    for i, (first, last) in enumerate(zip(starts, ends, strict=True)):
        for char in range(first, min(last, 0xFFFE) + 1):
            if not offsets[i]:
                yield char, (char + deltas[i]) & 0xFFFF
                continue
            at = 16 + 3 * doubled + 2 * i + offsets[i] + 2 * (char - first)
            (glyph,) = struct.unpack_from(">H", table, at)
            yield char, (glyph + deltas[i]) & 0xFFFF if glyph else 0
