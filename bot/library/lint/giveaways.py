"""The known flaws of choice questions: what gives the right option away, or tests reading instead of knowing.

After T. M. Haladyna, S. M. Downing and M. C. Rodriguez, “A Review of Multiple-Choice Item-Writing Guidelines for
Classroom Assessment”, Applied Measurement in Education 15(3), 2002.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from math import sqrt

from bot.library.lint.rule import Finds, Found, deck_warning, warning
from bot.quiz import lexicon
from bot.quiz.cards import LETTERS, Card, Choosable, MultiChoice, SingleChoice, TrueFalse

LONGER = 1.5
NOTICEABLE = 20
"""Characters from which on a length is noticed at all: ‘Twice’ isn’t given away by ‘No’."""


@warning("longest-option", SingleChoice, MultiChoice)
def longest_option(card: Choosable) -> Finds:
    right, wrong = _lengths(card, correct=True), _lengths(card, correct=False)
    if not right or not wrong:
        return
    mean_right, mean_wrong = sum(right) / len(right), sum(wrong) / len(wrong)
    if mean_right > LONGER * mean_wrong and mean_right >= NOTICEABLE:
        said = "the right option is" if len(right) == 1 else "the right options are"
        mend = "shorten it, or say as much in the others"
        yield Found(_key(card), f"{said} {mean_right / mean_wrong:.1f} times as long as the wrong ones: {mend}")


def _lengths(card: Choosable, *, correct: bool) -> list[int]:
    return [len(option.text) for option in card.options if option.correct is correct]


def _key(card: Choosable) -> tuple[str | int, ...]:
    """The way to the first right option's text."""
    return ("options", next(i for i, option in enumerate(card.options) if option.correct), "text")


_ALL_OF = re.compile(
    r"\b(?:all|none|any|both|neither) of (?:the (?:above|options|answers)\b|(?:these|those|them)(?: options| answers)?\W*\Z)",
    re.IGNORECASE,
)
_LETTERS_ONLY = re.compile(
    r"(?:(?:both|neither|either|only)\s+)?\(?[A-E]\)?(?:,\s*\(?[A-E]\)?)*\s+(?:and|or|nor|&)\s+\(?[A-E]\)?\.?"
)


@warning("all-of-the-above", SingleChoice, MultiChoice, english=True)
def all_of_the_above(card: Choosable) -> Finds:
    for i, option in enumerate(card.options):
        if found := _ALL_OF.search(option.text):
            mend = "ask for several with a multi_choice, or write a real option"
            yield Found(
                ("options", i, "text"), f"option {i + 1} says ‘{found[0]}’, which one known option decides: {mend}"
            )


@warning("both-a-and-b", SingleChoice, MultiChoice, english=True)
def both_a_and_b(card: Choosable) -> Finds:
    for i, option in enumerate(card.options):
        if found := _LETTERS_ONLY.fullmatch(option.text):
            mend = "ask for several with a multi_choice"
            yield Found(("options", i, "text"), f"option {i + 1} names other options by letter (‘{found[0]}’): {mend}")


_CODE = re.compile(r"(`+).+?\1", re.DOTALL)
_NEGATIVE = re.compile(r"\b(?:not|except)\b")
_STRONG = re.compile(r"\*\*.+?\*\*|__.+?__", re.DOTALL)


@warning("negative-stem", SingleChoice, MultiChoice, english=True)
def negative_stem(card: Choosable) -> Finds:
    asking = _asking(_STRONG.sub(" ", _CODE.sub(" ", card.prompt)))
    if found := _NEGATIVE.search(asking):
        word = found[0]
        yield Found(
            ("prompt",), f"‘{word}’ is easily overlooked in a question: ask for what is so, or write {word.upper()}"
        )


def _asking(prompt: str) -> str:
    """The sentence that asks: the last one with a question mark, else the last."""
    sentences = [sentence for sentence in re.split(r"(?<=[.?!:])\s+", prompt.strip()) if sentence]
    return next((sentence for sentence in reversed(sentences) if "?" in sentence), sentences[-1] if sentences else "")


_ABSOLUTE = re.compile(r"\b(?:always|never)\b", re.IGNORECASE)


@warning("absolute-word", SingleChoice, MultiChoice, english=True)
def absolute_word(card: Choosable) -> Finds:
    for i, option in enumerate(card.options):
        if found := _ABSOLUTE.search(_CODE.sub(" ", option.text)):
            word = found[0].lower()
            mend = "say when it holds, without that word"
            yield Found(
                ("options", i, "text"), f"option {i + 1} says ‘{word}’, which people know to be wrong mostly: {mend}"
            )


