"""What is said, in the language that is spoken.

A text is looked up when it is said, never when a module is loaded: what stands in a table is marked by `N_` and goes
through `_` where it is used.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from bot.marked import Marked, filled
from bot.words import formats
from bot.words.catalogue import Catalogue, read
from bot.words.language import ENGLISH, FOLDER, languages, spoken


def _(text: str, /, **given: object) -> str:
    """`text` in the language that is spoken. `given` fills its places, by their names: `{deck}`; a marked text is said there.

    A place that is not given stays, for `Text.woven` to fill with runs.
    """
    language = spoken()
    return _filled(text if language == ENGLISH else _catalogue(language).text(text), given)


def ngettext(one: str, many: str, number: int, /, **given: object) -> str:
    """The form that goes with `number`, which fills `{number}`."""
    language = spoken()
    english = one if number == 1 else many
    text = english if language == ENGLISH else _catalogue(language).plural(one, many, number)
    return _filled(text, {"number": formats.number(number, language), **given})


def pgettext(context: str, text: str, /, **given: object) -> str:
    """As `_`, for a word that means several things; `context` tells translators which."""
    language = spoken()
    return _filled(text if language == ENGLISH else _catalogue(language).text(text, context), given)


def N_(text: str) -> str:  # noqa: N802 - what every tool for catalogues calls it
    """`text` itself: marked, so that it gets into the catalogue, and looked up by `_` where it is said."""
    return text


def in_each(text: str) -> Mapping[str, str]:
    """A marked text in every language but English, by language; without those that don't have it."""
    every = {language: _catalogue(language).text(text) for language in languages() if language != ENGLISH}
    return {language: found for language, found in every.items() if found != text}


def said(marked: Marked) -> str:
    """A marked text in the language that is spoken; as it is where the catalogue doesn't know it."""
    return _(marked.text, **{name: _worded(value) for name, value in marked.given.items()})


def _worded(value: object) -> str:
    match value:
        case Marked():
            return said(value)
        case tuple() | list():
            return formats.both([_worded(each) for each in value])
        case _:
            return str(value)


def _filled(text: str, given: Mapping[str, object]) -> str:
    return filled(text, {name: _worded(value) for name, value in given.items()})


@cache
def _catalogue(language: str) -> Catalogue:
    return read((FOLDER / f"{language}.po").read_text(encoding="utf-8"))
