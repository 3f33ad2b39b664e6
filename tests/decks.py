"""A small deck with a card of every kind, for tests."""

from __future__ import annotations

from bot.library.shelf import Shelf
from bot.quiz.cards import (
    Card,
    Cloze,
    Concept,
    Deck,
    Explain,
    Flashcard,
    Level,
    MultiChoice,
    Option,
    Ordering,
    ShortAnswer,
    SingleChoice,
    TrueFalse,
)

CARDS: tuple[Card, ...] = (
    SingleChoice(
        id="ring",
        kind="single_choice",
        level=Level.ADVANCED,
        topics=("collectives",),
        prompt="How many bytes does each rank send in a *ring* all-reduce?",
        options=(
            Option(text="S / N", why="That is one chunk of one step."),
            Option(text="2(N−1)/N · S", correct=True),
            Option(text="N · S", why="That is everything to everyone."),
        ),
        hint="There are two phases.",
        explanation="Reduce-scatter, then all-gather.",
        source="Patarasuk and Yuan 2009",
    ),
    MultiChoice(
        id="zero",
        kind="multi_choice",
        level=Level.INTERMEDIATE,
        topics=("memory",),
        prompt="What can ZeRO shard?",
        options=(
            Option(text="Optimizer states", correct=True),
            Option(text="Training data", why="Data parallelism does that already."),
            Option(text="Gradients", correct=True),
        ),
        explanation="Stages 1 to 3.",
    ),
    TrueFalse(
        id="sync",
        kind="true_false",
        topics=("basics",),
        prompt="Replicas may drift apart without synchronisation.",
        answer=True,
    ),
    Flashcard(
        id="what",
        kind="flashcard",
        topics=("basics",),
        front="What is distributed training?",
        back="Work shared by devices.",
    ),
    ShortAnswer(
        id="mfu",
        kind="short_answer",
        topics=("efficiency",),
        prompt="What does MFU stand for?",
        accept=("model FLOPs utilization",),
        hint="Three words.",
    ),
    Cloze(
        id="gap",
        kind="cloze",
        topics=("memory",),
        text="ZeRO shards {{c1::optimizer}} states, then {{c2::gradients::with respect to loss}}.",
    ),
    Ordering(
        id="order",
        kind="ordering",
        topics=("basics",),
        prompt="Order one step.",
        items=("Forward", "Backward", "All-reduce", "Update"),
    ),
    Explain(
        id="why",
        kind="explain",
        level=Level.BEGINNER,
        topics=("basics",),
        prompt="Explain data parallelism.",
        hint="What is divided?",
        reference="The data is split across devices. Each device keeps a full copy of the model.",
        concepts=(
            Concept(id="split", text="The data is split", match=(("data|batch", "split|divide"),)),
            Concept(id="copy", text="Each device has the whole model", match=(("full|whole|complete", "model|copy"),)),
        ),
    ),
)

DECK = Deck(id="small", title="A small deck", description="One card of each kind.", license="CC-BY-4.0", cards=CARDS)
SHELF = Shelf({DECK.id: DECK})


def shelf(*card_ids: str) -> Shelf:
    """The shelf with these cards of the small deck alone."""
    return Shelf({DECK.id: DECK.model_copy(update={"cards": tuple(card for card in CARDS if card.id in card_ids)})})
