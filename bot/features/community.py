"""`/quiz community`, `/quiz community link|leave`: two workspaces that share one community, its boards and its people; and apart again."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from bot.events import Command, Press
from bot.features.desk import account
from bot.features.link import refused
from bot.features.prose import people
from bot.features.turn import Outcome, Turn
from bot.messages import Action, Button, Message, Style, Text, When, button_rows, clip, code
from bot.quiz.seasons import Seasons
from bot.store import codes, partings, seasons, unions
from bot.store.codes import Kind, Refusal
from bot.store.unions import Standing
from bot.words import N_, _, day, number

COMMAND = "/quiz community link"
ALONE = N_("This workspace shares its community with no other.")
ALREADY = N_("That code comes from your own community: these workspaces share one board already.")


async def here(turn: Turn, event: Command) -> Outcome:
    """`/quiz community`: which workspaces share it."""
    ours = await unions.standing(turn.tx, turn.member.community_id)
    told = _("**This community:** {workspaces}, {people}. Days and weeks are those of {zone}.")
    return Outcome(Message.of(Text.woven(told, workspaces=_named(ours), people=people(ours.people), zone=ours.zone)))


async def show(turn: Turn, event: Command) -> Outcome:
    """`/quiz community link`: a code for the other workspace's admin. With the code: what it will do, and a button."""
    if "code" in event.options:
        return Outcome(await _ask(turn, event, str(event.options["code"])))
    who = account(event.actor)
    made = await codes.make(turn.tx, Kind.COMMUNITY, turn.member.community_id, who, turn.chance, turn.now)
    ours = await unions.standing(turn.tx, turn.member.community_id)
    return Outcome(
        Message.of(
            Text.woven(
                _("An admin of the other workspace types this there: {command}. It works once, until {instant}."),
                command=code(f"{COMMAND} code:{made}"),
                instant=When(turn.now + codes.LASTS),
            ),
            _(
                "Then it joins {workspaces}: one community with one board, and every admin of either looks after all its "
                "daily questions. Before that, the other admin sees what will happen and confirms it.",
                workspaces=_named(ours),
            ),
            Text.woven(_("Either can leave again with `/quiz community leave`, and nothing is lost."), quiet=True),
        )
    )


async def _ask(turn: Turn, event: Command, typed: str) -> Message:
    found = await codes.read(turn.tx, typed, Kind.COMMUNITY, account(event.actor), turn.now)
    if isinstance(found, Refusal):
        return refused(found, COMMAND)
    if found.community_id == turn.member.community_id:
        return Message.of(_(ALREADY))
    theirs = await unions.standing(turn.tx, found.community_id)
    ours = await unions.standing(turn.tx, turn.member.community_id)
    closed = await seasons.of(turn.tx, found.community_id)
    return Message.of(
        Text.woven(_("**Join {ours} to {theirs}?**"), ours=_named(ours), theirs=_named(theirs)),
        _(
            "{people} from here and {others} from there will share one board, with the points that they have. Streaks run "
            "over the question days of both.",
            people=people(ours.people),
            others=people(theirs.people),
        ),
        _(
            "Days and weeks will be those of {zone}, and all other settings those of there, too. The daily questions of both "
            "go on as they are, and the admins of both look after all of them. Who is on both platforms stays two people "
            "until they use /quiz link.",
            zone=theirs.zone,
        ),
        _("The teams of both stay; of two with one name, that from here gets a number."),
        *_season(turn.today, turn.seasons, closed),
        _("What was corrected holds for both; of two corrections of a card the later one."),
        *button_rows(
            [
                Button(_("Join them"), Action.of("community-join", codes.meant(typed)), Style.PRIMARY),
                Button(_("Not now"), Action.of("home")),
            ]
        ),
    )


def _season(today: date, ours: Seasons, theirs: Seasons) -> tuple[str, ...]:
    """From when to when the season is that is on then, where the two communities have not the same one."""
    first, last = (ours | theirs).first(today), (ours | theirs).last(today)
    if {(first, last)} == {(each.first(today), each.last(today)) for each in (ours, theirs)}:
        return ()
    return (
        _(
            "A season that was closed in either is closed for both: the one that is on lasts from {first} to {last} then.",
            first=day(first),
            last=day(last),
        ),
    )


async def join(turn: Turn, event: Press) -> Outcome:
    """`community-join:CODE`: yes."""
    typed = (event.action.args or ("",))[0]
    found = await codes.read(turn.tx, typed, Kind.COMMUNITY, account(event.actor), turn.now)
    if isinstance(found, Refusal):
        return Outcome(refused(found, COMMAND))
    if found.community_id == turn.member.community_id:
        return Outcome(Message.of(_(ALREADY)))
    if not await codes.spend(turn.tx, found, turn.now):
        return Outcome(refused(Refusal.USED, COMMAND))
    theirs = await unions.standing(turn.tx, found.community_id)
    today = turn.now.astimezone(ZoneInfo(theirs.zone)).date()
    await unions.join(turn.tx, found.community_id, turn.member.community_id, today)
    joint = await unions.standing(turn.tx, found.community_id)
    return Outcome(
        Message.of(
            Text.woven(
                _("**You are one community now:** {workspaces}, {people}."),
                workspaces=_named(joint),
                people=people(joint.people),
            ),
            _("Whoever is on both platforms can become one person with /quiz link."),
            *button_rows([Button(_("Leaderboard"), Action.of("board", "all"), Style.PRIMARY)]),
        ),
        resettled=True,
    )


async def leave(turn: Turn, event: Command) -> Outcome:
    """Asks first."""
    ours = await unions.standing(turn.tx, turn.member.community_id)
    if len(ours.workspaces) < 2:
        return Outcome(Message.of(_(ALONE)))
    return Outcome(
        Message.of(
            Text.woven(_("**Leave the joint community?** It is {workspaces}."), workspaces=_named(ours)),
            _(
                "This workspace gets a board of its own again: its daily questions, all answers to them, and everybody who "
                "gave one. The rest stays with the others. Nobody loses an answer; who answered on both sides is on both "
                "boards, and a team with people of both sides is on both."
            ),
            _("Cards go by what was corrected here."),
            _("Its settings are those again that it had before; if it had none of its own, it takes these with it."),
            *button_rows(
                [
                    Button(_("Leave"), Action.of("community-left"), Style.DANGER),
                    Button(_("Stay"), Action.of("home")),
                ]
            ),
        )
    )


async def left(turn: Turn, event: Press) -> Outcome:
    """`community-left`: yes."""
    own = await partings.leave(turn.tx, event.place.platform, event.place.workspace, turn.today, turn.now)
    if own is None:
        return Outcome(Message.of(_(ALONE)))
    ours = await unions.standing(turn.tx, own)
    return Outcome(
        Message.of(
            Text.woven(
                _("**This workspace is a community of its own again**, with {people}."), people=people(ours.people)
            ),
            *button_rows([Button(_("Leaderboard"), Action.of("board", "all"))]),
        ),
        resettled=True,
    )


def _named(community: Standing) -> str:
    """A community by its workspaces."""
    first = [clip(name, 40) for name in community.workspaces[:3]] or [clip(community.name, 40)]
    rest = len(community.workspaces) - len(first)
    return " + ".join([*first, *([_("{number} more", number=number(rest))] if rest > 0 else [])])
