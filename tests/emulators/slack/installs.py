"""An app's installation in a workspace or organisation, and its tokens."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.emulators.slack.apps import App
from tests.emulators.slack.errors import Json
from tests.emulators.slack.teams import Enterprise, Team, User

BOT, USER, APP = "bot", "user", "app"


@dataclass(slots=True, eq=False)
class Token:
    """`expires` is None unless tokens rotate; `dead` is the error that it now brings."""

    value: str
    kind: str
    installation: Installation | None = None
    expires: float | None = None
    dead: str | None = None


@dataclass(slots=True, eq=False)
class Installation:
    """`teams` is one workspace, or all of an organisation. `refresh` is the one refresh token that is good now, `life` the seconds of its tokens."""

    id: str
    app: App
    teams: list[Team]
    bot: User
    bot_id: str
    scopes: list[str]
    installer: User
    org_wide: bool = False
    tokens: list[Token] = field(default_factory=list)
    refresh: str | None = None
    life: int = 0
    removed: bool = False

    @property
    def team(self) -> Team:
        return self.teams[0]

    @property
    def enterprise(self) -> Enterprise | None:
        return self.team.enterprise

    def covers(self, team: Team) -> bool:
        return not self.removed and team in self.teams

    def may(self, *scopes: str) -> bool:
        """Whether it has any of these scopes; none at all is always had."""
        return not scopes or any(one in self.scopes for one in scopes)

    def bot_profile(self) -> Json:
        return {
            "id": self.bot_id,
            "app_id": self.app.id,
            "user_id": self.bot.id,
            "name": self.app.name,
            "icons": {},
            "deleted": False,
            "updated": 1,
            "team_id": self.team.id,
        }

    def authorization(self) -> Json:
        """One of an event's `authorizations`."""
        return {
            "enterprise_id": None if self.enterprise is None else self.enterprise.id,
            "team_id": None if self.org_wide else self.team.id,
            "user_id": self.bot.id,
            "is_bot": True,
            "is_enterprise_install": self.org_wide,
        }