_LONG_WORD = re.compile(r"[^\W\d_]{5,}")


@warning("echoed-word", SingleChoice, english=True)
def echoed_word(card: SingleChoice) -> Finds:
    asked = _stems(card.prompt)
    for i, option in enumerate(card.options):
        if not option.correct:
            continue
        others = set().union(*(_stems(other.text) for j, other in enumerate(card.options) if j != i))
        if echoed := [word for stem, word in _stems(option.text).items() if stem in asked and stem not in others]:
            said = " and ".join(f"‘{word}’" for word in echoed[:2])
            mend = "use other words, or give them to a wrong option too"
            yield Found(
                ("options", i, "text"), f"of all options the right one alone repeats {said} from the question: {mend}"
            )


def _stems(text: str) -> dict[str, str]:
    """The stems of a text's longer words, each with a word it stems from."""
    return {lexicon.stem(word.lower()): word.lower() for word in _LONG_WORD.findall(text)}


_ENDS_IN_ARTICLE = re.compile(r"\b(an?)[\s_.…:?]*\Z", re.IGNORECASE)
_VOWEL_SOUND = re.compile(r"[\W_]*(?!(?:uni|use|eu|one\b|once))(?:[aeiou]|hour|honest|heir|8|11\b|18\b)", re.IGNORECASE)


@warning("a-or-an", SingleChoice, MultiChoice, english=True)
def a_or_an(card: Choosable) -> Finds:
    if not (article := _ENDS_IN_ARTICLE.search(card.prompt)):
        return
    fits = [bool(_VOWEL_SOUND.match(option.text)) == (article[1].lower() == "an") for option in card.options]
    if any(option.correct and fit for option, fit in zip(card.options, fits, strict=True)) and not all(fits):
        wrong = fits.index(False)
        mend = "end it with ‘a(n)’, or move the article into the options"
        yield Found(
            ("prompt",), f"‘{article[1]}’ at the end of the question doesn’t go with option {wrong + 1}: {mend}"
        )


_NUMBER = re.compile(r"[~≈<>≤≥±$€£]*\s*([-−+]?\d[\d,]*(?:\.\d+)?)\s*(.*)", re.DOTALL)


@warning("unsorted-numbers", SingleChoice, MultiChoice)
def unsorted_numbers(card: Choosable) -> Finds:
    read = [_NUMBER.fullmatch(option.text) for option in card.options]
    numbers = [float(found[1].replace(",", "").replace("−", "-")) for found in read if found]
    units = {found[2].strip() for found in read if found}
    if len(numbers) < max(3, len(read)) or len(units) > 1:
        return
    if numbers not in (sorted(numbers), sorted(numbers, reverse=True)):
        in_order = ", ".join(card.options[i].text for i in sorted(range(len(numbers)), key=numbers.__getitem__))
        yield Found(("options",), f"the options are numbers out of order: put them in order ({in_order})")


LEAST_CARDS = 10
FAR = 2.6
"""Standard deviations from an even spread that chance passes less than once in a hundred times."""


@deck_warning("key-position")
def key_position(cards: Sequence[tuple[int, Card]]) -> Finds:
    """The right option stands too often, or too seldom, in one place over the deck: the place furthest from even."""
    choices = [card for _, card in cards if isinstance(card, SingleChoice)]
    spread: list[tuple[float, str]] = []
    for position in range(max((len(card.options) for card in choices), default=0)):
        having = [card for card in choices if len(card.options) > position]
        hits = sum(card.options[position].correct for card in having)
        fair = [1 / len(card.options) for card in having]
        letter, even = LETTERS[position], round(sum(fair))
        mend = f"give {letter} the right option more often" if hits < even else f"move some away from {letter}"
        spread.append(
            (_far(hits, fair), f"{letter} is right in {hits} of {len(having)} questions, {even} would be even: {mend}")
        )
    truths = [card.answer for _, card in cards if isinstance(card, TrueFalse)]
    often = sum(truths) * 2 > len(truths)
    said = f"{str(often).lower()} is right in {truths.count(often)} of {len(truths)} true / false cards"
    for far, message in (
        max(spread, default=(0, "")),
        (_far(sum(truths), [0.5] * len(truths)), f"{said}: turn some around"),
    ):
        if far > FAR:
            yield Found(("cards",), message)


def _far(hits: int, fair: Sequence[float]) -> float:
    """How many standard deviations `hits` is from what these independent chances add up to; 0 for too few of them."""
    spread = sqrt(sum(chance * (1 - chance) for chance in fair))
    return abs(hits - sum(fair)) / spread if spread and len(fair) >= LEAST_CARDS else 0.0
