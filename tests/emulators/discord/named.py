"""What a control request names: a server, a channel, a person, an interaction."""

from __future__ import annotations

from tests.emulators.discord.errors import Impossible, Json
from tests.emulators.discord.interactions import Interaction
from tests.emulators.discord.members import User
from tests.emulators.discord.places import Channel, Guild
from tests.emulators.discord.world import World


def guild(world: World, ask: Json) -> Guild:
    return world.guilds[ask["guild"]]


def channel(world: World, ask: Json) -> Channel:
    """A channel by its id; without one, the DM of the acting person."""
    return world.dm(user(world, ask)) if ask.get("channel") is None else world.channels[ask["channel"]]


def user(world: World, ask: Json) -> User:
    return world.users[ask["user"]]


def interaction(world: World, ask: Json) -> Interaction:
    for one in reversed(world.interactions.values()):
        if one.id == ask["interaction"]:
            return one
    raise Impossible(f"there is no interaction {ask['interaction']}")
