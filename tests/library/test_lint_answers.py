from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.library.faults import Severity
from bot.library.native import read_deck
from tests.library.written import CONCEPT, card, deck_of, faults_in


def concept(**changes: Any) -> dict[str, Any]:
    return {**CONCEPT, **changes}


def concepts(count: int) -> list[dict[str, Any]]:
    return [concept(id=f"c{i}") for i in range(count)]


@pytest.mark.parametrize(
    ("kind", "broken", "sound", "rule"),
    [
        ("short_answer", {"accept": []}, {"accept": ["x"]}, "no-accepted-answer"),
        ("short_answer", {"accept": None}, {"accept": None, "numeric": {"value": 8}}, "no-accepted-answer"),
        ("short_answer", {"accept": ["\u200b"]}, {"accept": ["?"]}, "wrong-key"),
        ("cloze", {"text": "no gap", "accept": None}, {"text": "a {{c1::gap}}", "accept": None}, "no-gap"),
        ("cloze", {"text": "a {{c1:gap}}", "accept": None}, {"text": "a {{c1::gap}}", "accept": None}, "broken-gap"),
        (
            "cloze",
            {"text": "{{c1::gap}} {{c10::gap}}", "accept": None},
            {"text": "{{c1::gap}} {{c9::hole}}", "accept": None},
            "broken-gap",
        ),
        (
            "cloze",
            {"text": "{{c1::gap}} {{x}}", "accept": None},
            {"text": "{{c1::gap}} {x}", "accept": None},
            "broken-gap",
        ),
        ("cloze", {"text": "{{c1:: }} x", "accept": None}, {"text": "{{c1::y }} x", "accept": None}, "broken-gap"),
        (
            "cloze",
            {"text": " ".join(f"{{{{c{i}::gap}}}}" for i in range(1, 6)), "accept": None},
            {"text": " ".join(f"{{{{c{i}::gap}}}}" for i in (1, 2, 3, 4, 1)), "accept": None},
            "gap-count",
        ),
        (
            "cloze",
            {"text": "{{c1::one}} and {{c1::two}}", "accept": None},
            {"text": "{{c1::one}} and {{c1::One}}", "accept": None},
            "gap-conflict",
        ),
        ("cloze", {"accept": {"c3": ["x"]}}, {"accept": {"c2": ["x"]}}, "unknown-gap"),
        ("explain", {"concepts": []}, {"concepts": concepts(1)}, "concept-count"),
        ("explain", {"concepts": concepts(7)}, {"concepts": concepts(6)}, "concept-count"),
        (
            "explain",
            {"concepts": [concept(), concept(text="The same again")]},
            {"concepts": [concept(), concept(id="again")]},
            "duplicate-concept",
        ),
        ("explain", {"concepts": [concept(match=[])]}, {"concepts": [concept(match=[["batch"]])]}, "empty-match"),
        ("explain", {"concepts": [concept(match=[[]])]}, {"concepts": [concept(match=[["batch"]])]}, "empty-match"),
        (
            "explain",
            {"concepts": [concept(match=[["larger|", "batch"]])]},
            {"concepts": [concept(match=[["larger", "batch"]])]},
            "empty-match",
        ),
        (
            "explain",
            {"concepts": [concept(**{"not": [" | "]})]},
            {"concepts": [concept(**{"not": ["smaller batch"]})]},
            "empty-match",
        ),
        (
            "explain",
            {"reference": "It makes the model fit, one micro-batch after the other."},
            {"reference": "It makes the batch larger than memory would hold."},
            "reference-fails",
        ),
        (
            "explain",
            {"concepts": [concept(examples={"pass": ["It saves time, which is what everyone wants."]})]},
            {"concepts": [concept(examples={"pass": ["The batch gets bigger, which is what everyone wants."]})]},
            "example-fails",
        ),
        (
            "explain",
            {"concepts": [concept(examples={"fail": ["The batch gets bigger, which is what everyone wants."]})]},
            {"concepts": [concept(examples={"fail": ["It saves time, which is what everyone wants."]})]},
            "example-fails",
        ),
    ],
)
def test_a_card_whose_own_key_does_not_hold_is_an_error(
    kind: str, broken: dict[str, Any], sound: dict[str, Any], rule: str
) -> None:
    faults = faults_in(card(kind, **broken))
    assert {(fault.rule, fault.severity) for fault in faults} == {(rule, Severity.ERROR)}
    assert faults_in(card(kind, **sound)) == ()


def test_what_is_accepted_cannot_be_rejected_too() -> None:
    (fault,) = faults_in(card("short_answer", accept=["all-reduce", "x"], reject=["y", "All Reduce"]))
    assert fault.rule == "accepted-and-rejected"
    assert "‘All Reduce’" in fault.message
    assert faults_in(card("short_answer", accept=["all-reduce"], reject=["all-gather"])) == ()


def test_a_number_that_is_rejected_but_near_enough_is_an_error() -> None:
    number = {"accept": None, "numeric": {"value": 8, "tolerance": 1}}
    assert {fault.rule for fault in faults_in(card("short_answer", **number, reject=["20"]))} == set()
    assert {fault.rule for fault in faults_in(card("short_answer", **number, reject=["8"]))} == {"wrong-key"}


def test_a_failing_example_is_pointed_at() -> None:
    examples = {"pass": ["A larger batch is what we get.", "Nothing of the kind is said here."]}
    (fault,) = faults_in(card("explain", concepts=[concept(examples=examples)]))
    assert fault.message.startswith("pass example 2 isn’t found to cover ‘batch’")


ECHO = {"prompt": "Why does one want a larger batch?"}


def test_a_prompt_that_covers_a_concept_itself_is_a_warning() -> None:
    (fault,) = faults_in(card("explain", **ECHO))
    assert (fault.rule, fault.severity) == ("prompt-covers-concept", Severity.WARNING)
    assert "‘larger’ … ‘batch’ cover concept ‘batch’" in fault.message
    assert faults_in(card("explain", prompt="Why does one want a batch?")) == ()


def test_a_prompt_may_be_allowed_to_cover_a_concept() -> None:
    assert faults_in(card("explain", **ECHO, allow=["prompt-covers-concept"])) == ()
    assert {fault.rule for fault in faults_in(card("explain", allow=["prompt-covers-concept"]))} == {"unused-allow"}


def test_what_was_not_tried_is_not_called_unused(tmp_path: Path) -> None:
    file = tmp_path / "deck.yaml"
    file.write_text(deck_of(card("explain", **ECHO, allow=["prompt-covers-concept"])), encoding="utf-8")
    assert read_deck(file, trials=False)[1] == ()
