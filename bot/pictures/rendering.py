"""From SVG to PNG, by one renderer in two bindings.

`resvg` is compiled for speed. Its resvg 0.47 gives a syllable of several letters the room of the widest, so in scripts that
set them side by side they come out one over another. `resvg_py` has resvg 0.48, which knows better, but is compiled for size
and takes three times as long. What both can draw they draw alike, to the byte.
"""

from __future__ import annotations

import resvg_py

from bot.pictures import lettering

try:
    from resvg import render, usvg
except ImportError:  # it has no wheel for this Python
    QUICK = False
else:
    QUICK = True

SCALE = 1.5
"""Pixels a unit. A sheet is 420 units wide, and no text on it is smaller than 14: 12 where a phone shows it 360 wide. At 2,
phones would show it a little sharper, and every picture would take 1.4 times as long."""

SIDE_BY_SIDE = frozenset(
    lettering.FONTS / f"NotoSans{script}.ttf" for script in ("Bengali", "Devanagari", "Tamil", "Telugu")
)
"""The fonts of scripts that set the letters of a syllable side by side."""


def png(document: str) -> bytes:
    """The document in our fonts, `SCALE` pixels a unit. RuntimeError when the renderer gives up."""
    try:
        able = QUICK and not SIDE_BY_SIDE.intersection(lettering.files(document))
        return quick(document) if able else careful(document)
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        # A panic of the renderer is no Exception and would pass every net; to us it is one picture that failed.
        raise RuntimeError("the renderer gave up on a picture") from error


def quick(document: str) -> bytes:
    options = usvg.Options.default()
    options.font_family = lettering.FAMILY
    for file in lettering.files(document):
        options.load_font_data(file.read_bytes())  # a font that it knows by its path is opened anew for every letter
    tree = usvg.Tree.from_str(document, options)
    width, height = tree.int_size()
    return render(tree, (SCALE, 0, 0, 0, SCALE, 0), bg_size=(int(SCALE * width), int(SCALE * height)))


def careful(document: str) -> bytes:
    return resvg_py.svg_to_bytes(
        svg_string=document,
        zoom=SCALE,
        skip_system_fonts=True,
        font_family=lettering.FAMILY,
        font_files=[str(file) for file in lettering.files(document)],
    )
