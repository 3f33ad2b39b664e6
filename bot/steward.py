"""The steward: keeps what the bot knows of its workspaces true, and tells an admin, once, when their hand is needed.

A schedule whose channel the bot can't use any more is paused with the reason, and goes on by itself when it can again.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from datetime import datetime, timedelta

from bot.events import Place, Roster, Workspace
from bot.messages import Message
from bot.platform import Forbidden, Missing, PlatformError, Unavailable
from bot.store import schedules, workspaces
from bot.store.schedules import Pause, Schedule
from bot.world import World

log = logging.getLogger(__name__)


PATIENCE = timedelta(minutes=10)
"""Between two looks at what is paused, where no platform says that something has changed."""


class Steward:
    def __init__(self, world: World) -> None:
        self._world = world
        self._looked_at: datetime | None = None

    async def changed(self, workspace: Workspace) -> None:
        """The bot is in a workspace; its name, its channels or what the bot may do there may be new."""
        await self._keep(workspace)
        async with self._world.database.read() as tx:
            every = await schedules.of_workspace(tx, workspace.platform, workspace.id)
        for schedule in every:
            await self._review(schedule)
        await self.tell()

    async def left(self, platform: str, workspace: str) -> None:
        """The bot was removed: nothing is posted there until it is back. Nobody there can be told."""
        async with self._world.database.write() as tx:
            if not await workspaces.leave(tx, platform, workspace, self._world.now()):
                return
            for schedule in await schedules.of_workspace(tx, platform, workspace):
                await schedules.pause(tx, schedule.id, Pause.LEFT, None)
        log.warning("the bot was removed from %s workspace %s; its schedules are paused", platform, workspace)

    async def compare(self, roster: Roster) -> None:
        """What changed while nobody was listening."""
        async with self._world.database.read() as tx:
            known = await workspaces.of_platform(tx, roster.platform)
            paused = {schedule.place.workspace for schedule in await schedules.paused_by_us(tx, roster.platform)}
        present = {workspace.id: workspace for workspace in roster.workspaces}
        for workspace_id, workspace in present.items():
            kept = known.get(workspace_id)
            if workspace_id in paused:
                await self.changed(workspace)
            elif kept is None or kept.left or not _same(kept.workspace, workspace):
                await self._keep(workspace)
        for workspace_id, kept in known.items():
            if workspace_id not in present and not kept.left and roster.covers(workspace_id):
                await self.left(roster.platform, workspace_id)

    async def look_again(self) -> None:
        """Now and then, whether what keeps schedules paused has been mended unheard."""
        now = self._world.now()
        if self._looked_at is not None and now - self._looked_at < PATIENCE:
            return
        self._looked_at = now
        for platform in tuple(self._world.platforms):
            async with self._world.database.read() as tx:
                paused = await schedules.paused_by_us(tx, platform)
            for schedule in paused:
                await self._review(schedule)

    async def trouble(self, schedule_id: int, error: PlatformError) -> None:
        """The platform refuses a schedule's channel: pause it where an admin's hand is needed, and say so once."""
        if not isinstance(error, Forbidden | Missing):
            return
        async with self._world.database.read() as tx:
            schedule = await schedules.by_id(tx, schedule_id)
        if schedule is not None:
            await self._pause(schedule, error)
            await self.tell()

    async def tell(self) -> None:
        """Tell the owners of the workspaces of all trouble that they don't know of yet."""
        now = self._world.now()
        async with self._world.database.write() as tx:
            every = await schedules.untold(tx, self._world.platforms, now)
        by_workspace: dict[tuple[str, str], list[Schedule]] = defaultdict(list)
        for schedule in every:
            by_workspace[schedule.place.platform, schedule.place.workspace].append(schedule)
        for (platform, workspace), troubled in by_workspace.items():
            await self._tell(platform, workspace, troubled)

    # ---------------------------------------------------------------- inside

    async def _keep(self, workspace: Workspace) -> None:
        await self._world.desk.community(Place(workspace.platform, workspace.id, ""), self._world.now())
        async with self._world.database.write() as tx:
            await workspaces.keep(tx, workspace)

    async def _review(self, schedule: Schedule) -> None:
        """Whether a schedule's channel can be used now: pause it or let it go on accordingly."""
        try:
            await self._world.platforms[schedule.place.platform].check(schedule.place)
        except (Forbidden, Missing) as error:
            await self._pause(schedule, error)
        except PlatformError as error:
            log.info("schedule %s: could not look at its channel: %s", schedule.id, error)
        else:
            if schedule.paused in (Pause.FORBIDDEN, Pause.MISSING, Pause.LEFT):
                async with self._world.database.write() as tx:
                    await schedules.resume(tx, schedule.id)
                log.info("schedule %s goes on", schedule.id)

    async def _pause(self, schedule: Schedule, error: Forbidden | Missing) -> None:
        why = Pause.MISSING if isinstance(error, Missing) else Pause.FORBIDDEN
        async with self._world.database.write() as tx:
            paused = await schedules.pause(tx, schedule.id, why, str(error))
        if paused:
            log.warning("schedule %s is paused: %s", schedule.id, error)

    async def _tell(self, platform: str, workspace: str, troubled: list[Schedule]) -> None:
        async with self._world.database.read() as tx:
            kept = await workspaces.by_id(tx, platform, workspace)
        if kept is None or (owner := kept.workspace.owner) is None:
            return  # home shows it to every admin
        try:
            await self._world.platforms[platform].tell(owner, _message(kept.workspace.name, troubled))
        except Unavailable as error:
            log.warning("could not tell the owner of %s for now: %s", workspace, error)
            async with self._world.database.write() as tx:
                await schedules.not_told(tx, [schedule.id for schedule in troubled])
        except PlatformError as error:
            log.warning("could not tell the owner of %s: %s", workspace, error)


def _same(kept: Workspace, seen: Workspace) -> bool:
    """Whether nothing new is told; of an owner the id alone is kept."""
    owners = [None if each.owner is None else (each.owner.workspace, each.owner.id) for each in (kept, seen)]
    return kept.name == seen.name and owners[1] in (None, owners[0])


def _message(workspace: str, troubled: list[Schedule]) -> Message:
    reasons = dict.fromkeys(schedule.trouble or "" for schedule in troubled)
    return Message.of(
        f"In {workspace} I can’t post the question of the day any more.",
        *list(reasons)[:10],
        "As soon as that is mended I go on by myself; there is nothing else to do.",
    )
