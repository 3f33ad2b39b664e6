"""Colours, light and dark: the browser page's own, and what charts need besides.

One hue and grey carry everything, in steps of lightness, so that nothing depends on telling hues apart; amber is for medals
alone, whose rank stands in them. Text has a contrast of at least 4.5 to 1 on every ground that it is put on, bars 3 to 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Theme(StrEnum):
    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True, slots=True)
class Palette:
    """`ground` behind everything, `sunken` panels, `track` what a bar may fill, `steps` few to many questions a day."""

    ground: str
    sunken: str
    tint: str
    track: str
    line: str
    ink: str
    soft: str
    accent: str
    bar: str
    on_accent: str
    steps: tuple[str, str, str, str]
    medals: tuple[str, str, str]
    on_medal: str


PALETTES = {
    Theme.LIGHT: Palette(
        ground="#ffffff",
        sunken="#f7f6f3",
        tint="#edebfb",
        track="#e9e6f3",
        line="#e3e0da",
        ink="#23211f",
        soft="#5f5a54",
        accent="#4b43b4",
        bar="#7a73cb",
        on_accent="#ffffff",
        steps=("#7f78cf", "#665ec2", "#4b43b4", "#2a2388"),
        medals=("#ffb547", "#d3d0d8", "#dfa678"),
        on_medal="#23211f",
    ),
    Theme.DARK: Palette(
        ground="#201f25",
        sunken="#2a2930",
        tint="#322f4a",
        track="#3a3848",
        line="#3d3b45",
        ink="#edebf0",
        soft="#b4b0bc",
        accent="#b1abff",
        bar="#8a83dc",
        on_accent="#1c1838",
        steps=("#8079d4", "#9b94ee", "#b9b4ff", "#e4e2ff"),
        medals=("#ffb547", "#c9c6d0", "#d79a6b"),
        on_medal="#23211f",
    ),
}
