"""Teams beside each other: what a team's score is, who is ranked, and how people are dealt out to teams."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Final

from bot.quiz.scoring import fair_accuracy


class Scoring(StrEnum):
    """How teams compare. `mean`: points a member, and who is absent counts 0; `top3`: the points of the three best."""

    FAIR = "fair"
    MEAN = "mean"
    TOP3 = "top3"
    SUM = "sum"


RANKED_FROM: Final = {Scoring.FAIR: (3, 10), Scoring.MEAN: (3, 10), Scoring.TOP3: (1, 1), Scoring.SUM: (1, 1)}
"""Members and answers that a team needs for a rank: few make an accuracy or a mean a matter of luck."""


@dataclass(frozen=True, slots=True)
class Tally:
    """What a team's members did in a period. `people`: those of whom there are answers, whether they are members still or
    not; `best`: the points of the three best.
    """

    team_id: int
    name: str
    members: int
    people: int
    points: int
    on_offer: int
    answered: int
    best: int = 0

    @property
    def size(self) -> int:
        """Everyone to reckon with: it can't be made smaller by those leaving who did worst."""
        return max(self.members, self.people)

    @property
    def participation(self) -> Fraction:
        """The share that took part, 0 to 1."""
        return Fraction(self.people, self.size) if self.size else Fraction(0)


@dataclass(frozen=True, slots=True)
class Standing:
    """A team's place. `score` is 0 to 1 where scoring is fair, points otherwise; `rank` is None as long as the team lacks
    members or answers.
    """

    tally: Tally
    score: Fraction
    rank: int | None
    members_lacking: int
    answers_lacking: int


def standings(tallies: Iterable[Tally], scoring: Scoring) -> tuple[Standing, ...]:
    """The teams in order: by score, then by participation, then as they came; teams equal in both share a rank. Those without
    a rank come last, as they came.
    """
    every = tuple(tallies)
    members, answers = RANKED_FROM[scoring]
    scores = _scores(every, scoring)
    lacking = {each.team_id: (max(0, members - each.size), max(0, answers - each.answered)) for each in every}
    ranked = [each for each in every if lacking[each.team_id] == (0, 0)]
    ranked.sort(key=lambda each: (scores[each.team_id], each.participation), reverse=True)  # stays as they came in ties
    placed: list[Standing] = []
    for place, each in enumerate(ranked, 1):
        before = placed[-1] if placed else None
        level = before is not None and (before.score, before.tally.participation) == (
            scores[each.team_id],
            each.participation,
        )
        rank = before.rank if before is not None and level else place
        placed.append(Standing(each, scores[each.team_id], rank, 0, 0))
    rest = (
        Standing(each, scores[each.team_id], None, *lacking[each.team_id])
        for each in every
        if lacking[each.team_id] != (0, 0)
    )
    return (*placed, *rest)


def _scores(every: Sequence[Tally], scoring: Scoring) -> dict[int, Fraction]:
    match scoring:
        case Scoring.FAIR:
            on_offer = sum(each.on_offer for each in every)
            mean = Fraction(sum(each.points for each in every), on_offer) if on_offer else Fraction(0)
            return {each.team_id: fair_accuracy(Fraction(each.points), Fraction(each.on_offer), mean) for each in every}
        case Scoring.MEAN:
            return {each.team_id: Fraction(each.points, each.size or 1) for each in every}
        case Scoring.TOP3:
            return {each.team_id: Fraction(each.best) for each in every}
        case Scoring.SUM:
            return {each.team_id: Fraction(each.points) for each in every}


def dealt(points: Mapping[int, int], teams: Sequence[int], chance: random.Random) -> dict[int, int]:
    """Which team each person goes to: as many people as there are teams, of like points, go one to each at random; then the
    next. So teams differ by one member at most, and in points by no more than two people do.
    """
    people = list(points)
    chance.shuffle(people)  # before a stable sort: people with the same points are in no order
    people.sort(key=lambda person: points[person], reverse=True)
    places: dict[int, int] = {}
    for first in range(0, len(people), len(teams)):
        places |= zip(people[first : first + len(teams)], chance.sample(teams, len(teams)), strict=False)
    return places
