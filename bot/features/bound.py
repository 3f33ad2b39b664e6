"""What is said of teams that are bound: by which role or user group they go, and why nobody joins or leaves them otherwise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.events import Command, Press
from bot.features.turn import Turn
from bot.messages import Text, clip
from bot.store import bindings
from bot.store.bindings import Binding
from bot.store.settings import Group
from bot.store.teams import Team
from bot.words import _


def group(found: Group) -> str:
    """A role or user group as it is written in a sentence; it calls nobody."""
    return "@" + clip(found.name.removeprefix("@") or found.id, 80)


@dataclass(frozen=True, slots=True)
class Bound:
    """By which roles and groups teams go, by team; and those that nobody joins by a button in the place where that is asked."""

    groups: Mapping[int, str]
    closed: frozenset[int]


async def of_teams(turn: Turn, event: Command | Press, some: Sequence[Team]) -> Bound:
    found = await bindings.of_teams(turn.tx, [team.id for team in some])
    standing = {team: [each for each in every if not each.gone] for team, every in found.items()}
    groups = {team: _named(every) for team, every in standing.items() if every}
    return Bound(groups, frozenset(team for team, every in standing.items() if any(_at(event, one) for one in every)))


def _at(event: Command | Press, binding: Binding) -> bool:
    """Whether a binding is of the place where something happens; what belongs to no workspace may belong to any."""
    place = event.place
    return binding.platform == place.platform and place.workspace in ("", binding.workspace)


def listed(bound: Bound, some: Sequence[Team]) -> list[Text]:
    """Below a list of teams."""
    if not (named := [f"{team.name} ({bound.groups[team.id]})" for team in some if team.id in bound.groups]):
        return []
    told = _("These go by a role or group, and everyone in that is in the team: {teams}.")
    return [Text.woven(told, teams=", ".join(named), quiet=True)]


async def refused(turn: Turn, event: Command | Press, team: Team) -> Text:
    """Why nobody joins a team that goes by a role."""
    standing = [each for each in await _of(turn, team) if not each.gone]
    here = [each for each in standing if _at(event, each)] or standing
    told = _(
        "**{team}** goes by **{group}**: everyone in {group} is in the team, and nobody joins it otherwise. Ask an admin to let you in."
    )
    return Text.woven(told, team=team.name, group=_named(here))


async def holding(turn: Turn, person: int) -> Text | None:
    """Why somebody can't leave the team that they are in."""
    by = await bindings.holding(turn.tx, person, turn.season)
    if by is None:
        return None
    told = _("**{team}** goes by **{group}**: everyone in {group} is in the team, as long as they are in that.")
    return Text.woven(told, team=by.team, group=group(by.group))


async def shown(turn: Turn, event: Command | Press, team: Team) -> list[Text]:
    """What a team's page says of it; of a group that is gone, to admins."""
    every = await _of(turn, team)
    lines = []
    if standing := [each for each in every if not each.gone]:
        told = _(
            "It goes by **{group}**: everyone in {group} is in the team. Nobody there joins or leaves it otherwise."
        )
        lines.append(Text.woven(told, group=_named(standing)))
    if (gone := [each for each in every if each.gone]) and event.actor.is_admin and not event.place.direct:
        told = _(
            "⚠️ **{group}** is no longer there, so people join and leave this team as any other. `/quiz team bind` gives it "
            "another role or group."
        )
        lines.append(Text.woven(told, group=_named(gone)))
    return lines


async def _of(turn: Turn, team: Team) -> list[Binding]:
    return (await bindings.of_teams(turn.tx, [team.id])).get(team.id, [])


def _named(every: Sequence[Binding]) -> str:
    """`@Red, @red`: of several workspaces, each once."""
    return ", ".join(dict.fromkeys(group(each.group) for each in every))
