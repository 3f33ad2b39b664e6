"""Written answers: the form that asks for one, and what its fields say."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from bot.features.faces import Frame, asked, shuffled
from bot.messages import LIMITS, Form, TextInput, clip
from bot.quiz import grading
from bot.quiz.cards import GAP, LETTERS, Card, Cloze, Explain, Ordering, ShortAnswer, gap_label, gap_names
from bot.words import _, number

ANSWER_KEPT = LIMITS.INPUT
"""Characters of a written answer that are kept; what is longer is sent back."""


@dataclass(frozen=True, slots=True)
class Unclear:
    """An answer that can't be graded as it stands; `sentence` says what is missing. Nothing is recorded."""

    sentence: str


def form(card: Card, frame: Frame) -> Form:
    """The form in which a written answer is given."""
    intro = clip(asked(card), LIMITS.TEXT)
    match card:
        case Cloze():
            hints = {found[1]: found[3] for found in GAP.finditer(card.text)}
            inputs = tuple(
                TextInput(name, clip(_("Gap {gap}", gap=gap_label(name, hints[name])), LIMITS.INPUT_LABEL))
                for name in gap_names(card)
            )
        case Ordering():
            example = LETTERS[: len(card.items)]  # never right: `shuffled` sees to that
            shown = [card.items[LETTERS.index(letter)] for letter in shuffled(card, frame.seed)]
            listed = "\n".join(f"{letter}  {item}" for letter, item in zip(LETTERS, shown, strict=False))
            intro = clip(f"{intro}\n{listed}", LIMITS.TEXT)
            inputs = (
                TextInput(
                    "order", _("The letters, first to last"), placeholder=_("such as {example}", example=example)
                ),
            )
        case Explain():
            inputs = (TextInput("text", _("In your own words"), long=True, placeholder=_("A few sentences")),)
        case _:
            inputs = (TextInput("text", _("Your answer")),)
    return Form(_("Your answer"), inputs, frame.action("sent"), intro=intro, send=_("Send"))


def given(card: Card, frame: Frame, fields: Mapping[str, str]) -> str | Unclear:
    """What the fields of `form` say, as `quiz.grading` reads it."""
    if any(len(text) > ANSWER_KEPT for text in fields.values()):
        return Unclear(
            _(
                "That answer is longer than {number} characters. Please shorten it; nothing was recorded.",
                number=number(ANSWER_KEPT),
            )
        )
    match card:
        case Cloze():
            texts = [fields.get(name, "").strip() for name in gap_names(card)]
            if not any(_visible(text) for text in texts):
                return Unclear(_("Every gap was empty, so nothing was recorded."))
            return grading.cloze_given(texts)
        case Ordering():
            count = len(card.items)
            letters = "".join(re.findall(r"[A-Za-z]", fields.get("order", ""))).upper()
            if sorted(letters) != list(LETTERS[:count]):
                example = LETTERS[:count]
                return Unclear(
                    _(
                        "Write each letter from A to {last} once, such as {example}. Nothing was recorded.",
                        last=LETTERS[count - 1],
                        example=example,
                    )
                )
            there = shuffled(card, frame.seed)
            return "".join(there[LETTERS.index(letter)] for letter in letters)
        case Explain() | ShortAnswer():
            text = fields.get("text", "").strip()
            if not (re.search(r"\w", text) if isinstance(card, Explain) else _visible(text)):
                return Unclear(_("There was nothing to read in that answer, so nothing was recorded."))
            return text
        case _:
            raise ValueError(f"a {card.kind} card takes no form")


def _visible(text: str) -> bool:
    """Whether anything can be seen of it: a letter, a number, a sign."""
    return any(unicodedata.category(char)[0] in "LNPS" for char in text)
