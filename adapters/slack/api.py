"""Slack's Web API and response addresses, over connections of our own. Nothing here tries anything again."""

from __future__ import annotations

import base64
import logging
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any
from urllib.request import getproxies

import aiohttp
import orjson
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from adapters.slack import errors
from bot.platform import Missing, Rejected
from bot.words import N_

log = logging.getLogger(__name__)
log.setLevel(max(logging.INFO, log.getEffectiveLevel()))  # at DEBUG the library writes down everything that people say

CONNECTIONS = 100
"""Open at most, all workspaces together."""

TIMEOUT = 10.0
"""Seconds for one request."""

CLIENTS = 1000
"""Kept at hand, by token."""


class SpentAddress(Missing):
    """A response address has had its five uses or its thirty minutes."""


class Client(AsyncWebClient):
    """The library's client."""

    async def oauth_v2_access(self, *, client_id: str, client_secret: str, **asked: str | None) -> AsyncSlackResponse:
        """As the library's, which says who asks in a way that aiohttp is about to forget."""
        who = base64.b64encode(f"{client_id}:{client_secret}".encode()).decode()
        given = {name: value for name, value in asked.items() if value is not None}
        return await self.api_call("oauth.v2.access", data=given, headers={"Authorization": f"Basic {who}"})


class Api:
    """One Slack. `open` before use, in the running loop; `close` after."""

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url.rstrip("/") + "/"
        self._session: aiohttp.ClientSession | None = None
        self._clients: OrderedDict[str, AsyncWebClient] = OrderedDict()

    @property
    def session(self) -> aiohttp.ClientSession:
        assert self._session is not None
        return self._session

    @property
    def authorize_url(self) -> str:
        """Where people agree to an installation; it stands beside the API."""
        return self.base_url.removesuffix("api/") + "oauth/v2/authorize"

    def open(self) -> None:
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=CONNECTIONS),
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=TIMEOUT),
            trust_env=bool(getproxies()),  # looking for a proxy anew costs each request two turns of a thread
        )

    async def close(self) -> None:
        self._clients.clear()
        if self._session is not None:
            await self._session.close()

    def client(self, token: str | None = None) -> AsyncWebClient:
        """The library's client with a token. Its own retries are off: they post twice after a dropped connection."""
        known = self._clients.get(token or "")
        if known is None:
            known = Client(token=token, base_url=self.base_url, session=self.session, retry_handlers=[], logger=log)
            self._clients[token or ""] = known
            if len(self._clients) > CLIENTS:
                self._clients.popitem(last=False)
        return known

    async def respond(self, address: str, body: Mapping[str, Any]) -> None:
        """Say something at a response address. SpentAddress when it is good no more."""
        headers = {"Content-Type": "application/json; charset=utf-8"}
        async with self.session.post(address, data=orjson.dumps(body), headers=headers) as answer:
            said = await answer.read()
        if (problem := errors.of_status(answer.status, answer.headers)) is not None:
            raise problem
        if answer.status >= 300:
            name = _error(said)
            if answer.status in (404, 410) or name in ("expired_url", "used_url"):
                raise SpentAddress(f"Slack takes no more answers there: {name}.")
            raise Rejected(N_("Slack takes no such answer: {error} ({status})."), error=name, status=answer.status)


def _error(said: bytes) -> str:
    """The error's name in an answer's body, or the body's beginning."""
    try:
        found = orjson.loads(said)
        return str(found["error"])
    except (ValueError, TypeError, KeyError):
        return said[:80].decode(errors="replace") or "?"
