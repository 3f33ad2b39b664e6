"""What a test sees of the world: Slack's JSON with the emulator's additions."""

from __future__ import annotations

from typing import Any

from tests.emulators.slack.errors import Json
from tests.emulators.slack.interactions import Interaction
from tests.emulators.slack.messages import Message
from tests.emulators.slack.modals import View
from tests.emulators.slack.rendering import Reader
from tests.emulators.slack.world import World


def _reader(world: World) -> Reader:
    usergroups = {number: one for team in world.teams.values() for number, one in team.usergroups.items()}
    return Reader(world.users, world.channels, usergroups, [])


def message(world: World, one: Message) -> Json:
    """`read` is what a person reads, `pings` whom it calls."""
    reader = _reader(world)
    content = one.content
    read = reader.blocks(content.blocks) if content.blocks else reader.mrkdwn(content.text)
    attached = [reader.mrkdwn(found["text"]) for found in content.attachments if found.get("text")]
    attached += [reader.blocks(found["blocks"]) for found in content.attachments if found.get("blocks")]
    return {
        **one.json(metadata=True),
        "channel": one.channel.id,
        "read": "\n".join(part for part in (read, *attached) if part),
        "pings": list(dict.fromkeys(reader.pings)),
        "ephemeral": one.ephemeral,
        "version": one.version,
        "gone": one.deleted,
    }


def view(world: World, one: View) -> Json:
    reader = _reader(world)
    title = reader.text(one.body.get("title"))
    read = "\n".join(part for part in (title, reader.blocks(one.body["blocks"])) if part)
    return {**one.json(), "read": read, "errors": one.errors, "depth": one.depth, "version": one.version}


def interaction(world: World, one: Interaction) -> Json:
    messages = [one.message] if one.changes and one.message is not None and not one.messages else one.messages
    return {
        "id": one.id,
        "kind": one.kind,
        "said": one.said,
        "user": one.user.id,
        "channel": None if one.channel is None else one.channel.id,
        "acked": None if one.acked is None else one.acked - one.made,
        "seen": None if one.seen is None else one.seen - one.made,
        "settled": one.settled,
        "error": one.error,
        "messages": [message(world, found) for found in messages],
        "view": None if one.opened is None else view(world, one.opened),
        "closed": one.closed,
        "errors": one.errors,
        "options": one.options,
        "changes": one.changes,
        "deletions": one.deletions,
        "payload": None if one.delivery is None else one.delivery.payload,
    }


def replies(one: Interaction) -> list[Any]:
    found = [] if one.delivery is None else one.delivery.replies
    return [{"status": reply.status, "body": reply.body} for reply in found]
