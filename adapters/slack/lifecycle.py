"""What the bot is told of workspaces: in order, and what changes in one within seconds only once.

An admin who tidies up their channels changes a workspace twenty times. The bot looks at it when they are done.
"""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass

from adapters.slack import payload as read
from adapters.slack.channels import Channels
from adapters.slack.installs import Installation
from adapters.slack.origin import NAME
from adapters.slack.payload import Payload
from bot.events import Actor, Happening, Roster, Workspace, WorkspaceChanged, WorkspaceLeft
from bot.platform import Handle, PlatformError

log = logging.getLogger(__name__)

QUIET = 2.0
"""Seconds without another change after which a workspace's changes are told."""

LONGEST = 10.0
"""Seconds after a workspace's first change after which they are told all the same."""

DRAIN = 4.0
"""Seconds that what is being told is given when the bot stops. What is lost then, the next start's roster tells anew."""


@dataclass(frozen=True, slots=True)
class _Waiting:
    since: float
    timer: asyncio.TimerHandle


class Lifecycle:
    """Gives `handle` one event after the other, each when the one before is through.

    `find` gives a workspace's installation; `doubt` asks Slack whether a workspace that says goodbye is really left.
    """

    def __init__(
        self,
        handle: Handle,
        channels: Channels,
        find: Callable[[str], Awaitable[Installation]],
        doubt: Callable[[str], Awaitable[None]],
    ) -> None:
        self._handle = handle
        self._channels = channels
        self._find = find
        self._doubt = doubt
        self._names: dict[str, str] = {}
        self._changes: dict[str, _Waiting] = {}
        self._telling: set[asyncio.Task[None]] = set()
        self._turn = asyncio.Lock()
        self._closed = False

    def present(self, found: Mapping[str, Installation]) -> None:
        """Every workspace that there is, as `Roster` has them: of one that is not among them, the bot was removed."""
        workspaces = tuple(to_workspace(workspace, each) for workspace, each in found.items())
        self._tell(Roster(_new("roster"), NAME, workspaces, lambda _: True))

    def heed(self, payload: Payload, event: Happening) -> None:
        """Something happened."""
        match event:
            case WorkspaceChanged(workspace=workspace):
                channel = read.at(payload, "event", "channel")
                self._channels.forget(channel if isinstance(channel, str) else read.ident(channel, "id"))
                if read.text(payload, "event", "type") == "team_rename":
                    self._names[workspace.id] = workspace.name
                self.changed(workspace.id)
            case WorkspaceLeft(workspace=workspace_id):
                self._start(self._doubted(workspace_id))
            case Roster():
                pass

    def changed(self, workspace: str) -> None:
        """The workspace is new, or its name, its channels, or what the bot may do there."""
        if self._closed:
            return
        loop = asyncio.get_running_loop()
        now = loop.time()
        waiting = self._changes.get(workspace)
        since = now if waiting is None else waiting.since
        if waiting is not None:
            waiting.timer.cancel()
        timer = loop.call_at(min(now + QUIET, since + LONGEST), self._tell_changed, workspace)
        self._changes[workspace] = _Waiting(since, timer)

    def left(self, workspaces: Iterable[str]) -> None:
        """The bot is in these no more."""
        self._channels.forget_all()
        for workspace in workspaces:
            if (waiting := self._changes.pop(workspace, None)) is not None:
                waiting.timer.cancel()
            self._tell(WorkspaceLeft(_new("left"), NAME, workspace))

    async def close(self) -> None:
        """Let what is being told be heard; nothing is told any more."""
        self._closed = True
        for waiting in self._changes.values():
            waiting.timer.cancel()
        self._changes.clear()
        if self._telling:
            _, late = await asyncio.wait(self._telling, timeout=DRAIN)
            for task in late:
                task.cancel()

    # ------------------------------------------------ inside

    def _tell_changed(self, workspace: str) -> None:
        del self._changes[workspace]
        self._start(self._changed(workspace))

    async def _changed(self, workspace: str) -> None:
        try:
            found = await self._find(workspace)
        except PlatformError as error:
            log.info("the workspace %s changed, and is out of reach: %s", workspace, error)
            return
        name = self._names.get(workspace)
        await self._told(WorkspaceChanged(_new("changed"), to_workspace(workspace, found, name)))

    async def _doubted(self, workspace: str) -> None:
        try:
            await self._doubt(workspace)
        except PlatformError as error:
            log.warning("could not see whether the workspace %s is left: %s", workspace, error)

    def _tell(self, event: Happening) -> None:
        self._start(self._told(event))

    def _start(self, telling: Awaitable[None]) -> None:
        task = asyncio.ensure_future(telling)
        self._telling.add(task)
        task.add_done_callback(self._telling.discard)

    async def _told(self, event: Happening) -> None:
        async with self._turn:  # first come, first served
            await self._handle(event)


def to_workspace(workspace: str, found: Installation, name: str | None = None) -> Workspace:
    """A workspace as its installation knows it. Its owner's name is not told."""
    owner = Actor(NAME, found.realm(workspace), found.owner, "") if found.owner else None
    return Workspace(NAME, workspace, name or found.name, owner)


def _new(kind: str) -> str:
    """These are made by ourselves, of what Slack told in several pieces."""
    return f"{kind}-{uuid.uuid4()}"
