"""What the bot is told of servers: in order, and what changes in one within seconds only once.

An admin who drags twenty channels around changes a server twenty times. The bot looks at it when they are done.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import discord

from adapters.discord import parse
from bot.events import Happening, Roster, WorkspaceChanged, WorkspaceLeft
from bot.platform import Handle

QUIET = 2.0
"""Seconds without another change after which a server's changes are told."""

LONGEST = 10.0
"""Seconds after a server's first change after which they are told all the same."""

DRAIN = 1.0
"""Seconds that what is being told is given when the bot stops, and as many to let go of what it holds. What is lost then,
the next start's roster tells anew.
"""


@dataclass(frozen=True, slots=True)
class _Waiting:
    since: float
    timer: asyncio.TimerHandle


class Lifecycle:
    """Gives `handle` one event after the other, each when the one before is through. `look` finds a server as it is now."""

    def __init__(self, handle: Handle, look: Callable[[int], discord.Guild | None]) -> None:
        self._handle = handle
        self._look = look
        self._changes: dict[int, _Waiting] = {}
        self._ends: dict[int, asyncio.TimerHandle] = {}
        self._telling: set[asyncio.Task[None]] = set()
        self._turn = asyncio.Lock()
        self._closed = False

    def present(self, servers: Iterable[discord.Guild], covers: Callable[[str], bool]) -> None:
        """Every server of this process, as `Roster` has them."""
        self._tell(Roster(_new("roster"), parse.NAME, tuple(map(parse.to_workspace, servers)), covers))

    def changed(self, server: int) -> None:
        """The server is new, or its name or owner, its channels, or what the bot may do there."""
        if self._closed:
            return
        loop = asyncio.get_running_loop()
        now = loop.time()
        waiting = self._changes.get(server)
        since = now if waiting is None else waiting.since
        if waiting is not None:
            waiting.timer.cancel()
        timer = loop.call_at(min(now + QUIET, since + LONGEST), self._tell_changed, server)
        self._changes[server] = _Waiting(since, timer)

    def changes_in(self, server: int, seconds: float) -> None:
        """What the bot may do there will change in so many seconds, and nobody will say so: its time-out ends."""
        if (before := self._ends.pop(server, None)) is not None:
            before.cancel()
        if not self._closed:
            self._ends[server] = asyncio.get_running_loop().call_later(seconds, self.changed, server)

    def left(self, server: int) -> None:
        self._forget(server)
        self._tell(WorkspaceLeft(_new("left"), parse.NAME, str(server)))

    async def close(self) -> None:
        """Let what is being told be heard; nothing is told any more."""
        self._closed = True
        for server in {*self._changes, *self._ends}:
            self._forget(server)
        if self._telling:
            _, late = await asyncio.wait(self._telling, timeout=DRAIN)
            for task in late:
                task.cancel()
            if late:
                await asyncio.wait(late, timeout=DRAIN)

    # ------------------------------------------------ inside

    def _forget(self, server: int) -> None:
        if (waiting := self._changes.pop(server, None)) is not None:
            waiting.timer.cancel()
        if (end := self._ends.pop(server, None)) is not None:
            end.cancel()

    def _tell_changed(self, server: int) -> None:
        del self._changes[server]
        if (found := self._look(server)) is not None:
            self._tell(WorkspaceChanged(_new("changed"), parse.to_workspace(found)))

    def _tell(self, event: Happening) -> None:
        if not self._closed:
            task = asyncio.get_running_loop().create_task(self._told(event))
            self._telling.add(task)
            task.add_done_callback(self._telling.discard)

    async def _told(self, event: Happening) -> None:
        async with self._turn:  # first come, first served
            await self._handle(event)


def _new(kind: str) -> str:
    """Discord numbers none of these events, and repeats none."""
    return f"{kind}-{uuid.uuid4()}"
