"""Letters: which of them our fonts have, how wide a text is, and cutting it to a width.

Widths are sums of the fonts' own advances. Kerning and the joining of letters only ever make a text narrower, so what
fits by this measure fits when drawn.
"""

from __future__ import annotations

import bisect
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from bot.messages import clip
from bot.pictures import sfnt
from bot.words import _

FONTS = Path(__file__).parent / "fonts"
FAMILY = "Atkinson Hyperlegible Next"
REGULAR, BOLD = FONTS / "AtkinsonHyperlegibleNext-Regular.ttf", FONTS / "AtkinsonHyperlegibleNext-Bold.ttf"

LACKING = "•"
"""Stands for a stretch of characters that no font of ours has: an empty box says 'broken', a dot says 'left out'."""

MARKS, TALL = 3, 2
"""Combining marks that a letter keeps, and how many of them above or below it. Hindi needs three; a tower of fifty
hides its neighbours."""

_SPACES = "\N{NO-BREAK SPACE}\N{THIN SPACE}\N{NARROW NO-BREAK SPACE}"
_JOINERS = "\N{ZERO WIDTH JOINER}\N{ZERO WIDTH NON-JOINER}"
_SKINS = range(0x1F3FB, 0x1F400)
_FLAGS = range(0x1F1E6, 0x1F200)


@dataclass(frozen=True)
class _Face:
    path: Path
    family: str
    advances: dict[int, float]


@cache
def _face(path: Path) -> _Face:
    font = path.read_bytes()
    return _Face(path, sfnt.family(font), sfnt.advances(font))


@cache
def _others() -> tuple[Path, ...]:
    paths = [path for path in FONTS.iterdir() if path.suffix in (".ttf", ".otf") and path not in (REGULAR, BOLD)]
    return tuple(sorted(paths, key=lambda path: (path.stat().st_size, path.name)))


@lru_cache(maxsize=8192)
def _holder(char: str, bold: bool = False) -> _Face | None:
    """The first font that has a character. The others are opened only when one is looked for."""
    first = _face(BOLD if bold else REGULAR)
    if ord(char) in first.advances:
        return first
    return next((face for face in map(_face, _others()) if ord(char) in face.advances), None)


def plain(text: str) -> str:
    """`text` without what isn't writing: controls, also those that turn its direction, are gone, white space is single,
    towers of marks are cut.
    """
    return re.sub(" +", " ", "".join(_plain(unicodedata.normalize("NFC", text)))).strip()


def _plain(text: str) -> Iterator[str]:
    marks = tall = 0
    for char in text:
        kind = unicodedata.category(char)
        if kind[0] == "M":
            marks += 1
            tall += unicodedata.combining(char) >= 200
            if marks <= MARKS and tall <= TALL:
                yield char
        elif char in _JOINERS:
            yield char
        elif kind in ("Cc", "Zl", "Zp") or (kind == "Zs" and char not in _SPACES):
            yield " "
        elif kind not in ("Cf", "Cs"):
            marks = tall = 0
            yield char


def spoken(text: str, limit: int) -> str:
    """`text`, plain, in at most `limit` characters, for ears: they know every script."""
    return clip(plain(text), limit) or _("(no name)")


@lru_cache(maxsize=1024)
def legible(text: str) -> str:
    """`text`, plain, with nothing in it that can't be drawn: what our fonts lack is folded to its plain form or
    becomes a dot.
    """
    return "".join(_legible(plain(text))).strip() or (LACKING if text else "")


def _legible(text: str) -> Iterator[str]:
    base: _Face | None = None
    last = ""
    for char in text:
        if unicodedata.category(char)[0] == "M" or char in _JOINERS:
            # A mark from another font than its letter's would stand alone, on a dotted circle or as a box.
            if base and ord(char) in base.advances:
                yield char
            continue
        if ord(char) in _SKINS:
            continue
        base = None
        if char == "\N{NARROW NO-BREAK SPACE}":  # the fonts have it under its older name alone
            drawn = "\N{THIN SPACE}"
        elif ord(char) in _FLAGS:  # a pair of letters, which few fonts make a flag of
            drawn = chr(ord("A") + ord(char) - _FLAGS.start)
        elif (base := _holder(char)) is not None:
            drawn = char
        else:
            drawn = _folded(char)
        if drawn == LACKING == last:
            continue
        last = drawn
        yield drawn


