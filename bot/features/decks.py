"""`/quiz deck list|show`: what questions come from."""

from __future__ import annotations

from collections import Counter

from bot.events import Command, Completion, Press
from bot.features import faces, prose
from bot.features.prose import count
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

SAMPLE = 5
LISTED = 20
NAMES = {kind: kind.replace("_", " ") for kind in KINDS}


async def catalogue(turn: Turn, event: Command | Press) -> Outcome:
    """Every deck, with a button for each that opens it."""
    decks = tuple(turn.shelf.decks.values())
    each = max(0, 2000 // len(decks[:LISTED])) if decks else 0
    blocks: list[Block] = [Heading("Decks")]
    for deck in decks[:LISTED]:
        head = (bold(deck.title), plain(f" · {count(len(deck.cards), 'card')}"))
        about = prose.runs(clip(deck.description, each)) if deck.description and each > 40 else ()
        blocks.append(Text((*head, plain("\n"), *about) if about else head))
    if len(decks) > LISTED:
        blocks.append(Text.of(f"And {len(decks) - LISTED} more: /quiz deck show completes their names.", quiet=True))
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
        return Outcome(Message.of("That deck is no longer here.", *button_rows([Button("Decks", Action.of("decks"))])))
    return Outcome(_shown(deck))


def find(shelf: Shelf, asked: str) -> Deck | None:
    """A deck by its id or title."""
    return shelf.decks.get(asked.lower()) or next(
        (d for d in shelf.decks.values() if d.title.lower() == asked.lower()), None
    )


def unknown(shelf: Shelf, asked: str) -> str:
    return f"There is no deck “{clip(asked, 60)}”. There is: {clip(', '.join(sorted(shelf.decks)), 800)}."


def complete(shelf: Shelf, event: Completion) -> Choices:
    """Decks that match what is being typed."""
    typed = event.typed.lower().strip()
    every = [Choice(clip(deck.title, LIMITS.OPTION), deck.id) for deck in shelf.decks.values()]
    return Choices(tuple(c for c in every if typed in c.label.lower() or typed in str(c.value))[: LIMITS.CHOICES])


def complete_topics(shelf: Shelf, event: Completion) -> Choices:
    """Topics that match what is being typed."""
    typed = event.typed.lower().strip()
    return Choices(tuple(Choice(topic, topic) for topic in shelf.topics if typed in topic)[: LIMITS.CHOICES])


def _shown(deck: Deck) -> Message:
    kinds = Counter[str](card.kind for card in deck.cards)
    levels = Counter(card.level for card in deck.cards)
    fields = [
        ("Cards", str(len(deck.cards))),
        ("Levels", ", ".join(f"{levels[level]} {level}" for level in Level if levels[level])),
        ("Language", deck.language),
        ("Licence", clip(deck.license or "not stated", 200)),
    ]
    samples = [f"• {clip(' '.join(faces.asked(card).split()), 120)}" for card in deck.cards[:SAMPLE]]
    return prose.fitted(
        Heading(deck.title),
        *([prose.text(clip(deck.description, 800))] if deck.description else []),
        Fields(tuple(fields)),
        Text.of("Kinds: " + ", ".join(f"{kinds[kind]} {NAMES[kind]}" for kind in KINDS if kinds[kind]) + "."),
        *([Text.of(clip("Topics: " + ", ".join(deck.topics) + ".", 800), quiet=True)] if deck.topics else []),
        Text.of("For example:\n" + "\n".join(samples)),
        *button_rows(
            [Button("Practise this deck", Action.of("play", deck.id)), Button("All decks", Action.of("decks"))]
        ),
    )
