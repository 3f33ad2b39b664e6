"""A language's catalogue, read from its `.po` file. Pure.

The file is read as it is: nothing has to be compiled, so nothing can be out of date. A thousand entries take some ten
milliseconds, once, when the language is first spoken.
"""

from __future__ import annotations

import ast
import gettext
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

_LINE = re.compile(r'(?:(msgctxt|msgid_plural|msgid|msgstr)(?:\[([0-9])\])?\s+)?(".*")\s*\Z')
_PLURALS = re.compile(r"plural=([^;\n]+)")


@dataclass(frozen=True, slots=True)
class Catalogue:
    """`texts` by context and English text, one for each plural form; `form` picks the form for a number."""

    texts: Mapping[tuple[str, str], tuple[str, ...]]
    form: Callable[[int], int]

    def text(self, english: str, context: str = "") -> str:
        """What it is in this language; the English where that is not known."""
        found = self.texts.get((context, english))
        return found[0] if found else english

    def plural(self, one: str, many: str, number: int) -> str:
        found = self.texts.get(("", one))
        if not found:
            return one if number == 1 else many
        return found[min(self.form(number), len(found) - 1)]


def read(po: str) -> Catalogue:
    """The catalogue in a `.po` file. Entries that are empty, fuzzy or obsolete are left out. ValueError where it can't be read."""
    texts: dict[tuple[str, str], tuple[str, ...]] = {}
    form: Callable[[int], int] = _as_in_english
    for entry in _entries(po):
        english = entry.get(("msgid", ""), "")
        forms = tuple(text for (name, _), text in sorted(entry.items()) if name == "msgstr")
        if not english:
            if found := _PLURALS.search(forms[0] if forms else ""):
                form = gettext.c2py(found[1].strip())
        elif all(forms):
            texts[entry.get(("msgctxt", ""), ""), english] = forms
    return Catalogue(texts, form)


def _as_in_english(number: int) -> int:
    return int(number != 1)


def _entries(po: str) -> Iterator[dict[tuple[str, str], str]]:
    """Each entry's parts by their names and plural forms."""
    entry: dict[tuple[str, str], str] = {}
    at = ("", "")
    fuzzy = False
    for number, line in enumerate([*map(str.strip, po.splitlines()), ""], 1):
        if line.startswith("#"):
            fuzzy = fuzzy or (line.startswith("#,") and "fuzzy" in line)
            continue
        if not line:
            if entry and not fuzzy:
                yield entry
            entry, fuzzy = {}, False
            continue
        if (found := _LINE.match(line)) is None:
            raise ValueError(f"line {number} is none of a catalogue: {line[:60]}")
        if found[1]:
            at = (found[1], found[2] or "")
        entry[at] = entry.get(at, "") + str(ast.literal_eval(found[3]))
