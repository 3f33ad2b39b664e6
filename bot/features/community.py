"""`/quiz community`, `/quiz community link|leave`: two workspaces that share one community, its boards and its people; and apart again."""

from __future__ import annotations

from bot.events import Command, Press
from bot.features.desk import account
from bot.features.link import refused
from bot.features.prose import count
from bot.features.turn import Outcome, Turn
from bot.messages import Action, Button, Message, Style, Text, When, bold, button_rows, clip, code
from bot.store import codes, partings, unions
from bot.store.codes import Kind, Refusal
from bot.store.unions import Standing

COMMAND = "/quiz community link"
ALREADY = "That code comes from your own community: these workspaces share one board already."


async def here(turn: Turn, event: Command) -> Outcome:
    """`/quiz community`: which workspaces share it."""
    ours = await unions.standing(turn.tx, turn.member.community_id)
    people = count(ours.people, "person", "people")
    told = f"{_named(ours)}, {people}. Days and weeks are those of {ours.zone}."
    return Outcome(Message.of(Text.of(bold("This community: "), told)))


async def show(turn: Turn, event: Command) -> Outcome:
    """`/quiz community link`: a code for the other workspace's admin. With the code: what it will do, and a button."""
    if "code" in event.options:
        return Outcome(await _ask(turn, event, str(event.options["code"])))
    who = account(event.actor)
    made = await codes.make(turn.tx, Kind.COMMUNITY, turn.member.community_id, who, turn.chance, turn.now)
    ours = await unions.standing(turn.tx, turn.member.community_id)
    return Outcome(
        Message.of(
            Text.of(
                "An admin of the other workspace types this there: ", code(f"{COMMAND} code:{made}"),
                ". It works once, until ", When(turn.now + codes.LASTS), ".",
            ),
            f"Then it joins {_named(ours)}: one community with one board, and every admin of either looks after all its "
            "daily questions. Before that, the other admin sees what will happen and confirms it.",
            Text.of("Either can leave again with ", code("/quiz community leave"), ", and nothing is lost.", quiet=True),
        )
    )  # fmt: skip


async def _ask(turn: Turn, event: Command, typed: str) -> Message:
    found = await codes.read(turn.tx, typed, Kind.COMMUNITY, account(event.actor), turn.now)
    if isinstance(found, Refusal):
        return refused(found, COMMAND)
    if found.community_id == turn.member.community_id:
        return Message.of(ALREADY)
    theirs = await unions.standing(turn.tx, found.community_id)
    ours = await unions.standing(turn.tx, turn.member.community_id)
    return Message.of(
        Text.of(bold(f"Join {_named(ours)} to {_named(theirs)}?")),
        f"{count(ours.people, 'person', 'people')} from here and {count(theirs.people, 'person', 'people')} from there will "
        "share one board, with the points that they have. Streaks run over the question days of both.",
        f"Days and weeks will be those of {theirs.zone}. The daily questions of both go on as they are, and the admins of "
        "both look after all of them. Who is on both platforms stays two people until they use /quiz link.",
        "The teams of both stay; of two with one name, that from here gets a number. How teams compare is as it is there.",
        *button_rows(
            [
                Button("Join them", Action.of("community-join", codes.meant(typed)), Style.PRIMARY),
                Button("Not now", Action.of("home")),
            ]
        ),
    )


async def join(turn: Turn, event: Press) -> Outcome:
    """`community-join:CODE`: yes."""
    typed = (event.action.args or ("",))[0]
    found = await codes.read(turn.tx, typed, Kind.COMMUNITY, account(event.actor), turn.now)
    if isinstance(found, Refusal):
        return Outcome(refused(found, COMMAND))
    if found.community_id == turn.member.community_id:
        return Outcome(Message.of(ALREADY))
    if not await codes.spend(turn.tx, found, turn.now):
        return Outcome(refused(Refusal.USED, COMMAND))
    await unions.join(turn.tx, found.community_id, turn.member.community_id, turn.today)
    joint = await unions.standing(turn.tx, found.community_id)
    return Outcome(
        Message.of(
            Text.of(
                bold("You are one community now: "), f"{_named(joint)}, {count(joint.people, 'person', 'people')}."
            ),
            "Whoever is on both platforms can become one person with /quiz link.",
            *button_rows([Button("Leaderboard", Action.of("board", "all"), Style.PRIMARY)]),
        )
    )


async def leave(turn: Turn, event: Command) -> Outcome:
    """Asks first."""
    ours = await unions.standing(turn.tx, turn.member.community_id)
    if len(ours.workspaces) < 2:
        return Outcome(Message.of("This workspace shares its community with no other."))
    return Outcome(
        Message.of(
            Text.of(bold("Leave the joint community?"), f" It is {_named(ours)}."),
            "This workspace gets a board of its own again: its daily questions, all answers to them, and everybody who gave "
            "one. The rest stays with the others. Nobody loses an answer; who answered on both sides is on both boards, and a "
            "team with people of both sides is on both.",
            *button_rows(
                [
                    Button("Leave", Action.of("community-left"), Style.DANGER),
                    Button("Stay", Action.of("home")),
                ]
            ),
        )
    )


async def left(turn: Turn, event: Press) -> Outcome:
    """`community-left`: yes."""
    own = await partings.leave(turn.tx, event.place.platform, event.place.workspace, turn.today, turn.now)
    if own is None:
        return Outcome(Message.of("This workspace shares its community with no other."))
    ours = await unions.standing(turn.tx, own)
    return Outcome(
        Message.of(
            Text.of(
                bold("This workspace is a community of its own again"),
                f", with {count(ours.people, 'person', 'people')}.",
            ),
            *button_rows([Button("Leaderboard", Action.of("board", "all"))]),
        )
    )


def _named(community: Standing) -> str:
    """A community by its workspaces."""
    first = [clip(name, 40) for name in community.workspaces[:3]] or [clip(community.name, 40)]
    rest = len(community.workspaces) - len(first)
    return " + ".join([*first, *([f"{rest} more"] if rest > 0 else [])])
