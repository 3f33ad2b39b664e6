"""The warden: sees that what is forgotten stays forgotten, and that a workspace which the bot has left is, in time."""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime, timedelta

from bot.store import forgetting, tombstones
from bot.world import World

log = logging.getLogger(__name__)

ROUNDS = timedelta(hours=1)
"""Between two looks at workspaces that the bot has left, and at what a restored backup may have brought back."""

AT_ONCE = 256 * 2**20
"""Bytes of a database file that is rewritten while people answer, which takes it a second or two. A larger one waits for
the next start."""


class Warden:
    def __init__(self, world: World) -> None:
        self._world = world
        self._looked_at: datetime | None = None

    async def look(self) -> None:
        """Note down who was forgotten; at the start and every hour, do what time has brought."""
        now, before = self._world.now(), self._looked_at
        if before is None or now - before >= ROUNDS:
            self._looked_at = now
            await self._remember(now)
            await self._gone(now)
        await self._note()
        await self._clear(2**63 if before is None else AT_ONCE)

    async def _remember(self, now: datetime) -> None:
        """Who is in the ledger is forgotten, whatever a restored database says."""
        kept = {} if self._world.ledger is None else await asyncio.to_thread(self._world.ledger.read)
        async with self._world.database.read() as tx:
            known = await tombstones.all_of(tx)
        news = {mark: at for mark, at in kept.items() if mark not in known or known[mark] < at}
        if not news and not known:
            return
        async with self._world.database.write() as tx:
            await tombstones.put(tx, news, noted=True)
            number = await forgetting.again(tx, now)
        if number:
            log.warning("%d accounts were forgotten again: the database knew them from before", number)

    async def _gone(self, now: datetime) -> None:
        async with self._world.database.read() as tx:
            over = await forgetting.gone_long_ago(tx, now, tuple(self._world.platforms))
        for platform, workspace in over:
            async with self._world.database.write() as tx:
                await forgetting.forget_workspace(tx, platform, workspace, now)
            log.info("%s workspace %s is forgotten: the bot left it 30 days ago", platform, workspace)

    async def _note(self) -> None:
        async with self._world.database.read() as tx:
            new = await tombstones.unnoted(tx)
        if not new:
            return
        if self._world.ledger is not None:
            await asyncio.to_thread(self._world.ledger.add, new)
        async with self._world.database.write() as tx:
            await tombstones.noted(tx, [mark for mark, _ in new])

    async def _clear(self, most: int) -> None:
        async with self._world.database.read() as tx:
            wanted = await tombstones.uncleared(tx)
        if not wanted or not await self._world.database.clear(most):
            return
        async with self._world.database.write() as tx:
            await tombstones.cleared(tx)
