"""Control verbs for what is seen, and for what the app has done."""

from __future__ import annotations

from dataclasses import asdict

from tests.emulators.slack import looks, named
from tests.emulators.slack.errors import Json
from tests.emulators.slack.world import World


def messages(world: World, ask: Json) -> list[Json]:
    """A channel's public messages, oldest first; with `private`, the person's ephemeral ones instead."""
    channel = named.channel(world, ask)
    if ask.get("private"):
        found = [one for one in channel.messages.values() if one.seen_by is not None and one.seen_by.id == ask["user"]]
        return [looks.message(world, one) for one in found if not one.deleted]
    thread = ask.get("thread")
    shown = [one for one in channel.public() if thread in (None, one.thread_ts)]
    return [looks.message(world, one) for one in shown]


def message(world: World, ask: Json) -> Json:
    return looks.message(world, named.message(world, ask))


def modal(world: World, ask: Json) -> Json | None:
    """The view on top, or nothing."""
    view = world.modals.get(ask["user"])
    return None if view is None else looks.view(world, view)


def home(world: World, ask: Json) -> Json | None:
    view = world.homes.get(ask["user"])
    return None if view is None else looks.view(world, view)


def interactions(world: World, ask: Json) -> list[Json]:
    wanted = ask.get("user")
    return [looks.interaction(world, one) for one in world.interactions.values() if wanted in (None, one.user.id)]


def reactions(world: World, ask: Json) -> dict[str, list[str]]:
    return {name: list(users) for name, users in named.message(world, ask).reactions.items()}


def channel(world: World, ask: Json) -> Json:
    one = named.channel(world, ask)
    return {"id": one.id, "name": one.name, "kind": one.kind, "archived": one.archived, "members": list(one.members)}


def events(world: World, ask: Json) -> list[Json]:
    """The events sent so far, with how often and with what answer."""
    wanted = ask.get("event")
    return [
        {
            "payload": one.payload,
            "attempts": one.attempt + 1,
            "reason": one.reason,
            "replies": [{"status": reply.status, "body": reply.body} for reply in one.replies],
        }
        for one in world.events
        if wanted in (None, one.payload["event"]["type"])
    ]


def requests(world: World, _ask: Json) -> list[Json]:
    return list(world.requests)


def counts(world: World, _ask: Json) -> dict[str, int]:
    return dict(world.counts)


def violations(world: World, ask: Json) -> list[Json]:
    """Everything that a well-made app wouldn't have done; forgotten then when `clear`."""
    found = [asdict(one) for one in world.violations]
    if ask.get("clear"):
        world.violations.clear()
    return found


def advice(world: World, _ask: Json) -> list[Json]:
    return [asdict(one) for one in world.advice]


def sockets(world: World, _ask: Json) -> Json:
    found = world.sockets
    return {"connected": len(found.connections), "opened": found.opened, "pending": len(found.pending)}
