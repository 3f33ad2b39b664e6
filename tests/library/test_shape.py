from __future__ import annotations

from typing import Any

import pytest

from bot.library.faults import Fault, Severity
from bot.library.native import read_text
from tests.library.written import HEAD, card, deck_of, faults_in

DECK = """\
deck:
  id: tests
  title: Tests
cards:
- id: one
  kind: single_choice
  prompt: How does data travel?
  options:
  - {text: in a ring, correct: true}
  - text: by a tree
    why: That is another thing.
  - {text: at random, why: That is another thing.}
  explanation: Because it is so.
  source: A book, 2020
"""


def fault_of(text: str) -> Fault:
    deck, (fault,) = read_text(text, "deck.yaml", None)
    assert deck is None
    assert fault.severity is Severity.ERROR
    return fault


def test_a_clean_deck_is_read_whole() -> None:
    deck, faults = read_text(DECK, "deck.yaml", None)
    assert faults == ()
    assert deck is not None
    assert (deck.id, deck.title, deck.language, [card.id for card in deck.cards]) == ("tests", "Tests", "en", ["one"])


@pytest.mark.parametrize(
    ("old", "new", "printed"),
    [
        (
            "    why: That",
            "    wy: That",
            "deck.yaml:11:5: error: card ‘one’: option 2: ‘wy’ is no key of an option: did you mean ‘why’? [unknown-key]",
        ),
        (
            "  prompt: How does data travel?\n",
            "",
            "deck.yaml:5:3: error: card ‘one’: ‘prompt’ is missing, which a single_choice card must have: add ‘prompt: …’ [missing-key]",
        ),
        (
            "text: by a tree",
            "text: 8",
            "deck.yaml:10:11: error: card ‘one’: option 2, text: this is text, not a number: put it in quotes [wrong-type]",
        ),
        (
            "correct: true",
            "correct: yes",
            "deck.yaml:9:32: error: card ‘one’: option 1, correct: this is true or false, without quotes: write true or false [wrong-type]",
        ),
        (
            "kind: single_choice",
            "kind: singel_choice",
            "deck.yaml:6:9: error: card ‘one’: kind: ‘singel_choice’ is no kind of card: did you mean ‘single_choice’ or ‘multi_choice’? [unknown-kind]",
        ),
        (
            "  kind: single_choice\n",
            "",
            (
                "deck.yaml:5:3: error: card ‘one’: ‘kind’ is missing, which a card must have: add ‘kind:’ and one of flashcard, "
                "single_choice, multi_choice, true_false, short_answer, cloze, ordering or explain [missing-key]"
            ),
        ),
        (
            "  explanation:",
            "  answer: true\n  explanation:",
            "deck.yaml:13:3: error: card ‘one’: ‘answer’ is no key of a single_choice card, but of true_false: delete it, or change the kind [unknown-key]",
        ),
        (
            "{text: at random,",
            "{text: at random, or so,",
            (
                "deck.yaml:12:23: error: card ‘one’: option 3: ‘or so’ is no key of an option: text with a comma or a colon "
                "inside { } stands in quotes, so put it in quotes [unknown-key]"
            ),
        ),
        (
            "  source: A book, 2020",
            "  source: # 12",
            "deck.yaml:14:3: error: card ‘one’: source: there is nothing here (‘ #’ begins a comment): write something, in quotes if it has a #, or delete the key [empty-text]",
        ),
        (
            "  source: A book, 2020",
            "  source: [12] A book",
            "deck.yaml:14:16: error: text goes on here, behind a closing quote or bracket: put the whole text in one pair of quotes, and double a quote inside it [yaml-syntax]",
        ),
        (
            "  source: A book, 2020",
            "  source: [A book]",
            "deck.yaml:14:11: error: card ‘one’: source: this is text, not a list: text with [, { or ‘: ’ in it stands in quotes [wrong-type]",
        ),
        (
            "  explanation:",
            "  level: begginer\n  explanation:",
            "deck.yaml:13:10: error: card ‘one’: level: ‘begginer’ isn’t known here: did you mean ‘beginner’? [bad-value]",
        ),
        (
            "  explanation:",
            "  topics: [Data Parallel]\n  explanation:",
            (
                "deck.yaml:13:12: error: card ‘one’: topic 1: ‘Data Parallel’ can’t be a name here: write lower-case letters, "
                "digits and dashes, at most 40, such as ‘data-parallel’ [bad-value]"
            ),
        ),
        (
            "  explanation:",
            "  topics: memory\n  explanation:",
            "deck.yaml:13:11: error: card ‘one’: topics: this is a list, not text: write [a, b], or each on a line with ‘- ’ before it [wrong-type]",
        ),
        (
            "  title: Tests",
            "  titel: Tests\n  title: Tests",
            "deck.yaml:3:3: error: ‘titel’ is no key of the deck’s head: did you mean ‘title’? [unknown-key]",
        ),
        (
            "  title: Tests",
            "  title: Tests\n  language: english",
            "deck.yaml:4:13: error: language: ‘english’ is no language code: write one such as en, de or pt-BR [bad-value]",
        ),
        (
            "  title: Tests\n",
            "title: Tests\n",
            "deck.yaml:3:1: error: ‘title’ doesn’t belong here: indent it under ‘deck:’ [unknown-key]",
        ),
        (
            "cards:",
            "card:",
            "deck.yaml:4:1: error: ‘card’ doesn’t belong here: did you mean ‘cards’? [unknown-key]",
        ),
    ],
)
def test_a_fault_is_told_in_plain_words_at_its_place(old: str, new: str, printed: str) -> None:
    assert old in DECK
    _, faults = read_text(DECK.replace(old, new), "deck.yaml", None)
    assert printed in [str(fault) for fault in faults]


