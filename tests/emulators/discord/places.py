"""Guilds and channels: what is where, and as which JSON the bot is told of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.emulators.discord import permissions
from tests.emulators.discord.clock import written
from tests.emulators.discord.errors import Json
from tests.emulators.discord.members import Member, Role, User

if TYPE_CHECKING:
    from tests.emulators.discord.messages import Message

TEXT, DM, CATEGORY, PUBLIC_THREAD = 0, 1, 4, 11
"""Channel types."""


@dataclass(frozen=True, slots=True)
class Overwrite:
    """`kind` 0 is a role's, 1 a member's."""

    kind: int
    allow: int
    deny: int


@dataclass(slots=True)
class Channel:
    id: str
    kind: int
    name: str
    guild_id: str | None = None
    parent_id: str | None = None
    recipient: User | None = None
    position: int = 0
    overwrites: dict[str, Overwrite] = field(default_factory=dict)
    messages: dict[str, Message] = field(default_factory=dict)
    """Every message in its order; ephemeral ones stand among them."""
    last_message_id: str | None = None
    archived: bool = False
    locked: bool = False
    owner_id: str = ""
    made: float = 0.0

    @property
    def is_thread(self) -> bool:
        return self.kind == PUBLIC_THREAD

    def add(self, message: Message) -> None:
        self.messages[message.id] = message
        if message.seen_by is None:
            self.last_message_id = message.id

    def public(self) -> list[Message]:
        """What history shows: neither deleted nor ephemeral, oldest first."""
        return [message for message in self.messages.values() if message.seen_by is None and not message.deleted]

    def json(self) -> Json:
        shared: Json = {
            "id": self.id,
            "type": self.kind,
            "last_message_id": self.last_message_id,
            "flags": 0,
        }
        if self.recipient is not None:
            return shared | {"recipients": [self.recipient.json()]}
        shared |= {
            "guild_id": self.guild_id,
            "name": self.name,
            "parent_id": self.parent_id,
            "rate_limit_per_user": 0,
        }
        if self.is_thread:
            public = self.public()
            return shared | {
                "owner_id": self.owner_id,
                "message_count": len(public),
                "total_message_sent": len(public),
                "member_count": 1,
                "thread_metadata": {
                    "archived": self.archived,
                    "locked": self.locked,
                    "auto_archive_duration": 4320,
                    "archive_timestamp": written(self.made),
                    "create_timestamp": written(self.made),
                },
            }
        return shared | {
            "topic": None,
            "position": self.position,
            "nsfw": False,
            "last_pin_timestamp": None,
            "permission_overwrites": [
                {"id": target, "type": one.kind, "allow": str(one.allow), "deny": str(one.deny)}
                for target, one in self.overwrites.items()
            ],
        }


@dataclass(slots=True)
class Guild:
    id: str
    name: str
    owner_id: str
    locale: str = "en-US"
    roles: dict[str, Role] = field(default_factory=dict)
    members: dict[str, Member] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    has_bot: bool = True
    available: bool = True
    joined: float = 0.0

    def may(self, user_id: str, channel: Channel) -> int:
        """The permissions of a member in a channel; 0 for who isn't one."""
        member = self.members.get(user_id)
        return 0 if member is None else permissions.in_channel(self, channel, member)

    def brief(self) -> Json:
        """The guild as an interaction carries it."""
        return {"id": self.id, "locale": self.locale, "features": []}

    def json(self) -> Json:
        return {
            "id": self.id,
            "name": self.name,
            "owner_id": self.owner_id,
            "icon": None,
            "splash": None,
            "discovery_splash": None,
            "banner": None,
            "description": None,
            "vanity_url_code": None,
            "region": "deprecated",
            "preferred_locale": self.locale,
            "features": [],
            "emojis": [],
            "stickers": [],
            "roles": [role.json() for role in self.roles.values()],
            "afk_channel_id": None,
            "afk_timeout": 300,
            "system_channel_id": None,
            "system_channel_flags": 0,
            "rules_channel_id": None,
            "public_updates_channel_id": None,
            "safety_alerts_channel_id": None,
            "widget_enabled": False,
            "widget_channel_id": None,
            "verification_level": 0,
            "default_message_notifications": 0,
            "explicit_content_filter": 0,
            "mfa_level": 0,
            "nsfw_level": 0,
            "nsfw": False,
            "application_id": None,
            "max_members": 500_000,
            "max_presences": None,
            "max_video_channel_users": 25,
            "max_stage_video_channel_users": 50,
            "premium_tier": 0,
            "premium_subscription_count": 0,
            "premium_progress_bar_enabled": False,
            "incidents_data": None,
        }

    def create_event(self, bot_id: str, *, returns: bool) -> Json:
        """GUILD_CREATE as it comes without the members intent: of the members, the bot alone.

        `unavailable` says that the server `returns` from READY's list or from an outage; a newly joined one lacks it.
        """
        return (
            self.json()
            | ({"unavailable": False} if returns else {})
            | {
                "large": len(self.members) > 250,
                "member_count": len(self.members),
                "joined_at": written(self.joined),
                "members": [member.json() for member in self.members.values() if member.user.id == bot_id],
                "channels": [one.json() for one in self.channels.values() if not one.is_thread],
                "threads": [one.json() for one in self.channels.values() if one.is_thread and not one.archived],
                "presences": [],
                "voice_states": [],
                "stage_instances": [],
                "guild_scheduled_events": [],
                "soundboard_sounds": [],
            }
        )
