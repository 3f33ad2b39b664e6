"""`/quiz schedule list|show|pause|resume|remove|now`: what becomes of a community's daily questions."""

from __future__ import annotations

from typing import Final, TypeAlias

from bot.events import Command, Place, Press
from bot.features import claims, plans
from bot.features.claims import NoCard
from bot.features.turn import Outcome, Planned, Turn
from bot.messages import Action, Block, Button, Channel, Heading, Message, Style, Text, bold, button_rows, clip
from bot.store import schedules
from bot.store.schedules import Pause, Schedule
from bot.words import N_, _, instant, ngettext, said

LISTED = 10

Way: TypeAlias = tuple[str, str]
"""What a button below a list does with a daily question: its label, with a place for the number, and its verb."""

SHOW: Final[Way] = (N_("Show {number}"), "schedule")
PAUSE: Final[Way] = (N_("Pause {number}"), "schedule-pause")
RESUME: Final[Way] = (N_("Resume {number}"), "schedule-resume")
REMOVE: Final[Way] = (N_("Remove {number}"), "schedule-remove")
NOW: Final[Way] = (N_("Post {number} now"), "schedule-now")


async def catalogue(turn: Turn, event: Command | Press) -> Outcome:
    """Every daily question of the community."""
    every = await schedules.of_community(turn.tx, turn.member.community_id)
    return Outcome(_listed(turn, every, _("Daily questions"), SHOW) if every else _none(event.place))


async def show(turn: Turn, event: Command | Press) -> Outcome:
    schedule = await _named(turn, event)
    if isinstance(schedule, Message):
        return Outcome(schedule)
    return Outcome(await plans.shown(turn.tx, turn.shelf, schedule, turn.now))


async def pause(turn: Turn, event: Command | Press) -> Outcome:
    """Nothing is posted until an admin says so, whatever else kept it from posting before."""
    schedule = await _named(turn, event, PAUSE)
    if isinstance(schedule, Message):
        return Outcome(schedule)
    if schedule.paused is not None:
        await schedules.resume(turn.tx, schedule.id)
    await schedules.pause(turn.tx, schedule.id, Pause.ADMIN, None)
    return Outcome(await _after(turn, schedule, _("Daily question {number} is paused", number=schedule.id)))


async def resume(turn: Turn, event: Command | Press) -> Outcome:
    """From now on; and today's question, if it was missed and can still be answered."""
    schedule = await _named(turn, event, RESUME)
    if isinstance(schedule, Message):
        return Outcome(schedule)
    if schedule.paused is None:
        return Outcome(
            await plans.shown(
                turn.tx, turn.shelf, schedule, turn.now, _("Daily question {number} is not paused", number=schedule.id)
            )
        )
    missed = await claims.missed(turn.tx, schedule, turn.now)
    date, at = missed or await claims.upcoming(turn.tx, schedule.id, schedule, turn.now)
    await schedules.advance(turn.tx, {schedule.id: (date, at)})
    await schedules.resume(turn.tx, schedule.id)
    head = _("Daily question {number} goes on", number=schedule.id)
    stopped = _("Daily question {number} can’t go on yet", number=schedule.id)
    check = Planned(schedule.id, schedule.place, head, stopped)
    return Outcome(await _after(turn, schedule, head), check=check)


async def remove(turn: Turn, event: Command | Press) -> Outcome:
    """Asks first."""
    schedule = await _named(turn, event, REMOVE)
    if isinstance(schedule, Message):
        return Outcome(schedule)
    return Outcome(
        Message.of(
            Text.woven(
                # For translators: “It comes weekdays at 09:00 in Berlin, in #general.”
                _("**Remove daily question {number}?** It comes {where}."),
                number=str(schedule.id),
                where=plans.where(schedule),
            ),
            _("A question that is open goes on to its close. Answers, points and streaks stay."),
            *button_rows(
                [
                    Button(_("Remove it"), Action.of("schedule-removed", schedule.id), Style.DANGER),
                    Button(_("Keep it"), Action.of("schedule", schedule.id)),
                ]
            ),
        )
    )


