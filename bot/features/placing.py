"""Where a daily question is to stand: which of its lines stay or move to another channel, which come and which go."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.events import Actor, Place
from bot.features import claims
from bot.features.turn import Turn
from bot.messages import Channel, Text
from bot.store import questions, schedules
from bot.store.questions import Question
from bot.store.schedules import Pause, Plan, Schedule
from bot.words import N_, _, number

MOST = 20
"""Channels of one question: all are held while one is claimed, and an admin has to see them all."""

NO_CHANNEL = N_("A daily question stands in a channel. Type /quiz schedule set time:09:00 in the one that it is for.")


class Unfit(Exception):
    """A wish that can't be met; `said` is the sentence that says why, and what can."""

    def __init__(self, said: str | Text) -> None:
        super().__init__(said)
        self.said = said


@dataclass(frozen=True, slots=True)
class Lines:
    """`stay`: lines that there are, and their channels from now on. `come`: channels that are to have one. `go`: lines that
    end. `places`: all channels, in the order in which they were named.
    """

    places: tuple[Place, ...]
    stay: tuple[tuple[Schedule, Place], ...] = ()
    come: tuple[Place, ...] = ()
    go: tuple[Schedule, ...] = ()


def read(here: Place, said: Mapping[str, str], before: Question | None) -> Lines:
    """What the options `channel`, `also` and `without` ask for, in the words of what was said at `here`.

    A channel is one of the workspace in which this was said, whatever is typed. Unfit where it can't be.
    """
    places = _wanted(here, said, before)
    if len(places) > MOST:
        raise Unfit(
            _(
                "A daily question stands in {most} channels at most, and these would be {number}. Set up another one for the rest.",
                most=number(MOST),
                number=number(len(places)),
            )
        )
    if before is None:
        return Lines(places, come=places)
    stay = [(line, line.place) for line in before.lines if line.place in places]
    leaving = [line for line in before.lines if line.place not in places]
    coming = [place for place in places if before.line_at(place) is None]
    moved = list(zip(leaving, coming, strict=False))  # so that a date that had its question has no other
    return Lines(places, (*stay, *moved), tuple(coming[len(moved) :]), tuple(leaving[len(moved) :]))


async def add(turn: Turn, lines: Lines, plan: Plan, before: Question | None, tell: Actor | None) -> int:
    """Make the lines that are to come, with the question's next date; the question's number. `tell`: who is told when it can't be
    posted there, None for whom the question has told. Unfit, and nothing is made, where
    somebody else was quicker.
    """
    first = None if before is None else before.number
    if before is not None and lines.come and before.lines[0].question_id is None:
        await questions.be_one(turn.tx, before.number)
    made: list[int] = []
    for place in lines.come:
        planned = replace(plan, place=place)
        due = await claims.upcoming(turn.tx, None, first, planned, turn.now)
        told = tell or (None if before is None else before.lines[0].tell)
        community = turn.member.community_id
        line = await schedules.make(turn.tx, community, planned, due, turn.now, told, question_id=first)
        if line is None:
            for each in made:
                await schedules.remove(turn.tx, each, turn.now)
            raise Unfit(_("Somebody has just set that very question up. /quiz schedule list shows it."))
        made.append(line)
        if before is not None and before.paused is Pause.ADMIN:
            await schedules.pause(turn.tx, line, Pause.ADMIN, None)
        if first is None:
            first = line
            if len(lines.come) > 1:
                await questions.be_one(turn.tx, first)
    assert first is not None
    return first


def _wanted(here: Place, said: Mapping[str, str], before: Question | None) -> tuple[Place, ...]:
    """All channels that are wanted, each once."""
    if before is None and not here.channel and "channel" not in said:
        raise Unfit(_(NO_CHANNEL))
    there = (Place(here.platform, here.workspace, here.channel),) if before is None else before.places
    places = list(_named(here, said["channel"]) if "channel" in said else there)
    for place in _named(here, said.get("also", "")):
        if place in there and "channel" not in said and before is not None:
            already = _("Daily question {number} stands in {channel} already.", number=before.number)
            raise Unfit(Text.woven(already, channel=Channel(place.channel)))
        places.append(place)
    for place in _named(here, said.get("without", "")):
        if before is None:
            raise Unfit(_("To take a channel away from a daily question, name that, too: id:1 without:#general."))
        if place not in places:
            missing = _("Daily question {number} doesn’t stand in {channel}.", number=before.number)
            raise Unfit(Text.woven(missing, channel=Channel(place.channel)))
        places = [each for each in places if each != place]
    if not places:
        assert before is not None
        raise Unfit(
            _(
                "That would leave daily question {number} no channel. To end it: /quiz schedule remove id:{number}.",
                number=before.number,
            )
        )
    return tuple(dict.fromkeys(places))


def _named(here: Place, channels: str) -> tuple[Place, ...]:
    return tuple(Place(here.platform, here.workspace, each) for each in channels.split(",") if each)
