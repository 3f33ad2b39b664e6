"""What a card lacks to teach well."""

from __future__ import annotations

from bot.library.lint.rule import Finds, Found, warning
from bot.quiz.cards import (
    Card,
    Choosable,
    Cloze,
    Flashcard,
    MultiChoice,
    Ordering,
    ShortAnswer,
    SingleChoice,
    TrueFalse,
    question,
)

FEWEST_OPTIONS = 3
LONGEST_PROMPT = 300


@warning("no-explanation", SingleChoice, MultiChoice, TrueFalse, ShortAnswer, Cloze, Ordering)
def no_explanation(card: Card) -> Finds:
    """A flashcard has its back, and an explain card its reference."""
    if card.explanation is None:
        yield Found((), "there is no ‘explanation’, which is what people learn from: add one")


@warning("no-source")
def no_source(card: Card) -> Finds:
    if card.source is None:
        yield Found((), "there is no ‘source’, so nobody can check the card: add where it is written")


@warning("no-why", SingleChoice, MultiChoice)
def no_why(card: Choosable) -> Finds:
    for i, option in enumerate(card.options):
        if not option.correct and option.why is None:
            yield Found(
                ("options", i), f"option {i + 1} is wrong and doesn’t say ‘why’: add a sentence for whoever chose it"
            )


@warning("few-options", SingleChoice, MultiChoice)
def few_options(card: Choosable) -> Finds:
    if len(card.options) == FEWEST_OPTIONS - 1:  # with fewer still it is no question, says `option-count`
        yield Found(
            ("options",), f"{len(card.options)} options are guessed too easily: add a wrong one that people believe"
        )


@warning("long-prompt")
def long_prompt(card: Card) -> Finds:
    asked = question(card)
    if len(asked) > LONGEST_PROMPT:
        where = "front" if isinstance(card, Flashcard) else "text" if isinstance(card, Cloze) else "prompt"
        yield Found((where,), f"{len(asked)} characters to read before answering: get below {LONGEST_PROMPT}")
