"""`/quiz link` and `/quiz unlink`: one person with several accounts, and several again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never

from bot.events import Command, Press
from bot.features.desk import account
from bot.features.turn import Outcome, Turn
from bot.messages import Action, Button, Message, Style, Text, When, button_rows, code
from bot.store import codes, links, teams, unions
from bot.store.codes import Kind, Refusal
from bot.store.links import Holder
from bot.words import N_, _, ngettext

PLATFORMS: Mapping[str, str] = {"discord": "Discord", "slack": "Slack", "web": N_("the browser page")}
APART = N_(
    "That code comes from another community, where you are somebody else. First let an admin of each make them one with "
    "`/quiz community link`. Then link your accounts; the code was not used up."
)


def platform(name: str) -> str:
    """What people call a platform."""
    return _(PLATFORMS.get(name, name))


def _separate() -> Button:
    return Button(_("Separate this account"), Action.of("unlink"))


def refused(refusal: Refusal, command: str) -> Message:
    """Why a code does nothing, and what to do."""
    again = _("{command} on the other side makes a new one.", command=command)
    match refusal:
        case Refusal.WRONG:
            why = _("I don’t know that code. Look whether it is whole.")
            return Message.of(f"{why} {again}")
        case Refusal.EXPIRED:
            why = _("That code is older than ten minutes.")
            return Message.of(f"{why} {again}")
        case Refusal.USED:
            why = _("That code has been used already.")
            return Message.of(f"{why} {again}")
        case Refusal.OWN:
            return Message.of(
                _(
                    "That is the code which you made with this very account. Enter it with the other one, on the other "
                    "platform."
                )
            )
        case Refusal.OTHER_KIND:
            return Message.of(
                _("That code is for something else: /quiz link joins accounts, /quiz community link joins workspaces.")
            )
        case Refusal.TOO_MANY:
            return Message.of(_("Those were too many wrong codes. Wait ten minutes, then enter the right one."))
    assert_never(refusal)


async def show(turn: Turn, event: Command | Press) -> Outcome:
    """`/quiz link`: a code for the other account. `/quiz link code:…`: that code, entered there."""
    if isinstance(event, Command) and "code" in event.options:
        return await _enter(turn, event, str(event.options["code"]))
    mine = await links.of_person(turn.tx, turn.member.person_id)
    who = account(event.actor)
    made = await codes.make(turn.tx, Kind.PERSON, turn.member.community_id, who, turn.chance, turn.now)
    return Outcome(
        Message.of(
            Text.woven(
                _("Type this on your other platform: {command}. It works once, until {instant}."),
                command=code(f"/quiz link code:{made}"),
                instant=When(turn.now + codes.LASTS),
            ),
            _(
                "Then both accounts are you: one history, one streak, one place on the board. Where both answered the same "
                "question, the first answer counts. Give the code to nobody: whoever enters it becomes you."
            ),
            *(_accounts(mine) if len(mine) > 1 else ()),
            *(button_rows([_separate()]) if len(mine) > 1 else ()),
        )
    )


def _accounts(mine: list[Holder]) -> tuple[Text, ...]:
    listed = ", ".join(f"{each.account.name} ({platform(each.account.platform)})" for each in mine)
    return (Text.woven(_("Linked already: **{accounts}**."), accounts=listed),)


async def _enter(turn: Turn, event: Command, typed: str) -> Outcome:
    who = account(event.actor)
    found = await codes.read(turn.tx, typed, Kind.PERSON, who, turn.now)
    if isinstance(found, Refusal):
        return Outcome(refused(found, "/quiz link"))
    here, there = turn.member.community_id, found.community_id
    if here != there:
        if await unions.private(turn.tx, there):
            await unions.join(turn.tx, here, there, turn.today)
        elif await unions.private(turn.tx, here):
            await unions.join(turn.tx, there, here, turn.today)
            here = there
        else:
            return Outcome(Message.of(Text.woven(_(APART))))
    if not await codes.spend(turn.tx, found, turn.now):
        return Outcome(refused(Refusal.USED, "/quiz link"))
    if not await links.link(turn.tx, here, who, found.account, turn.today):
        return Outcome(Message.of(_("These two accounts are linked already."), *button_rows([_separate()])))
    me = await links.holder(turn.tx, here, who)
    assert me is not None
    mine = await links.of_person(turn.tx, me.person_id)
    twice = await links.later(turn.tx, me.person_id)
    both = ngettext(
        "Both had answered {number} question: the first answer counts, the other is kept aside.",
        "Both had answered {number} questions: the first answer counts, the other is kept aside.",
        twice,
    )
    again = _("/quiz unlink separates them again, and each gets back its answers and its team.")
    aside = await teams.apart(turn.tx, me.person_id, turn.season)
    team = await teams.of_person(turn.tx, me.person_id, turn.season)
    sides: tuple[Text, ...] = ()
    if team is not None and aside:
        left = ", ".join(each.name for each in aside)
        sides = (
            Text.woven(
                _("Your team is **{team}**, which you joined first; you no longer count in **{others}**."),
                team=team.name,
                others=left,
            ),
        )
    return Outcome(
        Message.of(
            Text.woven(
                _(
                    "**Your accounts are linked.** One history, one streak and one place on the board are yours from now on."
                )
            ),
            *_accounts(mine),
            *sides,
            f"{both} {again}" if twice else again,
            *button_rows([Button(_("My stats"), Action.of("stats"), Style.PRIMARY), _separate()]),
        )
    )


async def separate(turn: Turn, event: Command | Press) -> Outcome:
    """`/quiz unlink`: this account is a person of its own again, in every community that knows it."""
    who = account(event.actor)
    parted = [
        await links.unlink(turn.tx, community, who, turn.today, turn.now)
        for community, _person in await links.everywhere(turn.tx, who)
    ]
    if not any(parted):
        return Outcome(
            Message.of(
                _("This account is linked with no other."),
                *button_rows([Button(_("Link another account"), Action.of("link"))]),
            )
        )
    return Outcome(
        Message.of(
            Text.woven(
                _(
                    "**This account is on its own again.** It has every answer that you gave with it, and the others have "
                    "theirs."
                )
            ),
            *button_rows([Button(_("My stats"), Action.of("stats"))]),
        )
    )
