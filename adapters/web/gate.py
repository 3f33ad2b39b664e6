"""What may come in and how it goes out: the page is for this machine's own browser and nobody else's page.

Host is checked against DNS rebinding, changes must come from our own page, bodies are bounded while they stream in,
and every response carries the same strict headers.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Collection

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.words import ENGLISH, _, known, speaking

LOCAL_HOSTS = ("localhost", "127.0.0.1", "[::1]")

BODY_MOST = 640 * 1024
"""Bytes of a request's body: five inputs of 10,000 characters, each up to four bytes written as `%F0`."""

BODY_SECONDS = 15

_HEADERS = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}


_LANGUAGE = re.compile(r"\s*([A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3})\s*(?=;|$)")
MOST_LANGUAGES = 20


def allowed_hosts(hosts: Collection[str], port: int | None) -> re.Pattern[str]:
    """What a Host header may be: one of `hosts`, with its own port or else `port`; any port where that is None."""
    ports = r"(:\d{1,5})?" if port is None else f":{port}"
    if port == 80:
        ports = "(:80)?"
    return re.compile(
        "|".join(re.escape(host) + ("" if re.search(r":\d+$", host) else ports) for host in hosts) or "(?!)",
        re.IGNORECASE,
    )


def locale(accept_language: str) -> str | None:
    """The first language of an Accept-Language header that we have, or else its first, as in `de-AT`."""
    every = [found[1] for part in accept_language.split(",")[:MOST_LANGUAGES] if (found := _LANGUAGE.match(part))]
    return next(filter(known, every), next(iter(every), None))


def refusal(method: str, headers: Headers, hosts: re.Pattern[str]) -> tuple[int, str] | None:
    """The status and the sentence with which a request is turned away, or None for one that may come in."""
    named = headers.getlist("host")
    if len(named) != 1 or not hosts.fullmatch(named[0]):
        return 421, _("This page is only served under its own local address, such as http://127.0.0.1.")
    site = headers.get("sec-fetch-site")
    if method in ("GET", "HEAD"):
        if site in ("cross-site", "same-site") and headers.get("sec-fetch-mode") != "navigate":
            return 403, _("Another site asked for this; only the channel’s own page may.")
        return None
    origin = headers.get("origin")
    # A form on a page with `Referrer-Policy: no-referrer` sends `Origin: null`; then Sec-Fetch-Site alone vouches for it.
    ours = origin in (f"http://{named[0]}", f"https://{named[0]}")
    if not ((site in ("same-origin", "none") and (ours or origin in (None, "null"))) or (site is None and ours)):
        return 403, _("This came from another site, so nothing was done. Open the channel’s own page and try there.")
    if headers.get("content-type", "").partition(";")[0].strip().lower() != "application/x-www-form-urlencoded":
        return 415, _("This page only reads what its own forms send.")
    return None


class Gate:
    """ASGI middleware: turns away what may not come in, and dresses what goes out. Inside, the reader's language is spoken."""

    def __init__(self, app: ASGIApp, hosts: re.Pattern[str], refused: Callable[[Request, int, str], Response]) -> None:
        self._app = app
        self._hosts = hosts
        self._refused = refused

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers[name] = value
                headers.setdefault("cache-control", "no-store")
            await send(message)

        headers = Headers(scope=scope)
        with speaking(known(locale(headers.get("accept-language", ""))) or ENGLISH):
            why = refusal(scope["method"], headers, self._hosts)
            inner = self._app if why is None else self._refused(Request(scope), *why)
            await inner(scope, receive, dressed)


async def body(request: Request) -> bytes:
    """The whole body. HTTPException 413 as soon as it is more than `BODY_MOST`, 408 when it dawdles."""
    kept = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for chunk in request.stream():
                kept += chunk
                if len(kept) > BODY_MOST:
                    raise HTTPException(
                        413, _("That is too long: {size} KiB can be sent at once.", size=BODY_MOST // 1024)
                    )
    except (TimeoutError, ClientDisconnect):
        raise HTTPException(408, _("That took too long to arrive. Please send it again.")) from None
    return bytes(kept)