def _folded(char: str) -> str:
    """`𝓐` as `A`, `①` as `1`; a dot where that doesn't help either."""
    plain = unicodedata.normalize("NFKC", char)
    return plain if plain.strip() and all(_holder(each) for each in plain) else LACKING


@lru_cache(maxsize=4096)
def runs(text: str, bold: bool = False) -> tuple[tuple[str, str, float], ...]:
    """A legible text in stretches of one font each, from left to right: the font's family, the stretch, its width in em.

    Each is drawn by itself. The renderer guesses one script for all that it draws at once, and letters that shape each
    other come out wrong in a wrong one; so spaces and full stops stay with the script before them where its font has them.
    A text that begins in Arabic or Hebrew goes on to the left.
    """
    face = latin = _face(BOLD if bold else REGULAR)
    found: list[tuple[_Face, str]] = []
    for char in text:
        if face is latin or unicodedata.category(char)[0] == "L" or ord(char) not in face.advances:
            face = _holder(char, bold) or latin
        if found and found[-1][0] is face:
            found[-1] = (face, found[-1][1] + char)
        else:
            found.append((face, char))
    strong = next((way for char in text if (way := unicodedata.bidirectional(char)) in ("L", "R", "AL")), "L")
    ordered = found if strong == "L" else found[::-1]
    return tuple((face.family, held, _em(held, face)) for face, held in ordered)


def _em(text: str, face: _Face) -> float:
    return sum(face.advances.get(ord(char), 0.0) for char in text)


def width(text: str, size: float, bold: bool = False) -> float:
    """How wide a legible text is at most when drawn."""
    return size * sum(em for _, _, em in runs(text, bold))


def fit(text: str, room: float, size: float, bold: bool = False) -> str:
    """`text`, legible, or its beginning and an ellipsis, in at most `room`."""
    shown = legible(text)
    if width(shown, size, bold) <= room:
        return shown
    return shown[: _reach(shown, room, size, bold, "…")].rstrip() + "…"


def _reach(text: str, room: float, size: float, bold: bool, end: str = "") -> int:
    """How many characters of a legible text fit in `room` together with `end`. A letter is not parted from its marks."""
    at = bisect.bisect_right(range(1, len(text) + 1), room, key=lambda n: width(text[:n].rstrip() + end, size, bold))
    while 0 < at < len(text) and unicodedata.category(text[at])[0] == "M":
        at -= 1
    return at


def wrap(text: str, room: float, size: float, lines: int, bold: bool = False) -> tuple[str, ...]:
    """`text`, legible, in at most so many lines of at most `room`; the last one is cut if need be."""
    words = legible(text).split(" ")
    filled: list[str] = []
    while words and len(filled) < lines - 1:
        taken = 1
        while taken < len(words) and width(" ".join(words[: taken + 1]), size, bold) <= room:
            taken += 1
        line = " ".join(words[:taken])
        reach = max(1, _reach(line, room, size, bold))
        filled.append(line[:reach])
        words[:taken] = [line[reach:]] if reach < len(line) else []  # a word wider than a line goes on in the next
    if words:
        filled.append(fit(" ".join(words), room, size, bold))
    return tuple(filled)


def files(text: str) -> tuple[Path, ...]:
    """The font files that a legible text needs, the two Latin ones always."""
    held = {face.path for char in set(text) if (face := _holder(char)) is not None}
    return (REGULAR, BOLD, *(path for path in _others() if path in held))


def shrunk(text: str, room: float, size: float, bold: bool = False) -> float:
    """`size`, or the smaller one at which `text` is as wide as `room`."""
    return min(size, room / width(legible(text), 1, bold)) if text else size
