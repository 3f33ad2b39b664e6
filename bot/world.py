"""What the bot works with: its memory, its cards, its platforms, its clock and its chance."""

from __future__ import annotations

import asyncio
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

if TYPE_CHECKING:
    from bot.pictures import Sheet


def _now() -> datetime:
    return datetime.now(UTC)


async def _drawn(sheet: Sheet) -> Picture:
    from bot.pictures import drawn  # loaded with the first picture: a start can do without

    return await drawn(sheet)


@dataclass(frozen=True, slots=True)
class World:
    """`platforms` are those that are connected now, by name; `now` gives the time, aware.

    `bell` is rung when what is due has changed: the timetable looks at once. `corrected` calls the examiner. `draw` makes a picture of numbers; RuntimeError
    or OSError when that fails.
    """

    database: Database
    desk: Desk
    shelf: Shelf
    platforms: Mapping[str, Platform]
    now: Callable[[], datetime] = _now
    chance: random.Random = field(default_factory=random.SystemRandom)
    bell: asyncio.Event = field(default_factory=asyncio.Event)
    corrected: asyncio.Event = field(default_factory=asyncio.Event)
    draw: Callable[[Sheet], Awaitable[Picture]] = _drawn