async def removed(turn: Turn, event: Press) -> Outcome:
    """`schedule-removed:3`: yes."""
    schedule = await _named(turn, event)
    if isinstance(schedule, Message):
        return Outcome(schedule)
    await schedules.remove(turn.tx, schedule.id, turn.now)
    left = await schedules.of_community(turn.tx, turn.member.community_id)
    done = Text.woven(
        _("Daily question {number} is removed: it came {where}."),
        number=str(schedule.id),
        where=plans.where(schedule),
    )
    ways = [plans.set_up()] if event.place.channel else []
    if left:
        ways = [Button(_("All of them"), Action.of("schedules"))]
    return Outcome(Message.of(done, *button_rows(ways)))


async def post_now(turn: Turn, event: Command | Press) -> Outcome:
    """A question at once: today's, or one beside it where today's has been posted."""
    schedule = await _named(turn, event, NOW)
    if isinstance(schedule, Message):
        return Outcome(schedule)
    zone, chance = turn.member.zone, turn.chance
    post = await claims.claim_by_hand(turn.tx, schedule, zone, turn.shelf, turn.now, chance, event.id)
    if post is None:
        return Outcome(Message.of(_("That question is posted already.")))
    if isinstance(post, NoCard):
        return Outcome(Message.of(post.why(turn.shelf)))
    after = await schedules.by_id(turn.tx, schedule.id)
    assert after is not None
    said = (
        _("Posted in {channel}. It is one more, beside today’s. It is open until {instant}.")
        if post.local_date is None
        else _("Posted in {channel}. It is today’s question, so no other comes today. It is open until {instant}.")
    )
    closes = instant(post.closes_at, schedule.zone)
    return Outcome(
        Message.of(
            Text.woven(said, channel=Channel(schedule.place.channel), instant=closes),
            f"{plans.capital(plans.when(schedule))}; {plans.coming(after, turn.now)}.",
        ),
        claimed=post,
    )


# ---------------------------------------------------------------- which one


async def _named(turn: Turn, event: Command | Press, way: Way = SHOW) -> Schedule | Message:
    """The community's schedule that an option or a button names; the only one, where none is named. Or what to say: which
    there are, each with a button that goes that `way`.
    """
    every = await schedules.of_community(turn.tx, turn.member.community_id)
    named = str(event.options.get("id", "")) if isinstance(event, Command) else (event.action.args or ("",))[0]
    if not every:
        return _none(event.place)
    if not named and len(every) == 1:
        return every[0]
    if not named:
        return _listed(turn, every, _("Which of these?"), way)
    found = next((each for each in every if str(each.id) == named), None)
    return found or _listed(turn, every, _("There is no daily question {number}", number=named[:9]), way)


def _none(place: Place) -> Message:
    return Message(plans.none_yet(place))


def _listed(turn: Turn, every: list[Schedule], head: str, way: Way) -> Message:
    """Each schedule in two lines, and a button for each."""
    blocks: list[Block] = [Heading(head)]
    for each in every[:LISTED]:
        warning = f"\n⚠️ {clip(said(each.trouble), 180)}" if each.trouble else ""
        what = f" · {plans.capital(plans.when(each))}\n{plans.coming(each, turn.now)}{warning}"
        blocks.append(Text.of(bold(f"{each.id} · "), Channel(each.place.channel), what))
    if len(every) > LISTED:
        rest = ngettext(
            "And {number} more: `/quiz schedule show id:{id}`.",
            "And {number} more, such as `/quiz schedule show id:{id}`.",
            len(every) - LISTED,
        )
        blocks.append(Text.woven(rest, id=str(every[LISTED].id)))
    label, verb = way
    buttons = [Button(_(label, number=each.id), Action.of(verb, each.id)) for each in every[:LISTED]]
    return Message.of(*blocks, *button_rows(buttons))


async def _after(turn: Turn, schedule: Schedule, head: str) -> Message:
    """A schedule as it is now."""
    now = await schedules.by_id(turn.tx, schedule.id)
    assert now is not None
    return await plans.shown(turn.tx, turn.shelf, now, turn.now, head)
