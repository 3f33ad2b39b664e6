"""Who stands where: people by points, or teams by fair accuracy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import ClassVar, TypeAlias

from bot import words
from bot.messages import LIMITS, clip
from bot.pictures.lettering import spoken
from bot.pictures.numerals import MOST, exact, percent, within
from bot.words import N_, _, ngettext, number, pgettext, speaking

TOP = 10
TEAMS = 99_999
AROUND = 5
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
        return ngettext("{number} point", "{number} points", self.points)


class Unit(StrEnum):
    """What teams are compared by."""

    ACCURACY = "accuracy"
    MEAN = "mean"
    BEST = "best"
    POINTS = "points"


HEADS: Mapping[Unit, str] = {
    # For translators: over a column of a picture, so as short as can be
    Unit.ACCURACY: N_("accuracy"),
    # For translators: over a column of a picture, so as short as can be
    Unit.MEAN: N_("points each"),
    # For translators: over a column of a picture, so as short as can be
    Unit.BEST: N_("best three"),
    # For translators: over a column of a picture, so as short as can be
    Unit.POINTS: N_("points"),
}


def took_part() -> str:
    """What stands over the shares of members who did."""
    # For translators: over a column of a picture, so as short as can be
    return _("took part")


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
                return words.decimal(self.score, 1)
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
        # For translators: of a team; “84.0 %, 92 % took part”
        return _("{score}, {share} took part", score=self.value, share=self.beside)


Row: TypeAlias = Person | Team


def moved(row: Row) -> str:
    """`up 2`, `down 1`, `same place`, `new`."""
    match row.moved:
        case None:
            return _("new")
        case 0:
            return _("same place")
        case places:
            told = {"number": number(abs(places))}
            return _("up {number}", **told) if places > 0 else _("down {number}", **told)


@dataclass(frozen=True, slots=True)
class Board:
    """The top ten of a `period` ('this week') among `of` people or teams, and `around` the asker when further down.

    `since` names what the movement is measured against ('last week'); empty where there is nothing before, and then no
    movement shows. Both are in the sheet's `language`. `live`: what people won in live rounds.
    """

    period: str
    rows: tuple[Person, ...] | tuple[Team, ...]
    of: int
    around: tuple[Person, ...] | tuple[Team, ...] = ()
    since: str = ""
    live: bool = False
    language: str = field(default_factory=words.spoken, kw_only=True)

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
    def title(self) -> str:
        if self.live:
            return _("Live rounds")
        return _("Leaderboard of teams") if self.teams else _("Leaderboard")

    @property
    def ranked(self) -> str:
        if self.teams:
            return ngettext("{number} team", "{number} teams", self.of)
        return ngettext("{number} person", "{number} people", self.of)

    @property
    def unit(self) -> Unit:
        """What the rows' numbers are."""
        first = next(iter(self.every), None)
        return first.unit if isinstance(first, Team) else Unit.POINTS

    @property
    def heads(self) -> tuple[str, str]:
        """What stands over the numbers of a row; the second is empty for people."""
        return _(HEADS[self.unit]), took_part() if self.teams else ""

    @property
    def own(self) -> str:
        """What the asker's own row is marked with."""
        # For translators: marks one's own row of a leaderboard, as short as can be
        return pgettext("own team", "yours") if self.teams else pgettext("own row", "you")

    @property
    def alt(self) -> str:
        with speaking(self.language):
            return self._alt()

    def _alt(self) -> str:
        told = {"title": self.title, "period": spoken(self.period, 30), "ranked": self.ranked}
        if not self.rows:
            return _("{title}, {period}, {ranked}. Nobody has points yet.", **told)
        told["unit"] = _("fair accuracy") if self.unit is Unit.ACCURACY else self.heads[0]
        if self.since:
            since = spoken(self.since, 20)
            # For translators: “Leaderboard, this week, 16 people; points, places since last week.”
            head = _("{title}, {period}, {ranked}; {unit}, places since {since}.", **told, since=since)
        else:
            head = _("{title}, {period}, {ranked}; {unit}.", **told)
        for limit in range(NAME, LEAST_NAME - 1, -1):
            said = f"{head} {self._said(self.rows, limit)}."
            if self.around:
                said += " " + _("Further down: {rows}.", rows=self._said(self.around, limit))
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
        if self.unit is Unit.ACCURACY and self.teams:
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
        moved=_("new") if places is None else number(abs(places)) if places else "–",
        mine=row.mine,
    )
