from __future__ import annotations

from typing import Any

import pytest

from bot.library.faults import Severity
from tests.library.written import CONCEPT, card, choices, faults_in, rules_broken


@pytest.mark.parametrize(
    ("broken", "sound", "rule"),
    [
        ("<b>x</b> is it", "`<b>` is it", "raw-html"),
        ("a List<T> of it", "a List\\<T> of it", "raw-html"),
        ("<div>\nx\n</div>", "1 < 2 and 3 > 2", "raw-html"),
        ("<!-- x -->", "x <- 3", "raw-html"),
        ("![alt](https://example.org/x.png)", "wow![^1]", "image-in-text"),
        ("# Title", "#1 of them", "heading"),
        ("Title\n---", "Title\n\n---", "heading"),
        ("Title\n=====", "a\n= b", "heading"),
        ("| a | b |\n|---|---|\n| 1 | 2 |", "either a | or b", "table"),
        ("| a | b |\n|---|---|\n| 1 | 2 |", "```\n| a | b |\n|---|---|\n```", "table"),
        ("it is $x^2$ then", "it costs $5 and $6", "maths"),
        ("it is $N$", "it costs $5-$6 or $5/$6", "maths"),
        ("$$\n\\frac{a}{b}\n$$", "set `$HOME` and `$PATH`", "maths"),
        ("$a*b*c$", "\\$x\\$", "maths"),
        ("see [this](page.md)", "see [this](https://example.org/page)", "link"),
        ("see [this](javascript:alert)", "see [me](mailto:me@example.org)", "link"),
        ("see [this](#part)", "an array a[i](x) no `[this](page.md)`", "link"),
    ],
)
def test_markup_that_chats_do_not_have_is_an_error(broken: str, sound: str, rule: str) -> None:
    if rule == "link" and "a[i](x)" in sound:
        sound = "an array `a[i](x)` and `[this](page.md)`"
    (fault,) = faults_in(card("true_false", explanation=broken))
    assert (fault.rule, fault.severity) == (rule, Severity.ERROR)
    assert fault.message.startswith("explanation: ")
    assert faults_in(card("true_false", explanation=sound)) == ()


def test_plain_commonmark_is_fine() -> None:
    text = (
        "**bold**, *italic*, `code`, [a link](https://example.org), <https://example.org>\n\n- one\n- two\n\n1. a\n2. b\n\n"
        "> said\n\n```python\nx = '<b>$y$</b>'  # not a heading\n```\n\n    indented <b>\n"
    )
    assert faults_in(card("flashcard", back=text)) == ()


@pytest.mark.parametrize(
    ("kind", "changes", "place"),
    [
        ("flashcard", {"front": "<b>"}, "front: "),
        ("flashcard", {"back": "<b>"}, "back: "),
        ("flashcard", {"hint": "<b>"}, "hint: "),
        ("flashcard", {"source": "<b>"}, "source: "),
        ("true_false", {"why": "<b>"}, "why: "),
        ("cloze", {"text": "<b> {{c1::x}}", "accept": None}, "text: "),
        ("ordering", {"items": ["a", "b", "<b>"]}, "item 3: "),
        ("single_choice", {"options": choices("a ring", "a tree", "<b>")}, "option 3, text: "),
        ("single_choice", {"options": [*choices("a ring", "a tree"), {"text": "x", "why": "<b>"}]}, "option 3, why: "),
        ("explain", {"concepts": [{**CONCEPT, "text": "<b>"}]}, "concept 1, text: "),
        ("explain", {"reference": "A larger batch <b>at once</b> than fits."}, "reference: "),
    ],
)
def test_every_text_that_is_shown_is_looked_at(kind: str, changes: dict[str, Any], place: str) -> None:
    (fault,) = faults_in(card(kind, **changes))
    assert fault.rule == "raw-html"
    assert fault.message.startswith(place)


def test_texts_that_are_only_compared_may_hold_anything() -> None:
    assert faults_in(card("short_answer", accept=["<b>", "$x$", "# y"])) == ()


def test_the_decks_own_texts_are_looked_at() -> None:
    (fault,) = faults_in(card("flashcard"), description="<b>", sources=["a book"])
    assert (fault.rule, fault.card, fault.message[:13]) == ("raw-html", None, "description: ")
    assert rules_broken(card("flashcard"), sources=["a book", "# b"]) == {"heading"}


def test_a_text_tells_each_kind_of_fault_once() -> None:
    assert len(faults_in(card("flashcard", back="<b> <i> $x$ <u> $y$"))) == 2


@pytest.mark.parametrize(
    ("kind", "name", "most"),
    [
        ("flashcard", "back", 2500),
        ("flashcard", "hint", 1000),
        ("true_false", "explanation", 1000),
        ("true_false", "why", 1000),
        ("true_false", "source", 1000),
    ],
)
def test_a_text_past_what_can_be_shown_is_an_error(kind: str, name: str, most: int) -> None:
    (fault,) = faults_in(card(kind, **{name: "x" * (most + 1)}))
    assert (fault.rule, fault.severity) == ("text-too-long", Severity.ERROR)
    assert fault.message == f"{name}: {most + 1:,} characters, and {most:,} can be shown: shorten it"
    assert faults_in(card(kind, **{name: "x" * most})) == ()


def test_a_question_and_its_options_must_fit_together() -> None:
    options = choices(*(letter * 300 for letter in "abcde"))
    room = 2900 - 5 * 304
    assert rules_broken(card("single_choice", prompt="x" * (room + 1), options=options)) >= {"text-too-long"}
    assert rules_broken(card("single_choice", prompt="x" * room, options=options)) == {"long-prompt"}
    items = [letter * 300 for letter in "abcdefgh"]
    assert rules_broken(card("ordering", prompt="x" * (2901 - 8 * 304), items=items)) >= {"text-too-long"}
    assert rules_broken(card("ordering", prompt="x" * (2900 - 8 * 304), items=items)) == {"long-prompt"}


def test_an_option_has_room_for_300_characters() -> None:
    assert rules_broken(card("single_choice", options=choices("a" * 300, "b" * 300, "c" * 300))) == set()
    assert rules_broken(card("single_choice", options=choices("a" * 301, "b" * 300, "c" * 300))) == {"text-too-long"}


def test_a_gap_inside_code_is_an_error() -> None:
    assert rules_broken(card("cloze", text="run `x {{c1::y}}`", accept=None)) == {"gap-in-code"}
    assert rules_broken(card("cloze", text="run `x` {{c1::y}}", accept=None)) == set()
