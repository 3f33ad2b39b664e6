"""Live updates by Server-Sent Events: a stream per open page, woken by a change and fed from the channel's memory.

A stream holds no queue: it remembers the number of the last change that it told and asks for what came after, so a
slow reader costs nothing and a page that reconnects goes on where it was.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Any, TypeAlias

STREAMS_MOST = 100
BEAT_SECONDS = 15.0
"""How often a quiet stream says that it is alive; the page gives it up for lost after three times that."""

Changes: TypeAlias = Callable[[int], Awaitable[Sequence[dict[str, Any]] | None]]
"""What changed since a number, each with the number it has in `changed`; None when the page must load afresh."""


class Streams:
    """Every open stream."""

    def __init__(self, beat: float = BEAT_SECONDS) -> None:
        self._bells: set[asyncio.Event] = set()
        self._beat = beat
        self._ended = False

    @property
    def full(self) -> bool:
        return len(self._bells) >= STREAMS_MOST

    def ring(self) -> None:
        """Something changed."""
        for bell in self._bells:
            bell.set()

    def start(self) -> None:
        self._ended = False

    def end(self) -> None:
        """Let every stream finish, so that the server can stop."""
        self._ended = True
        self.ring()

    async def events(self, version: str, since: int, changes: Changes) -> AsyncIterator[bytes]:
        """One stream, from the change after `since` on. It first says the page's `version`, to tell an outdated one."""
        bell = asyncio.Event()
        self._bells.add(bell)
        try:
            yield _event("hello", {"version": version})
            while not self._ended:
                bell.clear()
                news = await changes(since)
                if news is None:
                    yield _event("reload", {})
                    return
                for change in news:
                    since = change["changed"]
                    yield _event("change", change, since)
                if news:
                    continue
                try:
                    async with asyncio.timeout(self._beat):
                        await bell.wait()
                except TimeoutError:
                    yield _event("beat", {})
        finally:
            self._bells.discard(bell)


def _event(name: str, value: dict[str, Any], number: int | None = None) -> bytes:
    numbered = "" if number is None else f"id: {number}\n"
    return f"{numbered}event: {name}\ndata: {json.dumps(value)}\n\n".encode()
