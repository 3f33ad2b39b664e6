"""What the grader knows of words."""

from __future__ import annotations

import pytest

from bot.quiz import lexicon


@pytest.mark.parametrize("word", ["gpu", "cpu", "tpu", "npu", "alu", "gru", "sku", "relu", "menu"])
def test_a_plural_in_us_has_the_stem_of_its_singular(word: str) -> None:
    assert lexicon.stem(f"{word}s") == lexicon.stem(word)


@pytest.mark.parametrize(
    "word", ["bus", "status", "corpus", "thus", "plus", "opus", "virus", "bonus", "focus", "campus", "us"]
)
def test_a_word_that_merely_ends_in_us_keeps_it(word: str) -> None:
    assert lexicon.stem(word).endswith("us")


def test_a_difference_is_not_different() -> None:
    assert lexicon.stem("differences") == lexicon.stem("difference") != lexicon.stem("different")


@pytest.mark.parametrize("language", lexicon.LANGUAGES, ids=lambda language: language.name)
def test_what_a_phrase_may_hold_is_small_and_denies_nothing(language: lexicon.Language) -> None:
    assert language.fillers <= language.glue - language.denials
    assert language.glue < language.small
