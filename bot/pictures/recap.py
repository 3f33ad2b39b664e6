"""A channel's week: who took part, what was hardest and why, which teams lead."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar

from bot import words
from bot.messages import LIMITS
from bot.pictures.board import HEADS, Team, Unit, shown, took_part
from bot.pictures.lettering import spoken
from bot.pictures.numerals import days, percent, share, within
from bot.words import _, ngettext, number, speaking

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
    language: str = field(default_factory=words.spoken, kw_only=True)

    template: ClassVar[str] = "recap.svg"

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
        with speaking(self.language):
            return self._alt()

    def _alt(self) -> str:
        told = {
            "dates": days(self.since, self.until),
            "people": ngettext("{number} person", "{number} people", self.took_part),
            "compared": self.compared,
            "questions": ngettext("{number} question", "{number} questions", self.questions),
            "days": ngettext("{number} day", "{number} days", self.days),
        }
        if self.compared:
            head = _(
                "Weekly recap, {dates}: {people} took part ({compared}), {questions} asked, {days} practised in all.",
                **told,
            )
        else:
            head = _("Weekly recap, {dates}: {people} took part, {questions} asked, {days} practised in all.", **told)
        parts = [head]
        if self.teams:
            teams = (f"{number(team.rank)} {spoken(team.name, 40)} {team.said}" for team in self.teams)
            unit = _("fair accuracy") if self.unit is Unit.ACCURACY else _(HEADS[self.unit])
            parts.append(_("Teams by {unit}, over all channels: {teams}.", unit=unit, teams="; ".join(teams)))
        if self.hardest is None:
            return " ".join(parts)
        hardest = self.hardest
        outcome = hardest.outcome + (f"; {spoken(hardest.chose, 200).rstrip('.')}" if hardest.misconception else "")

        def asked(question: str) -> str:
            return _("Hardest question: “{question}”: {outcome}.", question=question, outcome=outcome)

        left = LIMITS.ALT - len(" ".join([*parts, asked("")]))
        parts.insert(1, asked(spoken(hardest.question, left)))
        return " ".join(parts)

    def scene(self) -> dict[str, object]:
        hardest = self.hardest
        wrong = hardest.misconception if hardest else None
        most = 1 if self.unit is Unit.ACCURACY else max((team.weight for team in self.teams), default=0) or 1
        return {
            "title": _("Weekly recap"),
            "date": days(self.since, self.until),
            "tiles": [
                # For translators: under a number in a small box; so are the next ones
                (number(self.took_part), ngettext("person took part", "people took part", self.took_part)),
                (number(self.questions), ngettext("question", "questions", self.questions)),
                (number(self.days), ngettext("day practised", "days practised", self.days)),
            ],
            "compared": self.compared,
            "nobody": self.took_part == 0,
            "hardest": hardest,
            "right": share(hardest.right, hardest.answered) if hardest else 0.0,
            "wrong": share(wrong.chose, hardest.answered) if hardest and wrong else 0.0,
            "teams": tuple(shown(team, most) for team in self.teams),
            "heads": (_(HEADS[self.unit]), took_part()),
        }
