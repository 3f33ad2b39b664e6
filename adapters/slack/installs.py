"""Where the app is installed, and with which token: in the operator's own workspace, or in many."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Protocol, Self

import orjson

from adapters.slack import errors
from adapters.slack.api import Api
from adapters.slack.people import realm
from bot.platform import Missing, SignedOut
from bot.words import N_

ELSEWHERE = N_("I am not installed in that workspace.")


@dataclass(frozen=True, slots=True)
class Installation:
    """The app in a workspace, or in a whole organisation: `team` is empty then. `expires`: seconds since 1970, if ever.

    `scopes` are empty where they are not known. `owner`: the user who is told when an admin's hand is needed.
    """

    token: str = field(repr=False)
    team: str
    enterprise: str
    name: str
    bot_user: str
    bot: str
    scopes: tuple[str, ...] = ()
    owner: str = ""
    refresh: str = field(default="", repr=False)
    expires: float | None = None

    @property
    def id(self) -> str:
        """Of what it is installed in."""
        return self.team or self.enterprise

    def realm(self, workspace: str) -> str:
        """In which the ids of a workspace's people are unique."""
        return realm(workspace, self.enterprise)

    def write(self) -> bytes:
        return orjson.dumps(asdict(self))

    @classmethod
    def read(cls, written: bytes) -> Self:
        found = orjson.loads(written)
        return cls(**{**found, "scopes": tuple(found["scopes"])})


class Installs(Protocol):
    """Who looks a token up asks here, each time: it may have been changed."""

    async def start(self) -> Mapping[str, Installation]:
        """Every workspace that there is, by id. SignedOut when there can be none."""

    async def of(self, workspace: str, enterprise: str = "") -> Installation:
        """The installation that serves a workspace, or an organisation. PlatformError when there is none."""

    async def mended(self, refused: Installation, problem: SignedOut) -> Installation:
        """The token of `refused` was refused: the installation with another one. PlatformError when there is none."""

    async def doubt(self, workspace: str) -> None:
        """Slack says that the app was removed from a workspace: see whether it was. SignedOut when nothing is left."""

    async def close(self) -> None:
        """Let what is under way come to its end, while Slack can still be asked."""


class OneInstall:
    """One workspace, whose token the operator has set."""

    def __init__(self, api: Api, token: str) -> None:
        self._api = api
        self._token = token
        self._found: Installation | None = None

    async def start(self) -> Mapping[str, Installation]:
        self._found = await signed_in(self._api, self._token)
        return {self._found.id: self._found}

    async def of(self, workspace: str, enterprise: str = "") -> Installation:
        found = self._found
        if found is None or not (found.team in ("", workspace) or found.enterprise == workspace):
            raise Missing(ELSEWHERE)
        return found

    async def mended(self, refused: Installation, problem: SignedOut) -> Installation:
        raise problem

    async def doubt(self, workspace: str) -> None:
        await signed_in(self._api, self._token)

    async def close(self) -> None:
        return


async def signed_in(api: Api, token: str, **more: Any) -> Installation:  # noqa: ANN401 - fields of an installation
    """Whose token it is, and what it may do. PlatformError as anywhere."""
    said = await errors.insist(lambda: api.client(token).auth_test())
    scopes: str = said.headers.get("x-oauth-scopes") or ""
    wide = said.get("is_enterprise_install") is True
    known = {
        "team": "" if wide else str(said.get("team_id") or ""),
        "enterprise": str(said.get("enterprise_id") or ""),
        "name": str(said.get("team") or ""),
        "bot_user": str(said.get("user_id") or ""),
        "bot": str(said.get("bot_id") or ""),
        "scopes": tuple(sorted(scope.strip() for scope in scopes.split(",") if scope.strip())),
    }
    return Installation(token=token, **{**known, **more})
