"""Yes and no, true and false, in whichever language they are typed."""

from __future__ import annotations

import pytest

from bot.quiz.grading import grade
from bot.quiz.truths import LANGUAGES, in_every_language, truth
from bot.words import languages
from tests.quiz.decks import cloze, short_answer


def test_every_language_there_is_says_its_own_words() -> None:
    assert set(LANGUAGES) == set(languages())


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        *((word, True) for word in ("true", "Yes", " ja ", "WAHR", "richtig", "Stimmt!", "right", "t")),
        *((word, False) for word in ("false", "No.", "nein", "Falsch", "stimmt  nicht", "wrong", "f")),
        ("perhaps", None),
        ("jain", None),
        ("", None),
    ],
)
def test_a_word_affirms_or_denies(typed: str, meant: bool | None) -> None:
    assert truth(typed) is meant


@pytest.mark.parametrize(
    ("accept", "typed", "right"),
    [
        ("yes", "ja", True),
        ("Ja", "yes", True),
        ("true", "richtig", True),
        ("falsch", "false", True),
        ("no", "Nein.", True),
        ("yes", "nein", False),
        ("true", "ja", False),  # true is not yes: a keyword may be asked for
        ("right", "richtig", False),  # it may be a side
        ("right", "ja", False),
        ("nothing", "nein", False),
    ],
)
def test_a_typed_answer_is_understood_in_every_language(accept: str, typed: str, right: bool) -> None:
    assert grade(short_answer(accept), typed).correct is right


def test_an_author_may_refuse_a_word() -> None:
    card = short_answer("true").model_copy(update={"reject": ("wahr",)})
    assert not grade(card, "wahr").correct
    assert grade(card, "richtig").correct


def test_a_gap_is_understood_in_every_language() -> None:
    assert grade(cloze("Is it shut? {{c1::no}}"), '["nein"]').correct


def test_other_answers_stay_as_they_are() -> None:
    assert in_every_language(("momentum", "N")) == ("momentum", "N")