@pytest.mark.parametrize(
    ("written", "rule"),
    [
        ("", "wrong-type"),
        ("# nothing yet\n", "wrong-type"),
        ("just words\n", "wrong-type"),
        ("- a list\n", "wrong-type"),
    ],
)
def test_a_file_that_is_no_deck_says_how_a_deck_begins(written: str, rule: str) -> None:
    fault = fault_of(written)
    assert (fault.rule, fault.line, fault.column) == (rule, 1, 1)
    assert "‘deck:’" in fault.message


@pytest.mark.parametrize(
    ("deck", "messages"),
    [
        ("cards: []\ndeck:\n", ["‘deck’ holds the deck’s id and title"]),
        ("deck: {id: x, title: X}\n", ["‘cards’ is missing"]),
        ("deck: {id: x, title: X}\ncards:\n", ["‘cards’ is a list"]),
        ("deck: {id: x, title: X}\ncards: {}\n", ["‘cards’ is a list"]),
        ("cards: []\n", ["‘deck’ is missing"]),
        (
            "deck: {id: x, title: X, cards: []}\ncards: [1]\n",
            ["‘cards’ stands beside ‘deck’", "this has keys of its own, and is not a number"],
        ),
        ("deck: {id: x, title: X}\ncards: [[], null]\n", ["not a list", "not nothing"]),
    ],
)
def test_a_deck_whose_parts_are_missing_or_misplaced_says_so(deck: str, messages: list[str]) -> None:
    read, faults = read_text(deck, "deck.yaml", None)
    assert read is None
    assert len(faults) == len(messages)
    assert all(message in fault.message for message, fault in zip(messages, faults, strict=True))


