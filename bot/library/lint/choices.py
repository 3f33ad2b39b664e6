"""Choice cards and orderings that can't be asked as they are."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from bot.library.lint.rule import Finds, Found, error
from bot.quiz import words
from bot.quiz.cards import LETTERS, Choosable, MultiChoice, Ordering, SingleChoice

LEAST_OPTIONS, MOST_OPTIONS = 2, 5
"""Buttons are A to E: Discord puts five in a row (docs: Components reference, Action Row)."""

LEAST_ITEMS, MOST_ITEMS = 3, 8
"""Two items are a true / false question; more than eight can't be kept in mind while they are put in order."""


@error("option-count", SingleChoice, MultiChoice)
def option_count(card: Choosable) -> Finds:
    count = len(card.options)
    if not LEAST_OPTIONS <= count <= MOST_OPTIONS:
        mend = "add some" if count < LEAST_OPTIONS else "take the weakest out"
        yield Found(
            ("options",),
            f"{_counted(count, 'option')}, and there can be {LEAST_OPTIONS} to {MOST_OPTIONS} (A to E): {mend}",
        )


@error("right-options", SingleChoice, MultiChoice)
def right_options(card: Choosable) -> Finds:
    right = sum(option.correct for option in card.options)
    if isinstance(card, SingleChoice):
        if right != 1:
            mend = "give one ‘correct: true’" if right == 0 else "leave it to one, or make the card a multi_choice"
            yield Found(
                ("options",), f"{right or 'no'} options are correct, and a single_choice has exactly one: {mend}"
            )
    elif right < 2:
        mend = "give more of them ‘correct: true’, or make the card a single_choice"
        yield Found(
            ("options",), f"{_counted(right, 'option')} marked correct, and a multi_choice has at least two: {mend}"
        )
    elif right == len(card.options):
        yield Found(("options",), "every option is correct, so ticking all of them needs no thought: add a wrong one")


@error("equal-options", SingleChoice, MultiChoice)
def equal_options(card: Choosable) -> Finds:
    for earlier, later in _equal([option.text for option in card.options]):
        yield Found(
            ("options", later, "text"),
            f"option {later + 1} says the same as option {earlier + 1}: change or delete one",
        )


@error("item-count", Ordering)
def item_count(card: Ordering) -> Finds:
    count = len(card.items)
    if not LEAST_ITEMS <= count <= MOST_ITEMS:
        mend = "add some" if count < LEAST_ITEMS else "join or drop some"
        yield Found(("items",), f"{_counted(count, 'item')}, and there can be {LEAST_ITEMS} to {MOST_ITEMS}: {mend}")


@error("other-order", Ordering)
def other_order(card: Ordering) -> Finds:
    every = LETTERS[: len(card.items)]
    for at, order in enumerate(card.accept):
        if "".join(sorted(order)) != every:
            yield Found(("accept", at), f"‘{order}’ is no order of the items: name each of {every} once")


@error("equal-items", Ordering)
def equal_items(card: Ordering) -> Finds:
    for earlier, later in _equal(card.items):
        yield Found(
            ("items", later), f"item {later + 1} says the same as item {earlier + 1}, so no order is right: change one"
        )


def _equal(texts: Sequence[str]) -> list[tuple[int, int]]:
    """Positions of texts that read the same, each with the first of its like. In code every character counts."""
    pairs: dict[int, int] = {}
    rough = [" ".join(text.split()) if "`" in text else words.normal(text).replace(" ", "") for text in texts]
    for earlier, later in combinations(range(len(texts)), 2):
        alike = rough[earlier] == rough[later]
        if alike and later not in pairs and ("`" in texts[later] or words.same(texts[earlier], texts[later])):
            pairs[later] = earlier
    return [(earlier, later) for later, earlier in pairs.items()]


def _counted(count: int, noun: str) -> str:
    return f"{count or 'no'} {noun}{'s'[: count != 1]}"
