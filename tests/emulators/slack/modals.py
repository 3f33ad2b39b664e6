"""Modals and home tabs as Slack keeps them: their stack, their state, their JSON."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.emulators.slack.errors import Json
from tests.emulators.slack.form import HOME
from tests.emulators.slack.installs import Installation
from tests.emulators.slack.teams import User


@dataclass(slots=True, eq=False)
class View:
    """`body` is what the app sent, with every id; `values` the state, by block and action."""

    id: str
    user: User
    installation: Installation
    body: Json
    hash: str
    previous: View | None = None
    values: dict[str, Json] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    version: int = 1

    @property
    def kind(self) -> str:
        return str(self.body["type"])

    @property
    def root(self) -> View:
        return self if self.previous is None else self.previous.root

    @property
    def depth(self) -> int:
        return 1 if self.previous is None else self.previous.depth + 1

    def json(self) -> Json:
        body = self.body
        shown: Json = {
            "id": self.id,
            "team_id": self.user.team.id,
            "type": self.kind,
            "blocks": body["blocks"],
            "private_metadata": body.get("private_metadata", ""),
            "callback_id": body.get("callback_id", ""),
            "state": {"values": self.values},
            "hash": self.hash,
            "title": body.get("title") or {"type": "plain_text", "text": "View Title", "emoji": True},
            "clear_on_close": body.get("clear_on_close", False),
            "notify_on_close": body.get("notify_on_close", False),
            "close": body.get("close"),
            "submit": body.get("submit"),
            "previous_view_id": None if self.previous is None else self.previous.id,
            "root_view_id": self.root.id,
            "app_id": self.installation.app.id,
            "external_id": body.get("external_id", ""),
            "app_installed_team_id": self.installation.team.id,
            "bot_id": self.installation.bot_id,
        }
        if self.kind != HOME:
            shown["submit_disabled"] = body.get("submit_disabled", False)
        return shown
