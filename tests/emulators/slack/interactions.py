"""What a person's deed sets off: the trigger and response address it hands out, and all that came of it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.emulators.slack.channels import Channel
from tests.emulators.slack.envelopes import Delivery
from tests.emulators.slack.errors import Json
from tests.emulators.slack.installs import Installation
from tests.emulators.slack.messages import Message
from tests.emulators.slack.teams import User

if TYPE_CHECKING:
    from tests.emulators.slack.modals import View

COMMAND, PRESS, SUBMIT, CLOSE, SUGGEST, SHORTCUT, HOME, SAID = (
    "command",
    "press",
    "submit",
    "close",
    "suggest",
    "shortcut",
    "home",
    "said",
)
"""Kinds of deed."""


@dataclass(slots=True, eq=False)
class Trigger:
    id: str
    interaction: Interaction
    made: float
    used: bool = False


@dataclass(slots=True, eq=False)
class ResponseUrl:
    """`message` is what `replace_original` replaces."""

    path: str
    interaction: Interaction
    made: float
    message: Message | None = None
    uses: int = 0


@dataclass(slots=True, eq=False)
class Interaction:
    """`said` says the deed in words. `error` is what the person reads when the app failed them."""

    id: str
    kind: str
    user: User
    installation: Installation
    made: float
    said: str
    channel: Channel | None = None
    message: Message | None = None
    view: View | None = None
    trigger: Trigger | None = None
    response_url: ResponseUrl | None = None
    delivery: Delivery | None = None
    may_stay_unanswered: bool = False
    acked: float | None = None
    seen: float | None = None
    error: str | None = None
    messages: list[Message] = field(default_factory=list)
    opened: View | None = None
    closed: bool = False
    errors: dict[str, str] = field(default_factory=dict)
    options: list[Json] | None = None
    changes: int = 0
    deletions: int = 0
    watchers: list[asyncio.Future[None]] = field(default_factory=list)

    @property
    def settled(self) -> bool:
        """Whether the person sees anything of it."""
        return bool(
            self.error
            or self.messages
            or self.opened
            or self.closed
            or self.errors
            or self.options is not None
            or self.changes
            or self.deletions
        )

    def reached(self, until: str) -> bool:
        """`until`: 'acked', 'settled', or 'message' (and acknowledged); an error ends every wait."""
        if self.error is not None:
            return True
        if until == "acked":
            return self.acked is not None
        if until == "message":
            return bool(self.messages or self.changes) and (self.acked is not None or self.kind == HOME)
        return self.settled

    def note(self, now: float) -> None:
        """The person sees something new: wake who waits for it."""
        if self.seen is None:
            self.seen = now
        self.notify()

    def notify(self) -> None:
        watchers, self.watchers = self.watchers, []
        for watcher in watchers:
            if not watcher.done():
                watcher.set_result(None)
