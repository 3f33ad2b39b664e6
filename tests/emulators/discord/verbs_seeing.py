"""Control verbs for what is seen, and for what the bot has done."""

from __future__ import annotations

from dataclasses import asdict

from tests.emulators.discord import named, views
from tests.emulators.discord.errors import Json
from tests.emulators.discord.world import World


def messages(world: World, ask: Json) -> list[Json]:
    """A channel's public messages, oldest first; with `user`, that person's private ones instead."""
    channel = named.channel(world, ask)
    if ask.get("user") and ask.get("channel"):
        return [
            views.message(one) for one in channel.messages.values() if one.seen_by == ask["user"] and not one.deleted
        ]
    return [views.message(one) for one in channel.public()]


def message(world: World, ask: Json) -> Json:
    return views.message(named.channel(world, ask).messages[ask["message"]])


def interactions(world: World, ask: Json) -> list[Json]:
    wanted = ask.get("user")
    return [views.interaction(one) for one in world.interactions.values() if wanted in (None, one.user.id)]


def modals(world: World, ask: Json) -> list[Json]:
    """The open ones of a person, newest last."""
    return [one for one in interactions(world, ask) if one["modal_open"]]


def commands(world: World, ask: Json) -> list[Json]:
    return world.commands.get(ask.get("guild"), [])


def reactions(world: World, ask: Json) -> dict[str, list[str]]:
    found = named.channel(world, ask).messages[ask["message"]]
    return {emoji: list(users) for emoji, users in found.reactions.items()}


def requests(world: World, _ask: Json) -> list[Json]:
    return list(world.requests)


def violations(world: World, ask: Json) -> list[Json]:
    """Everything that a well-made bot wouldn't have done; forgotten then when `clear`."""
    world.sweep()
    found = [asdict(one) for one in world.violations]
    if ask.get("clear"):
        world.violations.clear()
    return found


def sessions(world: World, _ask: Json) -> Json:
    told = [
        {"id": one.id, "shard": one.shard, "shards": one.shards, "intents": one.intents, "sequence": one.sequence}
        | {"connected": one.connection is not None}
        for one in world.gateway.sessions.values()
    ]
    return {"sessions": told, "identified": world.gateway.identified, "resumed": world.gateway.resumed}
