"""Corrections: what a card is when somebody says that another answer is right. The question itself stays as it was asked, so
that every answer given before can be graded again.
"""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum

from bot.quiz import prose, truths, words
from bot.quiz.cards import (
    GAP,
    LETTERS,
    Card,
    Choosable,
    Cloze,
    Explain,
    Flashcard,
    MultiChoice,
    Numeric,
    Ordering,
    ShortAnswer,
    SingleChoice,
    TrueFalse,
    gap_names,
    question,
)
from bot.quiz.given import letters_of, order_of
from bot.quiz.grading import grade
from bot.quiz.numerals import numbers_in

MOST = 300
"""Characters of an answer that is accepted; decks have none that is half as long."""

MANY = 50
"""Answers that are accepted to one question."""


class Fault(StrEnum):
    """Why something can't be right; whoever speaks has the sentence for each."""

    NO_KEY = "no key"
    OTHERWISE = "otherwise"
    LONG = "too long"
    EMPTY = "nothing to read"
    LETTERS = "letters"
    TRUTH = "true or false"
    VAGUE = "not told from others"
    MANY = "too many"
    WHICH_GAP = "which gap"
    NO_GAP = "no such gap"
    MARKS = "marks of gaps"
    ORDER = "not each letter once"
    CONCEPT = "which concept"
    NO_WORDS = "no words"


class Unfit(Exception):
    """What is said to be right can't be. `given`: what the sentence about its fault names."""

    def __init__(self, fault: Fault, **given: object) -> None:
        super().__init__(fault.value)
        self.fault = fault
        self.given = given


class Extent(StrEnum):
    """Whether an answer is right beside those that are, or in their place; or the deck's own key is in force again."""

    ALSO = "also"
    ONLY = "only"
    DECK = "deck"


def extents(card: Card) -> tuple[Extent, ...]:
    """In which ways a card of this kind can be corrected; none where there is no key."""
    match card:
        case Flashcard():
            return ()
        case SingleChoice() | MultiChoice() | TrueFalse():
            return (Extent.ONLY,)
        case ShortAnswer() | Cloze():
            return (Extent.ALSO, Extent.ONLY)
        case Ordering() | Explain():
            return (Extent.ALSO,)


def corrected(card: Card, said: str, extent: Extent) -> Card:
    """The card with what is `said` to be right; the same card where it is right already. Unfit when it can't be."""
    if extent not in extents(card):
        raise Unfit(Fault.NO_KEY if isinstance(card, Flashcard) else Fault.OTHERWISE)
    if len(said) > MOST:
        raise Unfit(Fault.LONG, most=MOST)
    if not _visible(said):
        raise Unfit(Fault.EMPTY)
    match card:
        case SingleChoice() | MultiChoice():
            return _chosen(card, said)
        case TrueFalse():
            return card.model_copy(update={"answer": _truth(said)})
        case ShortAnswer():
            return _accepted(card, said.strip(), extent)
        case Cloze():
            return _filled(card, said, extent)
        case Ordering():
            return _ordered(card, said)
        case Explain():
            return _said(card, said)
        case Flashcard():
            raise Unfit(Fault.NO_KEY)


def asks_the_same(one: Card, other: Card) -> bool:
    """Whether two versions of a card differ in nothing that somebody who answers goes by: a correction of one holds for both."""
    return _asked(one) == _asked(other)


def _asked(card: Card) -> tuple[object, ...]:
    match card:
        case SingleChoice() | MultiChoice():
            return (card.kind, card.prompt, *(option.text for option in card.options))
        case Cloze():
            return (card.kind, question(card), gap_names(card))
        case Ordering():
            return (card.kind, card.prompt, *card.items)
        case Explain():
            return (card.kind, card.prompt, *(concept.id for concept in card.concepts))
        case _:
            return (card.kind, question(card))


def key(card: Card) -> str:
    """What is right, in no language: `B`, `A, C` where all are, `A / C` where each is, `“ring”, “ring all-reduce”`."""
    match card:
        case SingleChoice() | MultiChoice():
            right = [letter for letter, option in zip(LETTERS, card.options, strict=False) if option.correct]
            return (" / " if isinstance(card, SingleChoice) else ", ").join(right)
        case TrueFalse():
            return str(card.answer)
        case ShortAnswer():
            value = [f"{card.numeric.value:g} ± {card.numeric.tolerance:g}"] if card.numeric is not None else []
            return ", ".join([*value, *(f"“{text}”" for text in card.accept)])
        case Cloze():
            inside = {gap[1]: gap[2].strip() for gap in reversed([*GAP.finditer(card.text)])}
            each = {name: [inside[name], *card.accept.get(name, ())] for name in gap_names(card)}
            return "; ".join(f"{name[1:]}: {', '.join(f'“{text}”' for text in texts)}" for name, texts in each.items())
        case Ordering():
            return " / ".join([LETTERS[: len(card.items)], *card.accept])
        case Explain():
            ways = ((each.id, [", ".join(group) for group in each.match]) for each in card.concepts)
            return "; ".join(f"{name}: {' / '.join(f'“{way}”' for way in said)}" for name, said in ways)
        case Flashcard():
            return ""


def _visible(text: str) -> bool:
    return any(unicodedata.category(char)[0] in "LNPS" for char in text)


# ---------------------------------------------------------------- choices


