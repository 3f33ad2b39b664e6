"""Is an answer right, how far, and why: one pure function over every kind of card.

An answer comes in as `bot.quiz.given` writes it down. Grading the same text against the same card always gives the same
grade, so a corrected key can be applied to old answers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import combinations

from bot.quiz import rubric, truths, words
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
    Option,
    Ordering,
    ShortAnswer,
    SingleChoice,
    TrueFalse,
    gap_names,
)
from bot.quiz.given import (
    SELF_GRADES,
    choice_given,
    cloze_given,
    letters_of,
    order_of,
    ordering_given,
    texts_of,
    true_false_given,
)
from bot.quiz.numerals import numbers_in, written
from bot.quiz.rubric import ConceptMark, Note
from bot.quiz.same import Same

__all__ = [
    "ConceptMark",
    "GapMark",
    "Grade",
    "Note",
    "Verdict",
    "choice_given",
    "cloze_given",
    "grade",
    "ordering_given",
    "right_answer",
    "shown",
    "true_false_given",
]


class Verdict(StrEnum):
    CORRECT = "correct"
    PARTLY = "partly"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class GapMark:
    """What became of one gap; `expected` is what the author put there."""

    name: str
    given: str
    right: bool
    expected: str


@dataclass(frozen=True, slots=True)
class Grade:
    """The outcome of one answer. `fraction` is 0 to 1, and 1 exactly when the verdict is CORRECT.

    `why` is CommonMark: what the author says about the wrong options chosen. `note` is on how the answer was read; `spelled`:
    the accepted answer that was meant, where that is a typo.
    """

    verdict: Verdict
    fraction: float
    why: str | None = None
    concepts: tuple[ConceptMark, ...] = ()
    gaps: tuple[GapMark, ...] = ()
    note: Note | None = None
    spelled: str = ""

    @property
    def correct(self) -> bool:
        return self.verdict is Verdict.CORRECT


def grade(card: Card, given: str) -> Grade:
    """ValueError when `given` can't be an answer to this kind of card: a forged button, a letter out of range."""
    match card:
        case Flashcard() | SingleChoice() | TrueFalse():
            return _of_option(Same(card), given)
        case MultiChoice():
            return _graded_choices(card, letters_of(given, len(card.options)))
        case ShortAnswer():
            return _graded_short(card, given)
        case Cloze():
            return _graded_gaps(card, texts_of(given, len(gap_names(card))))
        case Ordering():
            return _graded(_nearest(card, order_of(given, len(card.items))))
        case Explain():
            reading = rubric.read(card, given)
            covered = sum(mark.covered for mark in reading.marks)
            return _graded(_share(covered, len(reading.marks)), concepts=reading.marks, note=reading.note)


@lru_cache(maxsize=1024)
def _of_option(card: Same[Flashcard | SingleChoice | TrueFalse], given: str) -> Grade:
    """Kept in memory, as a thousand people who press in a second choose among a few options."""
    match card.it:
        case Flashcard():
            return _graded(float(_self_grade(given) != "again"))
        case SingleChoice():
            chosen = card.it.options[_one_letter(card.it, given)]
            return _graded(float(chosen.correct), None if chosen.correct else chosen.why)
        case TrueFalse():
            right = _truth(given) == card.it.answer
            return _graded(float(right), None if right else card.it.why)


def right_answer(card: Card) -> str:
    """The answer, as it would be written down, that is fully right."""
    match card:
        case Flashcard():
            return "good"
        case SingleChoice():
            return choice_given([i for i, option in enumerate(card.options) if option.correct][:1])
        case MultiChoice():
            return choice_given(i for i, option in enumerate(card.options) if option.correct)
        case TrueFalse():
            return true_false_given(card.answer)
        case ShortAnswer():
            if card.numeric is not None:
                return written(card.numeric.value)
            return next((text for text in card.accept if grade(card, text).correct), "".join(card.accept[:1]))
        case Cloze():
            expected = _expected(card)
            return cloze_given([expected[name][0] for name in gap_names(card)])
        case Ordering():
            return LETTERS[: len(card.items)]
        case Explain():
            return card.reference


def shown(card: Card, given: str) -> str:
    """How an answer is said to people: `B`, `A and C`, `True`, the text itself. ValueError as for `grade`."""
    match card:
        case Flashcard():
            return _self_grade(given).capitalize()
        case SingleChoice():
            return LETTERS[_one_letter(card, given)]
        case MultiChoice():
            return _listed(LETTERS[position] for position in letters_of(given, len(card.options)))
        case TrueFalse():
            return str(_truth(given))
        case Ordering():
            return " → ".join(card.items[position] for position in order_of(given, len(card.items)))
        case Cloze():
            return ", ".join(text.strip() or "…" for text in texts_of(given, len(gap_names(card))))
        case ShortAnswer() | Explain():
            return given.strip()


