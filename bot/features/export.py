"""What is kept about somebody, as a file of theirs: JSON for programs, CSV for a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from typing import Final, Literal, TypeAlias

from bot.store.dossier import Dossier

Format: TypeAlias = Literal["json", "csv"]

MEDIA_TYPES: Final[Mapping[Format, str]] = {"json": "application/json", "csv": "text/csv; charset=utf-8"}

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def written(kept: Dossier, form: Format) -> str:
    """The whole dossier. CSV has a row for each single value: what it belongs to, the line's number, its name, the value."""
    if form == "json":
        return json.dumps(kept.sections, ensure_ascii=False, indent=2, default=str) + "\n"
    file = io.StringIO()
    rows = csv.writer(file)
    rows.writerow(("about", "line", "name", "value"))
    for heading, lines in kept.sections.items():
        for number, line in enumerate(lines, 1):
            rows.writerows((heading, number, name, _harmless(value)) for name, value in line.items())
    return file.getvalue()


def _harmless(value: object) -> str:
    """As a spreadsheet shows it; what somebody wrote is never taken for a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(_FORMULA) else text
