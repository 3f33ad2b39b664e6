"""How an answer is written down: one text per answer, kept for good and graded again whenever a key is corrected.

| kind | written | |
|---|---|---|
| single_choice | `B` | a letter of the options in the author's order |
| multi_choice | `AC` | sorted letters, at least one |
| true_false | `true`, `false` | |
| short_answer, explain | the text | |
| cloze | `["all-reduce", "N"]` | JSON, one text per name in `cards.gap_names` |
| ordering | `CABD` | the items' letters in the order chosen; `ABCD` is right |
| flashcard | `again`, `hard`, `good`, `easy` | |
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from bot.quiz.cards import LETTERS

SELF_GRADES = ("again", "hard", "good", "easy")


def choice_given(chosen: Iterable[int]) -> str:
    """The options chosen, by their positions from 0 in the author's order."""
    return "".join(LETTERS[position] for position in sorted(set(chosen)))


def ordering_given(order: Iterable[int]) -> str:
    """The items as they were put in order, by their positions from 0 in the right one."""
    return "".join(LETTERS[position] for position in order)


def true_false_given(answer: bool) -> str:
    return "true" if answer else "false"


def cloze_given(texts: Sequence[str]) -> str:
    """What was typed, one text per gap name."""
    return json.dumps(list(texts), ensure_ascii=False)


def letters_of(given: str, count: int) -> tuple[int, ...]:
    """The positions that sorted letters of the first `count` stand for. ValueError for anything else."""
    positions = tuple(LETTERS.find(letter) for letter in given)
    if not positions or any(not 0 <= position < count for position in positions):
        raise ValueError(f"not letters of {count} options: {given!r}")
    if list(positions) != sorted(set(positions)):
        raise ValueError(f"letters out of order or twice: {given!r}")
    return positions


def order_of(given: str, count: int) -> tuple[int, ...]:
    """The positions in the order chosen. ValueError unless `given` names each of `count` items once."""
    positions = tuple(LETTERS.find(letter) for letter in given)
    if sorted(positions) != list(range(count)):
        raise ValueError(f"not an order of {count} items: {given!r}")
    return positions


def texts_of(given: str, count: int) -> tuple[str, ...]:
    """The texts typed into `count` gaps. ValueError for anything else."""
    try:
        texts = json.loads(given)
    except RecursionError:
        texts = None
    if not isinstance(texts, list) or len(texts) != count or not all(isinstance(text, str) for text in texts):
        raise ValueError(f"not texts for {count} gaps: {given[:100]!r}")
    return tuple(texts)
