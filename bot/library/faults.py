"""What is wrong with a deck file, where, and how to mend it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    ERROR = "error"
    """The deck can't be used."""
    WARNING = "warning"
    """The deck can be used; a question is likely to give itself away or to teach less than it could."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of one file. `line` and `column` count from 1; line 0 is the file or folder as a whole.

    `rule` is the kebab-case id that content/README.md explains; `message` says what is wrong and the mend.
    """

    file: str
    line: int
    column: int
    card: str | None
    rule: str
    message: str
    severity: Severity

    def __str__(self) -> str:
        """As compilers write it, so that terminals and editors can jump there."""
        where = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        card = f"card ‘{self.card}’: " if self.card else ""
        return f"{where}: {self.severity}: {card}{self.message} [{self.rule}]"


class DeckError(Exception):
    """Decks that can't be used; `str` is every fault, one a line."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


def has_errors(faults: Iterable[Fault]) -> bool:
    return any(fault.severity is Severity.ERROR for fault in faults)
