"""Reading a deck in our own format: all that is wrong with it at once, and the deck when nothing forbids its use."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from bot.library.characters import MOST_BYTES
from bot.library.document import read_document
from bot.library.faults import Fault, Severity, has_errors
from bot.library.lint import lint
from bot.library.shape import card_id, shaped
from bot.quiz.cards import Deck


def read_deck(path: Path, *, trials: bool = True) -> tuple[Deck | None, tuple[Fault, ...]]:
    """The deck in a file, whose pictures lie in the same folder. None when there are errors.

    `trials`: grade the references and examples of explain cards too, as their author does; that doubles the time.
    """
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as problem:
        reason = (problem.strerror or "unknown reason").lower()
        message = f"this can’t be read ({reason}): check its name and permissions"
        return None, (Fault(str(path), 0, 0, None, "unreadable", message, Severity.ERROR),)
    return _read(content, str(path), path.parent, trials=trials)


def read_text(text: str, name: str, folder: Path | None) -> tuple[Deck | None, tuple[Fault, ...]]:
    """The deck in a text, called `name` in its faults. Without a folder a card can't have a picture.

    A text of 2 MB takes seconds: call this from a thread where others wait.
    """
    return _read(text, name, folder, trials=True)


def _read(
    content: bytes | str, file: str, folder: Path | None, *, trials: bool
) -> tuple[Deck | None, tuple[Fault, ...]]:
    document, broken = read_document(content, file)
    if document is None:
        return None, broken
    found = shaped(document, file)
    faults = [*broken, *found.faults]
    whole = not has_errors(faults)
    for finding in lint(found.cards, folder, head=found.head, whole=whole, trials=trials):
        spot = document.key_spot(finding.trail) if finding.at_key else document.spot(finding.trail)
        card = card_id(document.value, finding.trail)
        faults.append(Fault(file, *spot, card, finding.rule, finding.message, finding.severity))
    if found.head is None or has_errors(faults):
        return None, in_order(faults)
    return found.head.model_copy(update={"cards": tuple(card for _, card in found.cards)}), in_order(faults)


def in_order(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """As one reads: by file, line and column."""
    return tuple(sorted(faults, key=lambda fault: (fault.file, fault.line, fault.column, fault.rule)))
