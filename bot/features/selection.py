"""From which cards a schedule asks: what people name, in words, and what to change where nothing matches."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import replace

from bot.events import Completion
from bot.features import decks, reactions
from bot.features.prose import count
from bot.library.shelf import Shelf
from bot.messages import LIMITS, Choice, Choices, clip
from bot.quiz.cards import Card, Deck
from bot.quiz.selection import Selection
from bot.store.schedules import Mode

ALL = "all"
"""Written where nothing is to be narrowed."""


def matching(shelf: Shelf, selection: Selection, mode: Mode) -> Mapping[str, tuple[Deck, Card]]:
    """The cards of a selection that can be asked in a mode, by `deck/card`."""
    return {
        f"{deck.id}/{card.id}": (deck, card)
        for deck, card in shelf.cards()
        if selection.takes(deck.id, card) and (mode is Mode.BUTTONS or reactions.options(card))
    }


def read_decks(shelf: Shelf, text: str) -> tuple[str, ...] | str:
    """The ids in `distributed-training, my-team`, none for `all`; or the sentence that refuses it."""
    names = [part.strip() for part in text.split(",") if part.strip()]
    if not names or [name.lower() for name in names] == [ALL]:
        return ()
    found = [(name, decks.find(shelf, name)) for name in names]
    unknown = next((name for name, deck in found if deck is None), None)
    if unknown is not None:
        return decks.unknown(shelf, unknown)
    return tuple(dict.fromkeys(deck.id for _, deck in found if deck is not None))


def unknown_topic(shelf: Shelf, topic: str) -> str | None:
    """The sentence that refuses a topic that no card has, with those it may have been meant for."""
    if topic in shelf.topics:
        return None
    close = difflib.get_close_matches(topic[:60], shelf.topics, n=3, cutoff=0.5)
    rest = f"Did you mean {' or '.join(close)}?" if close else f"Topics are: {clip(', '.join(shelf.topics), 800)}."
    return f"No card is about “{clip(topic, 60)}”. {rest}"


def complete_decks(shelf: Shelf, event: Completion) -> Choices:
    """Deck ids, of which several may stand divided by commas: what is being typed is the last one."""
    before, comma, last = event.typed.rpartition(",")
    taken = [each.strip() for each in before.split(",") if each.strip()]
    head = ",".join(taken) + comma
    typed = last.strip().lower()
    every = [
        Choice(clip(f"{head}{deck.id}" if taken else deck.title, LIMITS.OPTION), head + deck.id)
        for deck in shelf.decks.values()
        if deck.id not in taken and (typed in deck.id or typed in deck.title.lower())
    ]
    return Choices(tuple(each for each in every if len(str(each.value)) <= LIMITS.OPTION)[: LIMITS.CHOICES])


def words(shelf: Shelf, selection: Selection, mode: Mode) -> str:
    """`all 80 cards`, `12 cards: advanced, about memory, from Distributed training`."""
    found = len(matching(shelf, selection, mode))
    narrowed = _narrowed(shelf, selection)
    able = " that an emoji can answer" if mode is Mode.REACTIONS else ""
    if not narrowed and found == len(shelf.cards()):
        return f"all {count(found, 'card')}"
    return f"{count(found, 'card')}{able}" + (f": {', '.join(narrowed)}" if narrowed else "")


def nothing(shelf: Shelf, selection: Selection, mode: Mode) -> str:
    """Why there is no card in a selection, and what would match if less were asked."""
    if not shelf.cards():
        return "There are no cards at all: whoever runs this bot has taken every deck away."
    wider = {
        "without the decks": replace(selection, decks=()),
        "at any level": replace(selection, level=None),
        "on any topic": replace(selection, topic=None),
    }
    found = [(how, len(matching(shelf, each, mode))) for how, each in wider.items() if each != selection]
    if mode is Mode.REACTIONS:
        found.append(("with mode:buttons", len(matching(shelf, selection, Mode.BUTTONS))))
    instead = [f"{how} there would be {number}" for how, number in found if number]
    wanted = [*_narrowed(shelf, selection), *(["answered with an emoji"] if mode is Mode.REACTIONS else [])]
    mend = ", ".join(instead) if instead else "leaving one of these out is not enough"
    return f"No card is {', '.join(wanted)}; {mend}."


def _narrowed(shelf: Shelf, selection: Selection) -> list[str]:
    """What a selection asks for, each in words that stand behind `is`."""
    titles = [clip(deck.title if (deck := shelf.deck(each)) else each, 60) for each in selection.decks]
    return [
        *([str(selection.level)] if selection.level is not None else []),
        *([f"about {selection.topic}"] if selection.topic is not None else []),
        *([clip(f"from {' or '.join(titles)}", 300)] if titles else []),
    ]
