"""A platform, a workspace or a channel that answers nobody: what is due elsewhere comes at its minute all the same."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot import turns
from bot.events import Actor, MessageRef, Place
from bot.messages import Message
from bot.platform import Forbidden
from bot.store import schedules
from bot.store.schedules import Plan
from tests.decks import shelf
from tests.stage import START, Paper, Stage, stage


class Hanging(Paper):
    """Takes requests and answers none, where it is `dead`."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name
        self.dead: set[str] = set()
        self.under_way: list[str] = []
        self.came = asyncio.Condition()

    async def post(self, place: Place, message: Message, key: str) -> MessageRef:
        await self._asked(place)
        ref = await super().post(place, message, key)
        async with self.came:
            self.came.notify_all()
        return ref

    async def find(self, place: Place, key: str, since: datetime) -> Sequence[MessageRef]:
        await self._asked(place)
        return await super().find(place, key, since)

    async def check(self, place: Place) -> None:
        await self._asked(place)
        await super().check(place)

    async def tell(self, actor: Actor, message: Message) -> None:
        await self._asked(Place(self.name, "", ""))
        await super().tell(actor, message)

    async def _asked(self, place: Place) -> None:
        if self.dead & {place.workspace, place.channel, self.name}:
            self.under_way.append(place.channel)
            async with self.came:
                self.came.notify_all()
            try:
                await asyncio.get_running_loop().create_future()
            finally:
                self.under_way.remove(place.channel)

    async def has(self, number: int) -> None:
        """Wait until so many messages stand."""
        async with self.came:
            await self.came.wait_for(lambda: len(self.shown) >= number)

    async def hangs(self, number: int) -> None:
        """Wait until so many requests get no answer."""
        async with self.came:
            await self.came.wait_for(lambda: len(self.under_way) >= number)


@asynccontextmanager
async def town(folder: Path, *names: str) -> AsyncIterator[tuple[Stage, dict[str, Hanging]]]:
    async with stage(folder, shelf("ring"), scheduled=False) as scene:
        chats = {name: Hanging(name) for name in names}
        scene.world.platforms.clear()  # type: ignore[attr-defined]
        scene.world.platforms.update(chats)  # type: ignore[attr-defined]
        yield scene, chats


async def due(scene: Stage, at: datetime, *places: Place) -> None:
    for place in places:
        community = await scene.desk.community(place, START)
        async with scene.database.write() as tx:
            await schedules.make(tx, community.id, Plan(place, f"{at:%H:%M}", "UTC"), (at.date(), at), START)


@asynccontextmanager
async def running(scene: Stage) -> AsyncIterator[None]:
    """The timetable runs, and ends when it is told to, with nothing left behind."""
    before = asyncio.all_tasks()
    task = asyncio.create_task(scene.timetable.run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])
        assert task.cancelled()
        assert asyncio.all_tasks() <= before


async def test_a_platform_that_answers_nobody_delays_no_question_of_another(tmp_path: Path) -> None:
    async with town(tmp_path, "slack", "discord") as (scene, chats):
        slack, discord = chats["slack"], chats["discord"]
        slack.dead = {"slack"}
        await due(scene, START, Place("slack", "T1", "c1"), Place("slack", "T1", "c2"), Place("discord", "g1", "d1"))
        await due(scene, START + timedelta(hours=1), Place("discord", "g1", "d2"))
        async with running(scene):
            await discord.has(1)
            await slack.hangs(2)
            scene.now += timedelta(hours=1)
            scene.world.bell.set()
            await discord.has(2)
            assert sorted(slack.under_way) == ["c1", "c2"]
            assert not slack.shown
        assert not slack.under_way, "nothing goes on after the end"


async def test_a_platform_on_which_nobody_can_be_told_or_looked_for_delays_no_question_of_another(
    tmp_path: Path,
) -> None:
    async with town(tmp_path, "slack", "discord") as (scene, chats):
        slack, discord = chats["slack"], chats["discord"]
        await due(scene, START, Place("slack", "T1", "c1"))
        slack.closed["c1"] = Forbidden("I may not write there.")
        await scene.timetable.tick()
        slack.dead = {"slack"}
        scene.now += timedelta(hours=1)
        await due(scene, scene.now, Place("discord", "g1", "d1"))
        async with running(scene):
            await slack.hangs(1)
            await discord.has(1)


async def test_a_workspace_that_answers_nobody_keeps_no_other_waiting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "SLOW", 0.01)
    async with town(tmp_path, "slack") as (scene, chats):
        slack = chats["slack"]
        slack.dead = {"T1"}
        many = [Place("slack", "T1", f"c{number}") for number in range(2 * turns.AT_ONCE)]
        await due(scene, START, *many, *(Place("slack", f"T{number}", f"d{number}") for number in range(2, 9)))
        async with running(scene):
            await slack.has(7)
            assert len(slack.under_way) < turns.AT_ONCE + turns.SLOW_OF_ONE
            await due(scene, START + timedelta(hours=1), Place("slack", "T9", "d9"))
            scene.now += timedelta(hours=1)
            scene.world.bell.set()
            await slack.has(8)


async def test_a_channel_that_answers_nobody_is_asked_once_and_goes_on_when_it_answers(tmp_path: Path) -> None:
    async with town(tmp_path, "slack") as (scene, chats):
        slack = chats["slack"]
        slack.dead = {"c1"}
        await due(scene, START, Place("slack", "T1", "c1"))
        async with running(scene):
            await slack.hangs(1)
            for _ in range(5):
                scene.now += timedelta(minutes=1)
                await due(scene, scene.now, Place("slack", "T1", f"d{scene.now:%M}"))
                scene.world.bell.set()
                await slack.has(scene.now.minute)
                assert slack.under_way == ["c1"]
        slack.dead = set()
        await scene.passes(minutes=2)
        await scene.passes(minutes=2)
        assert len(slack.shown) == 6
        assert len(slack.keys) == 6


async def test_whoever_has_waited_longest_for_a_turn_has_it_next_but_behind_nobody_who_is_stuck(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(turns, "AT_ONCE", 2)
    monkeypatch.setattr(turns, "SLOW_OF_ONE", 1)
    monkeypatch.setattr(turns, "SLOW", 0.0)
    stirred = asyncio.Event()
    every = turns.Turns(stirred.set)
    order: list[str] = []
    ends: dict[str, asyncio.Event] = {}

    async def asks(name: str) -> None:
        ends[name] = asyncio.Event()
        async with every.of(name[0]):
            order.append(name)
            await ends[name].wait()

    async with asyncio.TaskGroup() as tasks:
        asking = {name: tasks.create_task(asks(name)) for name in ("a1", "a2", "a3", "b1", "a4", "b2", "c1")}
        while every.stuck < len(asking):
            await asyncio.sleep(0)
        assert order == ["a1", "a2", "b1", "b2", "c1"], "a3 and a4 wait, for theirs are slow"
        asking["a3"].cancel()
        ends["a1"].set()
        await asyncio.wait([asking["a1"]])
        assert len(order) == 5, "a2 is still slow"
        ends["a2"].set()
        while len(order) < 6:
            await asyncio.sleep(0)
        assert order[5] == "a4"
        for each in ends.values():
            each.set()
    assert every.stuck == 0
