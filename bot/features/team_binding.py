"""`/quiz team bind|unbind`: a role or user group says who is in a team."""

from __future__ import annotations

from bot.events import Command
from bot.features import teams
from bot.features.bound import group
from bot.features.settings import EVERYONE, NOBODY
from bot.features.teams import GONE, Unfit, to_all
from bot.features.turn import Outcome, Turn
from bot.messages import Action, Button, Message, Text, button_rows
from bot.store import bindings
from bot.store.bindings import Binding
from bot.store.settings import Group
from bot.store.teams import Refusal, Team
from bot.words import _


async def bind(turn: Turn, event: Command) -> Outcome:
    """Whoever has the role or is in the user group is in the team; nobody joins or leaves it otherwise, here."""
    try:
        team, named = await teams.named(turn, event), _group(event)
    except Unfit as unfit:
        return Outcome(Message.of(str(unfit), *button_rows([to_all()])))
    place = event.place
    community = turn.member.community_id
    made = await bindings.bind(turn.tx, community, team, place.platform, place.workspace, named, turn.now)
    called = group(named)
    match made:
        case Binding(team=other):
            there = _("**{group}** says who is in **{team}** already, and can’t do so for two teams.")
            done = Text.woven(there, group=called, team=other)
        case Refusal.ALREADY:
            done = Text.woven(_("**{group}** says who is in **{team}** already."), group=called, team=team.name)
        case Refusal():
            done = Text.of(_(GONE))
        case None:
            return Outcome(
                Message.of(
                    Text.woven(
                        _("Whoever is in **{group}** is in **{team}** from now on, and nobody else who is here."),
                        group=called,
                        team=team.name,
                    ),
                    _(
                        "I see to it as people answer or use /quiz, so it may take a while until everyone is there. "
                        "Whoever is in the groups of several teams is in the one that was bound first."
                    ),
                    *button_rows([_showing(team), to_all()]),
                ),
                resettled=True,
                mustered=True,
            )
    return Outcome(Message.of(done, *button_rows([_showing(team), to_all()])))


def _group(event: Command) -> Group:
    """`123|Red`, as `commands.check` leaves it. Unfit where a team can't go by it."""
    number, _bar, name = str(event.options["role"]).partition("|")
    if event.actor.groups is None:
        raise Unfit(
            _(
                "I can’t see who is in which role or group here, so nothing is bound. If this goes on, whoever runs me has to "
                "give me the permission: on Slack that is usergroups:read."
            )
        )
    if not name and number == NOBODY:
        raise Unfit(_("To let people join it again, use /quiz team unbind."))
    if name in EVERYONE:
        raise Unfit(_("That is everyone here, and a team is fewer than that. Choose another role."))
    return Group(number, name)


async def unbind(turn: Turn, event: Command) -> Outcome:
    """Everyone who is in the team stays, and people join and leave it as any other."""
    try:
        team = await teams.named(turn, event)
    except Unfit as unfit:
        return Outcome(Message.of(str(unfit), *button_rows([to_all()])))
    place = event.place
    found = await bindings.unbind(turn.tx, turn.member.community_id, team, place.platform, place.workspace)
    match found:
        case Binding():
            done = Text.woven(
                _(
                    "**{team}** goes by **{group}** no longer. Whoever is in it stays, and may leave it; others may join."
                ),
                team=team.name,
                group=group(found.group),
            )
        case Refusal():
            done = Text.of(_(GONE))
        case None:
            done = Text.woven(_("No role or group here says who is in **{team}**."), team=team.name)
    return Outcome(Message.of(done, *button_rows([_showing(team), to_all()])), resettled=isinstance(found, Binding))


def _showing(team: Team) -> Button:
    return Button(_("Show it"), Action.of("team", team.id))
