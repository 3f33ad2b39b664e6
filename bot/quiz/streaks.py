"""Streaks: consecutive question days of the community on which a person answered, right or wrong.

Question days are numbered without gaps, so a day without a question breaks nothing and two days are consecutive when
their numbers are. One freeze is earned per seven in a row, at most two are held, and they are spent by themselves.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

FREEZE_EVERY = 7
FREEZES_HELD = 2


@dataclass(frozen=True, slots=True)
class Streak:
    """`current` and `best` in question days; `last` is the number of the question day answered last, 0 for none."""

    current: int = 0
    best: int = 0
    freezes: int = 0
    last: int = 0

    def answered(self, number: int) -> Streak:
        """The streak after an answer on question day `number`. An earlier day than the last needs `walk` instead."""
        if number == self.last:
            return self
        if number < self.last:
            raise ValueError(f"question day {number} comes before {self.last}: walk the days again")
        held = self.seen_from(number)
        current = held.current + 1
        freezes = min(FREEZES_HELD, held.freezes + 1) if current % FREEZE_EVERY == 0 else held.freezes
        return Streak(current, max(self.best, current), freezes, number)

    def seen_from(self, number: int) -> Streak:
        """What is left of the streak on question day `number` before it is answered: missed days cost freezes, or all."""
        missed = max(0, number - self.last - 1)
        if self.current and missed <= self.freezes:
            return Streak(self.current, self.best, self.freezes - missed, self.last)
        return Streak(0, self.best, 0 if missed else self.freezes, self.last)


def frozen(numbers: Iterable[int], number: int) -> tuple[int, ...]:
    """The question days before `number`, in order, on which a freeze kept a streak of a person who answered on `numbers`."""
    streak, spent = Streak(), list[int]()
    for each in (*sorted({each for each in numbers if each < number}), number):
        if streak.seen_from(each).current:
            spent += range(streak.last + 1, each)
        streak = streak.answered(each)
    return tuple(spent)


def walk(numbers: Iterable[int]) -> Streak:
    """The streak of a person who answered on these question days, in whatever order they come."""
    streak = Streak()
    for number in sorted(set(numbers)):
        streak = streak.answered(number)
    return streak
