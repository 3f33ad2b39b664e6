"""How a card is asked, wherever it is: its question, its buttons, its form, and what someone's answer to it says.

Daily posts and practice ask alike; they differ in the `Frame`, which makes the actions of their buttons.
"""

from __future__ import annotations

import itertools
import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.features import prose
from bot.messages import (
    LIMITS,
    Action,
    Block,
    Button,
    Buttons,
    Message,
    Picture,
    Run,
    Span,
    Style,
    Text,
    bold,
    button_rows,
    clip,
    plain,
)
from bot.quiz import grading
from bot.quiz.cards import (
    GAP,
    LETTERS,
    Card,
    Cloze,
    Flashcard,
    MultiChoice,
    Ordering,
    SingleChoice,
    TrueFalse,
    gap_label,
    question,
)
from bot.words import N_, _, both, pgettext

# For translators: how well one knew a flashcard, said by oneself
GRADES: Mapping[str, str] = {"again": N_("Again"), "hard": N_("Hard"), "good": N_("Good"), "easy": N_("Easy")}

# For translators: a statement is, or isn't
TRUTHS: Mapping[bool, str] = {True: N_("True"), False: N_("False")}

HELD = 0xE000
"""The first private-use character: they hold a cloze's gaps while its text is parsed."""


KEYCAPS = tuple(f"{number}\ufe0f\u20e3" for number in range(1, 10))
"""What options are called in reaction mode: the emojis that people answer with."""


@dataclass(frozen=True, slots=True)
class Frame:
    """Where a card is asked. `prefix` chooses the verbs, `args` name the post, or the session and position.

    `seed` shuffles an ordering card the same way each time it is shown here. `hinted`: the hint has been seen, which
    every later button of this asking remembers by a last argument `h`.
    """

    prefix: str
    args: tuple[str, ...]
    seed: str
    hinted: bool = False

    def action(self, verb: str, *more: str) -> Action:
        return Action(self.prefix + verb, (*self.args, *more, *("h" * self.hinted)))


def shuffled(card: Ordering, seed: str) -> str:
    """The authored letters in the order shown: `CABD` means that what is shown as A is the third item."""
    letters = list(LETTERS[: len(card.items)])
    random.Random(seed).shuffle(letters)  # noqa: S311 - no secret
    if len(letters) > 1 and letters == sorted(letters):
        letters.append(letters.pop(0))
    return "".join(letters)


def question_blocks(
    card: Card, frame: Frame, picture: bytes | None = None, labels: Sequence[str] = LETTERS
) -> tuple[Block, ...]:
    """The question in full, its options with their letters, or with other `labels`."""
    shown: list[Block] = [Text(prose.clipped(_asked(card), LIMITS.TEXT))]
    if card.image is not None and picture is not None:
        shown.append(Picture(picture, card.image.alt, card.image.file.rpartition("/")[2]))
    options: tuple[str, ...] = ()
    match card:
        case SingleChoice() | MultiChoice():
            options = tuple(option.text for option in card.options)
        case Ordering():
            options = tuple(card.items[LETTERS.index(letter)] for letter in shuffled(card, frame.seed))
        case TrueFalse() if labels is not LETTERS:  # no buttons say it
            options = (_(TRUTHS[True]), _(TRUTHS[False]))
    if options:
        shown.append(Text(prose.clipped(_labelled(options, labels), LIMITS.TEXT)))
    if isinstance(card, MultiChoice):
        shown.append(Text.of(_("More than one may be right."), quiet=True))
    return tuple(shown)


def asked(card: Card) -> str:
    """The question without any styling, for forms and lists."""
    return "".join(run.text for run in prose.runs(question(card))) or "…"


def _asked(card: Card) -> tuple[Run, ...]:
    """The question's runs; a cloze's gaps stand out in bold, wherever in a word they are."""
    if not isinstance(card, Cloze) or re.search("[\ue000-\uf8ff]", card.text):  # a deck's own private characters
        return prose.runs(question(card)) or (plain("…"),)
    gaps = [bold(f"[{gap_label(gap[1], gap[3])}]") for gap in GAP.finditer(card.text)]
    numbers = itertools.count()
    held = GAP.sub(lambda _: chr(HELD + next(numbers)), card.text)  # CommonMark leaves private characters alone
    parts: list[Run] = []
    for run in prose.runs(held):
        if not isinstance(run, Span):
            parts.append(run)
            continue
        pieces = re.split(f"([{chr(HELD)}-{chr(HELD + len(gaps) - 1)}])", run.text)  # every second one is a gap
        parts += [gaps[ord(piece) - HELD] if at % 2 else replace(run, text=piece) for at, piece in enumerate(pieces)]
    return tuple(part for part in parts if part.text)