def _nearest(card: Ordering, order: tuple[int, ...]) -> float:
    """How far an order is the right one of those that there are which it comes closest to."""
    places = ({LETTERS.index(letter): place for place, letter in enumerate(other)} for other in card.accept)
    return max(in_order(order), *(in_order(tuple(its[item] for item in order)) for its in places), 0.0)


def in_order(order: tuple[int, ...]) -> float:
    """How far an order is the right one, 0 to 1: Kendall's τ, and 0 where that is negative.

    Of all pairs of items the share c stands in the right order. Chance alone gives ½ on average, so c itself would pay
    half the points for shuffling blindly; 2c − 1 is 0 on average for a blind shuffle, 1 for the right order alone, and
    loses the same for each pair that is the wrong way round.
    """
    pairs = list(combinations(order, 2))
    return max(0.0, _share(2 * sum(before < after for before, after in pairs) - len(pairs), len(pairs)))


def _graded(
    fraction: float,
    why: str | None = None,
    *,
    concepts: tuple[ConceptMark, ...] = (),
    gaps: tuple[GapMark, ...] = (),
    note: Note | None = None,
    spelled: str = "",
) -> Grade:
    verdict = Verdict.CORRECT if fraction == 1 else Verdict.PARTLY if fraction > 0 else Verdict.WRONG
    return Grade(verdict, fraction, why, concepts, gaps, note, spelled)


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0


def _graded_choices(card: MultiChoice, chosen: tuple[int, ...]) -> Grade:
    right = {i for i, option in enumerate(card.options) if option.correct}
    false_picks = [i for i in chosen if i not in right]
    if set(chosen) == right:
        fraction = 1.0
    elif card.scoring == "exact" or not right:
        fraction = 0.0
    else:
        fraction = max(0, len(chosen) - 2 * len(false_picks)) / len(right)
    return _graded(fraction, _why((LETTERS[i], card.options[i]) for i in false_picks))


def _why(wrong: Iterable[tuple[str, Option]]) -> str | None:
    return "\n\n".join(f"**{letter}:** {option.why}" for letter, option in wrong if option.why) or None


def _graded_short(card: ShortAnswer, given: str) -> Grade:
    if _rambles(given, card.accept):
        return _graded(0.0)
    if any(words.same(given, text) for text in card.reject):
        return _graded(0.0)
    fit = words.fits(given, truths.in_every_language(card.accept), card.reject)
    if fit is not None:
        return _graded(1.0, note=Note.TYPO, spelled=fit.text) if fit.typo else _graded(1.0)
    return _graded(float(card.numeric is not None and _near(card.numeric, given)))


def _rambles(given: str, accept: Sequence[str]) -> bool:
    """Whether an answer is far too long to be one of these: ten thousand characters needn't be normalised to say so."""
    return len(given) > 200 + 4 * max(map(len, accept), default=0)


def _near(numeric: Numeric, given: str) -> bool:
    margin = numeric.tolerance + 1e-9 * abs(numeric.value)  # so that 0.3 is within 0.1 of 0.2
    return any(abs(number - numeric.value) <= margin for number in numbers_in(given))


def _graded_gaps(card: Cloze, texts: tuple[str, ...]) -> Grade:
    marks = tuple(
        GapMark(
            name,
            text,
            not _rambles(text, expected) and words.fits(text, truths.in_every_language(expected)) is not None,
            expected[0],
        )
        for (name, expected), text in zip(_expected(card).items(), texts, strict=True)
    )
    return _graded(_share(sum(mark.right for mark in marks), len(marks)), gaps=marks)


def _expected(card: Cloze) -> dict[str, tuple[str, ...]]:
    """What may stand in each gap, the author's own text first."""
    inside: dict[str, list[str]] = {}
    for gap in GAP.finditer(card.text):
        inside.setdefault(gap[1], []).append(gap[2].strip())
    return {name: (*texts, *card.accept.get(name, ())) for name, texts in inside.items()}


def _one_letter(card: Choosable, given: str) -> int:
    positions = letters_of(given, len(card.options))
    if len(positions) != 1:
        raise ValueError(f"one option can be chosen, not {given!r}")
    return positions[0]


def _self_grade(given: str) -> str:
    if given not in SELF_GRADES:
        raise ValueError(f"not a self-grade: {given!r}")
    return given


def _truth(given: str) -> bool:
    if given not in ("true", "false"):
        raise ValueError(f"neither true nor false: {given!r}")
    return given == "true"


def _listed(names: Iterable[str]) -> str:
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last
