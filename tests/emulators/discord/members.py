"""Users, roles and members, as JSON too."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.emulators.discord.clock import written
from tests.emulators.discord.errors import Json


@dataclass(slots=True)
class User:
    id: str
    name: str
    bot: bool = False
    locale: str = "en-US"
    takes_dms: bool = True

    def json(self) -> Json:
        return {
            "id": self.id,
            "username": self.name.lower().replace(" ", "_")[:32] or "nameless",
            "global_name": None if self.bot else self.name,
            "discriminator": "0",
            "avatar": None,
            "avatar_decoration_data": None,
            "collectibles": None,
            "primary_guild": None,
            "clan": None,
            "display_name_styles": None,
            "public_flags": 0,
            "bot": self.bot,
            "system": False,
        }


@dataclass(slots=True)
class Role:
    id: str
    name: str
    permissions: int
    position: int
    managed_by: str | None = None

    def json(self) -> Json:
        role: Json = {
            "id": self.id,
            "name": self.name,
            "description": None,
            "permissions": str(self.permissions),
            "position": self.position,
            "color": 0,
            "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
            "hoist": False,
            "managed": self.managed_by is not None,
            "mentionable": False,
            "icon": None,
            "unicode_emoji": None,
            "flags": 0,
        }
        return role if self.managed_by is None else role | {"tags": {"bot_id": self.managed_by}}


@dataclass(slots=True)
class Member:
    user: User
    joined: float
    roles: list[str] = field(default_factory=list)
    nick: str | None = None
    timed_out_until: float | None = None

    def json(self, *, with_user: bool = True) -> Json:
        member: Json = {
            "roles": list(self.roles),
            "nick": self.nick,
            "avatar": None,
            "banner": None,
            "premium_since": None,
            "joined_at": written(self.joined),
            "communication_disabled_until": None if self.timed_out_until is None else written(self.timed_out_until),
            "pending": False,
            "deaf": False,
            "mute": False,
            "flags": 0,
        }
        return member | {"user": self.user.json()} if with_user else member
