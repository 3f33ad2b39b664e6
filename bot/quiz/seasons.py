"""Seasons: the calendar's quarters, and those that begin earlier because an admin has closed the one before.

A season is named by its first day, and runs until the next one begins. So which season a day is in follows from the day and
from the community's own beginnings, and a closed season needs nothing but one beginning more.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Self

KEY = re.compile(r"s([0-9]{4}-[0-9]{2}-[0-9]{2})")


@dataclass(frozen=True, slots=True)
class Seasons:
    """A community's seasons: each day is in exactly one of them. `begun` are the days on which one began because the season
    before was closed, in order; on the first day of a quarter one begins by itself.
    """

    begun: tuple[date, ...] = ()

    def __post_init__(self) -> None:
        own = {day for day in self.begun if day != quarter(day)}
        object.__setattr__(self, "begun", tuple(sorted(own)))

    @classmethod
    def read(cls, written: str) -> Self:
        """From their text, as it is kept: the days on which one began, with commas between."""
        return cls(tuple(map(date.fromisoformat, written.split(",")))) if written else cls()

    def __str__(self) -> str:
        return ",".join(day.isoformat() for day in self.begun)

    def __or__(self, other: Seasons) -> Seasons:
        """What was closed in either is closed."""
        return self.and_on(*other.begun)

    def and_on(self, *days: date) -> Seasons:
        """The same with seasons that begin on these days, too."""
        return Seasons(self.begun + days)

    def until(self, day: date) -> Seasons:
        """The same without what begins after a day."""
        return Seasons(tuple(each for each in self.begun if each <= day))

    def first(self, day: date) -> date:
        """The first day of the season that a day is in."""
        earlier = bisect_right(self.begun, day)
        return max(quarter(day), self.begun[earlier - 1]) if earlier else quarter(day)

    def last(self, day: date) -> date:
        """The last day of the season that a day is in."""
        later = self.begun[bisect_right(self.begun, day) :]
        return min(end(day), later[0] - timedelta(days=1)) if later else end(day)

    def key(self, day: date) -> str:
        """The key under which a day counts; keys sort by time."""
        return f"s{self.first(day).isoformat()}"

    def days(self, key: str) -> tuple[date, date] | None:
        """The first and the last day of the season that a key names; None where it names none of these."""
        first = begins(key)
        return None if first is None or self.first(first) != first else (first, self.last(first))

    def standing(self, key: str, today: date, after: Seasons) -> str:
        """What takes a season's place where others hold from now on: of those that it is divided into the one that is on, if it is
        on itself, or else its last.
        """
        first = begins(key)
        assert first is not None, key
        return after.key(max(first, min(self.last(first), today)))


QUARTERS = Seasons()
"""Where no season was closed."""


def begins(key: str) -> date | None:
    """The first day of the season that a key names, in whichever community; None where it names no day."""
    try:
        return date.fromisoformat(named[1]) if (named := KEY.fullmatch(key)) is not None else None
    except ValueError:  # the 31st of September
        return None


@lru_cache(maxsize=1024)
def read(written: str) -> Seasons:
    """`Seasons.read`, remembered: answers come in batches."""
    return Seasons.read(written)


def quarter(day: date) -> date:
    """The first day of the calendar's quarter."""
    return date(day.year, day.month - (day.month - 1) % 3, 1)


def end(day: date) -> date:
    """The last day of the calendar's quarter."""
    month = day.month + (3 - day.month) % 3
    return date(day.year, month, monthrange(day.year, month)[1])