def _labelled(options: tuple[str, ...], labels: Sequence[str]) -> tuple[Run, ...]:
    parts: list[Run] = []
    for label, option in zip(labels, options, strict=False):
        parts += [bold(("\n" if parts else "") + label), plain("\u2002"), *prose.runs(option)]
    return tuple(parts)


def controls(card: Card, frame: Frame) -> tuple[Buttons, ...]:
    """The card's buttons."""
    hint = (Button(_("Hint"), frame.action("hint")),) if card.hint and not frame.hinted else ()
    match card:
        case SingleChoice():
            answers = [
                Button(letter, frame.action("answer", letter), hint=clip(f"{letter}: {option.text}", 120))
                for letter, option in zip(LETTERS, card.options, strict=False)
            ]
        case MultiChoice():
            answers = [
                Button(letter, frame.action("pick", "", letter), hint=clip(f"{letter}: {option.text}", 120))
                for letter, option in zip(LETTERS, card.options, strict=False)
            ]
        case TrueFalse():
            answers = [Button(_(said), frame.action("answer", str(value).lower())) for value, said in TRUTHS.items()]
        case Flashcard():
            return button_rows([Button(_("Reveal"), frame.action("reveal"), Style.PRIMARY), *hint])
        case _:
            return button_rows([Button(pgettext("button", "Answer"), frame.action("write"), Style.PRIMARY), *hint])
    return (*button_rows(answers), *button_rows(hint))


def picking(card: MultiChoice, frame: Frame, picked: str, picture: bytes | None = None) -> Message:
    """The private panel on which several options are ticked before they are sent."""
    letters = LETTERS[: len(card.options)]
    toggles = [
        Button(
            letter,
            frame.action("pick", picked, letter),
            Style.PRIMARY if letter in picked else Style.PLAIN,
            hint=_toggling(clip(f"{letter}: {card.options[i].text}", 100), picked=letter in picked),
        )
        for i, letter in enumerate(letters)
    ]
    said = both(tuple(picked)) if picked else _("nothing yet")
    send = button_rows([Button(_("Send"), frame.action("answer", picked), Style.PRIMARY)]) if picked else ()
    return prose.fitted(
        *question_blocks(card, frame, picture),
        Text.woven(_("Your picks: **{picks}**. Press a letter to add it or take it away, then send."), picks=said),
        *button_rows(toggles),
        *send,
    )


def _toggling(option: str, *, picked: bool) -> str:
    return _("Take away {option}", option=option) if picked else _("Add {option}", option=option)


def revealed(card: Flashcard, frame: Frame, picture: bytes | None = None) -> Message:
    """A flashcard's back, and the four ways to grade oneself."""
    return prose.fitted(
        *question_blocks(card, frame, picture),
        prose.text(card.back, bold(_("Answer") + "  ")),
        *explanation_blocks(card),
        Text.of(_("How well did you know it?"), quiet=True),
        *button_rows(Button(_(label), frame.action("answer", given)) for given, label in GRADES.items()),
    )


def hint(card: Card, frame: Frame, picture: bytes | None = None) -> Message:
    """The hint above the question, whose buttons remember that it was seen."""
    if card.hint is None:
        raise ValueError(f"card {card.id} has no hint")
    return prose.fitted(
        prose.text(card.hint, bold(_("Hint") + "  ")),
        *question_blocks(card, frame, picture),
        *controls(card, replace(frame, hinted=True)),
    )


def explanation_blocks(card: Card) -> tuple[Block, ...]:
    """Why, and where it stands."""
    parts: list[Block] = []
    if card.explanation:
        parts.append(prose.text(card.explanation))
    if card.source:
        parts.append(prose.text(clip(card.source, 300), plain(_("Source:") + " "), quiet=True))
    return tuple(parts)


def picks(card: MultiChoice, args: tuple[str, ...]) -> str | None:
    """The picks after a press on a letter: `("AC", "B")` makes `ABC`. None when no button of ours says so."""
    letters = LETTERS[: len(card.options)]
    match args:
        case (picked, letter) if len(letter) == 1 and letter in letters and set(picked) <= set(letters):
            return "".join(sorted(set(picked) ^ {letter}))
        case _:
            return None


def written(card: Card) -> bool:
    """Whether the card is answered in a form."""
    return card.kind in ("short_answer", "cloze", "ordering", "explain")


def pressable(card: Card, answer: str) -> bool:
    """Whether a button of this card can say `answer`. A forged button can't write an answer that has a form."""
    if written(card):
        return False
    try:
        grading.grade(card, answer)
    except ValueError:
        return False
    return True
