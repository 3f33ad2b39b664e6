"""A channel's week: who took part, what was hardest and why, which teams lead."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from bot.messages import LIMITS
from bot.pictures.board import TOOK_PART, Team, Unit, shown
from bot.pictures.lettering import spoken
from bot.pictures.numerals import count, days, number, percent, share, within
from bot.words import _

TEAMS = 3


@dataclass(frozen=True, slots=True)
class Misconception:
    """The wrong option that most chose."""

    letter: str
    text: str
    chose: int

    def __post_init__(self) -> None:
        within("how many chose it", self.chose)


@dataclass(frozen=True, slots=True)
class Hardest:
    """The question that the smallest share got right, as plain text; `misconception` where it had options."""

    question: str
    right: int
    answered: int
    misconception: Misconception | None = None

    def __post_init__(self) -> None:
        within("who answered", self.answered, least=1)
        within("who got it right", self.right, self.answered)
        if self.misconception is not None:
            within("who chose the misconception", self.misconception.chose, self.answered - self.right)

    @property
    def outcome(self) -> str:
        """`23 % got it right (8 of 35)`."""
        return _(
            "{share} got it right ({right} of {answered})",
            share=percent(share(self.right, self.answered)),
            right=number(self.right),
            answered=number(self.answered),
        )

    @property
    def chose(self) -> str:
        """`42 % chose B: …`; empty where there were no options."""
        if (wrong := self.misconception) is None:
            return ""
        chose = percent(share(wrong.chose, self.answered))
        return _("{share} chose {letter}: {text}", share=chose, letter=wrong.letter, text=wrong.text)


@dataclass(frozen=True, slots=True)
class Recap:
    """`before`: how many took part the week before, None when there was none. `days`: days practised, all together."""

    since: date
    until: date
    took_part: int
    questions: int
    days: int
    before: int | None = None
    hardest: Hardest | None = None
    teams: tuple[Team, ...] = ()

    template: ClassVar[str] = "recap.svg"
    title: ClassVar[str] = "Weekly recap"

    def __post_init__(self) -> None:
        for what, value in (("who took part", self.took_part), ("questions", self.questions), ("days", self.days)):
            within(what, value)
        within("who took part before", self.before or 0)
        if len(self.teams) > TEAMS:
            raise ValueError(f"{len(self.teams)} teams; {TEAMS} can be shown")
        if len({team.unit for team in self.teams}) > 1:
            raise ValueError("a recap compares teams by one thing")

    @property
    def compared(self) -> str:
        """`121 % of last week’s 28`; past ten times as many, the count alone says it better."""
        if not self.before:
            return "" if self.before is None else _("nobody last week")
        if self.took_part > 10 * self.before:
            return _("{number} last week", number=number(self.before))
        compared = percent(share(self.took_part, self.before))
        return _("{share} of last week’s {number}", share=compared, number=number(self.before))

    @property
    def unit(self) -> Unit:
        """What teams are compared by."""
        return self.teams[0].unit if self.teams else Unit.ACCURACY

    @property
    def alt(self) -> str:
        compared = f" ({self.compared})" if self.compared else ""
        took_part = f"{count(self.took_part, 'person', 'people')} took part{compared}"
        rest = f"{count(self.questions, 'question')} asked, {count(self.days, 'day')} practised in all"
        parts = [f"{self.title}, {days(self.since, self.until)}: {took_part}, {rest}."]
        if self.teams:
            teams = (f"{number(team.rank)} {spoken(team.name, 40)} {team.said}" for team in self.teams)
            unit = "fair accuracy" if self.unit is Unit.ACCURACY else self.unit
            parts.append(f"Teams by {unit}, over all channels: {'; '.join(teams)}.")
        if self.hardest is None:
            return " ".join(parts)
        hardest = self.hardest
        outcome = hardest.outcome + (f"; {spoken(hardest.chose, 200).rstrip('.')}" if hardest.misconception else "")
        left = LIMITS.ALT - len(" ".join(parts)) - len(outcome) - len(" Hardest question: “”: .")
        parts.insert(1, f"Hardest question: “{spoken(hardest.question, left)}”: {outcome}.")
        return " ".join(parts)

    def scene(self) -> dict[str, object]:
        hardest = self.hardest
        wrong = hardest.misconception if hardest else None
        most = 1 if self.unit is Unit.ACCURACY else max((team.weight for team in self.teams), default=0) or 1
        return {
            "title": self.title,
            "date": days(self.since, self.until),
            "tiles": [
                (number(self.took_part), "person took part" if self.took_part == 1 else "people took part"),
                (number(self.questions), "question" if self.questions == 1 else "questions"),
                (number(self.days), "day practised" if self.days == 1 else "days practised"),
            ],
            "compared": self.compared,
            "nobody": self.took_part == 0,
            "hardest": hardest,
            "right": share(hardest.right, hardest.answered) if hardest else 0.0,
            "wrong": share(wrong.chose, hardest.answered) if hardest and wrong else 0.0,
            "teams": tuple(shown(team, most) for team in self.teams),
            "compared_teams": "Teams, all channels",  # the rest is one channel's
            "heads": (self.unit, TOOK_PART),
        }
