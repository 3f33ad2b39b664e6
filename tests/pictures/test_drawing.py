"""Drawing: what comes out is a small PNG, the same everywhere, with nothing of a name's making in it."""

from __future__ import annotations

import hashlib
import multiprocessing
import re
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings

from bot.pictures import Board, Person, Sheet, Theme, draw, drawing, drawn, lettering, rendering, svg
from bot.pictures.palette import PALETTES, Palette
from tests.house.tree import ROOT
from tests.pictures.pixels import pixels
from tests.pictures.reading import SVG, tree
from tests.pictures.sheets import EVERY, HOSTILE, ORDINARY, PEOPLE, RECAP, SHEETS, STATS
from tests.pictures.test_sheets import IDS


@pytest.mark.parametrize("theme", Theme)
@pytest.mark.parametrize("sheet", ORDINARY)
def test_an_ordinary_picture_is_a_png_of_less_than_100_kb(sheet: Sheet, theme: Theme) -> None:
    picture = draw(sheet, theme)
    read = pixels(picture.content, rows=1)
    assert read.width == 420 * rendering.SCALE
    assert read.height == pytest.approx(float(tree(svg(sheet)).attrib["height"]) * rendering.SCALE, abs=1)
    assert len(picture.content) < 100_000
    assert picture.alt == sheet.alt
    assert picture.media_type == "image/png"
    assert picture.name == sheet.template.replace(".svg", ".png")
    ground = bytes.fromhex(PALETTES[theme].ground[1:]) + b"\xff"
    assert read.rows[0] == ground * read.width


@settings(max_examples=8)
@given(SHEETS)
def test_any_sheet_that_the_types_allow_becomes_a_picture(sheet: Sheet) -> None:
    assert len(draw(sheet).content) < 200_000


@pytest.mark.parametrize("sheet", EVERY, ids=IDS)
def test_names_and_questions_can_not_add_anything_to_the_drawing(sheet: Sheet) -> None:
    document = svg(sheet)
    elements = {element.tag.removeprefix(SVG) for element in tree(document).iter()}
    assert elements <= {"svg", "style", "pattern", "rect", "circle", "path", "text", "tspan"}
    assert "<script" not in document
    assert "]]>" not in document


@pytest.mark.parametrize("sheet", EVERY, ids=IDS)
def test_nothing_is_fetched_or_opened_for_a_drawing(sheet: Sheet) -> None:
    document = svg(sheet)
    assert "href" not in document
    assert "@" not in document
    assert set(re.findall(r"url\([^)]*\)", document)) <= {"url(#hatch)"}
    assert set(re.findall(r"\w+://[^\"]+", document)) == {"http://www.w3.org/2000/svg"}
    assert all(path.parent == lettering.FONTS for path in lettering.files(document))


def test_a_name_looks_as_it_is_written() -> None:
    texts = [
        "".join(each.itertext())
        for each in tree(svg(Board("x", (Person(1, "<b>&amp;</b>", 1),), 1))).iter(f"{SVG}text")
    ]
    assert "<b>&amp;</b>" in texts
    assert HOSTILE.replace("\u202e", "").replace("\x00", "").replace("\ud800", "").startswith("<script>")


def test_the_same_picture_is_drawn_in_another_process_with_another_seed() -> None:
    program = (
        "import hashlib; from bot.pictures import draw; from tests.pictures.sheets import ORDINARY;"
        "print(*(hashlib.sha256(draw(sheet).content).hexdigest() for sheet in ORDINARY[:4]))"
    )
    here = [hashlib.sha256(draw(sheet).content).hexdigest() for sheet in ORDINARY[:4]]
    for seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-c", program],
            cwd=ROOT,
            env={"PYTHONHASHSEED": seed, "HOME": "/nowhere"},
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout.split() == here


def test_light_and_dark_differ_in_colours_alone() -> None:
    light, dark = (re.sub(r"<style>.*</style>", "", svg(STATS, theme), flags=re.DOTALL) for theme in Theme)
    assert light == dark
    assert draw(STATS, Theme.LIGHT).content != draw(STATS, Theme.DARK).content


def test_the_same_numbers_are_drawn_once() -> None:
    assert draw(PEOPLE) is draw(replace(PEOPLE))
    assert draw(PEOPLE) is not draw(replace(PEOPLE, of=413))


def test_what_is_kept_is_bounded() -> None:
    assert draw.cache_info().maxsize == drawing.KEPT


async def test_a_picture_can_be_drawn_off_the_event_loop() -> None:
    assert await drawn(RECAP, Theme.DARK) == draw(RECAP, Theme.DARK)


async def test_a_picture_can_be_drawn_by_another_process() -> None:
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        assert await drawn(RECAP, executor=pool) == draw(RECAP)


def luminance(colour: str) -> float:
    """As WCAG 2.2 defines it."""
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("palette", PALETTES.values(), ids=PALETTES)
def test_texts_and_bars_stand_out_from_what_they_are_on(palette: Palette) -> None:
    for ground in (palette.ground, palette.sunken, palette.tint):
        assert contrast(palette.ink, ground) >= 7
        assert contrast(palette.soft, ground) >= 4.5
        assert contrast(palette.accent, ground) >= 4.5
    assert contrast(palette.on_accent, palette.accent) >= 4.5
    assert all(contrast(palette.on_medal, medal) >= 4.5 for medal in palette.medals)
    assert all(
        contrast(fill, palette.track) >= 3 for fill in (palette.bar, palette.accent, palette.soft, *palette.steps)
    )


@pytest.mark.parametrize("palette", PALETTES.values(), ids=PALETTES)
def test_more_questions_a_day_are_told_by_lightness_not_by_hue(palette: Palette) -> None:
    steps = [contrast(step, palette.track) for step in palette.steps]
    assert all(later / former >= 1.2 for former, later in pairwise(steps))
