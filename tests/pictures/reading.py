"""What a sheet's SVG says, and where."""

from __future__ import annotations

import re
from dataclasses import dataclass
from xml.etree import ElementTree

from bot.pictures import lettering

SVG = "{http://www.w3.org/2000/svg}"


@dataclass(frozen=True)
class Words:
    """A text on the sheet, from `left` to `right` on its baseline `y`."""

    said: str
    left: float
    right: float
    y: float
    size: float


def tree(document: str) -> ElementTree.Element:
    return ElementTree.fromstring(document)


def words(document: str) -> list[Words]:
    """Every text, as wide as the fonts say that it can get at most."""
    found = []
    for element in tree(document).iter(f"{SVG}text"):
        size, bold = float(element.attrib["font-size"]), "font-weight" in element.attrib
        said = "".join(element.itertext())
        wide = lettering.width(said, size, bold)
        at = float(element.attrib["x"])
        left = {"start": at, "middle": at - wide / 2, "end": at - wide}[element.get("text-anchor", "start")]
        found.append(Words(said, left, left + wide, float(element.attrib["y"]), size))
    return found


@dataclass(frozen=True)
class Bar:
    """The track of a bar."""

    left: float
    right: float
    top: float
    bottom: float


def bars(document: str) -> list[Bar]:
    found = []
    for element in tree(document).iter(f"{SVG}rect"):
        x, y, width, height = (float(element.get(name, 0)) for name in ("x", "y", "width", "height"))
        if element.get("class") == "track" and width > height:
            found.append(Bar(x, x + width, y, y + height))
    return found


def numbers(text: str) -> set[str]:
    """The numbers in a text, as written."""
    return set(re.findall(r"\d(?:[\d.,]*\d)?", text))
