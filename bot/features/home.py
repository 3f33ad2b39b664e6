"""`/quiz`: where I stand today, and a button for everything else."""

from __future__ import annotations

from dataclasses import replace

from bot.events import Command, Press
from bot.features.prose import count, streak_words
from bot.features.scheduling import SET_UP
from bot.features.turn import Outcome, Turn
from bot.messages import Action, Button, Channel, Fields, Heading, Message, Style, Text, button_rows, code
from bot.quiz import periods
from bot.quiz.periods import Period
from bot.quiz.streaks import Streak
from bot.store import answers, boards, pending, posts, reactions, schedules, streaks

BUTTONS = (
    Button("Today’s question", Action.of("today")),
    Button("Practise", Action.of("play")),
    Button("Leaderboard", Action.of("board", "week")),
    Button("My stats", Action.of("stats")),
    Button("Decks", Action.of("decks")),
)
WAITING = "Waiting for your answer"


async def show(turn: Turn, event: Command | Press) -> Outcome:
    member = turn.member
    streak = await current_streak(turn)
    board = await boards.board(
        turn.tx, member.community_id, periods.key(Period.WEEK, turn.today), member.person_id, top=1
    )
    first = turn.today.replace(day=1)
    practised = await streaks.days_practised(turn.tx, member.person_id, first, turn.today)
    me = board.me
    today = await _today(turn)
    loud = BUTTONS[0 if today == WAITING else 1]
    week = "No points yet"
    if me:
        week = f"{count(me.points, 'point')}, rank {me.rank} of {board.people}"
    elif board.hidden:
        week = f"{count(board.hidden.points, 'point')}, hidden from boards"
    admin = event.actor.is_admin and not event.place.direct
    trouble = await schedules.in_trouble(turn.tx, member.community_id) if admin else []
    unscheduled = admin and not await schedules.any_of(turn.tx, member.community_id)
    return Outcome(
        Message.of(
            *(Text.of("⚠️ ", Channel(each.place.channel), f": {each.trouble}") for each in trouble[:5]),
            Heading("Where you stand"),
            Fields(
                (
                    ("Today’s question", today),
                    ("Streak", streak_words(streak)),
                    ("Days practised this month", str(practised)),
                    ("This week", week),
                )
            ),
            *(button_rows([SET_UP]) if unscheduled else ()),
            *button_rows(
                replace(each, style=Style.PRIMARY) if each is loud and not unscheduled else each for each in BUTTONS
            ),
            Text.of(
                "You can type too: ",
                code("/quiz today"),
                ", ",
                code("/quiz play level:beginner count:5"),
                ", ",
                code("/quiz leaderboard month"),
                ", ",
                code("/quiz stats"),
                ", ",
                code("/quiz deck list"),
                ".",
                quiet=True,
            ),
        )
    )


async def current_streak(turn: Turn) -> Streak:
    """The member's streak as it stands today: question days missed since have cost their freezes, or the streak."""
    streak = await streaks.streak(turn.tx, turn.member.person_id)
    latest = await posts.latest_day_number(turn.tx, turn.member.community_id)
    return streak.seen_from(max(latest, streak.last))


async def _today(turn: Turn) -> str:
    open_now = await posts.open_posts(turn.tx, turn.member.community_id, turn.now)
    if not open_now:
        return "None open right now"
    mine = await answers.own(turn.tx, turn.member.person_id, open_now[0].card_id, open_now[0].day)
    if mine is None:
        kept = [await each.own(turn.tx, open_now[0], turn.member.person_id) for each in (reactions, pending)]
        return "Answered: results come when it closes" if any(kept) else WAITING
    return "Answered: correct ✅" if mine.correct else "Answered"