def _chosen(card: Choosable, said: str) -> Card:
    positions = _positions(card, said)
    options = tuple(
        option if option.correct == (at in positions) else option.model_copy(update={"correct": at in positions})
        for at, option in enumerate(card.options)
    )
    return card.model_copy(update={"options": options})


BETWEEN = ("AND", "OR", "UND", "ODER")
"""What people write between letters."""


def _positions(card: Choosable, said: str) -> frozenset[int]:
    """`B`, `a, c`, `A and C`, `AC`, or an option's own text."""
    same = [at for at, option in enumerate(card.options) if option.text.casefold() == said.strip().casefold()]
    if same:
        return frozenset(same[:1])
    parts = [part for part in re.split(r"[\s,;.+&/]+", said.upper()) if part and part not in BETWEEN]
    letters = "".join(sorted(set("".join(parts))))
    last = LETTERS[len(card.options) - 1]
    try:
        return frozenset(letters_of(letters, len(card.options)))
    except ValueError:
        raise Unfit(Fault.LETTERS, last=last) from None


def _truth(said: str) -> bool:
    if (found := truths.truth(said)) is None:
        raise Unfit(Fault.TRUTH)
    return found


# ---------------------------------------------------------------- written answers


def _accepted(card: ShortAnswer, text: str, extent: Extent) -> Card:
    reject = tuple(each for each in card.reject if not words.same(each, text))
    if extent is Extent.ALSO:
        if grade(card, text).correct:
            return card
        _few(len(card.accept) + 1)
        new = card.model_copy(update={"accept": (*card.accept, text), "reject": reject})
    else:
        number = _number(text) if card.numeric is not None else None
        numeric = card.numeric and number is not None and Numeric(value=number, tolerance=card.numeric.tolerance)
        update = {"accept": () if numeric else (text,), "reject": reject, "numeric": numeric or None}
        new = card.model_copy(update=update)
    if not grade(new, text).correct:
        raise Unfit(Fault.VAGUE)
    return new


def _number(text: str) -> float | None:
    return next(iter(numbers_in(text)), None)


def _few(number: int) -> None:
    if number > MANY:
        raise Unfit(Fault.MANY, most=MANY)


_GAP_LINE = re.compile(r"\s*(?:(?:gap|lücke)\s*)?c?([1-9])\s*[:=]\s*(.*\S)\s*", re.IGNORECASE)


def _filled(card: Cloze, said: str, extent: Extent) -> Card:
    """`1: gradients`, a line for each gap; the text alone where there is one gap."""
    names = gap_names(card)
    lines = [line for line in said.splitlines() if line.strip()]
    if len(names) == 1 and not _GAP_LINE.fullmatch(said.strip()):
        wanted = {names[0]: " ".join(lines).strip()}
    else:
        found = [_GAP_LINE.fullmatch(line) for line in lines]
        if not all(found):
            raise Unfit(Fault.WHICH_GAP, gap=names[-1][1:])
        wanted = {f"c{match[1]}": match[2] for match in found if match}
    if unknown := sorted(wanted.keys() - set(names)):
        raise Unfit(Fault.NO_GAP, gap=unknown[0][1:])
    for name, text in wanted.items():
        if re.search(r"\{\{|\}\}|::", text):
            raise Unfit(Fault.MARKS)
        card = _gap_accepts(card, name, text, extent)
    return card


def _gap_accepts(card: Cloze, name: str, text: str, extent: Extent) -> Cloze:
    inside = [gap[2].strip() for gap in GAP.finditer(card.text) if gap[1] == name]
    beside = card.accept.get(name, ())
    if extent is Extent.ALSO:
        if words.fits(text, (*inside, *beside)) is not None:
            return card
        _few(len(beside) + 1)
        return card.model_copy(update={"accept": {**card.accept, name: (*beside, text)}})

    def fill(gap: re.Match[str]) -> str:
        hint = f"::{gap[3]}" if gap[3] else ""
        return f"{{{{{name}::{text}{hint}}}}}" if gap[1] == name else gap[0]

    accept = {other: texts for other, texts in card.accept.items() if other != name}
    return card.model_copy(update={"text": GAP.sub(fill, card.text), "accept": accept})


def _ordered(card: Ordering, said: str) -> Card:
    count = len(card.items)
    order = "".join(re.findall(r"[A-Za-z]", said)).upper()
    try:
        order_of(order, count)
    except ValueError:
        raise Unfit(Fault.ORDER, last=LETTERS[count - 1], example=LETTERS[:count][::-1]) from None
    if grade(card, order).correct:
        return card
    _few(len(card.accept) + 1)
    return card.model_copy(update={"accept": (*card.accept, order)})


def _said(card: Explain, said: str) -> Card:
    """`batch: larger, steps`: another group of words that covers a concept."""
    name, colon, rest = said.partition(":")
    listed = ", ".join(concept.id for concept in card.concepts)
    asked = name.strip().casefold()
    found = next((each for each in card.concepts if asked in (each.id, each.text.casefold())), None)
    if not colon or found is None:
        raise Unfit(Fault.CONCEPT, concept=card.concepts[0].id, concepts=listed)
    group = tuple(part.strip() for part in rest.split(",") if prose.read(part).words)
    if not group:
        raise Unfit(Fault.NO_WORDS)
    if group in found.match:
        return card
    _few(len(found.match) + 1)
    wider = found.model_copy(update={"match": (*found.match, group)})
    return card.model_copy(update={"concepts": tuple(wider if each is found else each for each in card.concepts)})
