"""What one person has done: days practised, streak, mastery by topic, accuracy by level."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import ClassVar

from bot import words
from bot.pictures.lettering import spoken
from bot.pictures.numerals import day, listed, percent, share, within
from bot.quiz.streaks import Streak
from bot.words import _, month, ngettext, number, speaking, weekday

WEEKS = 26
TOPICS = 5
LEVELS = 3
STEPS = ((1, "1"), (2, "2–4"), (5, "5–9"), (10, "10+"))
"""Questions a day from which a square is drawn a step larger and stronger, and what the key calls them."""

SHARE = 99_999
"""Cards or answers that a bar can count."""


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many under a name: `collectives 7 of 9`."""

    name: str
    part: int
    whole: int

    def __post_init__(self) -> None:
        within(f"the whole of {self.name!r}", self.whole, SHARE)
        within(f"the part of {self.name!r}", self.part, self.whole)

    @property
    def fraction(self) -> float:
        return share(self.part, self.whole)


@dataclass(frozen=True, slots=True)
class Cell:
    """A day of the calendar: its week's column and weekday's row, and how strongly it is drawn, 0 to 4."""

    column: int
    row: int
    step: int
    today: bool


@dataclass(frozen=True, slots=True)
class Stats:
    """`days`: (date, questions answered) of days with any; those before the last 26 weeks don't show.

    `topics`: cards known of cards met, the first five of which show; `levels`: right of answered. `frozen`: days on which a
    freeze kept the streak. `name`: whose they are when somebody else looks; then there is no streak, which is private.
    `answered`: answers in all; `right`: how many of those that could be, None when none could.
    """

    today: date
    days: tuple[tuple[date, int], ...]
    streak: Streak | None
    topics: tuple[Share, ...] = ()
    levels: tuple[Share, ...] = ()
    frozen: tuple[date, ...] = ()
    answered: int = 0
    right: float | None = None
    name: str = ""
    language: str = field(default_factory=words.spoken, kw_only=True)

    template: ClassVar[str] = "stats.svg"

    def __post_init__(self) -> None:
        if not 1900 <= self.today.year <= 9000:
            raise ValueError(f"a calendar of {self.today.year} can't be shown")
        if len(self.levels) > LEVELS:
            raise ValueError(f"{len(self.levels)} levels; {LEVELS} can be shown")
        for _day, questions in self.days:
            within("a day's questions", questions)
        within("answers", self.answered, SHARE)
        if self.right is not None and not 0 <= self.right <= 1:
            raise ValueError(f"a share is from 0 to 1, not {self.right}")
        if self.streak is not None:
            within("the streak", self.streak.current, SHARE)
            within("the best streak", self.streak.best, SHARE)
            within("freezes held", self.streak.freezes, 99)

    @property
    def title(self) -> str:
        return self.name or _("Your stats")

    @property
    def first(self) -> date:
        """The Monday on which the calendar begins."""
        return self.today - timedelta(days=self.today.weekday(), weeks=WEEKS - 1)

    @property
    def practised(self) -> tuple[date, ...]:
        """The calendar's days on which any question was answered."""
        first = self.first
        found = {at for at, questions in self.days if questions and first <= at <= self.today}
        return tuple(sorted(found))

    @property
    def this_month(self) -> int:
        return sum((at.year, at.month) == (self.today.year, self.today.month) for at in self.practised)

    @property
    def months(self) -> tuple[tuple[int, int, int], ...]:
        """For each month the column of its first day, which of the year it is, and the days practised, as far as the
        calendar goes.
        """
        counts = Counter((at.year, at.month) for at in self.practised)
        shown: list[tuple[int, int, int]] = []
        at = first = self.first
        while at <= self.today:
            shown.append(((at - first).days // 7, at.month, counts[at.year, at.month]))
            at = (at.replace(day=1) + timedelta(days=31)).replace(day=1)
        return tuple(shown)

    @property
    def cells(self) -> tuple[Cell, ...]:
        questions = Counter[date]()
        for at, number_of in self.days:
            questions[at] += number_of
        first = self.first
        every = ((first + timedelta(days=i), i) for i in range((self.today - first).days + 1))
        least = [step[0] for step in STEPS]
        return tuple(Cell(i // 7, i % 7, bisect_right(least, questions[at]), at == self.today) for at, i in every)

    @staticmethod
    def _squares(past: tuple[Cell, ...]) -> list[tuple[int, list[tuple[int, int]]]]:
        """For each step the columns and rows of its squares, step 0 for the ground under all but the largest.

        Today has a square of its own.
        """
        ground = [(cell.column, cell.row) for cell in past if cell.step < len(STEPS)]
        steps = range(1, len(STEPS) + 1)
        return [
            (0, ground),
            *((step, [(cell.column, cell.row) for cell in past if cell.step == step]) for step in steps),
        ]

    @property
    def kept(self) -> tuple[Cell, ...]:
        """The cells of days on which a freeze kept the streak."""
        first = self.first
        frozen = {(at - first).days for at in (self.frozen if self.streak is not None else ())}
        return tuple(cell for i, cell in enumerate(self.cells) if i in frozen)

    @property
    def _kept_words(self) -> str:
        if not (kept := len(self.kept)):
            return ""
        return ngettext(
            "{number} day on which a freeze kept the streak", "{number} days on which a freeze kept the streak", kept
        )

    @property
    def _tiles(self) -> list[tuple[str, str]]:
        """Numbers, and what they count."""
        if (streak := self.streak) is not None:
            return [
                # For translators: under a number in a small box; so are the next ones
                (number(streak.current), _("in a row")),
                (number(streak.best), _("best")),
                (number(streak.freezes), ngettext("freeze", "freezes", streak.freezes)),
            ]
        answered = [(number(self.answered), _("answered"))] if self.answered else []
        return [*answered, *([(percent(self.right), _("right"))] if self.right is not None else [])]

    @property
    def _standing(self) -> str:
        """The same in a sentence."""
        if (streak := self.streak) is not None:
            return _(
                "Streak: {row}; best: {best}; {held}.",
                row=ngettext("{number} day in a row", "{number} days in a row", streak.current),
                best=ngettext("{number} day", "{number} days", streak.best),
                held=ngettext("{number} freeze held", "{number} freezes held", streak.freezes),
            )
        told = {"number": number(self.answered), "share": "" if self.right is None else percent(self.right)}
        if self.right is None:
            return _("{number} answered.", **told) if self.answered else ""
        return _("{number} answered, {share} right.", **told) if self.answered else _("{share} right.", **told)

    @property
    def more(self) -> str:
        """What is said of topics that don't show."""
        hidden = len(self.topics) - TOPICS
        return ngettext("and {number} topic more", "and {number} topics more", hidden) if hidden > 0 else ""

    @property
    def _total(self) -> str:
        days = ngettext("{number} day", "{number} days", len(self.practised))
        return _("{days} in {weeks} weeks", days=days, weeks=number(WEEKS))

    @property
    def alt(self) -> str:
        with speaking(self.language):
            return self._alt()

    def _alt(self) -> str:
        months = listed(f"{month(at)} {number(practised)}" for _column, at, practised in self.months)
        told = {
            "date": day(self.today),
            "days": ngettext("{number} day", "{number} days", self.this_month),
            "name": spoken(self.name, 80),
        }
        if self.name:
            head = _("Stats of {name}, {date}: {days} practised this month.", **told)
        else:
            head = _("Your stats, {date}: {days} practised this month.", **told)
        parts = [
            head,
            *([self._standing] if self._standing else []),
            f"{self._total}: {months}.",
            *([f"{self._kept_words}."] if self.kept else []),
            _("Squares grow with the day’s questions: {steps}.", steps=listed(label for _least, label in STEPS)),
        ]
        if self.topics:
            known = [f"{spoken(each.name, 40)} {tally(each)}" for each in self.topics[:TOPICS]]
            topics = listed([*known, *([self.more] if self.more else [])])
            parts.append(_("Cards known by topic: {topics}.", topics=topics))
        if self.levels:
            right = (f"{spoken(each.name, 20)} {percent(each.fraction)}, {tally(each)}" for each in self.levels)
            parts.append(_("Accuracy by level: {levels}.", levels="; ".join(right)))
        return " ".join(parts)

    def scene(self) -> dict[str, object]:
        """What the template needs to know."""
        *past, today = self.cells
        return {
            "title": self.title,
            "date": day(self.today),
            "month_days": self.this_month,
            "practised": number(self.this_month),
            "tiles": self._tiles,
            "kept": [cell for cell in self.kept if not cell.step],
            "kept_words": self._kept_words,
            "squares": self._squares(tuple(past)),
            "today": today,
            "months": [(column, month(at, short=True)) for column, at, _days in self.months],
            "weekdays": [(row, weekday(row, initial=True)) for row in (0, 2, 4, 6)],
            "total": self._total,
            "topics": [(each.name, tally(each), each.fraction) for each in self.topics[:TOPICS]],
            "more": self.more,
            "levels": [(each.name, percent(each.fraction), tally(each), each.fraction) for each in self.levels],
        }


def tally(of: Share) -> str:
    return _("{some} of {all}", some=number(of.part), all=number(of.whole))
