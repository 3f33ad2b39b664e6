"""What a verb's arguments stand for. KeyError when there is no such thing."""

from __future__ import annotations

from tests.emulators.slack.channels import Channel
from tests.emulators.slack.errors import Impossible, Json
from tests.emulators.slack.installs import Installation
from tests.emulators.slack.interactions import Interaction
from tests.emulators.slack.messages import Message
from tests.emulators.slack.opening import installed
from tests.emulators.slack.teams import Team, User
from tests.emulators.slack.world import World


def team(world: World, ask: Json) -> Team:
    return world.teams[ask["team"]]


def user(world: World, ask: Json, name: str = "user") -> User:
    return world.users[ask[name]]


def channel(world: World, ask: Json) -> Channel:
    """`channel` None is the direct messages between the person and the app."""
    if ask.get("channel") is not None:
        return world.channels[ask["channel"]]
    who = user(world, ask)
    once = next((one for one in who.team.users.values() if one.is_bot), None)
    return world.dm(who, once or installed(world, who).bot)


def message(world: World, ask: Json) -> Message:
    return world.channels[ask["channel"]].messages[ask["message"]]


def interaction(world: World, ask: Json) -> Interaction:
    return world.interactions[ask["interaction"]]


def installation(world: World, ask: Json) -> Installation:
    found = world.installation(team(world, ask))
    if found is None:
        raise Impossible("the app is not installed there")
    return found
