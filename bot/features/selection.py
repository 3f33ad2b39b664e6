"""From which cards a schedule asks: what people name, in words, and what to change where nothing matches."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import replace

from bot.events import Completion
from bot.features import decks, prose, reactions
from bot.features.prose import LEVELS
from bot.library.shelf import Shelf
from bot.messages import LIMITS, Choice, Choices, clip
from bot.quiz.cards import Card, Deck
from bot.quiz.selection import Selection
from bot.store.schedules import Mode
from bot.words import N_, _, both, either, ngettext, number

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
    told = clip(topic, 60)
    if close:
        return _("No card is about “{topic}”. Did you mean {topics}?", topic=told, topics=either(close))
    return _("No card is about “{topic}”. Topics are: {topics}.", topic=told, topics=clip(both(shelf.topics), 800))


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
    """`all 80 cards`, `12 cards (advanced · about memory · from Distributed training)`: behind `from`."""
    found = len(matching(shelf, selection, mode))
    narrowed = _narrowed(shelf, selection)
    if not narrowed and found == len(shelf.cards()):
        # For translators: behind “from”: “In #general, from all 80 cards; answered with buttons.”
        return ngettext("the only card", "all {number} cards", found)
    if mode is Mode.REACTIONS:
        counted = ngettext("{number} card that an emoji can answer", "{number} cards that an emoji can answer", found)
    else:
        counted = prose.cards(found)
    return f"{counted} ({' · '.join(narrowed)})" if narrowed else counted


def nothing(shelf: Shelf, selection: Selection, mode: Mode) -> str:
    """Why there is no card in a selection, and what would match if less were asked."""
    if not shelf.cards():
        return _("There are no cards at all: whoever runs this bot has taken every deck away.")
    wanted = [*_narrowed(shelf, selection), *([_("answered with an emoji")] if mode is Mode.REACTIONS else [])]
    # For translators: what was asked for, such as “advanced · about memory · from Distributed training”
    said = [_("There is no card for this: {wanted}.", wanted=" · ".join(wanted))]
    wider = (
        (N_("Without the decks there would be {number}."), replace(selection, decks=()), mode),
        (N_("At any level there would be {number}."), replace(selection, level=None), mode),
        (N_("On any topic there would be {number}."), replace(selection, topic=None), mode),
        (N_("With mode:buttons there would be {number}."), selection, Mode.BUTTONS),
    )
    instead = [
        _(how, number=number(found))
        for how, each, by in wider
        if (each, by) != (selection, mode) and (found := len(matching(shelf, each, by)))
    ]
    return " ".join([*said, *(instead or [_("Leaving one of these out is not enough.")])])


def _narrowed(shelf: Shelf, selection: Selection) -> list[str]:
    """What a selection asks for, each by itself."""
    titles = [clip(deck.title if (deck := shelf.deck(each)) else each, 60) for each in selection.decks]
    return [
        *([_(LEVELS[selection.level])] if selection.level is not None else []),
        *([_("about {topic}", topic=selection.topic)] if selection.topic is not None else []),
        *([clip(_("from {decks}", decks=either(titles)), 300)] if titles else []),
    ]
