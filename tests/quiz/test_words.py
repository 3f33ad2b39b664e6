"""Short texts made comparable."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.quiz import words

TYPED = st.text(
    st.one_of(st.characters(codec="utf-8"), st.sampled_from("aN1 0.,-−–()*^=<>!'’/²½%#\u0301\u200b")), max_size=40
)


@settings(max_examples=300)
@given(TYPED)
@example("1,000,000.5 and 1.2.3")
@example("..5 .5")
@example("ǆ²½≠\u0338")
@example("(N-1)/(N - (x))")
def test_normalising_twice_is_normalising_once(text: str) -> None:
    once = words.normal(text)
    assert words.normal(once) == once


@given(TYPED)
def test_every_text_is_the_same_as_itself_in_any_spelling_of_unicode(text: str) -> None:
    assert words.same(text, text)
    assert words.same(f"  {text}\n", text)
    assert words.same(unicodedata.normalize("NFD", text), unicodedata.normalize("NFC", text))


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("All-Reduce", "all reduce"),
        ("all_reduce", "ALLREDUCE"),
        ("ZeRO-3", "zero 3"),
        ("2(N-1)/N", "2 (N − 1) / N"),
        ("f(x)", "f x"),
        ("2·N", "2N"),
        ("2 × N", "2*N"),
        ("x²", "x^2"),
        ("x**2", "x^2"),
        ("1,000", "1000"),
        (".5", "0.5"),
        (">=", "≥"),
        ("**bold** `code`", "bold code"),
        ("Straße", "STRASSE"),
        ("naïve", "naive"),
        ("Łódź", "lodz"),
        ("ﬁne", "fine"),
        ("ＦＵＬＬ", "full"),
        ("don’t", "don't"),
        ("ёлка", "елка"),
        ("- an item", "an item"),
        ("n-gram", "n gram"),
        ("a\u200bb", "ab"),
    ],
)
def test_two_spellings_of_one_thing_are_the_same(left: str, right: str) -> None:
    assert words.same(left, right)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("C++", "C"),
        ("C#", "C"),
        ("x < y", "x > y"),
        ("≠", "="),
        ("!=", "="),
        ("5", "-5"),
        ("N − 1", "N + 1"),
        ("N-1", "N1"),
        ("2(N−1)/N", "2N−1/N"),
        ("3.5", "35"),
        ("2 3", "23"),
        ("x²", "x2"),
        ("50%", "50"),
        ("?", "!"),
        ("मोटा", "मोटी"),
        ("мой", "мои"),
        ("が", "か"),
    ],
)
def test_two_things_that_look_alike_are_not_the_same(left: str, right: str) -> None:
    assert not words.same(left, right)


def test_an_accepted_text_fits_with_its_article_or_without() -> None:
    fit = words.Fit("The optimizer", typo=False)
    assert words.fits("optimizer", ["The optimizer"]) == fit
    assert words.fits("an optimizer", ["The optimizer"]) == fit
    assert words.fits("A", ["B", "A"]) == words.Fit("A", typo=False)
    assert words.fits("A, B", ["B"]) is None


@pytest.mark.parametrize(
    ("typed", "meant", "forgiven"),
    [
        ("momentun", "momentum", True),
        ("momntum", "momentum", True),
        ("momenttum", "momentum", True),
        ("moemntum", "momentum", True),
        ("mmentm", "momentum", False),
        ("omentum", "momentum", False),
        ("batsh", "batch", False),
        ("layer 12", "layer 13", False),
        ("weights +", "weights", False),
        ("model parallelsm", "model parallelism", True),
    ],
)
def test_one_slip_is_forgiven_in_a_long_word_after_its_first_letter(typed: str, meant: str, forgiven: bool) -> None:
    assert words.slip(typed, meant) is forgiven


@given(st.text("abcdefgh", min_size=6, max_size=12), st.integers(1, 11))
def test_a_letter_left_out_is_always_forgiven_unless_it_is_the_first(word: str, at: int) -> None:
    assert words.slip(word[: at % len(word) or 1] + word[(at % len(word) or 1) + 1 :], word)
