"""Requests to the app over HTTP, signed. Source: Verifying requests from Slack; Events API (Retries)."""

from __future__ import annotations

import hashlib
import hmac
import time
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import aiohttp
import orjson

from tests.emulators.slack.envelopes import Delivery, Reply, Signed, Undelivered
from tests.emulators.slack.errors import Json

if TYPE_CHECKING:
    from tests.emulators.slack.world import World

JSON, FORM = "application/json", "application/x-www-form-urlencoded"
_AGENT = "Slackbot 1.0 (+https://api.slack.com/robots)"


def signature(secret: str, timestamp: str, body: bytes) -> str:
    digest = hmac.new(secret.encode(), f"v0:{timestamp}:".encode() + body, hashlib.sha256)
    return f"v0={digest.hexdigest()}"


def sign(secret: str, url: str, kind: str, body: bytes, *, timestamp: str | None = None) -> Signed:
    """The timestamp is the machine's own time, as the app's is, however far a test has moved the emulator's clock."""
    timestamp = timestamp or str(int(time.time()))
    headers = {
        "Content-Type": kind,
        "User-Agent": _AGENT,
        "Accept": "*/*",
        "X-Slack-Request-Timestamp": timestamp,
        "X-Slack-Signature": signature(secret, timestamp, body),
    }
    return Signed(url, headers, body)


def body_of(kind: str, payload: Json) -> tuple[str, bytes]:
    """The media type and the bytes of a delivery of this kind."""
    if kind == "events_api":
        return JSON, orjson.dumps(payload)
    if kind == "slash_commands":
        return FORM, urlencode(payload).encode()
    return FORM, urlencode({"payload": orjson.dumps(payload).decode()}).encode()


def signed(world: World, one: Delivery) -> Signed:
    url = world.app.urls.get(one.target)
    if url is None:
        raise Undelivered("no_connection")
    made = sign(world.app.signing_secret, url, *body_of(one.kind, one.payload))
    if one.attempt:
        made.headers["X-Slack-Retry-Num"] = str(one.attempt)
        made.headers["X-Slack-Retry-Reason"] = one.reason
    return made


async def send(world: World, one: Delivery) -> Reply:
    """Send it signed. Undelivered when nobody answers there."""
    one.signed = signed(world, one)
    try:
        return await request(world, one.signed)
    except (aiohttp.ClientError, OSError) as why:
        raise Undelivered("connection_failed") from why


async def request(world: World, made: Signed) -> Reply:
    post = world.http().post(made.url, data=made.body, headers=made.headers, allow_redirects=False)
    async with post as response:
        text = await response.text()
        body = orjson.loads(text) if response.content_type == JSON and text else text or None
        return Reply(response.status, body, response.headers.get("X-Slack-No-Retry") == "1")
