"""The bot in a channel: create, read, edit and delete messages.

Source: Message resource, Channel resource.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.emulators.discord import gateway as g
from tests.emulators.discord import limits, permissions
from tests.emulators.discord.bodies import Kind, check_message_body, refuse_empty
from tests.emulators.discord.compose import Upload, put
from tests.emulators.discord.errors import ApiError, Json
from tests.emulators.discord.form import Form, array, mapping, snowflake, text
from tests.emulators.discord.messages import ORDINARY, REPLY, Message
from tests.emulators.discord.places import CATEGORY, Channel
from tests.emulators.discord.world import World

_recipient = mapping(
    {"recipient_id": snowflake, "access_tokens": array(text()), "nicks": lambda _form, _path, _value: None},
    ["recipient_id"],
    nullable=False,
)


def tell_message(world: World, event: str, message: Message) -> None:
    """MESSAGE_CREATE or MESSAGE_UPDATE, to who listens; nobody is told of an ephemeral one."""
    if message.seen_by is not None:
        return
    guild = world.guild_of(message.channel)
    place: Json = {"channel_type": message.channel.kind}
    if guild is not None:
        place["guild_id"] = guild.id
        if (member := guild.members.get(message.author.id)) is not None:
            place["member"] = member.json(with_user=False)
    # Own messages, those that mention the bot and DMs keep their content without the intent (Gateway, Message Content).
    open_to_all = guild is None or message.author is world.bot or world.bot in message.pings
    world.gateway.dispatch(
        event,
        message.json() | place,
        message.channel.guild_id,
        g.DIRECT_MESSAGES if guild is None else g.GUILD_MESSAGES,
        None if open_to_all else message.json(redacted=True) | place,
    )


def create(world: World, channel_id: str, body: Any, uploads: Mapping[int, Upload]) -> Message:
    channel = world.channels.get(channel_id)
    if channel is not None and channel.kind == CATEGORY:
        raise ApiError(50008)
    sending = "SEND_MESSAGES_IN_THREADS" if channel is not None and channel.is_thread else "SEND_MESSAGES"
    channel = world.channel_for_bot(channel_id, sending, *(["ATTACH_FILES"] if uploads else []))
    if channel.recipient is not None and not channel.recipient.takes_dms:
        raise ApiError(50007)
    if channel.is_thread and channel.locked:
        raise ApiError(50083)
    _check(world, body, Kind.CREATE, uploads, None)
    refuse_empty(body, uploads)
    nonce = body.get("nonce")
    if nonce is not None and body.get("enforce_nonce"):
        at, twin = world.nonces.get((channel.id, str(nonce)), (0.0, None))
        if twin is not None and not twin.deleted and world.clock.now() - at <= world.settings.nonce_window:
            return twin
    message = Message(world.clock.snowflake(), channel, world.bot, world.clock.now())
    message.nonce, message.tts = nonce, bool(body.get("tts"))
    message.flags = (body.get("flags") or 0) & (limits.SUPPRESS_NOTIFICATIONS | limits.SUPPRESS_EMBEDS)
    message.kind = ORDINARY
    if (reference := body.get("message_reference")) is not None:
        message.kind = REPLY
        message.reference = {"type": 0, "channel_id": channel.id, **reference}
    put(world, message, body, uploads)
    if nonce is not None:
        world.nonces[channel.id, str(nonce)] = (message.made, message)
    channel.archived = False
    channel.add(message)
    tell_message(world, "MESSAGE_CREATE", message)
    return message


def _check(world: World, body: Any, kind: Kind, uploads: Mapping[int, Upload], before: Message | None) -> None:
    form = Form()
    if world.settings.validate:
        names = {index: upload.name for index, upload in uploads.items()}
        check_message_body(form, (), body, kind, names, before)
    form.refuse()


def seen(world: World, channel: Channel, number: str) -> Message:
    """A message as the bot's own token reaches it: ephemeral ones it doesn't."""
    message = channel.messages.get(number)
    if message is None or message.deleted or message.seen_by is not None:
        raise ApiError(10008)
    return message


def read(world: World, channel_id: str, number: str) -> Message:
    channel = world.channel_for_bot(channel_id)
    if not world.may(world.bot, channel) & permissions.BITS["READ_MESSAGE_HISTORY"]:
        raise ApiError(50001)
    return seen(world, channel, number)


def edit(world: World, channel_id: str, number: str, body: Any, uploads: Mapping[int, Upload]) -> Message:
    message = seen(world, world.channel_for_bot(channel_id), number)
    if message.author is not world.bot:
        raise ApiError(50005)
    _check(world, body, Kind.EDIT, uploads, message)
    refuse_empty(body, uploads, message)
    put(world, message, body, uploads)
    message.version += 1
    message.edited = world.clock.now()
    message.changed()
    tell_message(world, "MESSAGE_UPDATE", message)
    return message


def delete(world: World, message: Message) -> None:
    message.deleted = True
    if message.seen_by is not None:
        return
    told: Json = {"id": message.id, "channel_id": message.channel.id}
    guild = world.guild_of(message.channel)
    if guild is not None:
        told["guild_id"] = guild.id
    intents = g.DIRECT_MESSAGES if guild is None else g.GUILD_MESSAGES
    world.gateway.dispatch("MESSAGE_DELETE", told, message.channel.guild_id, intents)


def delete_by_bot(world: World, channel_id: str, number: str) -> None:
    channel = world.channel_for_bot(channel_id)
    message = seen(world, channel, number)
    if message.author is not world.bot and not world.may(world.bot, channel) & permissions.BITS["MANAGE_MESSAGES"]:
        raise ApiError(50013)
    delete(world, message)


def history(world: World, channel_id: str, query: Mapping[str, str]) -> list[Message]:
    """Newest first. Without READ_MESSAGE_HISTORY it is empty, not forbidden (Get Channel Messages)."""
    channel = world.channel_for_bot(channel_id)
    form = Form()
    limit = whole(form, query, "limit", 50, limits.HISTORY)
    marks = {name: int(query[name]) for name in ("before", "after", "around") if query.get(name, "").isdecimal()}
    if len(marks) > 1:
        form.fault(("before",), "BASE_TYPE_CHOICES", "before, after and around are mutually exclusive")
    form.refuse()
    if not world.may(world.bot, channel) & permissions.BITS["READ_MESSAGE_HISTORY"]:
        return []
    every = sorted(channel.public(), key=lambda message: int(message.id), reverse=True)
    if (before := marks.get("before")) is not None:
        return [message for message in every if int(message.id) < before][:limit]
    if (after := marks.get("after")) is not None:
        return [message for message in every if int(message.id) > after][-limit:]
    if (around := marks.get("around")) is not None:
        newer = [message for message in every if int(message.id) > around][-(limit // 2) :]
        return newer + [message for message in every if int(message.id) <= around][: limit - len(newer)]
    return every[:limit]


def whole(form: Form, query: Mapping[str, str], name: str, default: int, most: int) -> int:
    written = query.get(name, str(default))
    if not written.isdecimal() or not 1 <= int(written) <= most:
        form.fault((name,), "NUMBER_TYPE_MAX", f"int value should be between 1 and {most}.")
        return default
    return int(written)


def open_dm(world: World, body: Any) -> Channel:
    form = Form()
    _recipient(form, (), body)
    form.refuse()
    user = world.users.get(str(body["recipient_id"]))
    if user is None:
        raise ApiError(50033)
    if user is world.bot:
        raise ApiError(50007)
    return world.dm(user)
