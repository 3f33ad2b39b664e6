"""Drawings in the page: rebuilt from what is known, coloured by the page, light and dark."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

import adapters.web
from adapters.web.drawing import to_html
from bot.pictures import Sheet, Theme, svg
from bot.pictures.palette import PALETTES
from tests.pictures.reading import words
from tests.pictures.sheets import EVERY, HOSTILE, PEOPLE, RECAP, STATS

CSS = (Path(adapters.web.__file__).parent / "static" / "page.css").read_text(encoding="utf-8")
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1">{}</svg>'


class Read(HTMLParser):
    """Tags with their attributes, and the words between them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)


@pytest.mark.parametrize("sheet", EVERY)
def test_a_drawing_keeps_its_words_and_says_them_to_those_who_do_not_see_it(sheet: Sheet) -> None:
    document = svg(sheet)
    html = to_html(document, sheet.alt)
    assert html is not None
    read = Read(html)
    assert read.tags[0][0] == "svg"
    assert read.tags[0][1]["aria-label"] == sheet.alt
    assert "".join(read.words) == "".join(each.said for each in words(document))
    assert not {"style", "script"} & {tag for tag, _ in read.tags}
    assert not any(name in ("style", "href") or name.startswith("on") for _, found in read.tags for name in found)


@pytest.mark.parametrize(
    "inside",
    [
        "<script>alert(1)</script>",
        "<style>@import url(//evil)</style>",
        '<image href="https://evil/x.png"/>',
        '<foreignObject><p xmlns="http://www.w3.org/1999/xhtml">x</p></foreignObject>',
        '<a href="javascript:alert(1)"><rect/></a>',
        '<use href="#toast"/>',
    ],
)
def test_what_is_no_shape_of_ours_is_not_in_the_page(inside: str) -> None:
    html = to_html(SVG.format(inside), "x")
    assert html is not None
    assert [tag for tag, _ in Read(html).tags] == ["svg"]


@pytest.mark.parametrize("name", ["onclick", "style", "href", "fill", "id", "clip-path"])
def test_what_is_no_attribute_of_ours_is_not_in_the_page(name: str) -> None:
    html = to_html(SVG.format(f'<rect x="1" {name}="toast"/>'), "x")
    assert html is not None
    assert Read(html).tags[1] == ("rect", {"x": "1"})


def test_values_and_words_can_not_break_out() -> None:
    html = to_html(SVG.format('<rect class="a&quot;&gt;&lt;script"/><text>&lt;/svg&gt;&lt;script&gt;</text>'), HOSTILE)
    assert html is not None
    read = Read(html)
    assert [tag for tag, _ in read.tags] == ["svg", "rect", "text"]
    assert read.tags[1][1] == {}
    assert "".join(read.words) == "</svg><script>"
    assert read.tags[0][1]["aria-label"] == HOSTILE


@pytest.mark.parametrize("document", ["", "<svg", "<p/>", "<svg/>", SVG.format("</svg>")])
def test_what_is_no_drawing_is_none(document: str) -> None:
    assert to_html(document, "x") is None


@pytest.mark.parametrize("theme", Theme)
def test_the_page_s_colours_are_the_pictures_own(theme: Theme) -> None:
    found = re.findall(r"--d-([\w-]+): (#[0-9a-f]+)", CSS)
    half = len(found) // 2
    colours = dict(found[:half] if theme is Theme.LIGHT else found[half:])
    palette = PALETTES[theme]
    every = {
        name: getattr(palette, name.replace("-", "_")) for name in ("ground", "sunken", "tint", "track", "line", "ink")
    }
    every |= {
        name: getattr(palette, name.replace("-", "_")) for name in ("soft", "accent", "bar", "on-accent", "on-medal")
    }
    every |= {f"step{at}": colour for at, colour in enumerate(palette.steps, 1)}
    every |= {f"medal{at}": colour for at, colour in enumerate(palette.medals)}
    assert {name: colour.replace("#ffffff", "#fff") for name, colour in every.items()} == colours


@pytest.mark.parametrize("sheet", [STATS, PEOPLE, RECAP])
def test_the_page_has_a_rule_for_every_class(sheet: Sheet) -> None:
    used = set(re.findall(r'class="([\w-]+)"', svg(sheet)))
    assert {name for name in used if f".drawing .{name} {{" not in CSS} == set()
