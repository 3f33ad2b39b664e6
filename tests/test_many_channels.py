"""Many channels due in one minute: each gets its question once, whoever is nearest to its minute first, and people are
answered meanwhile.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.events import MessageRef, Place
from bot.messages import Message
from bot.platform import Unavailable
from bot.postman import TOGETHER
from bot.rounds import AHEAD
from bot.store import posts_due, schedules
from bot.store.schedules import Plan
from bot.turns import AT_ONCE
from tests.decks import shelf
from tests.stage import HERE, START, Paper, Stage, said, stage

FEW = 20
"""Schedules that are read in one look, here."""


class Busy(Paper):
    """Notes where it posts, in order, and lets others go first each time."""

    def __init__(self, heard: Callable[[int], None] = lambda _: None) -> None:
        super().__init__()
        self.order: list[str] = []
        self.heard = heard

    async def post(self, place: Place, message: Message, key: str) -> MessageRef:
        self.order.append(place.channel)
        self.heard(len(self.order))
        await asyncio.sleep(0)
        return await super().post(place, message, key)


def crowded(scene: Stage) -> Busy:
    platform = Busy()
    scene.paper = platform
    scene.world.platforms["paper"] = platform  # type: ignore[index]
    return platform


async def due(scene: Stage, names: Sequence[str], at: datetime) -> None:
    community = await scene.desk.community(HERE, START)
    async with scene.database.write() as tx:
        for name in names:
            plan = Plan(Place("paper", "w1", name), f"{at:%H:%M}", "UTC")
            await schedules.make(tx, community.id, plan, (at.date(), at), at)


async def test_each_channel_is_asked_once_and_those_of_this_minute_before_the_late_ones(tmp_path: Path) -> None:
    async with stage(tmp_path, shelf("ring"), scheduled=False) as scene:
        platform = crowded(scene)
        await due(scene, [f"late-{number}" for number in range(60)], START - timedelta(hours=2))
        await due(scene, [f"now-{number}" for number in range(120)], START)
        await scene.timetable.tick()
        assert sorted(platform.order) == sorted(set(platform.order))
        assert len(platform.shown) == 180
        latest_of_now = max(at for at, name in enumerate(platform.order) if name.startswith("now"))
        earliest_late = min(at for at, name in enumerate(platform.order) if name.startswith("late"))
        assert latest_of_now < earliest_late + AT_ONCE, "those that are sent side by side may overtake each other"


async def test_who_comes_due_while_many_are_late_does_not_wait_for_all_of_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posts_due, "AT_ONCE", FEW)
    async with stage(tmp_path, shelf("ring"), scheduled=False) as scene:
        platform = crowded(scene)
        await due(scene, [f"late-{number}" for number in range(12 * FEW)], START - timedelta(hours=2))
        coming: list[asyncio.Task[None]] = []
        before: list[str] = []

        async def comes_due() -> None:
            await due(scene, ["now"], START)
            before.extend(platform.order)

        def comes(number: int) -> None:
            if number == 3 * FEW + FEW // 2:
                coming.append(asyncio.create_task(comes_due()))

        platform.heard = comes
        await scene.timetable.tick()
        assert len(platform.shown) == 12 * FEW + 1
        meanwhile = platform.order.index("now") - len(before)
        assert meanwhile <= AHEAD + 2 * FEW, "those who are begun, and those of a look that was under way"


async def test_channels_that_cannot_be_posted_in_keep_none_of_the_others_waiting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posts_due, "AT_ONCE", FEW)
    async with stage(tmp_path, shelf("ring"), scheduled=False) as scene:
        platform = crowded(scene)
        names = [f"down-{number}" for number in range(2 * FEW)]
        platform.closed = {name: Unavailable("down") for name in names}
        await due(scene, names, START)
        await scene.timetable.tick()
        scene.now += timedelta(minutes=2)
        await due(scene, ["up"], START)
        await scene.timetable.tick()
        assert platform.order == [*names, "up"], "where nobody can look, nothing is posted again"


async def test_people_are_answered_while_many_channels_are_posted_in(tmp_path: Path) -> None:
    async with stage(tmp_path, shelf("ring")) as scene:
        platform = crowded(scene)
        await scene.timetable.tick()
        ref = MessageRef(HERE, "1")
        await due(scene, [f"c{number}" for number in range(5 * TOGETHER)], START)
        posting = asyncio.create_task(scene.timetable.tick())
        waited: list[int] = []
        while len(platform.order) < 4 * TOGETHER:
            before = len(platform.order)
            answer = await scene.acts(f"Ada {len(waited)}", "answer:1:B", ref)
            assert "Correct" in said(answer)
            waited.append(len(platform.order) - before)
        await posting
        assert len(platform.shown) == 5 * TOGETHER + 1
        assert len(waited) > 3
        assert max(waited) <= 2 * TOGETHER, "a press waits for those that are being written, and not for all"
