"""What Slack sends to the app: one delivery, its acknowledgment, and why there was none."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any

from tests.emulators.slack.errors import Json

EVENT, COMMAND, INTERACTIVE = "events_api", "slash_commands", "interactive"
"""The types of a Socket Mode envelope."""


@dataclass(slots=True)
class Reply:
    """The app's acknowledgment. `body` is JSON, or what HTTP brought as text, or None."""

    status: int = 200
    body: Any = None
    no_retry: bool = False

    @property
    def good(self) -> bool:
        return 200 <= self.status < 300


class Undelivered(Exception):
    """`reason` in the words of retries: timeout, http_error, connection_failed; or disconnected, no_connection."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


@dataclass(frozen=True, slots=True)
class Signed:
    """A request as it goes over the wire."""

    url: str
    headers: dict[str, str]
    body: bytes


@dataclass(slots=True, eq=False)
class Delivery:
    """`target` chooses the URL over HTTP: 'events', 'interactivity', 'options' or a command."""

    id: str
    kind: str
    target: str
    payload: Json
    said: str
    attempt: int = 0
    reason: str = ""
    replies: list[Reply] = field(default_factory=list)
    signed: Signed | None = None
    answered: asyncio.Future[Reply] | None = None

    @property
    def accepts_response(self) -> bool:
        return self.kind != EVENT
