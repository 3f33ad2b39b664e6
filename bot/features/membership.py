"""`/quiz team create|join|leave`: one team per person, for a season."""

from __future__ import annotations

from bot.events import Command, Press, Submit
from bot.features import bound
from bot.features.teams import (
    GONE,
    LETTERS,
    MOST,
    Unfit,
    joining,
    named,
    read_name,
    to_all,
    to_board,
    to_make,
    ways,
)
from bot.features.turn import Outcome, Turn
from bot.messages import Action, Form, Message, Text, TextInput, button_rows, plain, woven
from bot.store import memberships, teams
from bot.store.memberships import By, Moved
from bot.store.teams import Refusal, Team
from bot.words import N_, _, ngettext

COUNTS = N_("What you answer counts for it, from the next question that opens.")


async def form(turn: Turn, event: Press) -> Outcome:
    name = TextInput("name", _("Its name"), placeholder=_("Red Pandas"), most=LETTERS)
    return Outcome(Form(_("A new team"), (name,), Action.of("team-made"), send=_("Send")))


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
                Message.of(
                    _("There are {most} teams already, and no more fit. Join one of them.", most=MOST),
                    *button_rows([to_all()]),
                )
            )
        case _:
            return Outcome(
                Message.of(
                    _("There is a team {team} already. Join it, or find another name.", team=name),
                    *button_rows([to_all()]),
                )
            )
    if admin:
        done = Text.woven(_("The team **{team}** is there for everyone to join."), team=name)
        return Outcome(Message.of(done, *button_rows([joining(made), to_all(), to_make()])))
    by = By(turn.member.account_id, event.place)
    moved = await memberships.join(turn.tx, community, turn.season, turn.member.person_id, made.id, turn.now, by=by)
    if not isinstance(moved, Moved):  # they are in a team that they can't leave
        await memberships.remove_team(turn.tx, community, made.id, turn.now)
        return Outcome(Message.of(await _held(turn), *button_rows([to_all()])))
    return Outcome(_moved(moved, made=True))


# ---------------------------------------------------------------- joining and leaving


async def join(turn: Turn, event: Command | Press) -> Outcome:
    try:
        team = await named(turn, event)
    except Unfit as unfit:
        return Outcome(Message.of(str(unfit), *button_rows([to_all()])))
    me = turn.member
    by = By(me.account_id, event.place)
    moved = await memberships.join(turn.tx, me.community_id, turn.season, me.person_id, team.id, turn.now, by=by)
    match moved:
        case Moved():
            return Outcome(_moved(moved))
        case Refusal.ALREADY:
            return Outcome(Message.of(Text.woven(_("You are in **{team}** already."), team=team.name), *ways(team)))
        case Refusal.BOUND:
            return Outcome(Message.of(await bound.refused(turn, event, team), *button_rows([to_all()])))
        case Refusal.HELD:
            return Outcome(Message.of(await _held(turn), *button_rows([to_all()])))
        case Refusal.FULL:
            return Outcome(
                Message.of(
                    Text.woven(_("**{team}** is full. Join another, or make one."), team=team.name),
                    *button_rows([to_all(), to_make()]),
                )
            )
        case _:
            return Outcome(Message.of(_(GONE), *button_rows([to_all()])))


async def leave(turn: Turn, event: Command | Press) -> Outcome:
    me = turn.member
    moved = await memberships.leave(turn.tx, me.community_id, turn.season, me.person_id, turn.now)
    if moved is Refusal.HELD:
        return Outcome(Message.of(await _held(turn), *button_rows([to_all()])))
    if isinstance(moved, Refusal):
        return Outcome(Message.of(_("You are in no team."), *button_rows([to_all(), to_make()])))
    assert moved.left is not None
    gone = (
        _("You have left **{team}**. As nobody is left in it, it is gone.")
        if moved.dissolved
        else _("You have left **{team}**. What you answered so far stays counted for it.")
    )
    return Outcome(Message.of(Text.woven(gone, team=moved.left.name), *button_rows([to_all(), to_board()])))


async def _held(turn: Turn) -> Text:
    """Why they stay in the team that they are in."""
    told = await bound.holding(turn, turn.member.person_id)
    assert told is not None
    return told


def _moved(moved: Moved, *, made: bool = False) -> Message:
    assert moved.joined is not None
    others = moved.joined.members - 1
    if made:
        head = _("You made **{team}**.")
    elif others:
        head = ngettext(
            "You are in **{team}**, with {number} other.", "You are in **{team}**, with {number} others.", others
        )
    else:
        head = _("You are in **{team}**.")
    parts = [woven(head, team=moved.joined.name), (plain(_(COUNTS)),)]
    if moved.left is not None:
        parts.append(woven(_("You have left **{team}**."), team=moved.left.name))
    runs = [run for at, part in enumerate(parts) for run in ((plain(" "), *part) if at else part)]
    return Message.of(Text.of(*runs), *ways(moved.joined))
