"""`/quiz schedule set`, and the form that does the same: what an admin wants, read word by word, made a schedule."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from bot.events import Actor, Command, Completion, Place, Press, Submit
from bot.features import claims, placing, plans, recap, selection, whom, zones
from bot.features.placing import NO_CHANNEL, Unfit
from bot.features.turn import Outcome, Planned, Turn
from bot.library.shelf import Shelf
from bot.messages import (
    Action,
    Button,
    Channel,
    Choice,
    Choices,
    Form,
    Message,
    OptionValue,
    SelectInput,
    Style,
    Text,
    TextInput,
    button_rows,
    clip,
)
from bot.quiz import rhythm
from bot.quiz.selection import Selection
from bot.store import questions, schedules
from bot.store.questions import Question
from bot.store.schedules import Feedback, Mode, Pause, Plan, Schedule
from bot.words import N_, _

TIME = "09:00"
DAYS = {
    "weekdays": N_("Monday to Friday"),
    "daily": N_("Every day"),
    "weekends": N_("Saturday and Sunday"),
    "mon,wed,fri": N_("Monday, Wednesday and Friday"),
    "tue,thu": N_("Tuesday and Thursday"),
}
"""Days that are offered, as they are written, and in words. Any others can be written."""

LEVELS = ("beginner", "beginner,intermediate", "intermediate", "intermediate,advanced", "advanced")
"""Levels that the form offers, as they are written."""

FIELDS = ("time", "days", "zone", "level")
"""What the form asks, by the names of the options that it stands for."""

DAYS_LIKE = r"daily|week(day|end)s?|(mon|tue|wed|thu|fri|sat|sun)[a-z]*([-,–].*)?"
"""What days look like among other words."""


async def set_up(turn: Turn, event: Command) -> Outcome:
    try:
        return await _set(turn, event, event.options)
    except Unfit as unfit:
        return Outcome(Message.of(unfit.said))


async def form(turn: Turn, event: Press) -> Outcome:
    """`schedule-form`: what a first daily question needs to know, with something sensible where nothing is said."""
    if not event.place.channel:
        return Outcome(Message.of(_(NO_CHANNEL)))
    return Outcome(
        Form(
            _("A daily question"),
            (
                TextInput("time", _("At what time"), placeholder=TIME, most=20, required=False),
                SelectInput(
                    "days",
                    _("On which days"),
                    tuple(Choice(_(words), days) for days, words in DAYS.items()),
                    "weekdays",
                ),
                TextInput("zone", _("In which time zone"), placeholder=turn.member.zone.key, most=60, required=False),
                SelectInput("level", _("How hard"), _levels_offered(), selection.ALL),
            ),
            Action.of("schedule-set"),
            intro=_(
                "It comes into this channel, from all decks, and is answered with buttons; /quiz schedule set changes any "
                "of that. What you leave empty is as it is suggested."
            ),
            send=_("Set up"),
        )
    )


async def sent(turn: Turn, event: Submit) -> Outcome:
    options = {name: event.fields[name] for name in FIELDS if event.fields.get(name, "").strip()}
    try:
        return await _set(turn, event, {"time": TIME, **options})
    except Unfit as unfit:
        again = Button(_("Try again"), Action.of("schedule-form"), Style.PRIMARY)
        return Outcome(Message.of(unfit.said, *button_rows([again])))


def _levels_offered() -> tuple[Choice, ...]:
    named = (Choice(plans.capital(selection.levels_words(selection.read_levels(each))), each) for each in LEVELS)
    return (Choice(_("All levels"), selection.ALL), *named)


def complete_days(shelf: Shelf, event: Completion) -> Choices:
    """The days that are being typed, as they are understood; or else those that are offered."""
    typed = event.typed.strip().lower()
    if (read := rhythm.read_days(typed)) is not None:
        return Choices((Choice(plans.capital(plans.days_words(read)), rhythm.written(read)),))
    return Choices(
        tuple(Choice(_(words), days) for days, words in DAYS.items() if typed in days or typed in _(words).lower())
    )


# ---------------------------------------------------------------- what is wanted


async def _set(turn: Turn, event: Command | Submit, options: Mapping[str, OptionValue]) -> Outcome:
    before = await _before(turn, options)
    said = {name: str(value).strip() for name, value in options.items()}
    if before is None and "time" not in said:
        raise Unfit(_("When shall it come? For example: /quiz schedule set time:09:00."))
    lines = placing.read(event.place, said, before)
    plan = _plan(turn, lines.places[0], said, before)
    if not selection.matching(turn.shelf, plan.selection, plan.mode):
        raise Unfit(selection.nothing(turn.shelf, plan.selection, plan.mode))
    for place in lines.places:
        await _no_twin(turn, replace(plan, place=place), before, several=len(lines.places) > 1)
    told = {place: await _tell(turn, event, options, place, line.place) for line, place in lines.stay}
    there = None if before is None else before.lines[0].place
    tell = await _tell(turn, event, options, lines.come[0], there) if lines.come else None
    number = await placing.add(turn, lines, plan, before, tell)
    for line, place in lines.stay:
        planned = replace(plan, place=place)
        if line.paused not in (None, Pause.ADMIN):  # the look that follows pauses it again, if it must be
            await schedules.resume(turn.tx, line.id)
        await schedules.change(turn.tx, line.id, planned, await _due(turn, line, planned), told[place])
    for line in lines.go:
        await schedules.remove(turn.tx, line.id, turn.now)
    if before is None:
        head = _("Daily question {number} is set up", number=number)
    else:
        head = _("Daily question {number} is changed", number=number)
    await _recap(turn, options, number, lines.places, before)
    question = await questions.by_number(turn.tx, number)
    assert question is not None
    check = Planned(number, question.places, head, head, turn.member.person_id)
    return Outcome(await plans.shown(turn.tx, turn.shelf, question, turn.now, turn.member.person_id, head), check=check)


async def _tell(
    turn: Turn, event: Command | Submit, options: Mapping[str, OptionValue], place: Place, before: Place | None
) -> Actor | None:
    """Who is told when it can't be posted: whoever is named; else who sets it up, or takes it to another workspace.
    None:
    who it was before.
    """
    there = None if before is None else (before.platform, before.workspace)
    if "tell" not in options and there == (place.platform, place.workspace):
        return None
    found = await whom.reader(turn, event, str(options.get("tell", whom.ME)), place)
    if isinstance(found, str):
        raise Unfit(found)
    return Actor(found.platform, found.workspace, found.user_id, found.name)


async def _recap(
    turn: Turn, options: Mapping[str, OptionValue], number: int, places: Sequence[Place], before: Question | None
) -> None:
    """Whether the channels are told of their weeks: as is said, or as it was there, or else as it was with this question before."""
    for place in places:
        known = [each for each in await schedules.of_place(turn.tx, place) if each.number != number]
        if not known and before is not None:
            line = before.line_at(place)
            known = [*before.lines] if line is None else [line]
        wanted = str(options["recap"]) == "on" if "recap" in options else all(each.recap_at for each in known)
        await recap.arrange(turn.tx, place, turn.member.zone, turn.now, wanted=wanted)


async def _due(turn: Turn, before: Schedule, plan: Plan) -> tuple[date, datetime]:
    """When a changed schedule's next question comes. Another rhythm begins anew; what is due already is not lost."""
    if (before.time, before.zone, before.days) == (plan.time, plan.zone, plan.days):
        moved = replace(before, place=plan.place)
        if before.paused is None:
            if not await claims.stands(turn.tx, moved, before.due_date):
                return before.due_date, before.due_at
        elif (missed := await claims.missed(turn.tx, moved, turn.now)) is not None:
            return missed
    return await claims.upcoming(turn.tx, before.id, before.question_id, plan, turn.now)


