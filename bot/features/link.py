"""`/quiz link` and `/quiz unlink`: one person with several accounts, and several again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never

from bot.events import Command, Press
from bot.features.desk import account
from bot.features.prose import count
from bot.features.turn import Outcome, Turn
from bot.messages import Action, Button, Message, Style, Text, When, bold, button_rows, code
from bot.store import codes, links, teams, unions
from bot.store.codes import Kind, Refusal
from bot.store.links import Holder

PLATFORMS: Mapping[str, str] = {"discord": "Discord", "slack": "Slack", "web": "the browser page"}
"""What people call a platform."""

APART = (
    "That code comes from another community, where you are somebody else. First let an admin of each make them one with ",
    code("/quiz community link"),
    ". Then link your accounts; the code was not used up.",
)
SEPARATE = Button("Separate this account", Action.of("unlink"))


def refused(refusal: Refusal, command: str) -> Message:
    """Why a code does nothing, and what to do."""
    again = f"{command} on the other side makes a new one."
    match refusal:
        case Refusal.WRONG:
            return Message.of(f"I don’t know that code. Look whether it is whole; {again}")
        case Refusal.EXPIRED:
            return Message.of(f"That code is older than ten minutes. {again}")
        case Refusal.USED:
            return Message.of(f"That code has been used already. {again}")
        case Refusal.OWN:
            return Message.of(
                "That is the code which you made with this very account. Enter it with the other one, on the other platform."
            )
        case Refusal.OTHER_KIND:
            return Message.of(
                "That code is for something else: /quiz link joins accounts, /quiz community link joins workspaces."
            )
        case Refusal.TOO_MANY:
            return Message.of("Those were too many wrong codes. Wait ten minutes, then enter the right one.")
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
            Text.of(
                "Type this on your other platform: ", code(f"/quiz link code:{made}"), ". It works once, until ",
                When(turn.now + codes.LASTS), ".",
            ),
            "Then both accounts are you: one history, one streak, one place on the board. Where both answered the same "
            "question, the first answer counts. Give the code to nobody: whoever enters it becomes you.",
            *(_accounts(mine) if len(mine) > 1 else ()),
            *(button_rows([SEPARATE]) if len(mine) > 1 else ()),
        )
    )  # fmt: skip


def _accounts(mine: list[Holder]) -> tuple[Text, ...]:
    listed = ", ".join(
        f"{each.account.name} ({PLATFORMS.get(each.account.platform, each.account.platform)})" for each in mine
    )
    return (Text.of("Linked already: ", bold(listed), "."),)


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
            return Outcome(Message.of(Text.of(*APART)))
    if not await codes.spend(turn.tx, found, turn.now):
        return Outcome(refused(Refusal.USED, "/quiz link"))
    if not await links.link(turn.tx, here, who, found.account, turn.today):
        return Outcome(Message.of("These two accounts are linked already.", *button_rows([SEPARATE])))
    me = await links.holder(turn.tx, here, who)
    assert me is not None
    mine = await links.of_person(turn.tx, me.person_id)
    twice = await links.later(turn.tx, me.person_id)
    both = (
        f"Both had answered {count(twice, 'question')}: the first answer counts, the other is kept aside. "
        if twice
        else ""
    )
    aside = await teams.apart(turn.tx, me.person_id, turn.season)
    team = await teams.of_person(turn.tx, me.person_id, turn.season)
    sides: tuple[Text, ...] = ()
    if team is not None and aside:
        left = ", ".join(each.name for each in aside)
        sides = (
            Text.of(
                "Your team is ", bold(team.name), ", which you joined first; you no longer count in ", bold(left), "."
            ),
        )
    return Outcome(
        Message.of(
            Text.of(
                bold("Your accounts are linked."),
                " One history, one streak and one place on the board are yours from now on.",
            ),
            *_accounts(mine),
            *sides,
            f"{both}/quiz unlink separates them again, and each gets back its answers and its team.",
            *button_rows([Button("My stats", Action.of("stats"), Style.PRIMARY), SEPARATE]),
        )
    )


async def separate(turn: Turn, event: Command | Press) -> Outcome:
    """`/quiz unlink`: this account is a person of its own again, in every community that knows it."""
    who = account(event.actor)
    parted = [
        await links.unlink(turn.tx, community, who, turn.today, turn.now)
        for community, _ in await links.everywhere(turn.tx, who)
    ]
    if not any(parted):
        return Outcome(
            Message.of(
                "This account is linked with no other.",
                *button_rows([Button("Link another account", Action.of("link"))]),
            )
        )
    return Outcome(
        Message.of(
            Text.of(
                bold("This account is on its own again."),
                " It has every answer that you gave with it, and the others have theirs.",
            ),
            *button_rows([Button("My stats", Action.of("stats"))]),
        )
    )
