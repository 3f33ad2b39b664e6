"""`make words`: every text in the source that is to be translated, brought into each language's file.

`python -m bot.words.gather` brings all files up to date; with a language's code it begins that one.
"""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Sequence
from pathlib import Path

from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from bot.words.language import FOLDER

ROOT = Path(__file__).parents[2]
ROOMS = ("adapters", "bot")
READ_AS = [("**.py", "python"), ("**/templates/*", "jinja2")]
KEYWORDS = {"_": None, "N_": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2)}
COMMENT = "For translators:"
"""Begins a comment in the source, above a text, that its translators are to read."""

_DATED = re.compile(
    r'^"(POT-Creation-Date|PO-Revision-Date|Generated-By|Report-Msgid-Bugs-To|Last-Translator|Language-Team).*\n',
    re.MULTILINE,
)


def gathered(root: Path = ROOT) -> Catalog:
    """Every text of the source, by file."""
    catalog = Catalog(project="Studybot", charset="utf-8")
    for room in ROOMS:
        found = extract_from_dir(root / room, READ_AS, {}, KEYWORDS, [COMMENT], strip_comment_tags=True)
        for path, _line, text, comments, context in sorted(found, key=lambda each: (each[0], each[1])):
            catalog.add(text, None, [(f"{room}/{Path(path).as_posix()}", 0)], auto_comments=comments, context=context)
    return catalog


def updated(language: str, source: Catalog, folder: Path = FOLDER) -> str:
    """A language's file with every text of the source in it, and no other. What is translated stays; nothing is guessed."""
    path = folder / f"{language}.po"
    if path.exists():
        with path.open("rb") as file:
            catalog = read_po(file, locale=language)
    else:
        catalog = Catalog(locale=Locale.parse(language), project="Studybot", charset="utf-8")
    catalog.update(source, no_fuzzy_matching=True, update_header_comment=False)
    catalog.obsolete.clear()
    catalog.fuzzy = False
    catalog.header_comment = f"# Studybot in {Locale.parse(language).get_display_name('en')}."
    written = io.BytesIO()
    write_po(written, catalog, width=120, sort_by_file=True, include_lineno=False)
    return _DATED.sub("", written.getvalue().decode())


def main(wanted: Sequence[str]) -> None:
    source = gathered()
    for language in wanted or sorted(path.stem for path in FOLDER.glob("*.po")):
        text = updated(language, source)
        (FOLDER / f"{language}.po").write_text(text, encoding="utf-8")
        catalog = read_po(io.BytesIO(text.encode()))
        missing = sum(
            1
            for each in catalog
            if each.id and not all(each.string if isinstance(each.string, tuple | list) else [each.string])
        )
        print(f"{language}: {len(catalog)} texts, {missing} to translate")  # noqa: T201 - what it is called for


if __name__ == "__main__":
    main(sys.argv[1:])
