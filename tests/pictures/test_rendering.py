"""Rendering: two bindings of one renderer, of which nobody can tell which has drawn."""

from __future__ import annotations

import pytest

from bot.pictures import Board, Person, Sheet, rendering, svg
from tests.pictures.pixels import pixels
from tests.pictures.sheets import RECAP, SIX_SCRIPTS, STATS, TEAMS


@pytest.mark.parametrize("sheet", [STATS, SIX_SCRIPTS, TEAMS, RECAP], ids=["stats", "six scripts", "teams", "recap"])
def test_both_bindings_draw_the_same_picture(sheet: Sheet) -> None:
    assert rendering.quick(svg(sheet)) == rendering.careful(svg(sheet))


def named(name: str) -> str:
    return svg(Board("this week", (Person(1, name, 300),), 1))


@pytest.mark.parametrize("name", ["दुनिया", "বিশ্ব", "மொழி", "తెలుగు"], ids=["Hindi", "Bengali", "Tamil", "Telugu"])
def test_names_whose_letters_would_lie_over_one_another_are_drawn_with_care(name: str) -> None:
    document = named(name)
    drawn = rendering.png(document)
    assert drawn == rendering.careful(document)
    assert drawn != rendering.quick(document), "the quick one has learnt it: resvg_py can go"


@pytest.mark.parametrize("name", ["Łukasz", "Радия", "김영희", "陳小明", "محمد", "שָׁלוֹם", "น้ำ", "Hiếu", "🎉"])
def test_any_other_name_is_drawn_quickly_and_no_differently(name: str) -> None:
    document = named(name)
    assert rendering.png(document) == rendering.quick(document) == rendering.careful(document)


def test_every_pixel_of_a_sheet_is_covered() -> None:
    document = '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20"><rect width="20" height="20"/></svg>'
    drawn = pixels(rendering.png(document))
    assert (drawn.width, drawn.height) == (30, 30)
    assert set(drawn.rows) == {b"\0\0\0\xff" * 30}


class PanicException(BaseException):
    """Named as the renderer's own."""


@pytest.mark.parametrize(("binding", "name"), [("quick", "Ada"), ("careful", "दुनिया")])
def test_a_panic_of_the_renderer_is_an_error_that_can_be_caught(
    binding: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def panics(_document: str) -> bytes:
        raise PanicException

    monkeypatch.setattr(rendering, binding, panics)
    with pytest.raises(RuntimeError, match="gave up"):
        rendering.png(named(name))


def test_a_real_panic_is_caught_as_well() -> None:
    with pytest.raises(RuntimeError, match="gave up"):
        rendering.png("no drawing at all")
