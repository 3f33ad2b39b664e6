"""An interaction from the person's deed to the bot's answers, and the payload that tells the bot of it.

Source: Receiving and Responding (interaction object, callback types, tokens).
"""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import orjson

from tests.emulators.discord.errors import Json
from tests.emulators.discord.members import User
from tests.emulators.discord.messages import Message
from tests.emulators.discord.places import Channel

if TYPE_CHECKING:
    from tests.emulators.discord.world import World

COMMAND, COMPONENT, AUTOCOMPLETE, MODAL_SUBMIT = 2, 3, 4, 5
"""Kinds of interaction."""

MESSAGE, DEFERRED_MESSAGE, DEFERRED_UPDATE, UPDATE, CHOICES, MODAL = 4, 5, 6, 7, 8, 9
"""Kinds of callback."""

UPLOAD_LIMIT = 10 * 1024 * 1024


@dataclass(slots=True, eq=False)
class Interaction:
    """`said` says the deed in words. `source` is the message whose component was used, `origin` what opened a modal."""

    id: str
    token: str
    kind: int
    user: User
    channel: Channel
    made: float
    said: str
    source: Message | None = None
    origin: Interaction | None = None
    payload: bytes = b""
    may_stay_unanswered: bool = False
    response: int | None = None
    responded: float | None = None
    original: Message | None = None
    followups: list[Message] = field(default_factory=list)
    edits: int = 0
    modal: Json | None = None
    modal_open: bool = False
    choices: list[Json] = field(default_factory=list)
    watchers: list[asyncio.Future[None]] = field(default_factory=list)

    @property
    def answered(self) -> bool:
        return self.response is not None

    @property
    def settled(self) -> bool:
        """Whether the person sees more than that the bot is thinking."""
        if self.response == DEFERRED_MESSAGE:
            return self.original is not None and not self.original.loading
        if self.response == DEFERRED_UPDATE:
            return bool(self.edits or self.followups)
        return self.answered

    def notify(self) -> None:
        """Wake who waits for the bot."""
        watchers, self.watchers = self.watchers, []
        for watcher in watchers:
            if not watcher.done():
                watcher.set_result(None)

    def metadata(self) -> Json:
        """`interaction_metadata` of the messages that answer it."""
        owners = {"0": self.channel.guild_id or "0"}
        data: Json = {
            "id": self.id,
            "type": self.kind,
            "user": self.user.json(),
            "authorizing_integration_owners": owners,
        }
        if self.kind == COMMAND:
            data["name"], data["command_type"] = self.said, 1
        if self.source is not None and self.kind == COMPONENT:
            data["interacted_message_id"] = self.source.id
        if self.origin is not None:
            data["triggering_interaction_metadata"] = self.origin.metadata()
        return data


def open_interaction(
    world: World,
    kind: int,
    user: User,
    channel: Channel,
    data: Any,
    said: str,
    *,
    source: Message | None = None,
    origin: Interaction | None = None,
) -> Interaction:
    """Make an interaction; `deliver` tells the bot of it."""
    now = world.clock.now()
    one = Interaction(
        world.clock.snowflake(), secrets.token_urlsafe(96), kind, user, channel, now, said, source=source, origin=origin
    )
    one.payload = orjson.dumps(_payload(world, one, data))
    world.interactions[one.token] = one
    return one


def deliver(world: World, interaction: Interaction) -> int:
    """Send INTERACTION_CREATE to the shard. How many sessions were told."""
    world.unanswered.append(interaction)
    return world.gateway.dispatch("INTERACTION_CREATE", interaction.payload, interaction.channel.guild_id)


def _payload(world: World, one: Interaction, data: Any) -> Json:
    channel, user = one.channel, one.user
    guild = world.guild_of(channel)
    payload: Json = {
        "id": one.id,
        "application_id": world.application_id,
        "type": one.kind,
        "token": one.token,
        "version": 1,
        "data": data,
        "channel_id": channel.id,
        "channel": channel.json(),
        "app_permissions": str(world.may(world.bot, channel)),
        "locale": user.locale,
        "entitlements": [],
        "entitlement_sku_ids": [],
        "attachment_size_limit": UPLOAD_LIMIT,
        "authorizing_integration_owners": {"0": channel.guild_id or "0"},
        "context": 1 if guild is None else 0,
    }
    if guild is None:
        payload["user"] = user.json()
    else:
        granted = str(guild.may(user.id, channel))
        payload["channel"] |= {"permissions": granted}
        payload["guild_id"], payload["guild"], payload["guild_locale"] = guild.id, guild.brief(), guild.locale
        payload["member"] = guild.members[user.id].json() | {
            "permissions": granted,
            "unusual_dm_activity_until": None,
        }
    if one.source is not None:
        payload["message"] = orjson.Fragment(one.source.json_bytes())
    return payload
