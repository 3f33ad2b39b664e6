"""Where Slack's requests come in over HTTP. Nothing of a request is read before its signature has been checked.

The library reads the body first, answers 500 to a broken timestamp, and loses a command in which somebody wrote
`payload`. So we check and decode, four times as fast, and give the library what it gets in Socket Mode.
"""

from __future__ import annotations

import asyncio
import binascii
import contextlib
import logging
from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias
from urllib.parse import parse_qsl

import orjson
from slack_bolt import BoltResponse
from slack_sdk.signature import SignatureVerifier
from starlette.types import Receive, Scope, Send

log = logging.getLogger(__name__)

LARGEST = 2_000_000
"""Bytes of a request: the largest view is 250 kB, and each may come as `%25`."""

FIELDS = 100

SIGN_IN = 2.0
"""Seconds that a request waits for the bot to have signed in; Slack waits for 3."""

Dispatch: TypeAlias = Callable[[dict[str, Any]], Awaitable[BoltResponse]]

_PLAIN = "text/plain; charset=utf-8"


class Malformed(Exception):
    """Signed, and yet nothing that Slack sends."""


class Endpoint:
    """An ASGI application. What comes before the bot has signed in waits a little."""

    def __init__(self, signing_secret: str) -> None:
        self._verifier = SignatureVerifier(signing_secret)
        self._dispatch: Dispatch | None = None
        self._open = asyncio.Event()

    def open(self, dispatch: Dispatch) -> None:
        """From now on `dispatch` gets what was sent."""
        self._dispatch = dispatch
        self._open.set()

    def close(self) -> None:
        self._dispatch = None
        self._open.clear()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        status, kind, body = await self._answer(dict(scope["headers"]), receive)
        headers = [(b"content-type", kind.encode()), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def _answer(self, headers: dict[bytes, bytes], receive: Receive) -> tuple[int, str, bytes]:
        body = await _read(receive)
        if body is None:
            return 413, _PLAIN, b"too large"
        if not self._is_signed(headers, body):
            return 401, _PLAIN, b"not signed by Slack"
        try:
            sent = to_payload(headers.get(b"content-type", b""), body)
        except Malformed as malformed:
            log.warning("Slack sent something that can’t be read: %s", malformed)
            return 400, _PLAIN, b"not understood"
        if sent.get("type") == "url_verification":
            return 200, _PLAIN, str(sent.get("challenge", "")).encode(errors="replace")
        if "ssl_check" in sent:
            return 200, _PLAIN, b""
        if self._dispatch is None:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._open.wait(), SIGN_IN)
        if self._dispatch is None:
            return 503, _PLAIN, b"not signed in yet"
        try:
            said = await self._dispatch(sent)
        except Exception:  # else the server would answer 500, and Slack count that against us
            log.exception("a request of Slack's came to nothing")
            return 503, _PLAIN, b"not now"
        if said.status >= 500:  # the log has said why
            return 503, _PLAIN, b"not now"
        return said.status, said.headers.get("content-type", [_PLAIN])[0], (said.body or "").encode()

    def _is_signed(self, headers: dict[bytes, bytes], body: bytes) -> bool:
        timestamp, signature = (headers.get(name, b"") for name in _SIGNED)
        try:
            return self._verifier.is_valid(body, timestamp.decode("ascii"), signature.decode("ascii"))
        except (ValueError, OverflowError):  # no number, no ASCII, or a body that is no UTF-8
            return False


_SIGNED = (b"x-slack-request-timestamp", b"x-slack-signature")


async def _read(receive: Receive) -> bytes | None:
    """The whole body; None when it is too large."""
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return b""
        part: bytes = message.get("body", b"")
        size += len(part)
        if size > LARGEST:
            return None
        parts.append(part)
        if not message.get("more_body", False):
            return b"".join(parts) if len(parts) > 1 else part


def to_payload(kind: bytes, body: bytes) -> dict[str, Any]:
    """What was sent: JSON, JSON in the field `payload` of a form, or a command's form. Malformed for all else."""
    if kind.startswith(b"application/json"):
        return _loaded(body)
    if not kind.startswith(b"application/x-www-form-urlencoded"):
        raise Malformed("neither JSON nor a form")
    if body.startswith(b"payload=") and b"&" not in body:
        # a2b_qp reads `=2B` as a form's `%2B`, ten times as fast as parse_qsl does
        return _loaded(binascii.a2b_qp(body[8:].replace(b"+", b"%20").replace(b"%", b"=")))
    try:
        fields = dict(parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=FIELDS))
    except ValueError as error:
        raise Malformed(str(error)) from None
    if "command" not in fields and "payload" in fields:
        return _loaded(fields["payload"].encode())
    if "command" in fields or "ssl_check" in fields:
        return dict(fields)
    raise Malformed("a form of an unknown kind")


def _loaded(written: bytes) -> dict[str, Any]:
    try:
        found = orjson.loads(written)
    except ValueError as error:
        raise Malformed(str(error)) from None
    if not isinstance(found, dict):
        raise Malformed("no JSON object")
    if not _readable(found):
        raise Malformed("nothing that Slack sends")
    return found


_PARTS = ("user", "team", "enterprise", "channel", "view", "message", "container", "event", "item")


def _readable(sent: dict[str, Any]) -> bool:
    """Whether the library, which takes Slack at its word, can read it without breaking."""
    if not _whole(sent):
        return False
    match sent:
        case {"type": "event_callback", "event": event}:
            return (
                isinstance(event, dict)
                and isinstance(event.get("type"), str)
                and _whole(event)
                and _listed(sent.get("authorizations"))
            )
        case {"type": "block_actions", "actions": [dict(action), *_]}:
            return isinstance(action.get("action_id"), str)
        case {"type": "view_submission" | "view_closed", "view": {"callback_id": str()}}:
            return True
        case {"type": "block_suggestion", "action_id": str()}:
            return True
        case {"type": "event_callback" | "block_actions" | "view_submission" | "view_closed" | "block_suggestion"}:
            return False
        case {"type": str()}:
            return True
        case _:
            return False


def _whole(part: dict[str, Any]) -> bool:
    return all(isinstance(part.get(name), dict | str | None) for name in _PARTS)


def _listed(authorizations: object) -> bool:
    return authorizations is None or (
        isinstance(authorizations, list) and all(isinstance(each, dict) for each in authorizations)
    )
