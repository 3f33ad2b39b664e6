"""The steward: keeps what the bot knows of its workspaces true, and tells an admin, once, when their hand is needed.

A schedule whose channel the bot can't use any more is paused with the reason, and goes on by itself when it can again.
"""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Collection
from datetime import datetime, timedelta

from bot.events import Actor, Place, Roster, Workspace
from bot.features import channels
from bot.marked import Marked
from bot.messages import Message, Text
from bot.platform import Forbidden, Missing, PlatformError, Unavailable
from bot.store import questions, schedules, settings, workspaces
from bot.store.schedules import Pause, Schedule
from bot.store.workspaces import Kept
from bot.words import _, said, speaking
from bot.world import World

log = logging.getLogger(__name__)


PATIENCE = timedelta(minutes=10)
"""Between two looks at what is paused, where no platform says that something has changed."""

BESIDE = 8
"""Workspaces whose paused schedules are looked at side by side."""

TOGETHER = 50
"""Workspaces noted in one transaction, when a bot that was away finds many new ones."""


class Steward:
    def __init__(self, world: World) -> None:
        self._world = world
        self._looked_at: dict[str, datetime] = {}
        """When each platform's paused schedules were looked at last."""

    async def changed(self, workspace: Workspace) -> None:
        """The bot is in a workspace; its name, its channels or what the bot may do there may be new."""
        await self._keep(workspace)
        async with self._world.database.read() as tx:
            every = await schedules.of_workspace(tx, workspace.platform, workspace.id)
        for schedule in every:
            await self._review(schedule)
        await self.tell(workspace.platform)

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
        news = [each for each in roster.workspaces if _is_news(known.get(each.id), each)]
        for some in (news[at : at + TOGETHER] for at in range(0, len(news), TOGETHER)):
            await self._keep(*some)
        for workspace_id in paused & present.keys():
            await self.changed(present[workspace_id])
        for workspace_id, kept in known.items():
            if workspace_id not in present and not kept.left and roster.covers(workspace_id):
                await self.left(roster.platform, workspace_id)

    async def look_again(self, platform: str) -> bool:
        """Now and then, whether what keeps a platform's schedules paused has been mended unheard; False where there was
        nothing to look at.
        """
        now, before = self._world.now(), self._looked_at.get(platform)
        if before is not None and now - before < PATIENCE:
            return False
        self._looked_at[platform] = now
        async with self._world.database.read() as tx:
            paused = await schedules.paused_by_us(tx, platform)
        by_workspace: dict[str, list[Schedule]] = defaultdict(list)
        for schedule in paused:
            by_workspace[schedule.place.workspace].append(schedule)
        turns = asyncio.Semaphore(BESIDE)

        async def of_one(every: list[Schedule]) -> None:
            async with turns:
                for each in every:
                    await self._review(each)

        async with asyncio.TaskGroup() as tasks:  # one that is slow keeps no other waiting
            for every in by_workspace.values():
                tasks.create_task(of_one(every))
        return bool(paused)

    async def checked(self, places: Collection[Place]) -> dict[Place, str]:
        """Look whether channels for which something was just planned can be used; the sentences that say why not.

        Whoever planned it is told by those, so their schedules are paused without telling anybody else. Channels of platforms
        that another process is connected to are looked at when a question comes.
        """
        ours = [place for place in places if place.platform in self._world.platforms]
        found = await asyncio.gather(*map(self._looked_into, ours))
        return {place: why for place, why in zip(ours, found, strict=True) if why is not None}

    async def no_card(self, schedule: Schedule, why: Marked) -> None:
        """A question was due and there is no card to ask: the schedule goes on, and an admin hears of it once."""
        async with self._world.database.write() as tx:
            news = await questions.trouble(tx, schedule, why)
        if news:
            log.warning("schedule %s has no card to post: %s", schedule.id, why)
            await self.tell(schedule.place.platform)

    async def refused(self, schedule_id: int, why: Marked) -> None:
        """A platform will not have a card. Another takes its place; an admin hears of it once."""
        async with self._world.database.write() as tx:
            news = await schedules.trouble(tx, schedule_id, why)
            schedule = await schedules.by_id(tx, schedule_id)
        if news and schedule is not None:
            await self.tell(schedule.place.platform)

    async def trouble(self, schedule_id: int, error: PlatformError) -> None:
        """The platform refuses a schedule's channel: pause it where an admin's hand is needed, and say so once."""
        if not isinstance(error, Forbidden | Missing):
            return
        async with self._world.database.read() as tx:
            schedule = await schedules.by_id(tx, schedule_id)
        if schedule is not None:
            await self._pause(schedule, error)
            await self.tell(schedule.place.platform)

    async def tell(self, platform: str) -> None:
        """Tell of all trouble on a platform that nobody has been told of: whom a schedule names, or the workspace's owner."""
        async with self._world.database.read() as tx:
            if not await schedules.any_untold(tx, [platform]):
                return
        async with self._world.database.write() as tx:
            every = await schedules.take_untold(tx, [platform], self._world.now())
        by_reader: dict[tuple[str, Actor | None], list[Schedule]] = defaultdict(list)
        for schedule in every:
            by_reader[schedule.place.workspace, schedule.tell].append(schedule)
        for (workspace, reader), troubled in by_reader.items():
            await self._tell(platform, workspace, reader, troubled)

    # ---------------------------------------------------------------- inside

    async def _looked_into(self, place: Place) -> str | None:
        async with self._world.database.read() as tx:
            every = await schedules.of_place(tx, place)
        found = [await self._review(schedule, self._world.now()) for schedule in every]
        return next(filter(None, found), None)

    async def _keep(self, *every: Workspace) -> None:
        """Note how workspaces are now. Each has a community from its first day."""
        now = self._world.now()
        async with self._world.database.write() as tx:
            for workspace in every:
                await self._world.desk.found(tx, workspace.platform, workspace.id, now)
                await workspaces.keep(tx, workspace)

    async def _review(self, schedule: Schedule, told_at: datetime | None = None) -> str | None:
        """Whether a schedule's channel can be used now: pause it or let it go on accordingly. What is wrong, in words."""
        try:
            await self._world.platforms[schedule.place.platform].check(schedule.place)
        except (Forbidden, Missing) as error:
            await self._pause(schedule, error, told_at)
            return _("{problem} Until that is mended nothing is posted; then I go on by myself.", problem=error.reason)
        except PlatformError as error:
            log.info("schedule %s: could not look at its channel: %s", schedule.id, error)
            return _(
                "I could not look whether I may post there: {problem} If I may not, you will hear of it.",
                problem=error.reason,
            )
        else:
            if schedule.paused in (Pause.FORBIDDEN, Pause.MISSING, Pause.LEFT):
                async with self._world.database.write() as tx:
                    await schedules.resume(tx, schedule.id)
                log.info("schedule %s goes on", schedule.id)
            return None

    async def _pause(self, schedule: Schedule, error: Forbidden | Missing, told_at: datetime | None = None) -> None:
        why = Pause.MISSING if isinstance(error, Missing) else Pause.FORBIDDEN
        async with self._world.database.write() as tx:
            news = await schedules.pause(tx, schedule.id, why, error.reason, told_at) or await schedules.paused_for(
                tx, schedule.id, why, error.reason, told_at
            )
        if news:
            log.warning("schedule %s is paused: %s", schedule.id, error)

    async def _tell(self, platform: str, workspace: str, reader: Actor | None, troubled: list[Schedule]) -> None:
        """Where nobody can be told, home still shows it to every admin."""
        async with self._world.database.read() as tx:
            kept = await workspaces.by_id(tx, platform, workspace)
            language = (await settings.of(tx, troubled[0].community_id)).language
        owner = None if kept is None else kept.workspace.owner
        with speaking(language):
            message = _message(workspace if kept is None else kept.workspace.name, troubled)
        for each in dict.fromkeys(each for each in (reader, owner) if each is not None):
            try:
                await self._world.platforms[platform].tell(each, message)
            except Unavailable as error:
                log.warning("could not tell an admin of %s for now: %s", workspace, error)
                async with self._world.database.write() as tx:
                    await schedules.not_told(tx, [schedule.id for schedule in troubled])
            except PlatformError as error:
                log.warning("could not tell an admin of %s: %s", workspace, error)
                continue
            return


def _is_news(kept: Kept | None, seen: Workspace) -> bool:
    """Whether a workspace is not known as it is now; of an owner the id alone is kept."""
    if kept is None or kept.left:
        return True
    owners = [None if each.owner is None else (each.owner.workspace, each.owner.id) for each in (kept.workspace, seen)]
    return kept.workspace.name != seen.name or owners[1] not in (None, owners[0])


def _message(workspace: str, troubled: list[Schedule]) -> Message:
    reasons: dict[str, list[Place]] = {}
    for schedule in troubled:
        reasons.setdefault("" if schedule.trouble is None else said(schedule.trouble), []).append(schedule.place)
    return Message.of(
        _("In {workspace} I can’t post the question of the day any more.", workspace=workspace),
        *(
            Text.of(*channels.named([*dict.fromkeys(places)]), ": ", reason)
            for reason, places in list(reasons.items())[:10]
        ),
        _("As soon as that is mended I go on by myself; there is nothing else to do."),
    )
