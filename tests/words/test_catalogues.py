"""Every language says everything that English does, and nothing that English no longer says."""

from __future__ import annotations

import io
import re
from functools import cache

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from bot.commands import TREE
from bot.words import ENGLISH, languages
from bot.words.catalogue import read
from bot.words.gather import gathered, updated
from bot.words.language import FOLDER

OTHERS = [language for language in languages() if language != ENGLISH]
PLACE = re.compile(r"\{[a-z_]+\}")
TYPED = re.compile(r"`[^`]+`|/quiz(?: (?:[a-z]+ )?[a-z]+:\S+)?|\b(?:mon,wed,fri|mon-thu)\b")


@cache
def source() -> Catalog:
    return gathered()


def texts(value: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value or ())


def entries(language: str) -> list[Message]:
    with (FOLDER / f"{language}.po").open("rb") as file:
        return [entry for entry in read_po(file, locale=language) if entry.id]


@pytest.mark.parametrize("language", OTHERS)
def test_a_languages_file_has_every_text_of_the_source_and_no_other(language: str) -> None:
    there = (FOLDER / f"{language}.po").read_text(encoding="utf-8")
    assert there == updated(language, source()), "make words brings it up to date"


@pytest.mark.parametrize("language", OTHERS)
def test_every_text_is_translated_and_nothing_is_guessed(language: str) -> None:
    assert [entry.id for entry in entries(language) if entry.fuzzy or not all(texts(entry.string))] == []


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_has_the_places_of_its_text(language: str) -> None:
    for entry in entries(language):
        english = texts(entry.id)
        wanted = set(PLACE.findall("".join(english)))
        for said in texts(entry.string):
            missing = wanted - set(PLACE.findall(said)) - ({"{number}"} if len(english) > 1 else set())
            assert not missing, said
            assert set(PLACE.findall(said)) <= wanted, said


@pytest.mark.parametrize("language", OTHERS)
def test_what_is_typed_stays_as_it_is_typed_and_marks_are_paired(language: str) -> None:
    for entry in entries(language):
        for english, said in zip(texts(entry.id)[-1:], texts(entry.string)[-1:], strict=True):
            assert sorted(TYPED.findall(said)) == sorted(TYPED.findall(english)), said
        for said in texts(entry.string):
            assert said.count("**") % 2 == 0, said
            assert said.count("`") % 2 == 0, said
            assert ("**" in said) == ("**" in texts(entry.id)[0]), said


@pytest.mark.parametrize("language", OTHERS)
def test_the_bot_reads_a_file_as_the_tools_do(language: str) -> None:
    path = FOLDER / f"{language}.po"
    ours = read(path.read_text(encoding="utf-8")).texts
    theirs = {(entry.context or "", texts(entry.id)[0]): texts(entry.string) for entry in entries(language)}
    assert ours == theirs


@pytest.mark.parametrize("language", OTHERS)
def test_commands_are_described_within_discords_limit(language: str) -> None:
    catalogue = read((FOLDER / f"{language}.po").read_text(encoding="utf-8"))
    helps = [entry.help for entry in TREE] + [option.help for entry in TREE for option in entry.options]
    assert [text for text in map(catalogue.text, helps) if len(text) > 100] == []


def test_texts_of_the_source_are_whole() -> None:
    every = [text for entry in source() for text in texts(entry.id)]
    assert [text for text in every if text != text.strip()] == [], "glued together, it can't be put in another order"
    assert [text for text in every if "%s" in text or "%(" in text] == []


def test_a_new_language_begins_with_every_text_empty() -> None:
    catalog = read_po(io.BytesIO(updated("fr", source()).encode()), locale="fr")
    assert len(catalog) == len(source())
    assert not any(any(texts(entry.string)) for entry in catalog if entry.id)
    assert catalog.num_plurals == 2
