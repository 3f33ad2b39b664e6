"""The registrar: keeps those who are in a role or user group in the team that is bound to it.

People are put where they belong as they do something, before that counts; and all of a workspace's, now and then, where the
platform tells who is in what.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.events import Command, Press, Reaction, Submit, display_name
from bot.features.desk import account
from bot.platform import Groups, PlatformError
from bot.store import bindings, following, people
from bot.store.ballots import Account
from bot.store.bindings import Binding
from bot.store.following import Ground, Sighting
from bot.store.people import Community
from bot.store.together import Together
from bot.store.whereabouts import chunks
from bot.world import World

log = logging.getLogger(__name__)

PATIENCE = timedelta(minutes=10)
"""Between two looks at everybody."""

LATELY = timedelta(minutes=5)
"""For so long a group that was just chosen is there, though the platform's list, which may be older, hasn't got it."""


@dataclass(frozen=True, slots=True)
class _Seen:
    """Somebody who does something, the groups that they are in, and where."""

    ground: Ground
    account: Account
    groups: frozenset[str]


class Registrar:
    def __init__(self, world: World) -> None:
        self._world = world
        self._seeing: Together[_Seen, None] = Together(self._see, most=following.TOGETHER)
        self._looked_at: dict[str, datetime] = {}
        """When everybody of a platform was looked at last."""

    async def seen(self, event: Command | Press | Submit | Reaction) -> None:
        """Put somebody who does something into the team that they belong in, before it counts.

        Where no team is bound that costs nothing: whether one is comes with the workspace's community, which is remembered.
        """
        place = event.place
        if not place.workspace or (isinstance(event, Reaction) and not event.added):
            return
        now = self._world.now()
        here = await self._world.desk.community(place, now)
        if not here.bound:
            return
        groups = event.actor.groups
        if groups is None and (told := await self._told(place.platform, place.workspace)) is not None:
            groups = told.of(event.actor.id) if told.realm == event.actor.workspace else None
        if groups is not None:
            ground = _ground(here, place.platform, place.workspace, now)
            await self._seeing.write(_Seen(ground, account(event.actor), frozenset(groups)))

    async def look_again(self, platform: str) -> None:
        """Now and then: everybody, where the platform tells."""
        now, before = self._world.now(), self._looked_at.get(platform)
        if before is not None and now - before < PATIENCE:
            return
        self._looked_at[platform] = now
        async with self._world.database.read() as tx:
            every = await bindings.workspaces(tx, platform)
        for workspace in every:
            await self.look(platform, workspace)

    async def look(self, platform: str, workspace: str) -> None:
        """Which groups of a workspace are still there, and who is in them."""
        now = self._world.now()
        async with self._world.database.read() as tx:
            here = await people.community_of(tx, platform, workspace)
            if here is None or not here.bound:
                return
            ground = _ground(here, platform, workspace, now)
            every = await bindings.of_workspace(tx, platform, workspace, ground.season)
        if not every or (told := await self._told(platform, workspace)) is None:
            return
        await self._note(every, told, now)
        if told.members is None or any(_too_new(each, told, now) for each in every):
            return
        users = {user for each in every for user in told.members.get(each.group.id, ())}
        async with self._world.database.read() as tx:
            named = [Account(platform, told.realm, user, "") for user in sorted(users)]
            known = await following.of_accounts(tx, ground, named) | await following.inside(tx, ground)
        seen = [
            Sighting(number, frozenset(told.of(who.user_id) or ()))
            for who, number in known.items()
            if who.platform == platform and who.workspace == told.realm
        ]
        await self._follow(ground, seen, now)

    # ---------------------------------------------------------------- inside

    async def _told(self, platform: str, workspace: str) -> Groups | None:
        if (its := self._world.platforms.get(platform)) is None:
            return None
        try:
            return await its.groups(workspace)
        except PlatformError as error:
            log.info("who is in which group of %s is not told: %s", workspace, error)
            return None

    async def _note(self, every: Sequence[Binding], told: Groups, now: datetime) -> None:
        """What has become of the groups themselves."""
        for each in every:
            there = told.names.get(each.group.id)
            name = None if there is None else display_name(there)
            if _too_new(each, told, now) or ((name is None) == each.gone and name in (None, each.group.name)):
                continue
            async with self._world.database.write() as tx:
                await bindings.told(tx, each, name, now)
            if name is None:
                log.warning("a group of %s to which a team is bound is gone: %s", each.workspace, each.group.id)

    async def _see(self, batch: list[_Seen]) -> None:
        by_ground: defaultdict[Ground, dict[Account, frozenset[str]]] = defaultdict(dict)
        for each in batch:
            by_ground[each.ground][each.account] = each.groups
        now = self._world.now()
        for believed, seen in by_ground.items():
            async with self._world.database.read() as tx:
                here = await people.community_of(tx, believed.platform, believed.workspace)
                if here is None or not here.bound:
                    continue
                ground = _ground(here, believed.platform, believed.workspace, now)  # it may have joined another
                known = await following.of_accounts(tx, ground, list(seen))
                every = await bindings.of_workspace(tx, ground.platform, ground.workspace, ground.season)
            bound = {each.group.id for each in every if not each.gone}
            new = [who for who, groups in seen.items() if who not in known and groups & bound]
            if new:
                known |= await self._meet(ground, new, now)
            await self._follow(ground, [Sighting(number, seen[who]) for who, number in known.items()], now)

    async def _meet(self, ground: Ground, new: Sequence[Account], now: datetime) -> dict[Account, int]:
        """Make people of those who are met for the first time, and are in a team with that. In a transaction of its own, so that
        nobody waits for them who holds others.
        """
        async with self._world.database.write() as tx:
            await people.among(tx)
            here = await people.community_of(tx, ground.platform, ground.workspace)
            if here is None or here.id != ground.community_id:
                return {}
            in_order = sorted(new, key=lambda who: (who.platform, who.workspace, who.user_id))
            return {who: (await people.person_of(tx, ground.community_id, who, now)).account_id for who in in_order}

    async def _follow(self, ground: Ground, seen: Sequence[Sighting], now: datetime) -> None:
        async with self._world.database.read() as tx:
            moving = await following.astray(tx, ground, seen)
        for few in chunks(moving, following.TOGETHER):
            async with self._world.database.write() as tx:
                await following.follow(tx, ground, few, now)


def _too_new(binding: Binding, told: Groups, now: datetime) -> bool:
    return binding.group.id not in told.names and now - binding.created_at < LATELY


def _ground(here: Community, platform: str, workspace: str, now: datetime) -> Ground:
    season = here.seasons.key(now.astimezone(ZoneInfo(here.zone)).date())
    return Ground(here.id, platform, workspace, season)
