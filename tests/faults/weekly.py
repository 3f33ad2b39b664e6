"""The stage on the Monday after a week in which one person answered: its channel's recap is due, and no question."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import select

from bot.features import recap
from bot.quiz.rhythm import WEEKENDS
from bot.store import schedules
from bot.store.schedules import Plan
from bot.store.tables import recaps
from tests.decks import shelf
from tests.stage import HERE, START, Stage, stage

NEXT = START + timedelta(days=7)


@asynccontextmanager
async def weekly(folder: Path) -> AsyncIterator[Stage]:
    async with stage(folder, shelf("ring")) as scene:
        await scene.timetable.tick()
        await scene.presses("Ada", "C")
        await scene.passes(days=1)
        async with scene.database.write() as tx:
            plan = Plan(HERE, "09:00", "UTC", WEEKENDS, open_minutes=60)
            await schedules.change(tx, 1, plan, (NEXT.date(), NEXT + timedelta(days=5)))
            await recap.arrange(tx, HERE, ZoneInfo("UTC"), scene.now, wanted=True)
        scene.now = NEXT
        scene.paper.shown.clear()
        scene.paper.keys.clear()
        yield scene


async def told(scene: Stage) -> list[str]:
    """What became of the channel's recaps."""
    async with scene.database.read() as tx:
        return list((await tx.execute(select(recaps.c.state).order_by(recaps.c.id))).scalars())
