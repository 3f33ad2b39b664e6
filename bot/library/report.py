"""What `studybot decks` prints."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from bot.library.faults import Fault, Severity
from bot.library.native import in_order, read_deck
from bot.library.shelf import Shelf, deck_files, taken_ids
from bot.quiz.cards import KINDS, Deck, Level

CLEAN, FAULTY, UNREADABLE = 0, 1, 2
"""Exit codes: nothing worse than warnings; errors in a deck; a file that can't be read."""


def check(paths: Sequence[Path]) -> tuple[str, int]:
    """Every fault of these deck files, and of those in these folders; and the exit code."""
    faults: list[Fault] = []
    decks: list[tuple[Path, Deck]] = []
    files: dict[Path, Path] = {}
    for path in paths:
        inside = deck_files(path) if path.is_dir() else (path,)
        if not inside:
            message = "this folder has no deck: name a .yaml file, or a folder with some"
            faults.append(Fault(str(path), 0, 0, None, "unreadable", message, Severity.ERROR))
        for file in inside:
            files.setdefault(file.absolute(), file)
    for file in files.values():
        deck, found = read_deck(file)
        faults += found
        if deck is not None:
            decks.append((file, deck))
    faults += taken_ids(decks)
    errors = sum(fault.severity is Severity.ERROR for fault in faults)
    usable = " that can be used" if errors else ""
    last = (
        f"{_counted(len(files), 'deck')}, {_counted(sum(len(deck.cards) for _, deck in decks), 'card')}{usable}: "
        f"{_counted(errors, 'error')}, {_counted(len(faults) - errors, 'warning')}"
    )
    code = UNREADABLE if any(fault.rule == "unreadable" for fault in faults) else FAULTY if errors else CLEAN
    return "\n".join([*(str(fault) for fault in in_order(faults)), last]), code


def listing(shelf: Shelf) -> str:
    """Every deck of a shelf: id, title, how many cards, and of which kinds, levels and topics."""
    lines: list[str] = []
    for deck in shelf.decks.values():
        kinds = Counter[str](card.kind for card in deck.cards)
        levels = Counter(card.level for card in deck.cards)
        lines += [
            f"{deck.id}: {deck.title} ({_counted(len(deck.cards), 'card')})",
            f"  kinds   {', '.join(f'{kinds[kind]} {kind}' for kind in KINDS if kinds[kind])}",
            f"  levels  {', '.join(f'{levels[level]} {level}' for level in Level if levels[level])}",
            f"  topics  {', '.join(deck.topics) or 'none'}",
        ]
    cards = sum(len(deck.cards) for deck in shelf.decks.values())
    return "\n".join([*lines, f"{_counted(len(shelf.decks), 'deck')}, {_counted(cards, 'card')}"])


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'s'[: count != 1]}"
