"""A message as Discord keeps it, and as JSON."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import orjson

from tests.emulators.discord import limits
from tests.emulators.discord.attachments import Attachment
from tests.emulators.discord.clock import written
from tests.emulators.discord.errors import Json

if TYPE_CHECKING:
    from tests.emulators.discord.members import User
    from tests.emulators.discord.places import Channel

ORDINARY, REPLY, COMMAND_REPLY = 0, 19, 20
"""Message types."""


@dataclass(slots=True, eq=False)
class Message:
    """`seen_by` is the id of the one person who sees an ephemeral message. `version` counts its states from 1."""

    id: str
    channel: Channel
    author: User
    made: float
    kind: int = ORDINARY
    content: str = ""
    embeds: list[Json] = field(default_factory=list)
    components: list[Json] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    flags: int = 0
    tts: bool = False
    nonce: str | int | None = None
    seen_by: str | None = None
    reactions: dict[str, dict[str, User]] = field(default_factory=dict)
    pings: list[User] = field(default_factory=list)
    pings_everyone: bool = False
    metadata: Json | None = None
    reference: Json | None = None
    application_id: str | None = None
    by_webhook: bool = False
    edited: float | None = None
    deleted: bool = False
    version: int = 1
    _json: bytes | None = None

    @property
    def v2(self) -> bool:
        return bool(self.flags & limits.COMPONENTS_V2)

    @property
    def loading(self) -> bool:
        return bool(self.flags & limits.LOADING)

    def changed(self) -> None:
        """Forget the JSON that was made of an earlier state."""
        self._json = None

    def json_bytes(self) -> bytes:
        if self._json is None:
            self._json = orjson.dumps(self.json())
        return self._json

    def json(self, *, redacted: bool = False) -> Json:
        """The message object. `redacted` is how a bot without the message-content intent is told of others' messages."""
        message: Json = {
            "id": self.id,
            "type": self.kind,
            "channel_id": self.channel.id,
            "author": self.author.json(),
            "content": "" if redacted else self.content,
            "timestamp": written(self.made),
            "edited_timestamp": None if self.edited is None else written(self.edited),
            "tts": self.tts,
            "pinned": False,
            "mention_everyone": self.pings_everyone,
            "mentions": [user.json() for user in self.pings],
            "mention_roles": [],
            "attachments": [] if redacted else [one.json() for one in self.attachments],
            "embeds": [] if redacted else self.embeds,
            "components": [] if redacted else self.components,
            "flags": self.flags,
        }
        if self.reactions:
            message["reactions"] = [self._reaction(emoji, users) for emoji, users in self.reactions.items()]
        if self.nonce is not None:
            message["nonce"] = self.nonce
        if self.application_id is not None:
            message["application_id"] = self.application_id
        if self.by_webhook:
            message["webhook_id"] = self.application_id
        if self.metadata is not None:
            message["interaction_metadata"] = self.metadata
        if self.reference is not None:
            message["message_reference"] = self.reference
        return message

    def _reaction(self, emoji: str, users: dict[str, User]) -> Json:
        return {
            "emoji": emoji_json(emoji),
            "count": len(users),
            "count_details": {"burst": 0, "normal": len(users)},
            "me": self.author.id in users,
            "me_burst": False,
            "burst_me": False,
            "burst_count": 0,
            "burst_colors": [],
        }


def emoji_json(emoji: str) -> Json:
    """`emoji` is a Unicode emoji, or `name:id` of a custom one."""
    name, colon, number = emoji.rpartition(":")
    return {"id": number, "name": name} if colon and number.isdecimal() else {"id": None, "name": emoji}
