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
    """The ids of the groups that each user is in, and each group's id by its handle; until when, on the running clock."""

    until: float
    of: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    handles: Mapping[str, str] = field(default_factory=dict)


class Groups:
    def __init__(self, access: Access) -> None:
        self._access = access
        self._told: dict[str, _Told] = {}
        self._asking: dict[str, asyncio.Task[_Told]] = {}

    async def of(self, workspace: str, user: str) -> tuple[str, ...]:
        """The groups that somebody is in; none where that can't be found out while they wait."""
        return (await self._known(workspace)).of.get(user, ())

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
            here = None if (await self._access.installation(workspace)).team else workspace
            said = await self._access.ask(
                workspace, lambda client: client.usergroups_list(include_users=True, team_id=here)
            )
        except PlatformError as error:
            log.info("the user groups of %s are not told: %s", workspace, error)
            told = _Told(now + (AGAIN if isinstance(error, Unavailable) else REFUSED))
        else:
            of: defaultdict[str, tuple[str, ...]] = defaultdict(tuple)
            handles: dict[str, str] = {}
            for group in said.get("usergroups") or []:
                number = read.ident(group, "id")
                handles[read.text(group, "handle").lower()] = number
                for user in group.get("users") or []:
                    of[str(user)] += (number,)
            told = _Told(now + BELIEVED, dict(of), handles)
        self._told[workspace] = told
        return told
