"""What is said fits where it is shown: in every language, on the platform with the least room."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

import pytest

from adapters.discord.permissions import TITLES
from bot.features import faces, leaderboard
from bot.messages import LIMITS
from bot.words import ENGLISH, languages
from bot.words.catalogue import Catalogue, read
from bot.words.language import FOLDER
from tests.house.tree import ROOT

OTHERS = [language for language in languages() if language != ENGLISH]
FILLED = 12
"""Characters that a place takes at least, where nothing is cut."""

ROOM: Mapping[tuple[str, int | str], int] = {
    ("Button", 0): LIMITS.LABEL,
    ("Button", "label"): LIMITS.LABEL,
    ("Choice", 0): LIMITS.OPTION,
    ("Choice", "label"): LIMITS.OPTION,
    ("Form", 0): LIMITS.FORM_TITLE,
    ("Form", "title"): LIMITS.FORM_TITLE,
    ("Form", "send"): LIMITS.FORM_TITLE,
    ("TextInput", 1): LIMITS.INPUT_LABEL,
    ("TextInput", "placeholder"): LIMITS.INPUT_HINT,
    ("SelectInput", 1): LIMITS.INPUT_LABEL,
    ("Heading", 0): LIMITS.HEADING,
}
"""Where a text is said, and for how many characters there is room."""


def shown() -> Iterator[tuple[str, str, int]]:
    """Context, English and room of each text that is looked up right where it is shown."""
    for path in [*(ROOT / "bot").rglob("*.py"), *(ROOT / "adapters").rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            what = ast.unparse(node.func).split(".")[-1]
            given: list[tuple[int | str, ast.expr]] = [
                *enumerate(node.args),
                *((each.arg or "", each.value) for each in node.keywords),
            ]
            for at, argument in given:
                if (room := ROOM.get((what, at))) is not None:
                    yield from ((context, text, room) for context, text in looked_up(argument))


def looked_up(node: ast.AST) -> Iterator[tuple[str, str]]:
    for each in ast.walk(node):
        if isinstance(each, ast.Call) and ast.unparse(each.func) in ("_", "pgettext"):
            texts = [str(text.value) for text in each.args if isinstance(text, ast.Constant)]
            if len(texts) == len(each.args):
                yield ("", texts[0]) if len(texts) == 1 else (texts[0], texts[1])


EVERYWHERE = list(shown())


def catalogue(language: str) -> Catalogue:
    return read((FOLDER / f"{language}.po").read_text(encoding="utf-8"))


@pytest.mark.parametrize("language", OTHERS)
def test_buttons_menus_forms_and_headings_have_room_for_what_they_say(language: str) -> None:
    said = catalogue(language)
    long = {}
    for context, english, room in EVERYWHERE:
        text = said.text(english, context)
        if len(text) + text.count("{") * FILLED > max(room, len(english) + english.count("{") * FILLED):
            long[text] = room
    assert long == {}
    assert len(EVERYWHERE) > 80, "the texts were found"


@pytest.mark.parametrize("language", OTHERS)
def test_what_stands_in_tables_has_room_on_its_buttons(language: str) -> None:
    said = catalogue(language)
    tables = (faces.GRADES, faces.TRUTHS, leaderboard.PAGES)
    assert [text for table in tables for text in map(said.text, table.values()) if len(text) > 20] == []


@pytest.mark.parametrize("language", OTHERS)
def test_permissions_are_named_as_discord_names_them_there(language: str) -> None:
    said = catalogue(language)
    assert [name for name in TITLES.values() if said.text(name) == name] == []
