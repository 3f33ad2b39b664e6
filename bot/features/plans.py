"""A schedule in plain words: when, where, from which cards, how it is answered, until when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.events import Place
from bot.features import channels, claims, selection, zones
from bot.library.shelf import Shelf
from bot.messages import (
    Action,
    Block,
    Button,
    Heading,
    Message,
    Run,
    Style,
    Text,
    When,
    bold,
    button_rows,
    clip,
    plain,
    woven,
)
from bot.quiz import due, rhythm
from bot.store import people, workspaces
from bot.store.ballots import Account
from bot.store.questions import Question
from bot.store.schedules import Feedback, Mode, Pause, Plan, Schedule
from bot.words import N_, _, both, instant, ngettext

# For translators: on each of them, as in “Mondays and Thursdays at 09:00 in Berlin”
DAYS = (
    N_("Mondays"),
    N_("Tuesdays"),
    N_("Wednesdays"),
    N_("Thursdays"),
    N_("Fridays"),
    N_("Saturdays"),
    N_("Sundays"),
)


def set_up() -> Button:
    return Button(_("Set up a daily question"), Action.of("schedule-form"), Style.PRIMARY)


def days_words(days: frozenset[int]) -> str:
    """`weekdays`, `every day`, `Mondays`, `Mondays and Thursdays`, `Tuesdays to Thursdays`: inside a sentence."""
    if days == rhythm.DAILY:
        return _("every day")
    if days == rhythm.WEEKDAYS:
        # For translators: Monday to Friday
        return _("weekdays")
    if days == rhythm.WEEKENDS:
        return _("weekends")
    firsts = [day for day in days if (day - 1) % 7 not in days]
    if len(firsts) == 1 and len(days) > 2:
        first, last = DAYS[firsts[0]], DAYS[(firsts[0] + len(days) - 1) % 7]
        # For translators: “Tuesdays to Thursdays”
        return _("{first} to {last}", first=_(first), last=_(last))
    return both([_(DAYS[day]) for day in sorted(days)])


def capital(words: str) -> str:
    """As it stands at the beginning of a line."""
    return words[:1].upper() + words[1:]


def when(plan: Plan) -> str:
    """`weekdays at 09:00 in Berlin`: inside a sentence."""
    # For translators: “weekdays at 09:00 in Berlin”
    return _("{days} at {time} {zone}", days=days_words(plan.days), time=plan.time, zone=zones.words(plan.zone))


def where(question: Question) -> tuple[Run, ...]:
    """`weekdays at 09:00 in Berlin, in #general`: inside a sentence."""
    return woven(_("{when}, in {channel}"), when=when(question.next), channel=channels.named(question.places))


def coming(schedule: Schedule, now: datetime) -> str:
    """When the next question comes, or why none does: behind a semicolon."""
    match schedule.paused:
        case None if schedule.due_at <= now:
            return _("the next one comes at once")
        case None:
            # For translators: behind a semicolon, as the three beside it: “Weekdays at 09:00 in Berlin; next: Monday …”
            return _("next: {instant}", instant=instant(schedule.due_at, schedule.zone))
        case Pause.ADMIN:
            return _("paused by an admin")
        case _paused:
            return _("paused until what is wrong is mended")


def brief(question: Question, now: datetime) -> tuple[Run, ...]:
    """`#general · Weekdays at 09:00 in Berlin · next Mon 23 Nov, 08:00 UTC`: a line of a list."""
    schedule = question.next
    line = (*channels.named(question.places, channels.FEW), plain(f" · {capital(when(schedule))} · "))
    if schedule.paused is None and schedule.due_at > now:
        return *line, *woven(_("next {instant}"), instant=When(schedule.due_at))
    return *line, plain(coming(schedule, now))


def none_yet(place: Place) -> tuple[Block, ...]:
    """What an admin is told where there is no daily question, and the way to a first one."""
    if not place.channel:
        said = _(
            "There is no daily question yet. Type `/quiz schedule set time:09:00` in the channel where it is to stand."
        )
        return (Text.woven(said),)
    said = _("There is no daily question yet. `/quiz schedule set time:09:00` sets one up in this channel.")
    return Text.woven(said), *button_rows([set_up()])


async def shown(
    tx: AsyncConnection,
    shelf: Shelf,
    question: Question,
    now: datetime,
    reader: int,
    head: str = "",
    troubles: Mapping[Place, str] | None = None,
) -> Message:
    """Everything about a daily question, and what can be done with it. `reader`: the person who is told. `troubles`: what is wrong in a channel, where more can
    be said of it.
    """
    number, schedule = question.number, question.next
    cards = selection.words(shelf, schedule.selection, schedule.mode)
    going = (
        Button(_("Pause"), Action.of("schedule-pause", number))
        if schedule.paused is None
        else Button(_("Resume"), Action.of("schedule-resume", number), Style.PRIMARY)
    )
    return Message.of(
        *channels.warnings(question, troubles or {}),
        Heading(head or _("Daily question {number}", number=number)),
        Text.of(bold(capital(when(schedule))), f"; {coming(schedule, now)}."),
        Text.of(
            *woven(_answered(schedule), channel=channels.named(question.places), cards=cards),
            f" {_open(schedule, now)} {channels.recap(question)} {await _told(tx, question.lines[0], reader)}",
        ),
        *button_rows(
            [
                going,
                Button(_("Post one now"), Action.of("schedule-now", number)),
                Button(_("Remove"), Action.of("schedule-remove", number), Style.DANGER),
                Button(_("All of them"), Action.of("schedules")),
            ]
        ),
        Text.woven(
            _("`/quiz schedule set id:{number}` changes what you name after it, and nothing else."),
            number=str(number),
            quiet=True,
        ),
    )


def _answered(schedule: Schedule) -> str:
    """Where, from what and how: with places for the channel and the cards."""
    if schedule.mode is Mode.REACTIONS:
        return _("In {channel}, from {cards}; answered with reactions, results when it closes.")
    if schedule.feedback is Feedback.AT_CLOSE:
        return _("In {channel}, from {cards}; answered with buttons, results when it closes.")
    return _("In {channel}, from {cards}; answered with buttons.")


async def _told(tx: AsyncConnection, schedule: Schedule, reader: int) -> str:
    """Who hears of it when it can't be posted."""
    if (actor := schedule.tell) is not None:
        account = Account(actor.platform, actor.workspace, actor.id, "")
        person = await people.find_person(tx, schedule.community_id, account)
        if person is None:  # as after the workspace has left a joint community
            return _(
                "If it can’t be posted, I tell somebody who is not in this community any more; tell:me changes that."
            )
        if person.id == reader:
            return _("If it can’t be posted, you are told.")
        return _("If it can’t be posted, {name} is told.", name=clip(person.name, 60))
    kept = await workspaces.by_id(tx, schedule.place.platform, schedule.place.workspace)
    if kept is None or kept.workspace.owner is None:
        return _("If it can’t be posted, admins see it at /quiz.")
    return _("If it can’t be posted, the workspace’s owner is told.")


def _open(schedule: Schedule, now: datetime) -> str:
    rest = "" if schedule.paused is not None or schedule.due_at <= now else f" {_next_open(schedule)}"
    if schedule.open_minutes is None:
        return _("Each is open until an hour before the next one, at most 23 hours.") + rest
    hours = ngettext(
        "Each is open for {number} hour, at most until the next one.",
        "Each is open for {number} hours, at most until the next one.",
        schedule.open_minutes // 60,
    )
    return hours + rest


def _next_open(schedule: Schedule) -> str:
    following = claims.next_due(schedule, schedule.due_at)[1]
    closes_at = due.closing(schedule.due_at, following, schedule.open_for)
    return _("The next one is open until {instant}.", instant=instant(closes_at, schedule.zone))
