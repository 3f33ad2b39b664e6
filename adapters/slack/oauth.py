"""Installing the app in further workspaces: an admin follows a link, agrees in Slack, and comes back."""

from __future__ import annotations

import html
import logging
import secrets
from collections.abc import Awaitable, Callable, Sequence

from cryptography.fernet import Fernet, InvalidToken
from slack_bolt import BoltResponse
from slack_bolt.adapter.starlette.async_handler import to_async_bolt_request, to_starlette_response
from slack_bolt.error import BoltError
from slack_bolt.oauth.async_callback_options import AsyncCallbackOptions, AsyncFailureArgs, AsyncSuccessArgs
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_sdk.oauth.installation_store import Installation as Agreed
from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore
from slack_sdk.oauth.state_store.async_state_store import AsyncOAuthStateStore
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from adapters.slack import errors
from adapters.slack.api import Api
from adapters.slack.installs import Installation
from adapters.slack.manifest import COMMAND
from adapters.slack.permissions import SCOPES, lacking
from adapters.slack.ways import INSTALL_PATH, REDIRECT_PATH, Credentials

log = logging.getLogger(__name__)

STATE_LIFE = 600
"""Seconds between following the link and coming back."""

SAVED = "Studybot is installed. Invite it to a channel with /invite @Studybot, and type {command} there."
REFUSED = {
    "access_denied": "Nothing was installed, as you did not agree.",
    "invalid_browser": "You came back in another browser than the one in which you followed the link, or with cookies switched off.",
    "invalid_state": "That took more than ten minutes.",
    "missing_code": "Slack sent you back without the code that goes with your consent.",
    "invalid_code": "Slack did not take back the code that it sent you with.",
    "storage_error": "The installation could not be kept.",
}


class States(AsyncOAuthStateStore):
    """What ties somebody's coming back to their leaving: sealed, with its time, so that there is nothing to keep.

    The link is open to the world, and whoever follows it over and over would fill a store.
    """

    def __init__(self, sealing: Fernet) -> None:
        self._sealing = sealing

    async def async_issue(self, *args: object, **kwargs: object) -> str:
        return self._sealing.encrypt(secrets.token_bytes(16)).decode().rstrip("=")

    async def async_consume(self, state: str) -> bool:
        try:
            self._sealing.decrypt(state + "=" * (-len(state) % 4), ttl=STATE_LIFE)
        except (InvalidToken, ValueError):
            return False
        return True


class Store(AsyncInstallationStore):
    """Where the library puts what was agreed to. `save` keeps it. BoltError when that fails."""

    def __init__(self, save: Callable[[Installation], Awaitable[None]]) -> None:
        self._save = save

    async def async_save(self, installation: Agreed) -> None:
        try:
            await self._save(to_installation(installation))
        except Exception as error:
            log.exception("an installation could not be kept")
            raise BoltError(str(error)) from error


def to_installation(agreed: Agreed) -> Installation:
    """Ours of the library's."""
    scopes = agreed.bot_scopes or []
    named = scopes.split(",") if isinstance(scopes, str) else scopes
    wide = bool(agreed.is_enterprise_install)
    expires = agreed.bot_token_expires_at
    return Installation(
        token=agreed.bot_token or "",
        team="" if wide else agreed.team_id or "",
        enterprise=agreed.enterprise_id or "",
        name=(agreed.enterprise_name if wide else agreed.team_name) or "",
        bot_user=agreed.bot_user_id or "",
        bot=agreed.bot_id or "",
        scopes=tuple(sorted(named)),
        owner=agreed.user_id or "",
        refresh=agreed.bot_refresh_token or "",
        expires=None if expires is None else float(expires),
    )


class Installing:
    """The two pages. `save` keeps what was agreed to, `installed` hears of it."""

    def __init__(
        self, api: Api, credentials: Credentials, sealing: Fernet, save: Callable[[Installation], Awaitable[None]]
    ) -> None:
        self._api = api
        self._credentials = credentials
        self._sealing = sealing
        self._save = save
        self._flow: AsyncOAuthFlow | None = None

    @property
    def routes(self) -> Sequence[BaseRoute]:
        return (Route(INSTALL_PATH, self._install), Route(REDIRECT_PATH, self._back))

    def open(self) -> None:
        """From now on people can install."""
        given = self._credentials
        self._flow = AsyncOAuthFlow(
            client=self._api.client(),
            logger=log,
            settings=AsyncOAuthSettings(
                client_id=given.client_id,
                client_secret=given.client_secret,
                scopes=list(SCOPES),
                user_scopes=[],
                redirect_uri=given.address(REDIRECT_PATH),
                install_path=INSTALL_PATH,
                redirect_uri_path=REDIRECT_PATH,
                install_page_rendering_enabled=False,
                authorization_url=self._api.authorize_url,
                callback_options=AsyncCallbackOptions(_succeeded, _failed),
                state_store=States(self._sealing),
                state_expiration_seconds=STATE_LIFE,
                installation_store=Store(self._save),
                logger=log,
            ),
        )

    def close(self) -> None:
        self._flow = None

    async def _install(self, request: Request) -> Response:
        if self._flow is None:
            return _page("Not now. Please try again in a moment.", 503)
        return to_starlette_response(await self._flow.handle_installation(to_async_bolt_request(request, b"")))

    async def _back(self, request: Request) -> Response:
        if self._flow is None:
            return _page("Not now. Please try again in a moment.", 503)
        try:
            said = await self._flow.handle_callback(to_async_bolt_request(request, b""))
        except errors.FAILURES as error:
            log.warning("an installation failed: %s", errors.to_problem(error))
            return _page("Slack can’t be reached. Please follow the link again in a moment.", 502)
        return to_starlette_response(said)


async def _succeeded(came: AsyncSuccessArgs) -> BoltResponse:
    scopes = to_installation(came.installation).scopes
    if lack := lacking(scopes):
        log.warning("the app was installed without %s", ", ".join(lack))
    return _answer(SAVED.format(command=COMMAND), 200)


async def _failed(came: AsyncFailureArgs) -> BoltResponse:
    log.warning("an installation failed: %s", came.reason[:80])
    said = REFUSED.get(came.reason, "Slack did not let the app in.")
    return _answer(f"{said} Follow the link once more to try again.", came.suggested_status_code)


def _answer(said: str, status: int) -> BoltResponse:
    """A page, and the cookie gone."""
    headers: dict[str, str | Sequence[str]] = {
        "Content-Type": "text/html; charset=utf-8",
        "Set-Cookie": "slack-app-oauth-state=deleted; Path=/; Max-Age=0",
    }
    return BoltResponse(status=status, body=_written(said), headers=headers)


def _page(said: str, status: int) -> Response:
    return Response(_written(said), status, media_type="text/html")


def _written(said: str) -> str:
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f'<title>Studybot</title><body style="font: 1.1rem/1.5 system-ui; margin: 4rem auto; max-width: 32rem; padding: 0 1rem">'
        f"<h1>Studybot</h1><p>{html.escape(said)}</p></body></html>"
    )
