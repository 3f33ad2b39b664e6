"""What the bot works with: its memory, its cards, its platforms, its clock and its chance."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot.features.desk import Desk
from bot.library.shelf import Shelf
from bot.messages import Picture
from bot.platform import Platform
from bot.store.database import Database
from bot.store.tombstones import Ledger

if TYPE_CHECKING:
    from bot.pictures import Sheet


log = logging.getLogger(__name__)

DARK = frozenset({"discord"})
"""Platforms that are dark unless somebody changes that: a white picture there is a lamp in the face."""


def _now() -> datetime:
    return datetime.now(UTC)


async def _drawn(sheet: Sheet, dark: bool) -> Picture:
    from bot.pictures import Theme, drawn  # loaded with the first picture: a start can do without

    return await drawn(sheet, Theme.DARK if dark else Theme.LIGHT)


@dataclass(frozen=True, slots=True)
class World:
    """`platforms` are those that are connected now, by name; `now` gives the time, aware.

    `bell` is rung when what is due has changed: the timetable looks at once. `corrected` calls the examiner,
    `gong` the quizmaster. `draw` makes a
    picture of numbers, for a dark screen or a light one; RuntimeError or OSError when that fails. `ledger` keeps who was
    forgotten beside the database; without one, a restored backup remembers them.
    """

    database: Database
    desk: Desk
    shelf: Shelf
    platforms: Mapping[str, Platform]
    now: Callable[[], datetime] = _now
    chance: random.Random = field(default_factory=random.SystemRandom)
    bell: asyncio.Event = field(default_factory=asyncio.Event)
    corrected: asyncio.Event = field(default_factory=asyncio.Event)
    gong: asyncio.Event = field(default_factory=asyncio.Event)
    draw: Callable[[Sheet, bool], Awaitable[Picture]] = _drawn
    ledger: Ledger | None = None

    async def picture(self, sheet: Sheet, platform: str, seconds: float) -> Picture | None:
        """A picture as it looks well on a platform; None when it can't be drawn, or not in so many seconds."""
        try:
            return await asyncio.wait_for(self.draw(sheet, platform in DARK), seconds)
        except (RuntimeError, OSError):  # the renderer or its process is broken; a timeout is an OSError too
            log.exception("what was to be shown goes without its picture")
            return None
