"""The shelf: the decks that a bot offers."""

from __future__ import annotations

import importlib.resources
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from bot.library.faults import DeckError, Fault, Severity
from bot.library.lint.pictures import inside
from bot.library.native import in_order, read_deck
from bot.quiz.cards import Card, Deck


@dataclass(frozen=True)
class Shelf:
    """Decks by id, in the order of their titles, and the folder in which each one's pictures lie."""

    decks: Mapping[str, Deck] = field(default_factory=dict)
    folders: Mapping[str, Path] = field(default_factory=dict)

    def deck(self, deck_id: str) -> Deck | None:
        return self.decks.get(deck_id)

    def card(self, deck_id: str, card_id: str) -> Card | None:
        return self._by_ids.get((deck_id, card_id))

    def cards(self) -> tuple[tuple[Deck, Card], ...]:
        """Every card with its deck, in the decks' order."""
        return tuple((deck, card) for deck in self.decks.values() for card in deck.cards)

    @cached_property
    def topics(self) -> tuple[str, ...]:
        """Every topic of every deck, in alphabetical order."""
        return tuple(sorted({topic for deck in self.decks.values() for topic in deck.topics}))

    def picture(self, deck_id: str, card: Card) -> bytes | None:
        """The card's picture as it is now; None when it has none, or the file is gone since the shelf was opened."""
        if card.image is None or deck_id not in self.folders:
            return None
        path = inside(self.folders[deck_id], card.image.file)
        try:
            return path.read_bytes() if path else None
        except OSError:
            return None

    @cached_property
    def _by_ids(self) -> Mapping[tuple[str, str], Card]:
        return {(deck.id, card.id): card for deck in self.decks.values() for card in deck.cards}


def shipped() -> Path:
    """The folder of the decks that come with Studybot, in a checkout and in an installed package."""
    return Path(str(importlib.resources.files("content"))) / "decks"


def open_shelf(folders: Sequence[Path]) -> Shelf:
    """The decks in these folders. DeckError with every error of every deck when one of them can't be used.

    The trials of explain cards (`lint.TRIALS`) are left to `studybot decks check`: the bot starts in half the time.
    """
    faults: list[Fault] = []
    decks: list[tuple[Path, Deck]] = []
    for folder in folders:
        files = deck_files(folder)
        if not files:
            faults.append(_empty(folder))
        for file in files:
            deck, found = read_deck(file, trials=False)
            faults += found
            if deck is not None:
                decks.append((file, deck))
    faults += taken_ids(decks)
    if errors := [fault for fault in faults if fault.severity is Severity.ERROR]:
        raise DeckError(in_order(errors))
    decks.sort(key=lambda pair: (pair[1].title.casefold(), pair[1].id))
    return Shelf({deck.id: deck for _, deck in decks}, {deck.id: file.parent for file, deck in decks})


def deck_files(folder: Path) -> tuple[Path, ...]:
    """The deck files in a folder, by name; none when there is no such folder."""
    return tuple(sorted((*folder.glob("[!.]*.yaml"), *folder.glob("[!.]*.yml"))))


def taken_ids(decks: Sequence[tuple[Path, Deck]]) -> Iterator[Fault]:
    """A fault for each deck whose id an earlier one has."""
    first: dict[str, Path] = {}
    for file, deck in decks:
        if (other := first.setdefault(deck.id, file)) is not file:
            message = f"the deck in {other} has the id ‘{deck.id}’ too: give one of them another"
            yield Fault(str(file), 0, 0, None, "deck-id-taken", message, Severity.ERROR)


def _empty(folder: Path) -> Fault:
    if folder.is_dir():
        rule, message = "no-deck", "this folder has no deck: put a .yaml file in it, or leave the folder out"
    else:
        rule, message = "unreadable", "there is no such folder: make it, or mend its name"
    return Fault(str(folder), 0, 0, None, rule, message, Severity.ERROR)
