"""Letters: what can't be drawn is left out visibly, and what is measured is at least as wide as what is drawn."""

from __future__ import annotations

import struct
import unicodedata
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import escape

from bot.pictures import lettering, rendering, sfnt
from bot.pictures.lettering import FONTS, LACKING, fit, legible, plain, runs, shrunk, width, wrap
from tests.pictures.pixels import pixels
from tests.pictures.sheets import HOSTILE, ZALGO

FILES = sorted(path for path in FONTS.iterdir() if path.suffix in (".ttf", ".otf"))


@cache
def characters() -> dict[str, set[int]]:
    """What each family has."""
    return {sfnt.family(font): set(sfnt.advances(font)) for font in (path.read_bytes() for path in FILES)}


GREETINGS = {
    "Latin": "Hello wörld, łódź fi",
    "Vietnamese": "Nguyễn Văn Hiếu",
    "Greek": "Γειά σου Κόσμε",
    "Cyrillic": "Здравствуй, мир Ђорђе",
    "Hebrew": "שלום עולם",
    "Arabic": "محمد بن موسى الخوارزمي",
    "Persian": "سلام دنیا می‌خواهم",
    "Armenian": "Բարեւ աշխարհ",
    "Georgian": "გამარჯობა მსოფლიო",
    "Hindi": "नमस्ते दुनिया क्षत्रिय ज़ों",
    "Bengali": "ওহে বিশ্ব ক্ষেত্র",
    "Tamil": "வணக்கம் உலகமே",
    "Telugu": "హలో ప్రపంచం తెలుగు",
    "Thai": "สวัสดีชาวโลก ทั้งหลาย",
    "Chinese": "你好，世界 臺灣",
    "Japanese": "こんにちは世界 プログラミング",
    "Korean": "안녕하세요 세계",
    "emoji": "🎉🐙🔥❤🚀",
}


def test_every_font_is_under_the_open_font_license_that_lies_beside_it() -> None:
    license_text = (FONTS / "OFL.txt").read_text(encoding="utf-8")
    assert "SIL OPEN FONT LICENSE Version 1.1" in license_text
    assert len(FILES) > 10
    for path in FILES:
        strings = path.read_bytes()
        assert "SIL Open Font License".encode("utf-16-be") in strings, path.name
        name = "NotoSans*" if path.name.startswith("NotoSans") and path.suffix == ".ttf" else path.stem.split("-")[0]
        assert name in license_text, path.name


def test_every_font_has_a_family_of_its_own_but_for_the_two_weights() -> None:
    families = [sfnt.family(path.read_bytes()) for path in FILES]
    assert families.count(lettering.FAMILY) == 2
    assert len(set(families)) == len(families) - 1


@pytest.mark.parametrize("content", [b"", b"GIF89a", b"wOF2" + bytes(60), struct.pack(">4sH", b"OTTO", 0) + bytes(6)])
def test_what_is_no_font_is_refused(content: bytes) -> None:
    with pytest.raises((ValueError, KeyError)):
        sfnt.advances(content)


@pytest.mark.parametrize("text", GREETINGS.values(), ids=GREETINGS)
def test_the_scripts_that_most_names_are_in_can_be_drawn(text: str) -> None:
    assert legible(text) == unicodedata.normalize("NFC", text)


@pytest.mark.parametrize("bold", [False, True], ids=["regular", "bold"])
@pytest.mark.parametrize("text", GREETINGS.values(), ids=GREETINGS)
def test_a_drawn_text_is_no_wider_than_measured(text: str, bold: bool) -> None:
    size, at = 28, 28
    for family, run, em in runs(legible(text), bold):
        document = (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{len(run) * size + 2 * at}" height="{2 * size}">'
            f'<text x="{at}" y="{1.3 * size}" font-size="{size}" font-family="{family}" '
            f'font-weight="{700 if bold else 400}">{escape(run)}</text></svg>'
        )
        left, right = (x / rendering.SCALE for x in pixels(rendering.png(document)).inked())
        if run.strip():
            assert left < right, f"nothing was drawn of {run!r}"
        assert right <= at + em * size + 0.06 * size  # a stroke may lean a hair over its letter's end
        assert left >= at - 0.1 * size or not run.strip()


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("Ada", "Ada"),
        ("", ""),
        ("  a \t\n b  ", "a b"),
        ("𝓕𝓪𝓷𝓬𝔂 ⓝⓐⓜⓔ", "Fancy name"),
        ("ᏣᎳᎩ nation ꙮ", f"{LACKING} nation {LACKING}"),
        ("\U000f0000\ue000\uffff", LACKING),
        ("\u202egnp.exe\u202c", "gnp.exe"),
        ("\u200f\u200b\x00\x1b", LACKING),
        ("a\ud800b", "ab"),
        ("👩🏽‍💻", "👩💻"),
        ("🇩🇪", "DE"),
        ("1️⃣ ❤️", "1 ❤"),
        ("e\u0301", "é"),
        ("1\u202f234\u202f%", "1\u2009234\u2009%"),
        ("a\u0915\u093c\u0947", "a\u0915\u093c\u0947"),
    ],
)
def test_what_can_not_be_drawn_is_folded_or_left_out_visibly(text: str, drawn: str) -> None:
    assert legible(text) == drawn


