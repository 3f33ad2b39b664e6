"""The weekly recap: what a channel's week came to. It counts, and names no person; teams it names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from fractions import Fraction
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.events import Place
from bot.features import faces, poster, prose, verdicts
from bot.features.ranking import MEDALS
from bot.messages import (
    Action,
    Block,
    Button,
    Heading,
    Message,
    Picture,
    Run,
    Text,
    bold,
    button_rows,
    clip,
    plain,
    woven,
)
from bot.quiz import periods, weeks
from bot.quiz.cards import LETTERS, Card, Flashcard, MultiChoice, SingleChoice
from bot.quiz.periods import Period
from bot.quiz.standings import Scoring, Standing
from bot.store import recaps, schedules, team_boards
from bot.store.posts import PostRow, State
from bot.store.recaps import Asked, Week
from bot.store.schedules import Mode, Plan
from bot.store.settings import Settings, TeamMode
from bot.words import N_, _, ngettext

if TYPE_CHECKING:  # loaded with the first picture: a start can do without
    from bot.pictures import Recap

OVER = (State.CLOSING, State.CLOSED)
TEAMS = 3
"""Teams that are named, at most."""

BY = {
    Scoring.FAIR: N_("**Teams by fair accuracy**, over all channels:"),
    Scoring.MEAN: N_("**Teams by points a member**, over all channels:"),
    Scoring.TOP3: N_("**Teams by the points of their best three**, over all channels:"),
    Scoring.SUM: N_("**Teams by points**, over all channels:"),
}


# ---------------------------------------------------------------- when


def latest(plan: Plan, home: ZoneInfo, at: datetime) -> tuple[date, datetime]:
    """The first day of the last week that a plan's channel was to be told of at `at` or before, and that instant.

    Weeks are those of the community, whose zone is `home`: a recap comes with the first question that is no more of it.
    """
    return weeks.latest(time.fromisoformat(plan.time), ZoneInfo(plan.zone), home, at)


def following(plan: Plan, home: ZoneInfo, after: datetime) -> datetime:
    """When a plan's channel is next told of its week."""
    return weeks.following(time.fromisoformat(plan.time), ZoneInfo(plan.zone), home, after)


async def arrange(tx: AsyncConnection, place: Place, home: ZoneInfo, now: datetime, *, wanted: bool) -> None:
    """Whether a channel is told of its weeks, with whichever of its daily questions comes first then.

    What is due already is not lost.
    """
    for each in await schedules.of_place(tx, place):
        due_now = each.recap_at is not None and each.recap_at <= now
        at = each.recap_at if due_now else following(each, home, now)
        await schedules.set_recap(tx, each.id, at if wanted else None)


# ---------------------------------------------------------------- what


@dataclass(frozen=True, slots=True)
class Wrong:
    """The wrong option that most chose, by its place among the options."""

    at: int
    chose: int


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of a week. `wrong` is of the hardest question, where one was chosen; `teams` are those that lead, compared
    by `scoring`.
    """

    week: Week
    hardest: Asked | None
    wrong: Wrong | None
    teams: tuple[Standing, ...]
    scoring: Scoring


def uncounted(week: Week, now: datetime) -> bool:
    """Whether a question's time is over and its answers may not all be counted yet: they are as it closes."""
    return any(each.post.closes_at <= now and each.post.state not in OVER for each in week.asked)


async def told(tx: AsyncConnection, community_id: int, week: Week, wanted: Settings) -> Told | None:
    """What there is to tell of a channel's week; None where nobody took part."""
    if not week.took_part:
        return None
    hard = hardest(week)
    missed = None if hard is None else wrong(hard.post.card, await recaps.given(tx, hard.post.id))
    return Told(week, hard, missed, await _leading(tx, community_id, week, wanted), wanted.scoring)


async def _leading(tx: AsyncConnection, community_id: int, week: Week, wanted: Settings) -> tuple[Standing, ...]:
    """The community's best teams of that week, as the board has kept them: those of the season in which the week ended. None
    where there are no teams or boards, or no team has a rank.
    """
    if not wanted.boards or wanted.team_mode is TeamMode.OFF:
        return ()
    key, season = (periods.key(each, week.last, wanted.seasons) for each in (Period.WEEK, Period.SEASON))
    board = await team_boards.team_board(tx, community_id, key, season, wanted.scoring)
    return board.ranked[:TEAMS]


