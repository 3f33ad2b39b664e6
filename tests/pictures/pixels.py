"""Reading a PNG as the renderer writes it: eight bits of red, green, blue and alpha, not interlaced."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice


@dataclass(frozen=True)
class Pixels:
    width: int
    height: int
    rows: tuple[bytes, ...]

    def inked(self) -> tuple[int, int]:
        """The first column that isn't wholly clear, and the one after the last."""
        columns = [x for x in range(self.width) if any(row[4 * x + 3] for row in self.rows)]
        return (columns[0], columns[-1] + 1) if columns else (0, 0)


def pixels(png: bytes, rows: int | None = None) -> Pixels:
    """The whole picture, or its first rows: each takes Python a few milliseconds."""
    chunks = dict[bytes, bytes]()
    at = 8
    while at < len(png):
        size, kind = struct.unpack_from(">I4s", png, at)
        chunks[kind] = chunks.get(kind, b"") + png[at + 8 : at + 8 + size]
        at += 12 + size
    width, height, *form = struct.unpack(">IIBBBBB", chunks[b"IHDR"])
    assert form == [8, 6, 0, 0, 0]
    return Pixels(width, height, tuple(islice(_rows(zlib.decompress(chunks[b"IDAT"]), 4 * width), rows)))


def _rows(filtered: bytes, size: int) -> Iterator[bytes]:
    above = bytes(size)
    for at in range(0, len(filtered), size + 1):
        kind, row = filtered[at], bytearray(filtered[at + 1 : at + 1 + size])
        for i in range(size):
            left, up, corner = (row[i - 4] if i >= 4 else 0), above[i], (above[i - 4] if i >= 4 else 0)
            guess = (0, left, up, (left + up) // 2, _paeth(left, up, corner))[kind]
            row[i] = (row[i] + guess) & 0xFF
        yield bytes(row)
        above = bytes(row)


def _paeth(left: int, up: int, corner: int) -> int:
    by = [abs(up - corner), abs(left - corner), abs(left + up - 2 * corner)]
    return (left, up, corner)[by.index(min(by))]
