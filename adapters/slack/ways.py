"""The three ways in, chosen by what the operator has set: Socket Mode, HTTP for one workspace, HTTP for many."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import urlsplit

API = "https://slack.com/api/"

EVENTS_PATH = "/slack/events"
INSTALL_PATH = "/slack/install"
REDIRECT_PATH = "/slack/oauth_redirect"

SECRET_LEAST = 16
"""Characters of a passphrase that tokens are sealed with."""


class Way(StrEnum):
    SOCKET = "socket"
    HTTP = "http"
    MANY = "many"


@dataclass(frozen=True, slots=True)
class Credentials:
    """What Slack gave the operator, and what they chose; empty where it is not set."""

    bot_token: str = field(default="", repr=False)
    app_token: str = field(default="", repr=False)
    signing_secret: str = field(default="", repr=False)
    client_id: str = ""
    client_secret: str = field(default="", repr=False)
    secret_key: str = field(default="", repr=False)
    public_url: str = ""
    api_url: str = API

    @property
    def used(self) -> bool:
        """Whether anything is set that is of use for Slack alone."""
        return any((self.bot_token, self.app_token, self.signing_secret, self.client_id, self.client_secret))

    @property
    def for_many(self) -> bool:
        """Whether many workspaces are meant, though something may lack."""
        return bool(self.client_id or self.client_secret)

    @property
    def way(self) -> Way:
        """The way in. ValueError, naming what is missing or too much."""
        _well_formed(self)
        if self.for_many:
            return self._many()
        if not self.bot_token:
            raise ValueError(
                "STUDYBOT_SLACK_BOT_TOKEN is missing: it is the Bot User OAuth Token under OAuth & Permissions on the app’s page"
            )
        if self.app_token and self.signing_secret:
            raise ValueError(
                "both STUDYBOT_SLACK_APP_TOKEN (Socket Mode) and STUDYBOT_SLACK_SIGNING_SECRET (HTTP) are set: "
                "leave out the one that the app’s manifest doesn’t say"
            )
        if self.app_token:
            return Way.SOCKET
        if self.signing_secret:
            return Way.HTTP
        raise ValueError(
            "STUDYBOT_SLACK_APP_TOKEN is missing, which Socket Mode needs (for HTTP: STUDYBOT_SLACK_SIGNING_SECRET); "
            "both are under Basic Information on the app’s page"
        )

    @property
    def wanted(self) -> Way:
        """The way that an app is to be made for: what is set of it so far tells."""
        if self.for_many:
            return Way.MANY
        return Way.HTTP if self.public_url or self.signing_secret else Way.SOCKET

    def _many(self) -> Way:
        lacking = [
            f"STUDYBOT_{name}"
            for name, value in (
                ("SLACK_CLIENT_ID", self.client_id),
                ("SLACK_CLIENT_SECRET", self.client_secret),
                ("SLACK_SIGNING_SECRET", self.signing_secret),
                ("SECRET_KEY", self.secret_key),
                ("PUBLIC_URL", self.public_url),
            )
            if not value
        ]
        if lacking:
            raise ValueError(
                f"{_listed(lacking)} {'is' if len(lacking) == 1 else 'are'} missing to serve many workspaces"
            )
        if self.bot_token or self.app_token:
            spare = "STUDYBOT_SLACK_BOT_TOKEN" if self.bot_token else "STUDYBOT_SLACK_APP_TOKEN"
            raise ValueError(
                f"{spare} is for one workspace, STUDYBOT_SLACK_CLIENT_ID for many: leave out one of the two"
            )
        if len(self.secret_key) < SECRET_LEAST:
            raise ValueError(
                f"STUDYBOT_SECRET_KEY has fewer than {SECRET_LEAST} characters: `openssl rand -base64 32` makes a good one"
            )
        return Way.MANY

    def address(self, path: str) -> str:
        """Where Slack and people reach a path of ours. Needs `public_url`."""
        return self.public_url.rstrip("/") + path


def _well_formed(given: Credentials) -> None:
    """What is recognisably something else is refused here, before Slack says `invalid_auth` to it."""
    if given.bot_token and not given.bot_token.startswith(("xoxb-", "xoxe.xoxb-")):
        raise ValueError("STUDYBOT_SLACK_BOT_TOKEN is no bot token: the Bot User OAuth Token begins with xoxb-")
    if given.app_token and not given.app_token.startswith("xapp-"):
        raise ValueError("STUDYBOT_SLACK_APP_TOKEN is no app-level token: those begin with xapp-")
    if given.public_url:
        parts = urlsplit(given.public_url)
        if parts.scheme not in ("http", "https") or not parts.netloc or parts.query or parts.fragment:
            raise ValueError("STUDYBOT_PUBLIC_URL is no address: write one such as https://quiz.example.org")


def _listed(names: list[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]
