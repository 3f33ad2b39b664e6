"""Workspaces, organisations, members and user groups, and the JSON that the Web API shows of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from tests.emulators.slack.errors import Json


@dataclass(slots=True, eq=False)
class Enterprise:
    id: str
    name: str

    def json(self) -> Json:
        return {"id": self.id, "name": self.name}


@dataclass(slots=True, eq=False)
class User:
    """`guest` is None, 'multi' or 'single' channel."""

    id: str
    team: Team
    name: str
    real_name: str
    display_name: str = ""
    tz: str = "America/Los_Angeles"
    locale: str = "en-US"
    is_admin: bool = False
    is_owner: bool = False
    is_primary_owner: bool = False
    guest: str | None = None
    is_bot: bool = False
    bot_id: str | None = None
    app_id: str | None = None
    deleted: bool = False
    updated: int = 0

    @property
    def shown(self) -> str:
        """What others read in place of a mention."""
        return self.display_name or self.real_name

    def json(self, *, locale: bool = False, email: bool = False) -> Json:
        zone = ZoneInfo(self.tz)
        owner = self.is_owner or self.is_primary_owner
        offset = zone.utcoffset(datetime.now(UTC).astimezone(zone).replace(tzinfo=None))
        profile: Json = {
            "real_name": self.real_name,
            "real_name_normalized": self.real_name,
            "display_name": self.display_name,
            "display_name_normalized": self.display_name,
            "team": self.team.id,
            "avatar_hash": "g0",
        }
        if email and not self.is_bot:
            profile["email"] = f"{self.name}@example.com"
        if self.bot_id is not None:
            profile |= {"bot_id": self.bot_id, "api_app_id": self.app_id, "always_active": True}
        shown: Json = {
            "id": self.id,
            "team_id": self.team.id,
            "name": self.name,
            "deleted": self.deleted,
            "profile": profile,
            "is_bot": self.is_bot,
            "is_app_user": False,
            "updated": self.updated,
        }
        if not self.deleted:
            shown |= {
                "real_name": self.real_name,
                "tz": self.tz,
                "tz_label": self.tz,
                "tz_offset": 0 if offset is None else int(offset.total_seconds()),
                "is_admin": self.is_admin or owner,
                "is_owner": owner,
                "is_primary_owner": self.is_primary_owner,
                "is_restricted": self.guest is not None,
                "is_ultra_restricted": self.guest == "single",
            }
        if self.team.enterprise is not None:
            shown["enterprise_user"] = {
                "id": self.id,
                "enterprise_id": self.team.enterprise.id,
                "enterprise_name": self.team.enterprise.name,
                "is_admin": False,
                "is_owner": False,
                "teams": [self.team.id],
            }
        if locale and not self.is_bot:
            shown["locale"] = self.locale
        return shown


@dataclass(slots=True, eq=False)
class Usergroup:
    id: str
    team: Team
    name: str
    handle: str
    users: list[str]
    made: int
    disabled: int = 0

    def json(self, *, users: bool = False, count: bool = False) -> Json:
        shown: Json = {
            "id": self.id,
            "team_id": self.team.id,
            "is_usergroup": True,
            "name": self.name,
            "handle": self.handle,
            "description": "",
            "is_external": False,
            "date_create": self.made,
            "date_update": self.made,
            "date_delete": self.disabled,
            "auto_type": None,
            "prefs": {"channels": [], "groups": []},
        }
        return shown | ({"users": self.users} if users else {}) | ({"user_count": len(self.users)} if count else {})


@dataclass(slots=True, eq=False)
class Team:
    id: str
    name: str
    domain: str
    enterprise: Enterprise | None = None
    emoji: set[str] = field(default_factory=set)
    users: dict[str, User] = field(default_factory=dict)
    usergroups: dict[str, Usergroup] = field(default_factory=dict)

    def json(self) -> Json:
        shown: Json = {"id": self.id, "name": self.name, "domain": self.domain, "email_domain": "", "icon": {}}
        if self.enterprise is not None:
            shown |= {"enterprise_id": self.enterprise.id, "enterprise_name": self.enterprise.name}
        return shown

    def brief(self) -> Json:
        """`team` of an interaction."""
        shown: Json = {"id": self.id, "domain": self.domain}
        if self.enterprise is not None:
            shown |= {"enterprise_id": self.enterprise.id, "enterprise_name": self.enterprise.name}
        return shown
