"""Putting a checked body into a message: files, media, component ids, and who is pinged."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

from tests.emulators.discord import components as c
from tests.emulators.discord import layout, limits, permissions
from tests.emulators.discord.attachments import Attachment
from tests.emulators.discord.errors import Json
from tests.emulators.discord.messages import Message

if TYPE_CHECKING:
    from tests.emulators.discord.world import World


@dataclass(frozen=True, slots=True)
class Upload:
    name: str
    content: bytes


def put(world: World, message: Message, body: Json, uploads: Mapping[int, Upload]) -> None:
    """Make `message` say what `body` says; what the body leaves out stays as it is."""
    message.attachments = _files(world, message, body, uploads)
    if "content" in body:
        message.content = body["content"] or ""
    if "embeds" in body:
        message.embeds = body["embeds"] or []
    message.flags |= (body.get("flags") or 0) & limits.COMPONENTS_V2
    if body.get("flags") is not None:
        message.flags = message.flags & ~limits.SUPPRESS_EMBEDS | body["flags"] & limits.SUPPRESS_EMBEDS
    if "components" in body:
        message.components, everything = numbered(body["components"] or [])
        if message.attachments:
            _unfurl(message, everything)
    else:
        everything = list(layout.walk(message.components))
    said = [message.content, *(one["content"] for one in everything if one["type"] == c.TEXT_DISPLAY)]
    _ping(world, message, "\n".join(said), body.get("allowed_mentions"))
    message.changed()


def _files(world: World, message: Message, body: Json, uploads: Mapping[int, Upload]) -> list[Attachment]:
    listed = {str(entry["id"]): entry for entry in body.get("attachments") or ()}
    kept = [one for one in message.attachments if body.get("attachments") is None or one.id in listed]
    for one in kept:
        if (entry := listed.get(one.id)) and "description" in entry:
            one.description = entry["description"]
    for index, upload in uploads.items():
        entry = listed.get(str(index), {})
        name = (entry.get("filename") or upload.name).replace(" ", "_")
        kept.append(world.store_file(message.channel.id, name, upload.content, entry.get("description")))
    return kept


def numbered(tree: list[Json]) -> tuple[list[Json], list[Json]]:
    """A copy in which every component has an id, the lowest free ones in the order shown; and all its components."""
    tree = orjson.loads(orjson.dumps(tree))
    everything = list(layout.walk(tree))
    taken = {one["id"] for one in everything if one.get("id")}
    number = 0
    for one in everything:
        if not one.get("id"):
            number += 1
            while number in taken:
                number += 1
            one["id"] = number
        for name in [name for name, value in one.items() if value is None]:
            del one[name]
    return tree, everything


def _unfurl(message: Message, everything: list[Json]) -> None:
    by_name = {one.name: one for one in message.attachments}
    by_url = {one.url: one for one in message.attachments}
    for component in everything:
        for item in layout.media(component):
            name = item["url"].removeprefix("attachment://").replace(" ", "_")
            attachment = by_name.get(name) or by_url.get(item["url"])
            if attachment is not None:
                item.update(attachment.media())
        if component["type"] == c.FILE:
            shown = by_url[component["file"]["url"]]
            component["name"], component["size"] = shown.name, len(shown.content)


def _ping(world: World, message: Message, text: str, allowed: Any) -> None:
    """Who would be notified: `allowed_mentions` left out lets the text ping everyone whom it names."""
    message.pings, message.pings_everyone = [], False
    if "@" not in text:
        return
    guild = world.guilds.get(message.channel.guild_id or "")
    parse = ["users", "roles", "everyone"] if allowed is None else allowed.get("parse") or []
    named = None if allowed is None or "users" in parse else set(map(str, allowed.get("users") or ()))
    ids = dict.fromkeys(re.findall(r"<@!?(\d+)>", text))
    message.pings = [world.users[one] for one in ids if one in world.users and (named is None or one in named)]
    may = guild is not None and guild.may(message.author.id, message.channel) & permissions.BITS["MENTION_EVERYONE"]
    message.pings_everyone = bool(may and "everyone" in parse and re.search(r"@(everyone|here)\b", text))
