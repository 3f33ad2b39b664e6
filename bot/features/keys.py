"""The form in which an admin says what is right, and what its fields say."""

from __future__ import annotations

from collections.abc import Mapping

from bot.features import prose
from bot.messages import LIMITS, Choice, Input, SelectInput, TextInput, clip
from bot.quiz import corrections as rules
from bot.quiz import grading
from bot.quiz.cards import (
    GAP,
    LETTERS,
    Card,
    Cloze,
    Explain,
    MultiChoice,
    Ordering,
    SingleChoice,
    TrueFalse,
    gap_label,
    gap_names,
)


def inputs(card: Card) -> tuple[Input, ...]:
    """What is asked; a card's options where it has some, nothing where it has no key."""
    match card:
        case SingleChoice():
            options = [
                Choice(clip(f"{letter}: {prose.unstyled(option.text)}", LIMITS.OPTION), letter)
                for letter, option in zip(LETTERS, card.options, strict=False)
            ]
            return (SelectInput("right", "The right answer", tuple(options), grading.right_answer(card) or None),)
        case TrueFalse():
            both = (Choice("True", "true"), Choice("False", "false"))
            return (SelectInput("right", "The right answer", both, str(card.answer).lower()),)
        case MultiChoice():
            every = LETTERS[: len(card.options)]
            return (TextInput("right", "The letters of all right options", placeholder=f"of {every}", most=60),)
        case Cloze():
            hints = {gap[1]: gap[3] for gap in GAP.finditer(card.text)}
            return tuple(
                TextInput(
                    name, clip(f"Gap {gap_label(name, hints[name])}", LIMITS.INPUT_LABEL), most=200, required=False
                )
                for name in gap_names(card)
            )
        case Explain():
            concepts = tuple(Choice(clip(each.text, LIMITS.OPTION), each.id) for each in card.concepts)
            return (
                SelectInput("concept", "Which concept", concepts),
                TextInput("right", "Words that cover it, too", placeholder="such as: larger, batch", most=200),
            )
        case Ordering():
            every = LETTERS[: len(card.items)]
            return (TextInput("right", "Another right order, by letters", placeholder=f"of {every}", most=60),)
        case _:
            return () if not rules.extents(card) else (TextInput("right", "An answer that is right", most=rules.MOST),)


def said(card: Card, fields: Mapping[str, str]) -> str:
    """What the form's fields say, as it could have been typed."""
    match card:
        case Cloze():
            given = {name: " ".join(fields.get(name, "").split()) for name in gap_names(card)}
            return "\n".join(f"{name[1:]}: {text}" for name, text in given.items() if text)
        case Explain():
            return f"{fields.get('concept', '')}: {fields.get('right', '')}"
        case _:
            return fields.get("right", "")
