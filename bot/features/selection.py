"""From which cards a schedule asks: what people name, in words, and what to change where nothing matches."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.events import Completion
from bot.features import decks, prose, reactions
from bot.features.prose import LEVELS
from bot.library.shelf import Shelf
from bot.messages import LIMITS, Choice, Choices, clip
from bot.quiz.cards import Card, Deck, Level
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


def read_levels(text: str) -> tuple[Level, ...]:
    """The levels in `intermediate,beginner`, the easiest first; none for `all`, or all of them. The command tree has checked
    each.
    """
    named = [each.strip() for each in text.split(",")]
    if ALL in named:
        return ()
    found = {Level(each) for each in named}
    return () if len(found) == len(Level) else tuple(level for level in Level if level in found)


def read_topics(shelf: Shelf, text: str) -> tuple[str, ...] | str:
    """The topics in `memory, pipeline`, none for `all`; or the sentence that refuses it."""
    named = [each.strip().lower() for each in text.split(",") if each.strip()]
    if not named or named == [ALL]:
        return ()
    unknown = next((each for each in named if each not in shelf.topics), None)
    return tuple(dict.fromkeys(named)) if unknown is None else _unknown_topic(shelf, unknown)


def _unknown_topic(shelf: Shelf, topic: str) -> str:
    """The sentence that refuses a topic that no card has, with those it may have been meant for."""
    close = difflib.get_close_matches(topic[:60], shelf.topics, n=3, cutoff=0.5)
    told = clip(topic, 60)
    if close:
        return _("No card is about “{topic}”. Did you mean {topics}?", topic=told, topics=either(close))
    return _("No card is about “{topic}”. Topics are: {topics}.", topic=told, topics=clip(both(shelf.topics), 800))


def levels_words(levels: Sequence[Level]) -> str:
    """`beginner and intermediate`: inside a sentence."""
    return both([_(LEVELS[level]) for level in levels])


def complete_decks(shelf: Shelf, event: Completion) -> Choices:
    return _completed(event.typed, {deck.id: deck.title for deck in shelf.decks.values()})


def complete_levels(shelf: Shelf, event: Completion) -> Choices:
    typed = event.typed.strip().lower()
    found = _completed(typed, {level: level for level in Level})
    return Choices((*found.choices, Choice(ALL, ALL))) if ALL.startswith(typed) else found


def complete_topics(shelf: Shelf, event: Completion) -> Choices:
    return _completed(event.typed, {topic: topic for topic in shelf.topics})


def _completed(typed: str, every: Mapping[str, str]) -> Choices:
    """What is typed, completed by one of `every` (a name for each value). Several may stand divided by commas: what is being
    typed is the last one.
    """
    before, comma, last = typed.rpartition(",")
    taken = [each.strip() for each in before.split(",") if each.strip()]
    head = ",".join(taken) + comma
    last = last.strip().lower()
    found = [
        Choice(clip(f"{head}{value}" if taken else name, LIMITS.OPTION), f"{head}{value}")
        for value, name in every.items()
        if value not in taken and (last in value or last in name.lower())
    ]
    return Choices(tuple(each for each in found if len(str(each.value)) <= LIMITS.OPTION)[: LIMITS.CHOICES])


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
        (N_("From all decks there would be {number}."), replace(selection, decks=()), mode),
        (N_("At any level there would be {number}."), replace(selection, levels=()), mode),
        (N_("On any topic there would be {number}."), replace(selection, topics=()), mode),
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
        *([levels_words(selection.levels)] if selection.levels else []),
        *([clip(_("about {topic}", topic=either(selection.topics)), 300)] if selection.topics else []),
        *([clip(_("from {decks}", decks=either(titles)), 300)] if titles else []),
    ]
