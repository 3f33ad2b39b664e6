"""The lines of one daily question ask the same card on a date: what they know of each other while they are claimed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date

from bot.events import Place
from bot.store.schedules import Schedule


class Kin:
    """`held`: the channels of the questions that have several, by number. `asked`: the cards (`deck/card`) that their lines
    were given on dates, the best first.

    A card that was given is everybody's, unless it can't be asked any more; else the first line's choice is, made as if all
    that any of their channels had was had by each.
    """

    def __init__(self, held: Mapping[int, Collection[Place]], asked: Mapping[tuple[int, date], Sequence[str]]) -> None:
        self._asked: dict[tuple[int, date | str], list[str]] = {key: [*given] for key, given in asked.items()}
        self._of: defaultdict[Place, list[int]] = defaultdict(list)
        for number, channels in held.items():
            for place in channels:
                self._of[place].append(number)
        self._alone: defaultdict[Place, list[str]] = defaultdict(list)
        self._together: dict[int, dict[str, None]] = {number: {} for number in held}

    @property
    def places(self) -> Collection[Place]:
        return self._of.keys()

    def had(self, every: Iterable[tuple[Place, str]]) -> None:
        """What channels had, oldest first."""
        for place, card in every:
            self._alone[place].append(card)
            for number in self._of.get(place, ()):
                self._together[number].pop(card, None)  # it counts when it came last
                self._together[number][card] = None

    def history(self, line: Schedule) -> Sequence[str]:
        """What a line's channel had, or any of its question's, oldest first."""
        together = self._together.get(line.number)
        return self._alone.get(line.place, ()) if together is None else [*together]

    def agreed(self, line: Schedule, slot: date | str, askable: Collection[str]) -> str | None:
        """The card that another line has for this date, or for this wish."""
        given = self._asked.get((line.number, slot), ())
        return next((card for card in given if card in askable), None)

    def agree(self, line: Schedule, slot: date | str, card: str) -> None:
        """The line has this card."""
        if line.number in self._together:
            self._asked.setdefault((line.number, slot), []).append(card)
