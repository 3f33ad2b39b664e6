"""`/quiz stats`: days practised, streak, what I know by topic and level, as a picture; somebody else's where they share it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.events import Command, Completion, Press
from bot.features import streak, whom
from bot.features.prose import LEVELS, days, streak_words
from bot.features.prose import answers as answers_in_words
from bot.features.streak import Standing
from bot.features.turn import Outcome, Pictured, Turn
from bot.messages import (
    LIMITS,
    Action,
    Block,
    Button,
    Choice,
    Choices,
    Fields,
    Heading,
    Message,
    Picture,
    Style,
    Table,
    Text,
    button_rows,
    clip,
)
from bot.quiz.cards import Flashcard, Level, from_json
from bot.store import answers, people, streaks
from bot.store.people import Community, Person
from bot.words import N_, _, number, percent, pgettext

if TYPE_CHECKING:  # loaded with the first picture: a start can do without
    from bot.pictures import Stats

WEEKS = timedelta(weeks=26)
"""How far back days are looked up; the picture shows as many weeks."""

TOPICS_SHOWN = 8
SHARED = N_(
    "Others here can see your days, topics and accuracy with /quiz stats and your name; your streak stays yours."
)
ALONE = N_("Only you can see these.")
ABOUT = N_("A card is known when you got it right last time. Flashcards don’t count towards accuracy.")


@dataclass(slots=True)
class Tally:
    """`part` of `whole`: cards known of cards met, or answers right of answers given."""

    part: int = 0
    whole: int = 0

    @property
    def share(self) -> str:
        return percent(self.part / self.whole) if self.whole else "–"

    def add(self, part: int, whole: int) -> None:
        self.part += part
        self.whole += whole


@dataclass(frozen=True, slots=True)
class Record:
    """What somebody did. `days`: (date, answers) of the last weeks until `today`; `graded`: right answers of those that can be
    right; `topics`: cards known of cards met, the most met first; `levels`: right answers of all.
    """

    days: Sequence[tuple[date, int]]
    today: date
    answered: int
    guessed: int
    graded: Tally
    topics: Sequence[tuple[str, Tally]]
    levels: Sequence[tuple[Level, Tally]]

    @property
    def this_month(self) -> int:
        """Days practised."""
        return sum((day.year, day.month) == (self.today.year, self.today.month) for day, _ in self.days)


# ---------------------------------------------------------------- mine


async def show(turn: Turn, event: Command | Press) -> Outcome:
    """One's own; of another, where they share them."""
    asked = str(event.options.get("person", "")).strip() if isinstance(event, Command) else ""
    if not asked:
        return await _own(turn)
    assert isinstance(event, Command)
    found = await _meant(turn, event, asked)
    if any(each.id == turn.member.person_id for each in found):
        return await _own(turn)
    return Outcome(Message.of(_unknown(asked, found))) if len(found) != 1 else await _another(turn, found[0])


async def share(turn: Turn, event: Press) -> Outcome:
    """Let the others see my stats, and the page again."""
    await people.share(turn.tx, turn.member.person_id)
    return await _own(turn)


async def unshare(turn: Turn, event: Press) -> Outcome:
    await people.share(turn.tx, turn.member.person_id, shares=False)
    return await _own(turn)


async def _own(turn: Turn) -> Outcome:
    record = await _record(turn, turn.member.person_id)
    if not record.answered:
        return Outcome(_nothing_yet())
    standing = await streak.shown(turn)
    shares = await people.shares(turn.tx, turn.member.person_id)
    sharing = (
        Button(_("Stop sharing"), Action.of("unshare")) if shares else Button(_("Share my stats"), Action.of("share"))
    )

    def shown(picture: Picture | None) -> Outcome:
        frozen = "" if standing is None else streak.spent(standing, turn.today)
        return Outcome(
            Message.of(
                *(_words(record, standing) if picture is None else (picture, Text.of(_summary(record)))),
                *([Text.of(frozen)] if frozen else []),
                Text.of(f"{_(SHARED if shares else ALONE)} {_(ABOUT)}", quiet=True),
                *button_rows([sharing]),
            )
        )

    return Outcome(pictured=Pictured(_sheet(record, turn.today, standing), shown))


def _nothing_yet() -> Message:
    return Message.of(
        Heading(_("Your stats")),
        _("You haven’t answered anything yet. Your first answer starts your stats."),
        *button_rows(
            [
                Button(_("Today’s question"), Action.of("today"), Style.PRIMARY),
                Button(_("Practise"), Action.of("play")),
            ]
        ),
    )


# ---------------------------------------------------------------- somebody else's


async def _meant(turn: Turn, event: Command, asked: str) -> list[Person]:
    """Those whom a mention or a name may mean: the asker, and who shares."""
    community = turn.member.community_id
    if (account := whom.account(asked, event)) is None:
        return await people.seen(turn.tx, community, turn.member.person_id, whom.name(asked))
    person = await people.find_person(turn.tx, community, account)
    return (
        [person] if person and (person.id == turn.member.person_id or await people.shares(turn.tx, person.id)) else []
    )


