"""Who stands where: people by points, or teams by fair accuracy."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, TypeAlias

from bot.messages import LIMITS, clip
from bot.pictures.lettering import spoken
from bot.pictures.numerals import MOST, count, exact, number, percent, within

TOP = 10
TEAMS = 99_999
AROUND = 5
TOOK_PART = "took part"
NAME, LEAST_NAME = 40, 6
"""Characters of a name in the alt text, and how few when there are many long ones."""


@dataclass(frozen=True, slots=True)
class Person:
    """A row. `moved`: places won (above 0) or lost since the last period; None for one who wasn't there.

    `mine`: the row is the asker's own.
    """

    rank: int
    name: str
    points: int
    moved: int | None = None
    mine: bool = False

    def __post_init__(self) -> None:
        within("a rank", self.rank, least=1)
        within("points", self.points)
        within("places moved", abs(self.moved or 0))

    @property
    def value(self) -> str:
        return number(self.points)

    @property
    def beside(self) -> str:
        return ""

    @property
    def weight(self) -> float:
        """What the bar's length goes by."""
        return self.points

    @property
    def said(self) -> str:
        return count(self.points, "point")


class Unit(StrEnum):
    """What teams are compared by, as it stands over its column."""

    ACCURACY = "accuracy"
    MEAN = "points each"
    BEST = "best three"
    POINTS = "points"


@dataclass(frozen=True, slots=True)
class Team:
    """A row of a team: its score, 0 to 1 where that is an accuracy, and the share of its members who took part, 0 to 1."""

    rank: int
    name: str
    score: float
    took_part: float
    moved: int | None = None
    mine: bool = False
    unit: Unit = Unit.ACCURACY

    def __post_init__(self) -> None:
        within("a rank", self.rank, TEAMS, least=1)
        within("places moved", abs(self.moved or 0), TEAMS)
        if not 0 <= self.score <= (1 if self.unit is Unit.ACCURACY else MOST) or not 0 <= self.took_part <= 1:
            raise ValueError(f"{self.score} {self.unit} and a share of {self.took_part} can't be shown")

    @property
    def value(self) -> str:
        match self.unit:
            case Unit.ACCURACY:
                return exact(self.score)
            case Unit.MEAN:
                return f"{self.score:.1f}"
            case Unit.BEST | Unit.POINTS:
                return number(int(self.score))

    @property
    def beside(self) -> str:
        return percent(self.took_part)

    @property
    def weight(self) -> float:
        return self.score

    @property
    def said(self) -> str:
        return f"{self.value}, {self.beside} {TOOK_PART}"


Row: TypeAlias = Person | Team


def moved(row: Row) -> str:
    """`up 2`, `down 1`, `same place`, `new`."""
    match row.moved:
        case None:
            return "new"
        case 0:
            return "same place"
        case places:
            return f"{'up' if places > 0 else 'down'} {number(abs(places))}"


@dataclass(frozen=True, slots=True)
class Board:
    """The top ten of a `period` ('this week') among `of` people or teams, and `around` the asker when further down.

    `since` names what the movement is measured against ('last week'); empty where there is nothing before, and then no
    movement shows.
    """

    period: str
    rows: tuple[Person, ...] | tuple[Team, ...]
    of: int
    around: tuple[Person, ...] | tuple[Team, ...] = ()
    since: str = ""
    title: str = "Leaderboard"

    template: ClassVar[str] = "board.svg"

    def __post_init__(self) -> None:
        if len(self.rows) > TOP or len(self.around) > AROUND:
            raise ValueError(f"{len(self.rows)} and {len(self.around)} rows; {TOP} and {AROUND} can be shown")
        if len({row.unit if isinstance(row, Team) else Person for row in self.every}) > 1:
            raise ValueError("a board ranks people or teams, not both, and teams by one thing")
        within("how many are ranked", self.of)

    @property
    def every(self) -> tuple[Row, ...]:
        return (*self.rows, *self.around)

    @property
    def teams(self) -> bool:
        return any(isinstance(row, Team) for row in self.every)

    @property
    def ranked(self) -> str:
        return count(self.of, "team") if self.teams else count(self.of, "person", "people")

    @property
    def heads(self) -> tuple[str, str]:
        """What stands over the numbers of a row; the second is empty for people."""
        first = next(iter(self.every), None)
        return (first.unit, TOOK_PART) if isinstance(first, Team) else ("points", "")

    @property
    def own(self) -> str:
        """What the asker's own row is marked with."""
        return "yours" if self.teams else "you"

    @property
    def alt(self) -> str:
        head = f"{spoken(self.title, 40)}, {spoken(self.period, 30)}, {self.ranked}"
        if not self.rows:
            return f"{head}. Nobody has points yet."
        kind = "fair accuracy" if self.heads[0] is Unit.ACCURACY else self.heads[0]
        since = f", places since {spoken(self.since, 20)}" if self.since else ""
        for limit in range(NAME, LEAST_NAME - 1, -1):
            said = f"{head}; {kind}{since}. {self._said(self.rows, limit)}."
            if self.around:
                said += f" Further down: {self._said(self.around, limit)}."
            if len(said) <= LIMITS.ALT:
                break
        return clip(said, LIMITS.ALT)

    def _said(self, rows: tuple[Row, ...], limit: int) -> str:
        return "; ".join(
            f"{number(row.rank)} {spoken(row.name, limit)}{f' ({self.own})' if row.mine else ''} {row.said}"
            + (f", {moved(row)}" if self.since else "")
            for row in rows
        )

    def scene(self) -> dict[str, object]:
        most = max((row.weight for row in self.every), default=0) or 1
        if self.heads[0] is Unit.ACCURACY:
            most = 1  # a share is of all there is, points are of the most that anyone has
        return {
            "title": self.title,
            "period": self.period,
            "ranked": self.ranked,
            "heads": self.heads,
            "since": self.since,
            "own": self.own,
            "rows": tuple(shown(row, most) for row in self.rows),
            "around": tuple(shown(row, most) for row in self.around),
        }


@dataclass(frozen=True, slots=True)
class Shown:
    """A row as the template draws it: `length` of its bar 0 to 1, `direction` of its move 1, 0 or -1."""

    rank: str
    medal: int | None
    name: str
    value: str
    beside: str
    length: float
    direction: int
    moved: str
    mine: bool


def shown(row: Row, most: float) -> Shown:
    """The row as drawn, its bar as a share of `most`."""
    places = row.moved
    return Shown(
        rank=number(row.rank),
        medal=row.rank - 1 if row.rank <= 3 and row.weight else None,
        name=row.name,
        value=row.value,
        beside=row.beside,
        length=row.weight / most,
        direction=(places > 0) - (places < 0) if places else 0,
        moved="new" if places is None else number(abs(places)) if places else "–",
        mine=row.mine,
    )
