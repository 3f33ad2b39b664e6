"""`/quiz`: where I stand today, and a button for everything else; for admins the daily questions, too."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from bot.events import Command, Press
from bot.features import plans, review, streak
from bot.features.prose import cards, points, streak_words
from bot.features.streak import Standing
from bot.features.turn import Outcome, Turn
from bot.messages import (
    Action,
    Block,
    Button,
    Channel,
    Fields,
    Heading,
    Message,
    Run,
    Style,
    Text,
    bold,
    button_rows,
    clip,
    code,
    plain,
)
from bot.quiz import periods
from bot.quiz.periods import Period
from bot.store import answers, boards, pending, posts, questions, reactions, reports, streaks
from bot.store.questions import Question
from bot.words import N_, _, ngettext, number, said

TODAY: Final = "today"
REVIEW: Final = "review"
PRACTISE: Final = "play"
"""Verbs of the buttons of which one stands out."""

TYPED = (
    "/quiz today",
    "/quiz play level:beginner count:5",
    "/quiz review",
    "/quiz live",
    "/quiz leaderboard month",
    "/quiz stats",
    "/quiz deck list",
)
WAITING = N_("Waiting for your answer")

LISTED = 5
"""Daily questions that an admin sees here; the list behind the button has the rest."""


async def show(turn: Turn, event: Command | Press) -> Outcome:
    admin = event.actor.is_admin
    scheduled = await questions.of_community(turn.tx, turn.member.community_id) if admin else []
    today = await _today(turn)
    due = len(await review.due(turn))
    unscheduled = admin and not scheduled
    loud = (
        None if unscheduled and event.place.channel else TODAY if today == _(WAITING) else REVIEW if due else PRACTISE
    )
    reported = await reports.count(turn.tx, turn.member.community_id) if admin else 0
    standing = await streak.shown(turn)
    frozen = "" if standing is None else streak.spent(standing, turn.today)
    troubled = [(line.place, said(line.trouble)) for each in scheduled for line in each.lines if line.trouble]
    typed = (*TYPED, "/quiz schedule", "/quiz fix", "/quiz settings") if admin else TYPED
    return Outcome(
        Message.of(
            *(Text.of("⚠️ ", Channel(place.channel), f": {clip(trouble, 400)}") for place, trouble in troubled[:LISTED]),
            *(_reported(reported) if reported else ()),
            Heading(_("Where you stand")),
            await _standing(turn, today, due, standing),
            *([Text.of(frozen)] if frozen else []),
            *(plans.none_yet(event.place) if unscheduled else ()),
            *button_rows(
                replace(each, style=Style.PRIMARY) if each.action.verb == loud else each for each in _ways(turn, due)
            ),
            *(_scheduled(turn, scheduled) if scheduled else ()),
            Text.woven(_("You can type too: {commands}."), commands=tuple(_listed(typed)), quiet=True),
        )
    )


def _reported(many: int) -> tuple[Block, ...]:
    said = ngettext(
        "⚠️ {number} report of problems with questions.", "⚠️ {number} reports of problems with questions.", many
    )
    return Text.of(said), *button_rows([Button(_("Look at them"), Action.of("fixes"))])


def _ways(turn: Turn, due: int) -> tuple[Button, ...]:
    boards = [Button(_("Leaderboard"), Action.of("board", "week"))] if turn.member.settings.boards else []
    return (
        Button(_("Today’s question"), Action.of(TODAY)),
        *([Button(_("Review"), Action.of(REVIEW))] if due else []),
        Button(_("Practise"), Action.of(PRACTISE)),
        *boards,
        Button(_("My stats"), Action.of("stats")),
        Button(_("Decks"), Action.of("decks")),
    )


async def _standing(turn: Turn, today: str, due: int, standing: Standing | None) -> Fields:
    member = turn.member
    week = periods.key(Period.WEEK, turn.today, turn.seasons)
    board = await boards.board(turn.tx, member.community_id, week, member.person_id, top=1)
    first = turn.today.replace(day=1)
    practised = await streaks.days_practised(turn.tx, member.person_id, first, turn.today)
    me = board.me
    shown = _("No points yet")
    if me:
        told = {"points": points(me.points), "rank": number(me.rank), "people": number(board.people)}
        shown = _("{points}, rank {rank} of {people}", **told)
    elif board.hidden:
        shown = _("{points}, hidden from boards", points=points(board.hidden.points))
    fields = [
        (_("Today’s question"), today),
        (_("Due for review"), cards(due) if due else _("Nothing today")),
        (_("Days practised this month"), number(practised)),
    ]
    if standing is not None:
        fields.insert(2, (_("Streak"), streak_words(standing.streak)))
    if member.settings.boards:
        fields.append((_("This week"), shown))
    return Fields(tuple(fields))


async def _today(turn: Turn) -> str:
    open_now = await posts.open_posts(turn.tx, turn.member.community_id, turn.now)
    if not open_now:
        return _("None open right now")
    mine = await answers.own(turn.tx, turn.member.person_id, open_now[0].card_id, open_now[0].day)
    if mine is None:
        kept = [await each.own(turn.tx, open_now[0], turn.member.person_id) for each in (reactions, pending)]
        return _("Answered: results come when it closes") if any(kept) else _(WAITING)
    return _("Answered: correct ✅") if mine.correct else _("Answered")


def _scheduled(turn: Turn, every: list[Question]) -> tuple[Block, ...]:
    """When and where the daily questions come, a line each."""
    lines: list[Run] = [bold(_("Daily questions"))]
    for each in every[:LISTED]:
        lines += [plain("\n"), *plans.brief(each, turn.now)]
    if len(every) > LISTED:
        more = ngettext("and {number} more", "and {number} more", len(every) - LISTED)
        lines.append(plain(f"\n{more}"))
    return Text(tuple(lines)), *button_rows([Button(_("Daily questions"), Action.of("schedules"))])


def _listed(typed: tuple[str, ...]) -> Iterator[Run]:
    for at, each in enumerate(typed):
        yield from ((plain(", "),) if at else ())
        yield code(each)