def _unknown(asked: str, found: Sequence[Person]) -> str:
    """Nothing tells somebody who shares nothing from somebody who isn't there."""
    if found:
        return _("Several people called “{name}” share their stats. Mention the one you mean.", name=clip(asked, 60))
    if asked.startswith("<"):
        none = _("They don’t share their stats here.")
    else:
        none = _("Nobody called “{name}” shares their stats here.", name=clip(asked, 60))
    how = _("Whoever wants to can, with a button under their own /quiz stats.")
    return f"{none} {how}"


async def _another(turn: Turn, person: Person) -> Outcome:
    record = await _record(turn, person.id)
    name = clip(person.name, 60)
    if not record.answered:
        return Outcome(Message.of(_("{name} hasn’t answered anything yet.", name=name)))

    def shown(picture: Picture | None) -> Outcome:
        return Outcome(
            Message.of(*(_words(record, None, _("Stats of {name}", name=name)) if picture is None else (picture,)))
        )

    return Outcome(pictured=Pictured(_sheet(record, turn.today, None, person.name), shown))


async def complete(tx: AsyncConnection, community: Community, event: Completion, now: datetime) -> Choices:
    """People who share their stats and whose names hold what is being typed."""
    typed = whom.name(event.typed).casefold()
    names = dict.fromkeys(each.name for each in await people.sharing(tx, community.id))
    found = [name for name in names if typed in name.casefold()]
    return Choices(tuple(Choice(clip(name, LIMITS.OPTION), name) for name in found[: LIMITS.CHOICES]))


# ---------------------------------------------------------------- what somebody did


async def _record(turn: Turn, person_id: int) -> Record:
    cards = [(from_json(each.body), each) for each in await answers.records(turn.tx, person_id)]
    graded, topics, levels = Tally(), defaultdict[str, Tally](Tally), defaultdict[Level, Tally](Tally)
    for card, each in cards:
        for topic in card.topics:
            topics[topic].add(int(each.known), 1)
        if not isinstance(card, Flashcard):
            levels[card.level].add(each.correct, each.answered)
            graded.add(each.correct, each.answered)
    return Record(
        await streaks.activity(turn.tx, person_id, turn.today - WEEKS, turn.today),
        turn.today,
        sum(each.answered for _, each in cards),
        sum(each.guessed for _, each in cards),
        graded,
        sorted(topics.items(), key=lambda named: (-named[1].whole, named[0])),
        [(level, levels[level]) for level in Level if level in levels],
    )


# ---------------------------------------------------------------- how it looks


def _sheet(record: Record, today: date, standing: Standing | None, name: str = "") -> Stats:
    """The record as a picture shows it; another's without a streak, which is private."""
    from bot.pictures import Share, Stats

    def shares(named: Iterable[tuple[str, Tally]]) -> tuple[Share, ...]:
        return tuple(Share(each, tally.part, tally.whole) for each, tally in named)

    return Stats(
        today,
        tuple(record.days),
        None if standing is None else standing.streak,
        shares(record.topics),
        shares((_(LEVELS[level]), tally) for level, tally in record.levels),
        () if standing is None else tuple(standing.frozen),
        record.answered,
        record.graded.part / record.graded.whole if record.graded.whole else None,
        name,
    )


def _summary(record: Record) -> str:
    """What an own picture doesn't say: `31 answers, 74 % right, 2 of them by a guess`."""
    told = {
        "answers": answers_in_words(record.answered),
        "share": record.graded.share,
        "number": number(record.guessed),
    }
    if record.guessed:
        return _("{answers} in all, {share} right, {number} of them by a guess.", **told)
    return _("{answers} in all, {share} right.", **told) if record.graded.whole else _("{answers} in all.", **told)


def _words(record: Record, mine: Standing | None, title: str = "") -> list[Block]:
    """The record without a picture. `title`: of somebody else's."""
    own = not title
    fields = [(_("Days practised this month"), number(record.this_month))]
    if mine is not None:
        fields += [(_("Streak"), streak_words(mine.streak)), (_("Best streak"), days(mine.streak.best))]
    fields += [(_("Answered"), number(record.answered)), (_("Accuracy"), record.graded.share)]
    if own and record.guessed:
        fields.append((_("Right by a guess"), number(record.guessed)))
    tables = (
        _table(
            (_("Topic"), _("Cards known"), pgettext("how many there are", "of")),
            record.topics[:TOPICS_SHOWN],
            ("part", "whole"),
        ),
        _table(
            (_("Level"), _("Right"), _("Answers")),
            [(_(LEVELS[level]), tally) for level, tally in record.levels],
            ("share", "whole"),
        ),
    )
    return [Heading(title or _("Your stats")), Fields(tuple(fields)), *(table for table in tables if table.rows)]


def _table(head: tuple[str, str, str], named: Iterable[tuple[str, Tally]], shown: tuple[str, str]) -> Table:
    rows = tuple((name, *(str(getattr(tally, each)) for each in shown)) for name, tally in named)
    return Table(head, rows, frozenset({1, 2}))
