"""The same for the weekly recap: what can't be kept is not said, what was said is found, and no week is told of twice."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.courier import LEASE
from bot.quiz.weeks import WEEK
from bot.store import recaps, schedules, sqlite
from bot.store.database import DatabaseProblem
from bot.store.stood import Stood
from tests.faults.disk import full, locked, locked_once_posted
from tests.faults.weekly import NEXT, told, weekly
from tests.stage import START, Stage
from tests.test_postman import forgetful


@pytest.fixture
async def scene(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Stage]:
    monkeypatch.setattr(sqlite, "BUSY", 0.05)
    async with weekly(tmp_path) as scene:
        forgetful(scene)
        yield scene


async def test_a_recap_waits_until_the_database_is_no_longer_locked(scene: Stage, tmp_path: Path) -> None:
    with locked(tmp_path):
        await scene.timetable.tick()
        assert not scene.paper.shown
    await scene.passes(minutes=1)
    assert (await told(scene), len(scene.paper.shown)) == (["posted"], 1)


async def test_a_recap_that_could_not_be_saved_for_a_lock_is_found(
    scene: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with locked_once_posted(scene, tmp_path, monkeypatch):
        await scene.timetable.tick()
    assert (await told(scene), len(scene.paper.shown)) == (["claimed"], 1)
    await scene.passes(seconds=LEASE.total_seconds() + 1)
    assert (await told(scene), len(scene.paper.shown)) == (["posted"], 1)


async def test_a_recap_waits_until_the_disk_has_room(scene: Stage) -> None:
    async with full(scene):
        before = await take_the_last_room(scene)
        for _ in range(3):
            await scene.passes(minutes=5)
        assert (len(await told(scene)), scene.paper.shown) == (before, {})
    await scene.passes(minutes=1)
    assert (len(await told(scene)), len(scene.paper.shown)) == (before + 1, 1)
    await scene.passes(minutes=2)
    assert (len(await told(scene)), len(scene.paper.shown)) == (before + 1, 1)


async def take_the_last_room(scene: Stage) -> int:
    """Recaps of long ago fill what their table has left; how many there are."""
    async with scene.database.read() as tx:
        schedule = await schedules.by_id(tx, 1)
    assert schedule is not None
    for number in range(1, 1000):
        first = START.date() - number * WEEK
        try:
            async with scene.database.write() as tx:
                old = await recaps.claim(tx, schedule, first, START - number * WEEK, START)
                assert old is not None
                assert await recaps.stand(tx, [Stood(old, "long ago")], START)
        except DatabaseProblem:
            return number - 1
    raise AssertionError("it never got full")


async def test_a_clock_that_jumps_a_week_ahead_and_back_tells_of_no_week_twice(scene: Stage) -> None:
    scene.now = NEXT - timedelta(days=2)
    await scene.passes(days=3)
    assert len(scene.paper.shown) == 1, "on Tuesday, it believes"
    for _ in range(4):
        await scene.passes(days=-1)
    for _ in range(7):
        await scene.passes(days=1)
    shown = [each for each in scene.paper.shown.values() if each.text.startswith("Weekly recap")]
    assert (await told(scene), len(shown)) == (["posted"], 1)
    async with scene.database.read() as tx:
        assert await schedules.next_recap(tx, ["paper"], scene.now) == NEXT + timedelta(days=7)
