"""`/quiz`: where I stand today, and a button for everything else; for admins the daily questions, too."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bot.events import Command, Press
from bot.features import plans, review, streak
from bot.features.prose import count, streak_words
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
from bot.store import answers, boards, pending, posts, reactions, reports, schedules, streaks
from bot.store.schedules import Schedule

TODAY = Button("Today’s question", Action.of("today"))
REVIEW = Button("Review", Action.of("review"))
PRACTISE = Button("Practise", Action.of("play"))
REST = (
    Button("Leaderboard", Action.of("board", "week")),
    Button("My stats", Action.of("stats")),
    Button("Decks", Action.of("decks")),
)
SCHEDULES = Button("Daily questions", Action.of("schedules"))
TYPED = (
    "/quiz today",
    "/quiz play level:beginner count:5",
    "/quiz review",
    "/quiz leaderboard month",
    "/quiz stats",
    "/quiz deck list",
)
WAITING = "Waiting for your answer"

LISTED = 5
"""Daily questions that an admin sees here; the list behind the button has the rest."""


async def show(turn: Turn, event: Command | Press) -> Outcome:
    admin = event.actor.is_admin
    scheduled = await schedules.of_community(turn.tx, turn.member.community_id) if admin else []
    today = await _today(turn)
    due = len(await review.due(turn))
    unscheduled = admin and not scheduled
    loud = None if unscheduled and event.place.channel else TODAY if today == WAITING else REVIEW if due else PRACTISE
    reported = await reports.count(turn.tx, turn.member.community_id) if admin else 0
    standing = await streak.standing(turn)
    frozen = streak.spent(standing, turn.today)
    troubled = [each for each in scheduled if each.trouble]
    typed = (*TYPED, "/quiz schedule", "/quiz fix") if admin else TYPED
    return Outcome(
        Message.of(
            *(
                Text.of("⚠️ ", Channel(each.place.channel), f": {clip(each.trouble or '', 400)}")
                for each in troubled[:LISTED]
            ),
            *(_reported(reported) if reported else ()),
            Heading("Where you stand"),
            await _standing(turn, today, due, standing),
            *([Text.of(frozen)] if frozen else []),
            *(plans.none_yet(event.place) if unscheduled else ()),
            *button_rows(
                replace(each, style=Style.PRIMARY) if each is loud else each
                for each in (TODAY, *([REVIEW] if due else []), PRACTISE, *REST)
            ),
            *(_scheduled(turn, scheduled) if scheduled else ()),
            Text.of("You can type too: ", *_listed(typed), ".", quiet=True),
        )
    )


def _reported(number: int) -> tuple[Block, ...]:
    said = f"⚠️ {count(number, 'report')} of problems with questions."
    return Text.of(said), *button_rows([Button("Look at them", Action.of("fixes"))])


async def _standing(turn: Turn, today: str, due: int, standing: Standing) -> Fields:
    member = turn.member
    week = periods.key(Period.WEEK, turn.today)
    board = await boards.board(turn.tx, member.community_id, week, member.person_id, top=1)
    first = turn.today.replace(day=1)
    practised = await streaks.days_practised(turn.tx, member.person_id, first, turn.today)
    me = board.me
    shown = "No points yet"
    if me:
        shown = f"{count(me.points, 'point')}, rank {me.rank} of {board.people}"
    elif board.hidden:
        shown = f"{count(board.hidden.points, 'point')}, hidden from boards"
    return Fields(
        (
            ("Today’s question", today),
            ("Due for review", count(due, "card") if due else "Nothing today"),
            ("Streak", streak_words(standing.streak)),
            ("Days practised this month", str(practised)),
            ("This week", shown),
        )
    )


async def _today(turn: Turn) -> str:
    open_now = await posts.open_posts(turn.tx, turn.member.community_id, turn.now)
    if not open_now:
        return "None open right now"
    mine = await answers.own(turn.tx, turn.member.person_id, open_now[0].card_id, open_now[0].day)
    if mine is None:
        kept = [await each.own(turn.tx, open_now[0], turn.member.person_id) for each in (reactions, pending)]
        return "Answered: results come when it closes" if any(kept) else WAITING
    return "Answered: correct ✅" if mine.correct else "Answered"


def _scheduled(turn: Turn, every: list[Schedule]) -> tuple[Block, ...]:
    """When and where the daily questions come, a line each."""
    lines: list[Run] = [bold("Daily questions")]
    for each in every[:LISTED]:
        lines += [plain("\n"), *plans.brief(each, turn.now)]
    if len(every) > LISTED:
        lines.append(plain(f"\nand {len(every) - LISTED} more"))
    return Text(tuple(lines)), *button_rows([SCHEDULES])


def _listed(typed: tuple[str, ...]) -> Iterator[Run]:
    for at, each in enumerate(typed):
        yield from ((plain(", "),) if at else ())
        yield code(each)
