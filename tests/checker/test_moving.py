"""A schedule that an admin moves to another zone, in the real bot: one question for each date, none of them doubled."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from bot.store.tables import posts
from tests.decks import SHELF
from tests.stage import Stage, said, stage

BACK, ON = "Pacific/Pago_Pago", "Pacific/Kiritimati"
"""The two ends of the calendar: 25 hours lie between them."""


async def dates(scene: Stage) -> list[date]:
    """The dates that have had their question, as they came."""
    async with scene.database.read() as tx:
        asked = select(posts.c.local_date).where(posts.c.message_id.is_not(None)).order_by(posts.c.opens_at, posts.c.id)
        return list((await tx.execute(asked)).scalars())


async def lives(scene: Stage, hours: int) -> None:
    for _ in range(hours):
        await scene.passes(hours=1)


@pytest.mark.parametrize("hour", [1, 13])
@pytest.mark.parametrize(("before", "after"), [(ON, BACK), (BACK, ON), ("Europe/Berlin", "America/New_York")])
async def test_a_schedule_that_moves_has_one_question_for_each_date(
    tmp_path: Path, before: str, after: str, hour: int
) -> None:
    async with stage(tmp_path, SHELF) as scene:
        await said_yes(scene, before)
        await lives(scene, 24 + hour)
        moved = scene.now
        await said_yes(scene, after)
        await lives(scene, 60)
        found = await dates(scene)
        assert found == sorted(set(found)), "one for each date, in order"
        assert len(scene.paper.shown) == len(found) >= 3
        every = {found[0] + timedelta(days=each) for each in range((found[-1] - found[0]).days + 1)}
        for left_out in every - set(found):
            assert datetime.combine(left_out, time(9), ZoneInfo(after)) <= moved, "it was over there already"


async def said_yes(scene: Stage, zone: str) -> None:
    answer = await scene.types("Ada", f"/quiz schedule set id:1 zone:{zone}", admin=True)
    assert "is changed" in said(answer), said(answer)