def test_a_tower_of_marks_is_cut_to_what_a_line_has_room_for() -> None:
    for cut in (plain(ZALGO), legible(ZALGO)):
        assert cut.endswith("algo")
        assert sum(unicodedata.combining(char) > 0 for char in unicodedata.normalize("NFD", cut)) <= 3


def test_ears_are_spared_controls_but_no_script() -> None:
    assert lettering.spoken("ᏣᎳᎩ \u202e\x00x", 40) == "ᏣᎳᎩ x"
    assert lettering.spoken("x" * 50, 10) == "x" * 9 + "…"
    assert lettering.spoken("\u200f", 10) == "(no name)"


@given(st.text(max_size=60))
def test_nothing_legible_lacks_a_glyph_or_a_place_in_xml(text: str) -> None:
    drawn = legible(text)
    assert legible(drawn) == drawn
    for family, run, _ in runs(drawn):
        assert all(char >= " " and not 0xD800 <= ord(char) <= 0xDFFF for char in run)
        assert all(ord(char) in characters()[family] for char in run), (family, run)


@given(st.text(max_size=60) | st.sampled_from([*GREETINGS.values(), HOSTILE, ZALGO, "W" * 80]), st.floats(14, 300))
def test_what_is_fitted_is_within_its_room_and_ends_in_an_ellipsis_only_if_cut(text: str, room: float) -> None:
    whole = legible(text)
    shown = fit(text, room, 14)
    assert width(shown, 14) <= room + 1e-6
    if shown != whole:
        assert shown.endswith("…")
        assert width(whole, 14) > room
        assert whole.startswith(shown[:-1])


def test_a_wide_name_is_cut_earlier_than_a_narrow_one() -> None:
    assert len(fit("W" * 80, 150, 15)) < len(fit("i" * 80, 150, 15)) - 10


def test_a_letter_is_not_parted_from_its_marks() -> None:
    text = "\u0915\u093c\u0947" * 9
    for room in range(20, 90):
        cut = fit(text, room, 15).removesuffix("…")
        assert len(cut) % 3 == 0


@given(st.text("abc \u754c", max_size=120), st.integers(1, 4))
def test_wrapped_lines_are_within_their_room_and_lose_no_word_unless_cut(text: str, lines: int) -> None:
    wrapped = wrap(text, 80, 15, lines)
    assert len(wrapped) <= lines
    assert all(width(line, 15) <= 80 for line in wrapped)
    if not (wrapped and wrapped[-1].endswith("…")):
        assert "".join(wrapped).replace(" ", "") == legible(text).replace(" ", "")


def test_a_text_without_spaces_is_wrapped_too() -> None:
    assert [len(line) for line in wrap("界" * 30, 150, 15, 3)] == [10, 10, 10]
    assert wrap("a " + "界" * 14, 150, 15, 3) == ("a", "界" * 10, "界" * 4)


def test_each_script_is_drawn_by_its_own_font_and_runs_its_own_way() -> None:
    assert [(family, run) for family, run, _ in runs("Ana मीरा (Pune)")] == [
        ("Atkinson Hyperlegible Next", "Ana "),
        ("Noto Sans Devanagari", "मीरा ("),
        ("Atkinson Hyperlegible Next", "Pune)"),
    ]
    assert [run for _, run, _ in runs("محمد abc")] == ["abc", "محمد "]


def test_a_number_shrinks_to_its_room() -> None:
    assert shrunk("12", 100, 26, True) == 26
    assert width("999 999 999", shrunk("999 999 999", 100, 26, True), True) == pytest.approx(100)


def test_only_the_fonts_that_a_text_needs_are_opened() -> None:
    assert len(lettering.files("Hello")) == 2
    assert [path.name for path in lettering.files("Hello 世")[2:]] == ["NotoSansCJK.otf"]