def hardest(week: Week) -> Asked | None:
    """The question that the smallest share got right, of those that are closed; of equals the one that more answered, and
    the earlier one. A flashcard's reader grades themselves, so it is none.
    """
    graded = [
        each
        for each in week.asked
        if each.answered and each.post.state in OVER and not isinstance(each.post.card, Flashcard)
    ]
    return min(graded, key=lambda each: (Fraction(each.correct, each.answered), -each.answered), default=None)


def wrong(card: Card, given: Mapping[str, int]) -> Wrong | None:
    """The wrong option that most chose, the first of equals; None where the card has no options, or nobody chose one."""
    if not isinstance(card, SingleChoice | MultiChoice):
        return None
    every = [
        Wrong(at, sum(number for letters, number in given.items() if LETTERS[at] in letters))
        for at, option in enumerate(card.options)
        if not option.correct
    ]
    most = max(every, key=lambda each: each.chose, default=None)
    return most if most is not None and most.chose else None


# ---------------------------------------------------------------- how it looks


def sheet(told: Told) -> Recap:
    """The week as a picture shows it."""
    from bot.pictures import Hardest, Misconception, Recap

    hard = None
    if told.hardest is not None:
        card, misconception = told.hardest.post.card, None
        if told.wrong is not None:
            assert isinstance(card, SingleChoice | MultiChoice)
            label = _labels(told.hardest.post)[told.wrong.at][0]  # of a keycap, its digit
            text = "".join(run.text for run in prose.runs(card.options[told.wrong.at].text))
            misconception = Misconception(label, text, told.wrong.chose)
        hard = Hardest(faces.asked(card), told.hardest.correct, told.hardest.answered, misconception)
    week, teams = told.week, poster.team_rows(told.teams, told.scoring, {}, None)
    return Recap(week.first, week.last, week.took_part, len(week.asked), week.days, week.before, hard, teams)


def message(told: Told, shown: Recap, picture: Picture | None) -> Message:
    """The recap as its channel reads it: `shown` in words, the picture if there is one, and what is right."""
    from bot.pictures.numerals import days

    week = told.week
    told_of = {
        "people": prose.people(week.took_part),
        "compared": shown.compared,
        "questions": ngettext("{number} question", "{number} questions", len(week.asked)),
        "days": prose.days(week.days),
    }
    if shown.compared:
        head = _("**{people}** took part ({compared}); {questions} asked, {days} practised in all.")
    else:
        head = _("**{people}** took part; {questions} asked, {days} practised in all.")
    blocks: list[Block] = [
        Heading(_("Weekly recap")),
        Text.of(days(week.first, week.last), quiet=True),
        Text.of(*woven(head, **told_of)),
    ]
    if picture is not None:
        blocks.append(picture)
    if shown.teams:
        blocks.append(_teams(told, shown))
    if told.hardest is not None:
        blocks += _hardest(told, told.hardest.post, shown)
    return prose.fitted(*blocks)


def _teams(told: Told, shown: Recap) -> Text:
    """The best teams, a line for each."""
    lines: list[Run] = [*woven(_(BY[told.scoring]))]
    for team in shown.teams:
        # For translators: of a team; “84.0 %, 92 % took part”
        said = _("{score}, {share} took part", score=team.value, share=team.beside)
        lines += [plain(f"\n{MEDALS.get(team.rank, str(team.rank))} "), bold(clip(team.name, 60)), plain(f" · {said}")]
    return Text.of(*lines)


def _hardest(told: Told, post: PostRow, shown: Recap) -> list[Block]:
    assert shown.hardest is not None
    hard, card = shown.hardest, post.card
    said = "; ".join(filter(None, (hard.outcome, clip(hard.chose, 400))))
    blocks: list[Block] = [
        Text.of(
            *woven(_("Hardest question: **{question}**"), question=clip(hard.question, 400)),
            plain(f"\n{said}{'' if said.endswith('.') else '.'}"),
        )
    ]
    if told.wrong is not None and isinstance(card, SingleChoice | MultiChoice):
        why = card.options[told.wrong.at].why
        blocks += [prose.text(clip(why, 600))] if why else []
    blocks.append(verdicts.right_block(card, _labels(post)))
    return [*blocks, *button_rows([Button(_("Practise it"), Action.of("practise", post.id))])]


def _labels(post: PostRow) -> tuple[str, ...]:
    return faces.KEYCAPS if post.mode is Mode.REACTIONS else tuple(LETTERS)
