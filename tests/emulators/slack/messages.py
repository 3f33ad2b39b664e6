"""A message, and the JSON that the Web API and the payloads show of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.emulators.slack.content import Content
from tests.emulators.slack.errors import Json

if TYPE_CHECKING:
    from tests.emulators.slack.channels import Channel
    from tests.emulators.slack.installs import Installation
    from tests.emulators.slack.teams import User


@dataclass(slots=True, eq=False)
class Message:
    """`by` is the app's installation that wrote it; None for a person. `seen_by` alone sees an ephemeral one."""

    ts: str
    channel: Channel
    user: User
    content: Content
    by: Installation | None = None
    seen_by: User | None = None
    thread_ts: str | None = None
    broadcast: bool = False
    edited: str | None = None
    subtype: str | None = None
    files: list[Json] = field(default_factory=list)
    reactions: dict[str, list[str]] = field(default_factory=dict)
    replies: list[str] = field(default_factory=list)
    deleted: bool = False
    version: int = 1
    choices: Json = field(default_factory=dict)
    """`state.values`: what people have chosen in its menus."""

    @property
    def ephemeral(self) -> bool:
        return self.seen_by is not None

    def json(self, *, metadata: bool = False) -> Json:
        shown: Json = {"type": "message", "user": self.user.id, "ts": self.ts, "text": self.content.text}
        if self.subtype is not None:
            shown["subtype"] = self.subtype
        if self.by is not None:
            shown |= {"bot_id": self.by.bot_id, "app_id": self.by.app.id, "bot_profile": self.by.bot_profile()}
        shown["team"] = self.user.team.id
        if self.content.blocks:
            shown["blocks"] = self.content.blocks
        if self.content.attachments:
            shown["attachments"] = self.content.attachments
        if self.files:
            shown["files"] = self.files
        if self.edited is not None:
            shown["edited"] = {"user": self.user.id, "ts": self.edited}
        if self.thread_ts is not None:
            shown["thread_ts"] = self.thread_ts
        if self.replies:
            shown |= {"thread_ts": self.ts, "reply_count": len(self.replies), "latest_reply": self.replies[-1]}
        if self.reactions:
            shown["reactions"] = [
                {"name": name, "users": users, "count": len(users)} for name, users in self.reactions.items()
            ]
        if metadata and self.content.metadata is not None:
            shown["metadata"] = self.content.metadata
        return shown
