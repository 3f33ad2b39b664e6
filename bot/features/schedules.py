"""`/quiz schedule list|show|pause|resume|remove|now`: what becomes of a community's daily questions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, TypeAlias

from bot.events import Command, Place, Press
from bot.features import channels, claims, plans
from bot.features.claims import NoCard
from bot.features.turn import Claimed, Outcome, Planned, Turn
from bot.messages import Action, Block, Button, Heading, Message, Style, Text, bold, button_rows
from bot.store import questions, schedules
from bot.store.questions import Question
from bot.store.schedules import Pause
from bot.words import N_, _, instant, ngettext

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
    every = await questions.of_community(turn.tx, turn.member.community_id)
    return Outcome(_listed(turn, every, _("Daily questions"), SHOW) if every else _none(event.place))


async def show(turn: Turn, event: Command | Press) -> Outcome:
    question = await _named(turn, event)
    if isinstance(question, Message):
        return Outcome(question)
    return Outcome(await plans.shown(turn.tx, turn.shelf, question, turn.now, turn.member.person_id))


async def pause(turn: Turn, event: Command | Press) -> Outcome:
    """Nothing is posted until an admin says so, whatever else kept it from posting before."""
    question = await _named(turn, event, PAUSE)
    if isinstance(question, Message):
        return Outcome(question)
    for line in question.lines:
        if line.paused is not None:
            await schedules.resume(turn.tx, line.id)
        await schedules.pause(turn.tx, line.id, Pause.ADMIN, None)
    return Outcome(await _after(turn, question, _("Daily question {number} is paused", number=question.number)))


async def resume(turn: Turn, event: Command | Press) -> Outcome:
    """From now on; and today's question, if it was missed and can still be answered."""
    question = await _named(turn, event, RESUME)
    if isinstance(question, Message):
        return Outcome(question)
    number = question.number
    paused = [line for line in question.lines if line.paused is not None]
    if not paused:
        head = _("Daily question {number} is not paused", number=number)
        return Outcome(await plans.shown(turn.tx, turn.shelf, question, turn.now, turn.member.person_id, head))
    for line in paused:
        missed = await claims.missed(turn.tx, line, turn.now)
        date, at = missed or await claims.upcoming(turn.tx, line.id, line.question_id, line, turn.now)
        await schedules.advance(turn.tx, {line.id: (date, at)})
        await schedules.resume(turn.tx, line.id)
    head = _("Daily question {number} goes on", number=number)
    stopped = _("Daily question {number} can’t go on yet", number=number)
    check = Planned(number, question.places, head, stopped, turn.member.person_id)
    return Outcome(await _after(turn, question, head), check=check)


async def remove(turn: Turn, event: Command | Press) -> Outcome:
    """Asks first."""
    question = await _named(turn, event, REMOVE)
    if isinstance(question, Message):
        return Outcome(question)
    return Outcome(
        Message.of(
            Text.woven(
                # For translators: “It comes weekdays at 09:00 in Berlin, in #general.”
                _("**Remove daily question {number}?** It comes {where}."),
                number=str(question.number),
                where=plans.where(question),
            ),
            _("A question that is open goes on to its close. Answers, points and streaks stay."),
            *button_rows(
                [
                    Button(_("Remove it"), Action.of("schedule-removed", question.number), Style.DANGER),
                    Button(_("Keep it"), Action.of("schedule", question.number)),
                ]
            ),
        )
    )


async def removed(turn: Turn, event: Press) -> Outcome:
    """`schedule-removed:3`: yes."""
    question = await _named(turn, event)
    if isinstance(question, Message):
        return Outcome(question)
    for line in question.lines:
        await schedules.remove(turn.tx, line.id, turn.now)
    left = await schedules.of_community(turn.tx, turn.member.community_id)
    done = Text.woven(
        _("Daily question {number} is removed: it came {where}."),
        number=str(question.number),
        where=plans.where(question),
    )
    ways = [plans.set_up()] if event.place.channel else []
    if left:
        ways = [Button(_("All of them"), Action.of("schedules"))]
    return Outcome(Message.of(done, *button_rows(ways)))


async def post_now(turn: Turn, event: Command | Press) -> Outcome:
    """A question at once: today's where that has not been posted, or one beside it where it has been everywhere."""
    question = await _named(turn, event, NOW)
    if isinstance(question, Message):
        return Outcome(question)
    zone, chance = turn.member.zone, turn.chance
    posts = await claims.claim_by_hand(turn.tx, question, zone, turn.shelf, turn.now, chance, event.id)
    if isinstance(posts, NoCard):
        return Outcome(Message.of(posts.why(turn.shelf)))
    if not posts:
        return Outcome(Message.of(_("That question is posted already.")))
    after = await questions.by_number(turn.tx, question.number)
    assert after is not None
    said = (
        _("Posted in {channel}. It is one more, beside today’s. It is open until {instant}.")
        if posts[0].local_date is None
        else _("Posted in {channel}. It is today’s question, so no other comes today. It is open until {instant}.")
    )
    closes = instant(posts[0].closes_at, question.next.zone)
    coming = f"{plans.capital(plans.when(after.next))}; {plans.coming(after.next, turn.now)}."

    def told(places: Sequence[Place]) -> Message:
        return Message.of(Text.woven(said, channel=channels.named(places), instant=closes), coming)

    return Outcome(claimed=Claimed(question.number, posts, told))


# ---------------------------------------------------------------- which one


async def _named(turn: Turn, event: Command | Press, way: Way = SHOW) -> Question | Message:
    """The community's daily question that an option or a button names; the only one, where none is named. Or what to say:
    which there are, each with a button that goes that `way`.
    """
    every = await questions.of_community(turn.tx, turn.member.community_id)
    named = str(event.options.get("id", "")) if isinstance(event, Command) else (event.action.args or ("",))[0]
    if not every:
        return _none(event.place)
    if not named and len(every) == 1:
        return every[0]
    if not named:
        return _listed(turn, every, _("Which of these?"), way)
    found = next((each for each in every if str(each.number) == named), None)
    return found or _listed(turn, every, _("There is no daily question {number}", number=named[:9]), way)


def _none(place: Place) -> Message:
    return Message(plans.none_yet(place))


def _listed(turn: Turn, every: list[Question], head: str, way: Way) -> Message:
    """Each question in two lines, what is wrong, and a button for each."""
    blocks: list[Block] = [Heading(head)]
    for each in every[:LISTED]:
        what = f" · {plans.capital(plans.when(each.next))}\n{plans.coming(each.next, turn.now)}"
        runs = (bold(f"{each.number} · "), *channels.named(each.places, channels.FEW), what)
        blocks.append(Text.of(*runs, *channels.troubled(each)))
    if len(every) > LISTED:
        rest = ngettext(
            "And {number} more: `/quiz schedule show id:{id}`.",
            "And {number} more, such as `/quiz schedule show id:{id}`.",
            len(every) - LISTED,
        )
        blocks.append(Text.woven(rest, id=str(every[LISTED].number)))
    label, verb = way
    buttons = [Button(_(label, number=each.number), Action.of(verb, each.number)) for each in every[:LISTED]]
    return Message.of(*blocks, *button_rows(buttons))


async def _after(turn: Turn, question: Question, head: str) -> Message:
    """A daily question as it is now."""
    now = await questions.by_number(turn.tx, question.number)
    assert now is not None
    return await plans.shown(turn.tx, turn.shelf, now, turn.now, turn.member.person_id, head)
