"""Conversations: public and private channels, direct messages, channels shared between workspaces."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.emulators.slack.errors import Json
from tests.emulators.slack.messages import Message
from tests.emulators.slack.teams import Team, User

PUBLIC, PRIVATE, IM, MPIM = "public_channel", "private_channel", "im", "mpim"
KINDS = (PUBLIC, PRIVATE, IM, MPIM)
FAMILY = {PUBLIC: "channels", PRIVATE: "groups", IM: "im", MPIM: "mpim"}
"""The first half of the scopes of a kind, and of its events' names."""
CHANNEL_TYPE = {PUBLIC: "channel", PRIVATE: "group", IM: "im", MPIM: "mpim"}
"""`channel_type` of message events."""


@dataclass(slots=True, eq=False)
class Channel:
    """`teams`: the host first; more than one in a shared channel. `members` are ids of people and bot users."""

    id: str
    name: str
    kind: str
    teams: list[Team]
    creator: str
    made: int
    members: dict[str, User] = field(default_factory=dict)
    archived: bool = False
    deleted: bool = False
    messages: dict[str, Message] = field(default_factory=dict)

    @property
    def shared(self) -> bool:
        return len(self.teams) > 1

    @property
    def direct(self) -> bool:
        return self.kind in (IM, MPIM)

    @property
    def form_name(self) -> str:
        """`channel_name` of a command."""
        return {PRIVATE: "privategroup", IM: "directmessage"}.get(self.kind, self.name)

    def public(self) -> list[Message]:
        """What everybody here sees, oldest first."""
        return [one for one in self.messages.values() if not one.deleted and not one.ephemeral]

    def json(self, viewer: User, *, members: bool = False) -> Json:
        shown: Json = {"id": self.id, "created": self.made, "is_archived": self.archived, "updated": self.made * 1000}
        if self.kind == IM:
            other = next((one for one in self.members.values() if one is not viewer), viewer)
            return shown | {"is_im": True, "is_org_shared": False, "user": other.id, "is_user_deleted": other.deleted}
        shown |= {
            "name": self.name,
            "name_normalized": self.name,
            "is_channel": self.kind == PUBLIC,
            "is_group": self.kind == PRIVATE,
            "is_im": False,
            "is_mpim": self.kind == MPIM,
            "is_private": self.kind != PUBLIC,
            "is_general": self.name == "general",
            "is_shared": self.shared,
            "is_ext_shared": self.shared,
            "is_org_shared": False,
            "is_pending_ext_shared": False,
            "pending_shared": [],
            "shared_team_ids": [team.id for team in self.teams],
            "context_team_id": viewer.team.id,
            "creator": self.creator,
            "is_member": viewer.id in self.members,
            "topic": {"value": "", "creator": "", "last_set": 0},
            "purpose": {"value": "", "creator": "", "last_set": 0},
            "previous_names": [],
        }
        return shown | ({"num_members": len(self.members)} if members else {})
