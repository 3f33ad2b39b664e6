"""Numbers as people type them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.quiz.numerals import numbers_in, written


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("1024", {1024}),
        ("1,024", {1024, 1.024}),
        ("1.024", {1024, 1.024}),
        ("1,024.5", {1024.5}),
        ("1.024,5", {1024.5}),
        ("1 024 GB", {1024}),
        ("1'000'000", {1e6}),
        ("1\u202f000", {1000}),
        ("0,125", {0.125}),
        (",5", {0.5}),
        ("−3", {-3}),
        ("-3", {-3}),
        ("minus 3 °C", {-3}),
        ("1.5e9", {1.5e9}),
        ("1e−5", {1e-5}),
        ("2 × 10^9", {2e9}),
        ("2*10**9", {2e9}),
        ("10⁹", {1e9}),
        ("2⁻¹", {0.5}),
        ("1.5k", {1500}),
        ("4 kB", {4}),
        ("3 million", {3e6}),
        ("25 %", {25, 0.25}),
        ("25 per cent", {25, 0.25}),
        ("1/4", {0.25}),
        ("¼", {0.25}),
        ("about 3.", {3}),
        ("8x", {8}),
        ("fp16 needs 2 bytes", {2}),
        ("16 bytes (2 + 2 + 12)", {16}),
        ("7 × 2 = 14 GB", {14}),
        ("٣", {3}),
    ],
)
def test_a_number_is_found_in_the_way_it_was_typed(text: str, numbers: set[float]) -> None:
    assert numbers_in(text) == numbers


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ten",
        "10 or 20",
        "10–20",
        "10 to 20",
        "3, 4",
        "5 6 7",
        "1.2.3",
        "12,34,56",
        "2024-01-02",
        "H100",
        "N-1",
        "1/0",
        "1e999",
        "10^9999",
    ],
)
def test_several_numbers_to_choose_from_are_none(text: str) -> None:
    assert numbers_in(text) == set()


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_number_is_found_again_as_it_was_written(number: float) -> None:
    assert number in numbers_in(written(number))


@given(st.text(st.sampled_from("0123456789.,'- e^*/%k()=⁹½"), max_size=60))
def test_no_text_is_too_odd_to_look_for_a_number_in(text: str) -> None:
    assert all(abs(number) < float("inf") for number in numbers_in(text))
