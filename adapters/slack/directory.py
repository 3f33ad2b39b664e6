"""Who people are in a workspace: asked of Slack, and remembered for a while."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from adapters.slack import payload as read
from adapters.slack import people
from adapters.slack.access import Access
from adapters.slack.payload import Payload
from bot.events import Actor
from bot.platform import Missing, PlatformError

log = logging.getLogger(__name__)

RIGHTS = 60.0
"""Seconds for which it is believed that someone is an admin."""

NAMES = 24 * 3600.0
"""Seconds for which all else is: names, zones, who is a bot. After that it is asked again, and good until Slack has said."""

REMEMBERED = 50_000
"""People; the longest unseen are forgotten first."""

WITHIN = 1.5
"""Seconds to find out who somebody is who waits for an answer."""

ASIDE = 8
"""People who are asked after at once while a whole channel presses; of the others the whole list is read in passing."""

LISTED = 600.0
"""Seconds between readings of a workspace's list in passing, at least."""

MANY = 20
"""Unknown people at once, from which on the whole list is read rather than each of them."""

PAGE, PAGES = 500, 20
"""Of the list of people: how many at once, and how often at most."""


@dataclass(frozen=True, slots=True)
class Known:
    """`at`: when Slack said so, on the machine's running clock."""

    actor: Actor
    bot: bool
    at: float


class Directory:
    def __init__(self, access: Access) -> None:
        self._access = access
        self._known: OrderedDict[tuple[str, str], Known] = OrderedDict()
        self._asking: dict[tuple[str, str], asyncio.Task[Known]] = {}
        self._reading: dict[str, asyncio.Task[Payload | None]] = {}
        self._listed: dict[str, float] = {}

    def remembered(self, workspace: str, user: str) -> Known | None:
        """Who that is, if it has been asked. A name may be old, rights are not."""
        known = self._known.get((workspace, user))
        if known is not None and known.actor.is_admin and time.monotonic() - known.at > RIGHTS:
            return replace(known, actor=replace(known.actor, is_admin=False))
        return known

    async def passing(self, workspace: str, user: str) -> Known | None:
        """Who that is, of one who may be among a thousand. When many are asked after already, it is who they were when
        last asked, if ever: nobody waits, and the list of people tells who they are by the next time.
        """
        if self._lately(workspace, user) is None:
            if len(self._asking) < ASIDE:
                return await soon(self, workspace, user, rights=False)
            self._read_in_passing(workspace)
        return self.remembered(workspace, user)

    async def look(self, workspace: str, user: str, *, rights: bool = False) -> Known:
        """Who that is. With `rights`, whether they are an admin is no older than `RIGHTS`. PlatformError otherwise."""
        known = self._known.get((workspace, user))
        if known is not None and time.monotonic() - known.at <= (RIGHTS if rights else NAMES):
            return known
        key = (workspace, user)
        if (asking := self._asking.get(key)) is None:
            asking = self._asking[key] = asyncio.create_task(self._ask(workspace, user))
            asking.add_done_callback(lambda _: self._asking.pop(key, None))
            asking.add_done_callback(_heard)
        return await asyncio.shield(asking)

    async def all(self, workspace: str, users: Sequence[str]) -> list[Actor]:
        """Those of them who are people, in their order; one of whom Slack knows nothing is left out."""
        if sum(self._lately(workspace, user) is None for user in users) > MANY:
            await self.read(workspace, until=frozenset(users))
        found = []
        for user in users:
            try:
                known = await self.look(workspace, user)
            except Missing:
                continue
            if not known.bot:
                found.append(known.actor)
        return found

    async def read(self, workspace: str, *, until: frozenset[str] = frozenset(), pages: int = PAGES) -> Payload | None:
        """Learn the list of people, until all of `until` are known; the workspace's primary owner if met on the way."""
        owner: Payload | None = None
        cursor = ""
        installation = await self._access.installation(workspace)
        for _ in range(pages):
            here = None if installation.team else workspace
            said = await self._access.ask(
                workspace,
                lambda client, cursor=cursor, here=here: client.users_list(  # type: ignore[misc]
                    limit=PAGE, cursor=cursor or None, team_id=here, include_locale=True
                ),
            )
            members: list[Payload] = said.get("members") or []
            self._learn(workspace, installation.realm(workspace), members)
            owner = owner or next((each for each in members if each.get("is_primary_owner") is True), None)
            cursor = (said.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor or (until and all(self._lately(workspace, user) is not None for user in until)):
                break
        return owner

    # ------------------------------------------------ inside

    def _lately(self, workspace: str, user: str) -> Known | None:
        """Who that is, if it has been asked within `NAMES`."""
        known = self._known.get((workspace, user))
        return known if known is not None and time.monotonic() - known.at <= NAMES else None

    def _read_in_passing(self, workspace: str) -> None:
        now = time.monotonic()
        if workspace in self._reading or now - self._listed.get(workspace, -LISTED) < LISTED:
            return
        self._listed[workspace] = now
        reading = self._reading[workspace] = asyncio.create_task(self.read(workspace))
        reading.add_done_callback(lambda _: self._reading.pop(workspace, None))
        reading.add_done_callback(_heard)

    async def _ask(self, workspace: str, user: str) -> Known:
        installation = await self._access.installation(workspace)
        said = await self._access.ask(workspace, lambda client: client.users_info(user=user, include_locale=True))
        found: Payload = said.get("user") or {}
        return self._learn(workspace, installation.realm(workspace), [found])[0]

    def _learn(self, workspace: str, realm: str, users: Iterable[Payload]) -> list[Known]:
        now = time.monotonic()
        learned = []
        for user in users:
            actor = people.to_person(user, realm, str(user.get("name") or ""))
            if actor.workspace == realm and _runs_organisation(user):
                actor = replace(actor, is_admin=True)
            known = Known(actor, people.is_bot(user), now)
            self._known[workspace, known.actor.id] = known
            self._known.move_to_end((workspace, known.actor.id))
            learned.append(known)
        while len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
        return learned


def _runs_organisation(user: Payload) -> bool:
    """Whether someone is an admin of the organisation, and so of each of its workspaces."""
    return any(read.at(user, "enterprise_user", right) is True for right in ("is_admin", "is_owner"))


def _heard(asking: asyncio.Task[Any]) -> None:
    """Whoever waited for it may have gone, and a failure of it is then nobody's."""
    if not asking.cancelled():
        asking.exception()


async def soon(directory: Directory, workspace: str, user: str, *, rights: bool) -> Known | None:
    """Who that is, if it can be found out while they wait; what was known before if not, and no rights."""
    try:
        async with asyncio.timeout(WITHIN):
            return await directory.look(workspace, user, rights=rights)
    except (PlatformError, TimeoutError) as error:
        log.warning("could not ask who %s is: %s", user, str(error) or "no answer in time")
    known = directory.remembered(workspace, user)
    return None if known is None else replace(known, actor=replace(known.actor, is_admin=False))
