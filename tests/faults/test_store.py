"""The database is locked, its disk is full, the clock jumps: nobody is told what was not kept, and the question comes once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.postman import LEASE
from bot.store import sqlite
from bot.store.tables import answers
from bot.store.tables import posts as posts_table
from tests.decks import shelf
from tests.faults.disk import full, locked, locked_once_posted
from tests.stage import START, Stage, said, stage
from tests.test_postman import forgetful

SORRY = "Something went wrong on my side (error "


@pytest.fixture
async def scene(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Stage]:
    monkeypatch.setattr(sqlite, "BUSY", 0.05)
    async with stage(tmp_path, shelf("ring")) as scene:
        yield scene


async def states(scene: Stage) -> list[str]:
    async with scene.database.read() as tx:
        return list((await tx.execute(select(posts_table.c.state).order_by(posts_table.c.id))).scalars())


async def answered(scene: Stage) -> int:
    async with scene.database.read() as tx:
        return int((await tx.execute(select(func.count()).select_from(answers))).scalar_one())


# ---------------------------------------------------------------- locked


async def test_a_question_waits_until_the_database_is_no_longer_locked(scene: Stage, tmp_path: Path) -> None:
    with locked(tmp_path):
        await scene.timetable.tick()
        assert not scene.paper.shown
    await scene.passes(minutes=1)
    assert (await states(scene), len(scene.paper.shown)) == (["open"], 1)


async def test_a_post_that_could_not_be_saved_for_a_lock_is_found(
    scene: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    forgetful(scene)
    with locked_once_posted(scene, tmp_path, monkeypatch):
        await scene.timetable.tick()
    assert (await states(scene), len(scene.paper.shown)) == (["claimed"], 1)
    await scene.passes(seconds=LEASE.total_seconds() + 1)
    assert (await states(scene), len(scene.paper.shown)) == (["open"], 1)


async def test_nobody_is_told_that_an_answer_counts_while_the_database_is_locked(scene: Stage, tmp_path: Path) -> None:
    await scene.timetable.tick()
    with locked(tmp_path):
        assert said(await scene.presses("Ada", "B")).startswith(SORRY)
    assert await answered(scene) == 0
    assert "✅ Correct" in said(await scene.presses("Ada", "B"))
    assert await answered(scene) == 1


async def test_results_wait_until_the_database_is_no_longer_locked(scene: Stage, tmp_path: Path) -> None:
    await scene.timetable.tick()
    await scene.presses("Ada", "B")
    with locked(tmp_path):
        await scene.passes(hours=23)
        assert "closed" not in scene.paper.shown["1"].text
    await scene.passes(minutes=1)
    assert "1 person answered" in scene.paper.shown["1"].text
    assert await states(scene) == ["closed"]


# ---------------------------------------------------------------- full


async def test_a_question_waits_until_the_disk_has_room(scene: Stage) -> None:
    """Each day takes some room, until there is none for the next."""
    forgetful(scene)
    async with full(scene):
        for day in range(1, 200):
            await scene.timetable.tick()
            if len(scene.paper.shown) < day or (await states(scene))[-1] != "open":
                break
            scene.now += timedelta(days=1)
        else:
            raise AssertionError("it never got full")
        await scene.passes(minutes=5)
        assert len(scene.paper.shown) <= day, "it may stand unsaved, and is not sent again"
    await scene.passes(minutes=2)
    assert len(scene.paper.shown) == day
    assert await states(scene) == ["closed"] * (day - 1) + ["open"]


async def test_whoever_is_told_that_an_answer_counts_is_counted_though_the_disk_is_full(scene: Stage) -> None:
    await scene.timetable.tick()
    told: list[str] = []
    refused: list[str] = []
    async with full(scene):
        for number in range(5_000):
            answer = said(await scene.presses(f"p{number}", "B"))
            (refused if answer.startswith(SORRY) else told).append(f"p{number}")
            if len(refused) == 3:
                break
            assert answer.startswith((SORRY, "✅ Correct")), answer
        assert len(refused) == 3, "it never got full"
        assert await answered(scene) == len(told)
    for name in refused:
        assert "✅ Correct" in said(await scene.presses(name, "B"))
    await scene.passes(hours=23)
    assert f"{len(told) + 3} people answered" in scene.paper.shown["1"].text


# ---------------------------------------------------------------- the clock


async def test_a_clock_that_jumps_ahead_and_back_posts_no_date_twice(tmp_path: Path) -> None:
    async with stage(tmp_path, shelf("ring")) as scene:
        scene.now = START - timedelta(hours=3)
        await scene.timetable.tick()
        assert not scene.paper.shown
        await scene.passes(hours=4)
        assert len(scene.paper.shown) == 1, "at ten, it believes"
        await scene.passes(hours=-4)
        assert "✅" in said(await scene.presses("Ada", "B")), "it can be answered until it closes"
        for _ in range(8):
            await scene.passes(hours=1)
        assert len(scene.paper.shown) == 1
        await scene.passes(hours=20)
        assert len(scene.paper.shown) == 2, "the next day's"


async def test_a_clock_that_goes_back_closes_nothing_twice(tmp_path: Path) -> None:
    async with stage(tmp_path, shelf("ring")) as scene:
        await scene.timetable.tick()
        await scene.presses("Ada", "B")
        await scene.passes(hours=23)
        results = scene.paper.shown["1"].text
        await scene.passes(hours=-5)
        assert "practise" in said(await scene.acts("Grace", "answer:1:B")).lower()
        await scene.passes(hours=5)
        assert scene.paper.shown["1"].text == results
        assert await states(scene) == ["closed"]


async def test_a_claim_of_a_clock_that_was_ahead_is_settled_when_its_time_has_come(tmp_path: Path) -> None:
    async with stage(tmp_path, shelf("ring")) as scene:
        post = scene.paper.post

        async def dropped(*given: object) -> object:
            await post(*given)  # type: ignore[arg-type]
            raise TimeoutError("its process ended")

        scene.now = START + timedelta(minutes=30)
        scene.paper.post = dropped  # type: ignore[method-assign, assignment]
        await scene.timetable.tick()
        scene.paper.post = post  # type: ignore[method-assign]
        await scene.passes(minutes=-30)
        assert await states(scene) == ["claimed"]
        await scene.passes(minutes=31, seconds=1)
        assert (await states(scene), len(scene.paper.shown)) == (["open"], 1)
