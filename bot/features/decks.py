"""`/quiz deck list|show`: what questions come from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from bot.events import Command, Completion, Press
from bot.features import faces, prose
from bot.features.turn import Outcome, Turn
from bot.library.shelf import Shelf
from bot.messages import (
    LIMITS,
    Action,
    Block,
    Button,
    Choice,
    Choices,
    Fields,
    Heading,
    Message,
    Text,
    bold,
    button_rows,
    clip,
    plain,
)
from bot.quiz.cards import KINDS, Deck, Level
from bot.words import N_, _, ngettext, number

SAMPLE = 5
LISTED = 20
# For translators: kinds of cards
NAMES: Mapping[str, str] = {
    "flashcard": N_("flashcard"),
    "single_choice": N_("single choice"),
    "multi_choice": N_("multi choice"),
    "true_false": N_("true false"),
    "short_answer": N_("short answer"),
    "cloze": N_("cloze"),
    "ordering": N_("ordering"),
    "explain": N_("explain"),
}


async def catalogue(turn: Turn, event: Command | Press) -> Outcome:
    """Every deck, with a button for each that opens it."""
    decks = tuple(turn.shelf.decks.values())
    each = max(0, 2000 // len(decks[:LISTED])) if decks else 0
    blocks: list[Block] = [Heading(_("Decks"))]
    for deck in decks[:LISTED]:
        head = (bold(deck.title), plain(f" · {prose.cards(len(deck.cards))}"))
        about = prose.runs(clip(deck.description, each)) if deck.description and each > 40 else ()
        blocks.append(Text((*head, plain("\n"), *about) if about else head))
    if len(decks) > LISTED:
        more = ngettext(
            "And {number} more: /quiz deck show completes its name.",
            "And {number} more: /quiz deck show completes their names.",
            len(decks) - LISTED,
        )
        blocks.append(Text.of(more, quiet=True))
    shown = [Button(clip(deck.title, LIMITS.LABEL), Action.of("deck", deck.id)) for deck in decks[:10]]
    return Outcome(prose.fitted(*blocks, *button_rows(shown)))


async def show(turn: Turn, event: Command) -> Outcome:
    asked = str(event.options["deck"])
    deck = find(turn.shelf, asked)
    if deck is None:
        return Outcome(Message.of(unknown(turn.shelf, asked)))
    return Outcome(_shown(deck))


async def open_deck(turn: Turn, event: Press) -> Outcome:
    """`deck:distributed-training`."""
    deck = find(turn.shelf, event.action.args[0] if event.action.args else "")
    if deck is None:
        return Outcome(
            Message.of(_("That deck is no longer here."), *button_rows([Button(_("Decks"), Action.of("decks"))]))
        )
    return Outcome(_shown(deck))


def find(shelf: Shelf, asked: str) -> Deck | None:
    """A deck by its id or title."""
    return shelf.decks.get(asked.lower()) or next(
        (d for d in shelf.decks.values() if d.title.lower() == asked.lower()), None
    )


def unknown(shelf: Shelf, asked: str) -> str:
    every = clip(", ".join(sorted(shelf.decks)), 800)
    return _("There is no deck “{deck}”. There is: {decks}.", deck=clip(asked, 60), decks=every)


def complete(shelf: Shelf, event: Completion) -> Choices:
    """Decks that match what is being typed."""
    typed = event.typed.lower().strip()
    every = [Choice(clip(deck.title, LIMITS.OPTION), deck.id) for deck in shelf.decks.values()]
    return Choices(tuple(c for c in every if typed in c.label.lower() or typed in str(c.value))[: LIMITS.CHOICES])


def _shown(deck: Deck) -> Message:
    kinds = Counter[str](card.kind for card in deck.cards)
    levels = Counter(card.level for card in deck.cards)
    fields = [
        (_("Cards"), number(len(deck.cards))),
        (_("Levels"), ", ".join(f"{levels[level]} {_(prose.LEVELS[level])}" for level in Level if levels[level])),
        (_("Language"), deck.language),
        (_("Licence"), clip(deck.license or _("not stated"), 200)),
    ]
    samples = [f"• {clip(' '.join(faces.asked(card).split()), 120)}" for card in deck.cards[:SAMPLE]]
    return prose.fitted(
        Heading(deck.title),
        *([prose.text(clip(deck.description, 800))] if deck.description else []),
        Fields(tuple(fields)),
        Text.of(
            _("Kinds: {kinds}.", kinds=", ".join(f"{kinds[kind]} {_(NAMES[kind])}" for kind in KINDS if kinds[kind]))
        ),
        *(
            [Text.of(clip(_("Topics: {topics}.", topics=", ".join(deck.topics)), 800), quiet=True)]
            if deck.topics
            else []
        ),
        Text.of(_("For example:") + "\n" + "\n".join(samples)),
        *button_rows(
            [Button(_("Practise this deck"), Action.of("play", deck.id)), Button(_("All decks"), Action.of("decks"))]
        ),
    )
