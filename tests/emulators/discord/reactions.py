"""Reactions: put, taken, read in pages, and told.

Source: Message resource (Create, Delete, Get Reactions), Gateway Events.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import unquote

from tests.emulators.discord import gateway as g
from tests.emulators.discord import limits, permissions
from tests.emulators.discord.errors import ApiError, Json
from tests.emulators.discord.form import Form
from tests.emulators.discord.members import User
from tests.emulators.discord.messages import Message, emoji_json
from tests.emulators.discord.posting import read, seen, whole
from tests.emulators.discord.world import World

_EMOJI = re.compile(
    "(?:[\u0030-\u0039#*]\ufe0f?\u20e3"  # keycaps
    "|[\U0001f1e6-\U0001f1ff]{2}"  # flags
    "|(?:[\u00a9\u00ae\u203c-\u3299\U0001f000-\U0001faff][\ufe0f\U0001f3fb-\U0001f3ff\u200d\u2640\u2642]*)+"
    r"|\w{2,32}:\d{15,20})\Z"
)


def react(world: World, message: Message, emoji: str, user: User, *, added: bool) -> None:
    """A reaction put or taken, and its event; what changes nothing tells nobody."""
    users = message.reactions.get(emoji, {})
    if added == (user.id in users):
        return
    if added:
        if emoji not in message.reactions and len(message.reactions) >= limits.REACTIONS:
            raise ApiError(30010)
        message.reactions.setdefault(emoji, {})[user.id] = user
    else:
        del users[user.id]
        if not users:
            del message.reactions[emoji]
    message.changed()
    guild = world.guild_of(message.channel)
    told: Json = {
        "user_id": user.id,
        "channel_id": message.channel.id,
        "message_id": message.id,
        "emoji": emoji_json(emoji),
        "burst": False,
        "type": 0,
    }
    if guild is not None:
        told["guild_id"] = guild.id
    if added:
        told["message_author_id"] = message.author.id
        if guild is not None and user.id in guild.members:
            told["member"] = guild.members[user.id].json()
    intents = g.DIRECT_MESSAGE_REACTIONS if guild is None else g.GUILD_MESSAGE_REACTIONS
    event = "MESSAGE_REACTION_ADD" if added else "MESSAGE_REACTION_REMOVE"
    world.gateway.dispatch(event, told, message.channel.guild_id, intents)


def emoji_of(written: str) -> str:
    """The emoji in a path. ApiError 10014 when it is none."""
    emoji = unquote(written)
    if not _EMOJI.match(emoji):
        raise ApiError(10014)
    return emoji


def react_as_bot(world: World, channel_id: str, number: str, emoji: str, *, added: bool, of: str = "@me") -> None:
    channel = world.channel_for_bot(channel_id)
    message = seen(world, channel, number)
    granted = world.may(world.bot, channel)
    user = world.bot if of == "@me" else world.users.get(of)
    if user is None:
        raise ApiError(10013)
    needed = ["READ_MESSAGE_HISTORY"] if added else []
    if added and emoji not in message.reactions:
        needed.append("ADD_REACTIONS")
    if user is not world.bot:
        needed.append("MANAGE_MESSAGES")
    if any(not granted & permissions.BITS[name] for name in needed):
        raise ApiError(50013)
    react(world, message, emoji, user, added=added)


def reactors(world: World, channel_id: str, number: str, emoji: str, query: Mapping[str, str]) -> list[User]:
    """Who reacted, by rising id (Get Reactions)."""
    message = read(world, channel_id, number)
    form = Form()
    limit = whole(form, query, "limit", 25, limits.HISTORY)
    form.refuse()
    users = sorted(message.reactions.get(emoji, {}).values(), key=lambda user: int(user.id))
    return [user for user in users if int(user.id) > int(query.get("after") or 0)][:limit]
