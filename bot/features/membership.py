"""`/quiz team create|join|leave`: one team per person, for a season."""

from __future__ import annotations

from bot.events import Command, Press, Submit
from bot.features.prose import count
from bot.features.teams import BOARD, EVERY, LETTERS, MAKE, MOST, Unfit, joining, named, read_name, ways
from bot.features.turn import Outcome, Turn
from bot.messages import Action, Form, Message, Text, TextInput, bold, button_rows
from bot.store import memberships, teams
from bot.store.memberships import By, Moved
from bot.store.teams import Refusal, Team

COUNTS = "What you answer counts for it, from the next question that opens."


async def form(turn: Turn, event: Press) -> Outcome:
    name = TextInput("name", "Its name", placeholder="Red Pandas", most=LETTERS)
    return Outcome(Form("A new team", (name,), Action.of("team-made")))


async def create(turn: Turn, event: Command | Submit) -> Outcome:
    """Whoever makes a team is in it. An admin makes teams for others: those stay, and joining them is a press away."""
    raw = str(event.options["name"]) if isinstance(event, Command) else event.fields.get("name", "")
    try:
        name = read_name(raw)
    except Unfit as unfit:
        return Outcome(Message.of(str(unfit)))
    admin = event.actor.is_admin and not event.place.direct
    community = turn.member.community_id
    made = await teams.create(turn.tx, community, turn.season, name, turn.now, lasting=admin, place=event.place)
    match made:
        case Team():
            pass
        case Refusal.MANY:
            return Outcome(
                Message.of(f"There are {MOST} teams already, and no more fit. Join one of them.", *button_rows([EVERY]))
            )
        case _:
            return Outcome(
                Message.of(f"There is a team {name} already. Join it, or find another name.", *button_rows([EVERY]))
            )
    if admin:
        done = Text.of("The team ", bold(name), " is there for everyone to join.")
        return Outcome(Message.of(done, *button_rows([joining(made), EVERY, MAKE])))
    by = By(turn.member.account_id, event.place)
    moved = await memberships.join(turn.tx, community, turn.season, turn.member.person_id, made.id, turn.now, by=by)
    assert isinstance(moved, Moved)
    return Outcome(_moved(moved, "You made "))


# ---------------------------------------------------------------- joining and leaving


async def join(turn: Turn, event: Command | Press) -> Outcome:
    try:
        team = await named(turn, event)
    except Unfit as unfit:
        return Outcome(Message.of(str(unfit), *button_rows([EVERY])))
    me = turn.member
    by = By(me.account_id, event.place)
    moved = await memberships.join(turn.tx, me.community_id, turn.season, me.person_id, team.id, turn.now, by=by)
    match moved:
        case Moved():
            return Outcome(_moved(moved, "You are in "))
        case Refusal.ALREADY:
            return Outcome(Message.of(Text.of("You are in ", bold(team.name), " already."), *ways(team)))
        case Refusal.FULL:
            return Outcome(
                Message.of(
                    Text.of(bold(team.name), " is full. Join another, or make one."), *button_rows([EVERY, MAKE])
                )
            )
        case _:
            return Outcome(Message.of("That team is no longer here.", *button_rows([EVERY])))


async def leave(turn: Turn, event: Command | Press) -> Outcome:
    me = turn.member
    moved = await memberships.leave(turn.tx, me.community_id, turn.season, me.person_id, turn.now)
    if isinstance(moved, Refusal):
        return Outcome(Message.of("You are in no team.", *button_rows([EVERY, MAKE])))
    assert moved.left is not None
    gone = (
        " As nobody is left in it, it is gone."
        if moved.dissolved
        else " What you answered so far stays counted for it."
    )
    return Outcome(
        Message.of(Text.of("You have left ", bold(moved.left.name), ".", gone), *button_rows([EVERY, BOARD]))
    )


def _moved(moved: Moved, head: str) -> Message:
    assert moved.joined is not None
    others = moved.joined.members - 1
    company = f", with {count(others, 'other')}" if others else ""
    before = () if moved.left is None else (" You have left ", bold(moved.left.name), ".")
    told = Text.of(head, bold(moved.joined.name), f"{company}. {COUNTS}", *before)
    return Message.of(told, *ways(moved.joined))
