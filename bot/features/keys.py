"""The form in which an admin says what is right, what its fields say, and why that may not be."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.features import faces, prose
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
from bot.quiz.corrections import Fault, Unfit
from bot.words import N_, _

FAULTS: Final[Mapping[Fault, str]] = {
    Fault.NO_KEY: N_("People grade a flashcard themselves, so it has no key that could be corrected."),
    Fault.OTHERWISE: N_("This card can’t be corrected in that way."),
    Fault.LONG: N_("A right answer has {most} characters at most, and that one has more. Please shorten it."),
    Fault.EMPTY: N_("There is nothing to read in that answer. Say what is right."),
    Fault.LETTERS: N_("Say which options are right by their letters, A to {last}, such as {last} or A{last}."),
    Fault.TRUTH: N_("The right answer to this card is true or false."),
    Fault.VAGUE: N_("I couldn’t tell that answer from others when people write it. Say it in other words."),
    Fault.MANY: N_("There are {most} right answers to that already. Correct the card in its deck instead."),
    Fault.WHICH_GAP: N_("Say which gap you mean by its number, such as {gap}: the right word."),
    Fault.NO_GAP: N_("There is no gap {gap} in this card."),
    Fault.MARKS: N_("A gap’s text can’t have two braces or two colons in a row, as those mark gaps."),
    Fault.ORDER: N_("Write each letter from A to {last} once, in the order that is right, too, such as {example}."),
    # For translators: concepts are what a good answer in one's own words says
    Fault.CONCEPT: N_("Say which concept, and words that cover it, such as {concept}: words. There is: {concepts}."),
    Fault.NO_WORDS: N_("There is nothing to read behind that concept. Say words that cover it."),
}


def why(unfit: Unfit) -> str:
    """The sentence that says why something can't be right."""
    return _(FAULTS[unfit.fault], **unfit.given)


def inputs(card: Card) -> tuple[Input, ...]:
    """What is asked; a card's options where it has some, nothing where it has no key."""
    match card:
        case SingleChoice():
            options = [
                Choice(clip(f"{letter}: {prose.unstyled(option.text)}", LIMITS.OPTION), letter)
                for letter, option in zip(LETTERS, card.options, strict=False)
            ]
            return (SelectInput("right", _("The right answer"), tuple(options), grading.right_answer(card) or None),)
        case TrueFalse():
            both = tuple(Choice(_(words), str(value).lower()) for value, words in faces.TRUTHS.items())
            return (SelectInput("right", _("The right answer"), both, str(card.answer).lower()),)
        case MultiChoice():
            every = LETTERS[: len(card.options)]
            return (
                TextInput(
                    "right",
                    _("The letters of all right options"),
                    placeholder=_("of {letters}", letters=every),
                    most=60,
                ),
            )
        case Cloze():
            hints = {gap[1]: gap[3] for gap in GAP.finditer(card.text)}
            return tuple(
                TextInput(
                    name,
                    clip(_("Gap {gap}", gap=gap_label(name, hints[name])), LIMITS.INPUT_LABEL),
                    most=200,
                    required=False,
                )
                for name in gap_names(card)
            )
        case Explain():
            concepts = tuple(Choice(clip(each.text, LIMITS.OPTION), each.id) for each in card.concepts)
            return (
                SelectInput("concept", _("Which concept"), concepts),
                TextInput("right", _("Words that cover it, too"), placeholder=_("such as: larger, batch"), most=200),
            )
        case Ordering():
            every = LETTERS[: len(card.items)]
            return (
                TextInput(
                    "right", _("Another right order, by letters"), placeholder=_("of {letters}", letters=every), most=60
                ),
            )
        case _:
            return (
                () if not rules.extents(card) else (TextInput("right", _("An answer that is right"), most=rules.MOST),)
            )


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