async def _before(turn: Turn, options: Mapping[str, OptionValue]) -> Question | None:
    """The daily question that is to change, if one is; nobody else changes or claims it meanwhile."""
    if "id" not in options:
        return None
    number = int(options["id"])
    await questions.held(turn.tx, [number])
    found = await questions.by_number(turn.tx, number)
    if found is None or found.lines[0].community_id != turn.member.community_id:
        raise Unfit(
            _(
                "There is no daily question {number} here. /quiz schedule list shows those that there are.",
                number=options["id"],
            )
        )
    if len(options) == 1:
        raise Unfit(_("Name what to change, such as /quiz schedule set id:{number} time:10:00.", number=number))
    return found


def _plan(turn: Turn, place: Place, said: Mapping[str, str], before: Question | None) -> Plan:
    """What is wanted: what is said, and for the rest what was so before, or else the default."""
    start = Plan(place, TIME, turn.member.zone.key, rhythm.WEEKDAYS) if before is None else before.lines[0]
    read: dict[str, Any] = {field: reader(said[name]) for name, (field, reader) in _READERS.items() if name in said}
    return replace(start, **read, place=place, selection=_selection(turn.shelf, said, start.selection))


def _time(text: str) -> str:
    if (time := rhythm.read_time(text)) is None:
        raise Unfit(_("“{text}” is no time of day. Write 09:00, 9:00, 9am or 9.", text=clip(text, 40)))
    return f"{time:%H:%M}"


