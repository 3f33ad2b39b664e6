"""Who is in which user group of a workspace: asked of Slack, and believed for a minute."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from adapters.slack import payload as read
from adapters.slack.access import Access
from bot import platform
from bot.platform import PlatformError, Unavailable

log = logging.getLogger(__name__)

BELIEVED = 60.0
"""Seconds; as long as it is believed that someone is an admin."""

REFUSED = 600.0
"""Seconds before it is asked again where Slack doesn't tell: the scope is missing, or the plan has no user groups."""

AGAIN = 10.0
"""Seconds before it is asked again where Slack is out of reach."""

WITHIN = 1.5
"""Seconds to find out while somebody waits for an answer."""


@dataclass(frozen=True, slots=True)
class _Told:
    """The ids of the groups that each user is in, each group's id by its handle, and all of them; until when, on the running
    clock. Without `groups` Slack has not told.
    """

    until: float
    of: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    handles: Mapping[str, str] = field(default_factory=dict)
    groups: platform.Groups | None = None


class Groups:
    def __init__(self, access: Access) -> None:
        self._access = access
        self._told: dict[str, _Told] = {}
        self._asking: dict[str, asyncio.Task[_Told]] = {}

    async def of(self, workspace: str, user: str) -> tuple[str, ...] | None:
        """The groups that somebody is in; None where that can't be found out while they wait."""
        told = await self._known(workspace)
        return None if told.groups is None else told.of.get(user, ())

    async def all(self, workspace: str) -> platform.Groups | None:
        """As `Platform.groups`. A group that was switched off is none."""
        return (await self._known(workspace)).groups

    async def named(self, workspace: str, handle: str) -> str | None:
        """The id of the group that is called `@handle`."""
        return (await self._known(workspace)).handles.get(handle.removeprefix("@").lower())

    # ------------------------------------------------ inside

    async def _known(self, workspace: str) -> _Told:
        told = self._told.get(workspace)
        if told is not None and time.monotonic() < told.until:
            return told
        if (asking := self._asking.get(workspace)) is None:
            asking = self._asking[workspace] = asyncio.create_task(self._ask(workspace))
            asking.add_done_callback(lambda _: self._asking.pop(workspace, None))
        try:
            async with asyncio.timeout(WITHIN):
                return await asyncio.shield(asking)
        except TimeoutError:
            log.warning("could not ask for the user groups of %s in time", workspace)
            return _Told(0.0)

    async def _ask(self, workspace: str) -> _Told:
        now = time.monotonic()
        try:
            installation = await self._access.installation(workspace)
            here = None if installation.team else workspace
            said = await self._access.ask(
                workspace, lambda client: client.usergroups_list(include_users=True, team_id=here)
            )
        except PlatformError as error:
            log.info("the user groups of %s are not told: %s", workspace, error)
            told = _Told(now + (AGAIN if isinstance(error, Unavailable) else REFUSED))
        else:
            of: defaultdict[str, tuple[str, ...]] = defaultdict(tuple)
            handles: dict[str, str] = {}
            names: dict[str, str] = {}
            members: dict[str, frozenset[str]] = {}
            for group in said.get("usergroups") or []:
                number = read.ident(group, "id")
                names[number] = read.text(group, "handle")
                handles[names[number].lower()] = number
                members[number] = frozenset(map(str, group.get("users") or []))
                for user in members[number]:
                    of[user] += (number,)
            every = platform.Groups(names, members, installation.realm(workspace))
            told = _Told(now + BELIEVED, dict(of), handles, every)
        self._told[workspace] = told
        return told