@pytest.mark.parametrize(
    ("kind", "changes", "rule", "said"),
    [
        ("true_false", {"answer": "true"}, "wrong-type", "answer: this is true or false, without quotes"),
        ("true_false", {"answer": 1}, "wrong-type", "answer: this is true or false, not a number"),
        ("multi_choice", {"scoring": "exakt"}, "bad-value", "scoring: ‘exakt’ isn’t known here: did you mean ‘exact’?"),
        ("short_answer", {"numeric": {"value": "12"}}, "wrong-type", "numeric, value: this is a number, not text"),
        ("short_answer", {"numeric": {"value": 1, "tolerance": -0.5}}, "bad-value", "-0.5 is too small: write 0 or more"),
        ("short_answer", {"numeric": 12}, "wrong-type", "numeric: this has keys of its own, and is not a number"),
        ("short_answer", {"accept": ["a", 12]}, "wrong-type", "accepted answer 2: this is text, not a number"),
        ("short_answer", {"accept": [""]}, "empty-text", "accepted answer 1: there is no text"),
        ("short_answer", {"prompt": "  "}, "empty-text", "prompt: there is no text"),
        ("cloze", {"accept": {"gap": ["copy"]}}, "bad-value", "‘gap’ names no gap: write c1 to c9"),
        ("cloze", {"accept": {"c1": "copy"}}, "wrong-type", "accept, c1: this is a list, not text"),
        ("flashcard", {"front": "x" * 4001}, "text-too-long", "front: 4,001 characters, and 4,000 can be shown"),
        ("flashcard", {"id": "No. 1"}, "bad-value", "id: ‘No. 1’ can’t be a name here: write lower-case letters, digits and dashes, at most 40, such as ‘no-1’"),
        ("flashcard", {"id": "?"}, "bad-value", "at most 40"),
        ("flashcard", {"id": 12}, "wrong-type", "id: this is text, not a number: put it in quotes"),
        ("flashcard", {"kind": None}, "missing-key", "‘kind’ is missing"),
        ("flashcard", {"kind": 3}, "unknown-kind", "‘3’ is no kind of card: write flashcard,"),
        ("flashcard", {"zzz": 3}, "unknown-key", "‘zzz’ is no key of a flashcard card: delete it, or use one of id,"),
        ("flashcard", {"image": {"file": "../x.png", "alt": "x"}}, "bad-value", "image, file: ‘../x.png’ can’t name a picture"),
        ("flashcard", {"image": {"file": "x.png"}}, "missing-key", "image: ‘alt’ is missing, which an image must have"),
        ("explain", {"concepts": [{"id": "a", "text": "b"}]}, "missing-key", "concept 1: ‘match’ is missing, which a concept must have"),
        ("explain", {"concepts": [{"id": "a", "text": "b", "match": ["c"]}]}, "wrong-type", "concept 1, match 1: this is a list, not text"),
        ("explain", {"concepts": [{"id": "a", "text": "b", "match": [["c"]], "not": [[1]]}]}, "wrong-type", "concept 1, not 1 1: this is text, not a number"),
        ("explain", {"concepts": [{"id": "a", "text": "b", "match": [["c"]], "not": [1]}]}, "wrong-type", "concept 1, not 1: this is text, not a number"),
        ("explain", {"concepts": [{"id": "a", "text": "b", "match": [["c"]], "examples": {"good": []}}]}, "unknown-key", "concept 1: ‘good’ is no key of examples: delete it, or use one of pass or fail"),
    ],
)  # fmt: skip
def test_a_wrong_value_is_told_in_plain_words(kind: str, changes: dict[str, Any], rule: str, said: str) -> None:
    (fault,) = faults_in(card(kind, **changes))
    assert fault.rule == rule
    assert said in fault.message


def test_every_fault_of_a_file_is_told_at_once() -> None:
    faults = faults_in(
        card("flashcard", front=1),
        card("true_false", answer="no"),
        card("single_choice", options=[]),
        {"kind": "cloze", "text": "no gap", "wrong": 1},
        language="?",
    )
    assert {(fault.card, fault.rule) for fault in faults if fault.severity is Severity.ERROR} == {
        (None, "bad-value"),
        ("a-flashcard", "wrong-type"),
        ("a-true-false", "wrong-type"),
        ("a-single-choice", "option-count"),
        ("a-single-choice", "right-options"),
        (None, "missing-key"),
        (None, "unknown-key"),
    }
    assert [fault.line for fault in faults] == sorted(fault.line for fault in faults)


def test_no_sentence_shows_where_the_checks_come_from() -> None:
    rubbish = [1, {}, {"kind": "explain", "concepts": [{"match": [[[]]], "not": {}}], "level": []}, {"kind": []}]
    for fault in faults_in(*rubbish, title=[], sources={}):
        assert "pydantic" not in str(fault)
        assert "https://" not in str(fault)
        assert "Input" not in str(fault)


def test_a_deck_of_other_decks_keys_is_not_taken() -> None:
    text = deck_of(card("flashcard")).replace('"cards"', '"Cards"')
    assert {fault.rule for fault in read_text(text, "deck.yaml", None)[1]} == {"unknown-key", "missing-key"}
    assert HEAD["id"] in text
