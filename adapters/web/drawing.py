"""Drawings: SVG of the bot's → SVG in the page, which the page's own style sheet colours, light and dark, in its own letters.

Nothing is passed on: what a drawing is made of is known, and built anew from that. So whatever else stands in it, scripts,
styles, references, is not there in the page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from xml.etree import ElementTree

from markupsafe import Markup, escape

_SVG = "{http://www.w3.org/2000/svg}"
_SHAPES = frozenset({"pattern", "rect", "circle", "path", "text", "tspan"})
_PLAIN = re.compile(r"[\w .,()#-]*")
"""What our attributes are made of: numbers, names and paths. No colon, so nothing that is fetched or run."""

_ATTRIBUTES = frozenset(
    {"x", "y", "width", "height", "rx", "r", "cx", "cy", "d", "transform", "class"}
    | {"font-size", "font-weight", "text-anchor"}
    | {"patternUnits", "patternTransform"}
)
_HATCH = "hatch"
"""The one id that a drawing has, of the pattern that the style sheet names."""


@lru_cache(maxsize=128)
def to_html(document: str, alt: str) -> Markup | None:
    """The drawing, with its words for those who don't see it; None for what is no drawing."""
    try:
        root = ElementTree.fromstring(document)  # noqa: S314 - made by the bot, and without a doctype
    except ElementTree.ParseError:
        return None
    box = root.get("viewBox", "")
    if root.tag != f"{_SVG}svg" or not _PLAIN.fullmatch(box):
        return None
    head = Markup('<svg class="drawing" role="img" aria-label="{}" viewBox="{}">').format(alt, box)
    return head + Markup().join(_shapes(root)) + Markup("</svg>")


def _shapes(parent: ElementTree.Element) -> Iterator[Markup]:
    for place, element in enumerate(parent):
        name = element.tag.removeprefix(_SVG)
        if name not in _SHAPES:
            continue
        kept = Markup().join(
            Markup(' {}="{}"').format(key, value)
            for key, value in element.items()
            if (key in _ATTRIBUTES or (key, value) == ("id", _HATCH)) and _PLAIN.fullmatch(value)
            if not (name == "tspan" and place and key == "x")  # our letters may be wider than those it was measured for
        )
        text = escape(element.text or "") if name in ("text", "tspan") else Markup()
        yield Markup("<{0}{1}>{2}</{0}>").format(Markup(name), kept, text + Markup().join(_shapes(element)))  # noqa: S704 - one of ours