def _zone(text: str) -> str:
    if (zone := zones.read(text)) is None:
        raise Unfit(zones.unknown(text))
    return zone


def _days(text: str) -> frozenset[int]:
    if (days := rhythm.read_days(text)) is None:
        raise Unfit(
            _("“{text}” are no days. Write weekdays, daily, weekends, mon,wed,fri or mon-thu.", text=clip(text, 60))
        )
    return days


def _open_minutes(hours: str) -> int | None:
    return int(hours) * 60 or None


_READERS: Mapping[str, tuple[str, Callable[[str], object]]] = {
    "time": ("time", _time),
    "zone": ("zone", _zone),
    "days": ("days", _days),
    "mode": ("mode", Mode),
    "feedback": ("feedback", Feedback),
    "open": ("open_minutes", _open_minutes),
}
"""The part of a plan that each option is about, and what its text means."""


def _selection(shelf: Shelf, said: Mapping[str, str], before: Selection) -> Selection:
    return Selection(
        _known(selection.read_decks(shelf, said["decks"])) if "decks" in said else before.decks,
        selection.read_levels(said["level"]) if "level" in said else before.levels,
        _known(selection.read_topics(shelf, said["topic"])) if "topic" in said else before.topics,
    )


def _known(read: tuple[str, ...] | str) -> tuple[str, ...]:
    if isinstance(read, str):
        raise Unfit(read)
    return read


async def _no_twin(turn: Turn, plan: Plan, before: Question | None, *, several: bool) -> None:
    """Two questions in one channel at one time are a slip: the second was to change the first, or to come elsewhere."""
    for other in await schedules.of_place(turn.tx, plan.place):
        same = (other.time, other.zone) == (plan.time, plan.zone) and other.days & plan.days
        if not same or (before is not None and other.number == before.number):
            continue
        if several:
            sentence = _(
                "Daily question {number} comes into {channel} at that time already: {when}. To change it: /quiz "
                "schedule set id:{number}, and what shall be different.",
                number=other.number,
                when=plans.when(other),
            )
            raise Unfit(Text.woven(sentence, channel=Channel(plan.place.channel)))
        raise Unfit(
            _(
                "Daily question {number} comes into that channel at that time already: {when}. To change it: /quiz "
                "schedule set id:{number}, and what shall be different.",
                number=other.number,
                when=plans.when(other),
            )
        )
