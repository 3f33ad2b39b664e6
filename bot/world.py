"""What the bot works with: its memory, its cards, its platforms, its clock and its chance."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from bot.features.desk import Desk
from bot.library.shelf import Shelf
from bot.platform import Platform
from bot.store.database import Database


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class World:
    """`platforms` are those that are connected now, by name; `now` gives the time, aware.

    `bell` is rung when what is due has changed: the timetable looks at once.
    """

    database: Database
    desk: Desk
    shelf: Shelf
    platforms: Mapping[str, Platform]
    now: Callable[[], datetime] = _now
    chance: random.Random = field(default_factory=random.SystemRandom)
    bell: asyncio.Event = field(default_factory=asyncio.Event)
