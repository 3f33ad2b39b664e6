"""A schedule in plain words: when, where, from which cards, how it is answered, until when."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bot.events import Place
from bot.features import claims, selection, zones
from bot.features.prose import count
from bot.library.shelf import Shelf
from bot.messages import (
    Action,
    Block,
    Button,
    Channel,
    Heading,
    Message,
    Run,
    Style,
    Text,
    When,
    bold,
    button_rows,
    code,
    plain,
)
from bot.quiz import due, rhythm
from bot.store.schedules import Feedback, Mode, Pause, Plan, Schedule

SET_UP = Button("Set up a daily question", Action.of("schedule-form"), Style.PRIMARY)
MODES = {Mode.BUTTONS: "answered with buttons", Mode.REACTIONS: "answered with reactions"}


def when(plan: Plan) -> str:
    """`Weekdays at 09:00 in Berlin`."""
    return f"{rhythm.words(plan.days)} at {plan.time} {zones.words(plan.zone)}"


def where(plan: Plan) -> tuple[Run, ...]:
    """`weekdays at 09:00 in Berlin, in #general`: inside a sentence."""
    words = when(plan)
    if plan.days in (rhythm.DAILY, rhythm.WEEKDAYS, rhythm.WEEKENDS):  # no names of days
        words = words[0].lower() + words[1:]
    return plain(f"{words}, in "), Channel(plan.place.channel)


def instant(at: datetime, zone: str) -> str:
    """`Monday 23 November, 09:00 there, 08:00 UTC`; the day in UTC where it is another one."""
    there, here = at.astimezone(ZoneInfo(zone)), at.astimezone(UTC)
    day = f"{there:%A} {there.day} {there:%B}, {there:%H:%M}"
    if there.utcoffset() == here.utcoffset():
        return f"{day} UTC"
    return f"{day} there, {'' if there.date() == here.date() else f'{here:%A} '}{here:%H:%M} UTC"


def coming(schedule: Schedule, now: datetime) -> str:
    """When the next question comes, or why none does: behind a semicolon."""
    match schedule.paused:
        case None if schedule.due_at <= now:
            return "the next one comes at once"
        case None:
            return f"next: {instant(schedule.due_at, schedule.zone)}"
        case Pause.ADMIN:
            return "paused by an admin"
        case _:
            return "paused until what is wrong is mended"


def brief(schedule: Schedule, now: datetime) -> tuple[Run, ...]:
    """`#general · Weekdays at 09:00 in Berlin · next Mon 23 Nov, 08:00 UTC`: a line of a list."""
    line = (Channel(schedule.place.channel), plain(f" · {when(schedule)} · "))
    if schedule.paused is None and schedule.due_at > now:
        return *line, plain("next "), When(schedule.due_at)
    return *line, plain(coming(schedule, now))


def none_yet(place: Place) -> tuple[Block, ...]:
    """What an admin is told where there is no daily question, and the way to a first one."""
    typed = code("/quiz schedule set time:09:00")
    if not place.channel:
        return (Text.of("There is no daily question yet. Type ", typed, " in the channel where it is to stand."),)
    said = Text.of("There is no daily question yet. ", typed, " sets one up in this channel.")
    return said, *button_rows([SET_UP])


def shown(shelf: Shelf, schedule: Schedule, now: datetime, head: str = "", trouble: str = "") -> Message:
    """Everything about a schedule, and what can be done with it. `trouble`: what is wrong, where more can be said of it."""
    number = schedule.id
    cards = selection.words(shelf, schedule.selection, schedule.mode)
    going = (
        Button("Pause", Action.of("schedule-pause", number))
        if schedule.paused is None
        else Button("Resume", Action.of("schedule-resume", number), Style.PRIMARY)
    )
    return Message.of(
        *([Text.of(f"⚠️ {trouble or schedule.trouble}")] if trouble or schedule.trouble else []),
        Heading(head or f"Daily question {number}"),
        Text.of(bold(when(schedule)), f"; {coming(schedule, now)}."),
        Text.of(
            "In ",
            Channel(schedule.place.channel),
            f", from {cards}; {MODES[schedule.mode]}{_told(schedule)}. {_open(schedule, now)} {_recap(schedule)}",
        ),
        *button_rows(
            [
                going,
                Button("Post one now", Action.of("schedule-now", number)),
                Button("Remove", Action.of("schedule-remove", number), Style.DANGER),
                Button("All of them", Action.of("schedules")),
            ]
        ),
        Text.of(
            code(f"/quiz schedule set id:{number}"), " changes what you name after it, and nothing else.", quiet=True
        ),
    )


def _told(schedule: Schedule) -> str:
    at_close = schedule.feedback is Feedback.AT_CLOSE or schedule.mode is Mode.REACTIONS
    return ", results when it closes" if at_close else ""


def _recap(schedule: Schedule) -> str:
    return (
        "There is no weekly recap." if schedule.recap_at is None else "On Mondays the channel gets a recap of its week."
    )


def _open(schedule: Schedule, now: datetime) -> str:
    if schedule.open_minutes is None:
        rule = "until an hour before the next one, at most 23 hours"
    else:
        rule = f"for {count(schedule.open_minutes // 60, 'hour')}, at most until the next one"
    if schedule.paused is not None or schedule.due_at <= now:
        return f"Each is open {rule}."
    following = claims.next_due(schedule, schedule.due_at)[1]
    closes_at = due.closing(schedule.due_at, following, schedule.open_for)
    return f"Each is open {rule}: the next until {instant(closes_at, schedule.zone)}."
