"""`/quiz schedule list|show|pause|resume|remove|now`: what becomes of a community's daily questions."""

from __future__ import annotations

from typing import Final, TypeAlias

from bot.events import Command, Place, Press
from bot.features import claims, plans
from bot.features.claims import NoCard
from bot.features.plans import SET_UP
from bot.features.turn import Outcome, Planned, Turn
from bot.messages import Action, Block, Button, Channel, Heading, Message, Style, Text, bold, button_rows, clip, code
from bot.store import schedules
from bot.store.schedules import Pause, Schedule

LISTED = 10

Way: TypeAlias = tuple[str, str]
"""What a button below a list does with a daily question: its label, with a place for the number, and its verb."""

SHOW: Final[Way] = ("Show {}", "schedule")
PAUSE: Final[Way] = ("Pause {}", "schedule-pause")
RESUME: Final[Way] = ("Resume {}", "schedule-resume")
REMOVE: Final[Way] = ("Remove {}", "schedule-remove")
NOW: Final[Way] = ("Post {} now", "schedule-now")


async def catalogue(turn: Turn, event: Command | Press) -> Outcome:
    """Every daily question of the community."""
    every = await schedules.of_community(turn.tx, turn.member.community_id)
    return Outcome(_listed(turn, every, "Daily questions", SHOW) if every else _none(event.place))


async def show(turn: Turn, event: Command | Press) -> Outcome:
    schedule = await _named(turn, event)
    if isinstance(schedule, Message):
        return Outcome(schedule)
    return Outcome(plans.shown(turn.shelf, schedule, turn.now))


async def pause(turn: Turn, event: Command | Press) -> Outcome:
    """Nothing is posted until an admin says so, whatever else kept it from posting before."""
    schedule = await _named(turn, event, PAUSE)
    if isinstance(schedule, Message):
        return Outcome(schedule)
    if schedule.paused is not None:
        await schedules.resume(turn.tx, schedule.id)
    await schedules.pause(turn.tx, schedule.id, Pause.ADMIN, None)
    return Outcome(await _after(turn, schedule, "is paused"))


async def resume(turn: Turn, event: Command | Press) -> Outcome:
    """From now on; and today's question, if it was missed and can still be answered."""
    schedule = await _named(turn, event, RESUME)
    if isinstance(schedule, Message):
        return Outcome(schedule)
    if schedule.paused is None:
        return Outcome(plans.shown(turn.shelf, schedule, turn.now, f"Daily question {schedule.id} is not paused"))
    missed = await claims.missed(turn.tx, schedule, turn.now)
    date, at = missed or await claims.upcoming(turn.tx, schedule.id, schedule, turn.now)
    await schedules.advance(turn.tx, {schedule.id: (date, at)})
    await schedules.resume(turn.tx, schedule.id)
    head = f"Daily question {schedule.id}"
    check = Planned(schedule.id, schedule.place, f"{head} goes on", f"{head} can’t go on yet")
    return Outcome(await _after(turn, schedule, "goes on"), check=check)


async def remove(turn: Turn, event: Command | Press) -> Outcome:
    """Asks first."""
    schedule = await _named(turn, event, REMOVE)
    if isinstance(schedule, Message):
        return Outcome(schedule)
    return Outcome(
        Message.of(
            Text.of(bold(f"Remove daily question {schedule.id}?"), " It comes ", *plans.where(schedule), "."),
            "A question that is open goes on to its close. Answers, points and streaks stay.",
            *button_rows(
                [
                    Button("Remove it", Action.of("schedule-removed", schedule.id), Style.DANGER),
                    Button("Keep it", Action.of("schedule", schedule.id)),
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
    done = Text.of(f"Daily question {schedule.id} is removed: it came ", *plans.where(schedule), ".")
    ways = [Button("All of them", Action.of("schedules"))] if left else [SET_UP] if event.place.channel else []
    return Outcome(Message.of(done, *button_rows(ways)))


async def post_now(turn: Turn, event: Command | Press) -> Outcome:
    """A question at once: today's, or one beside it where today's has been posted."""
    schedule = await _named(turn, event, NOW)
    if isinstance(schedule, Message):
        return Outcome(schedule)
    zone, chance = turn.member.zone, turn.chance
    post = await claims.claim_by_hand(turn.tx, schedule, zone, turn.shelf, turn.now, chance, event.id)
    if post is None:
        return Outcome(Message.of("That question is posted already."))
    if isinstance(post, NoCard):
        return Outcome(Message.of(post.why))
    after = await schedules.by_id(turn.tx, schedule.id)
    assert after is not None
    what = (
        "It is one more, beside today’s"
        if post.local_date is None
        else "It is today’s question, so no other comes today"
    )
    closes = plans.instant(post.closes_at, schedule.zone)
    return Outcome(
        Message.of(
            Text.of("Posted in ", Channel(schedule.place.channel), f". {what}. It is open until {closes}."),
            f"{plans.when(schedule)}; {plans.coming(after, turn.now)}.",
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
        return _listed(turn, every, "Which of these?", way)
    found = next((each for each in every if str(each.id) == named), None)
    return found or _listed(turn, every, f"There is no daily question {named[:9]}", way)


def _none(place: Place) -> Message:
    return Message(plans.none_yet(place))


def _listed(turn: Turn, every: list[Schedule], head: str, way: Way) -> Message:
    """Each schedule in two lines, and a button for each."""
    blocks: list[Block] = [Heading(head)]
    for each in every[:LISTED]:
        warning = f"\n⚠️ {clip(each.trouble, 180)}" if each.trouble else ""
        what = f" · {plans.when(each)}\n{plans.coming(each, turn.now)}{warning}"
        blocks.append(Text.of(bold(f"{each.id} · "), Channel(each.place.channel), what))
    if len(every) > LISTED:
        rest = len(every) - LISTED
        blocks.append(Text.of(f"And {rest} more, such as ", code(f"/quiz schedule show id:{every[LISTED].id}"), "."))
    label, verb = way
    buttons = [Button(label.format(each.id), Action.of(verb, each.id)) for each in every[:LISTED]]
    return Message.of(*blocks, *button_rows(buttons))


async def _after(turn: Turn, schedule: Schedule, done: str) -> Message:
    """A schedule as it is now."""
    now = await schedules.by_id(turn.tx, schedule.id)
    assert now is not None
    return plans.shown(turn.shelf, now, turn.now, f"Daily question {schedule.id} {done}")
