"""The streak as it stands, at home and in stats: what freezes did, and what no clock may undo."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from bot.pictures import Stats
from bot.store.schedules import Feedback
from bot.store.tables import communities, days
from tests.decks import shelf as shelf_with
from tests.quiz.test_streaks import lived
from tests.stage import Stage, labels, said, stage

Posted = Callable[..., Awaitable[Stage]]

KINDS = ("ring", "sync")


async def lives(scene: Stage, answered: Sequence[bool]) -> None:
    """A question a day, from today's, answered or missed; each closes before the next comes."""
    for was_there in answered:
        if was_there:
            await scene.presses("Ada", labels(scene.paper.last[1])[0])
        await scene.passes(hours=23)
        await scene.passes(hours=1)


async def home(scene: Stage) -> str:
    return said(await scene.types("Ada", ""))


async def test_a_missed_question_costs_the_streak_as_it_closes(posted: Posted) -> None:
    scene = await posted(*KINDS)
    await lives(scene, [True, True])
    assert "🔥 2 days in a row" in await home(scene), "today's question can be answered still"
    await scene.passes(hours=23)
    assert "Starts anew with your next answer (best: 2)" in await home(scene), "closed, and the next isn't posted yet"
    await scene.passes(hours=1)
    assert "Starts anew" in await home(scene)


async def test_a_freeze_keeps_the_streak_and_is_told_of_for_a_week(posted: Posted) -> None:
    scene = await posted(*KINDS)
    await lives(scene, [True] * 7)
    assert "🔥 7 days in a row · 1 freeze held" in await home(scene)
    assert "❄️" not in await home(scene)
    await scene.passes(hours=23)  # Monday's is missed
    told = await home(scene)
    assert "🔥 7 days in a row\n" in told
    assert "❄️ A freeze kept your streak on Monday." in told
    await scene.passes(hours=1)
    await lives(scene, [True] * 5)
    assert "A freeze kept your streak on Monday." in said(await scene.types("Ada", "stats"))
    await lives(scene, [True])
    assert "🔥 13 days in a row" in await home(scene)
    assert "❄️" not in await home(scene)
    await scene.types("Ada", "stats")
    (sheet,) = (each for each in scene.sheets[-1:] if isinstance(each, Stats))
    assert sheet.frozen == (date(2026, 11, 30),)


async def test_a_streak_that_was_lost_is_not_said_to_be_kept(posted: Posted) -> None:
    scene = await posted(*KINDS)
    await lives(scene, [True] * 7 + [False] * 2)
    assert "❄️" not in await home(scene)
    assert "Starts anew with your next answer (best: 7)" in await home(scene)


async def test_days_without_a_question_break_nothing(posted: Posted) -> None:
    scene = await posted(*KINDS)
    await lives(scene, [True, True])
    await scene.types("Olga", "schedule pause", admin=True)
    await lives(scene, [True])
    await scene.passes(days=9)
    assert "🔥 3 days in a row" in await home(scene)


async def test_what_is_recorded_for_the_close_is_not_missed(posted: Posted) -> None:
    scene = await posted(*KINDS, feedback=Feedback.AT_CLOSE)
    await lives(scene, [True, True])
    await scene.presses("Ada", labels(scene.paper.last[1])[0])
    assert "🔥 2 days in a row" in await home(scene)
    scene.now += timedelta(hours=23)  # over, and its answers not counted yet
    assert "🔥 2 days in a row" in await home(scene)
    await scene.timetable.tick()
    assert "🔥 3 days in a row" in await home(scene)


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago"])
async def test_another_zone_rewrites_no_day_and_breaks_no_streak(posted: Posted, zone: str) -> None:
    scene = await posted(*KINDS)
    await lives(scene, [True] * 4)
    before = await rows(scene)
    async with scene.database.write() as tx:
        await tx.execute(update(communities).values(zone=zone))
    assert "🔥 4 days in a row" in await home(scene)
    await scene.presses("Ada", labels(scene.paper.last[1])[0])
    assert "🔥 5 days in a row" in await home(scene)
    assert (await rows(scene))[:4] == before
    await scene.types("Ada", "stats")
    await scene.types("Olga", "schedule set id:1 time:21:00 zone:Asia/Tokyo", admin=True)
    assert "🔥 5 days in a row" in await home(scene)


async def rows(scene: Stage) -> list[tuple[object, ...]]:
    async with scene.database.read() as tx:
        return [(*row,) for row in await tx.execute(select(days).order_by(days.c.day))]


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(answered=st.lists(st.booleans() | st.just(True), min_size=12, max_size=18))
async def test_home_says_what_living_through_the_days_comes_to(
    tmp_path_factory: pytest.TempPathFactory, answered: list[bool]
) -> None:
    folder: Path = tmp_path_factory.mktemp("lived")
    async with stage(folder, shelf_with(*KINDS)) as scene:
        await scene.timetable.tick()
        await lives(scene, answered)
        row, best, held, kept = lived(answered)
        told = await home(scene)
        if row:
            freezes = f" · {held} freeze{'s' * (held > 1)} held" if held else ""
            assert f"🔥 {row} day{'s' * (row > 1)} in a row{freezes}\n" in told
        else:
            assert f"(best: {best})" in told or (not best and "No streak yet" in told)
        if best:
            await scene.types("Ada", "stats")
            sheet = scene.sheets[-1]
            assert isinstance(sheet, Stats)
            first = date(2026, 11, 23)
            assert [(day - first).days + 1 for day in sheet.frozen] == kept
            assert [(day - first).days + 1 for day, _ in sheet.days] == [n for n, yes in enumerate(answered, 1) if yes]
