"""Exactly one post: two workers, a worker that was held up, lost answers, twins, cards that nobody takes, many at once."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.events import MessageRef, Place
from bot.features import posting
from bot.history import explain as history_of
from bot.messages import Message
from bot.platform import Missing, PlatformError, Rejected, Unavailable
from bot.postman import LEASE
from bot.steward import Steward
from bot.store import post_log, posts, schedules
from bot.store.post_log import What
from bot.store.schedules import Plan
from bot.store.tables import posts as posts_table
from bot.timetable import Timetable
from tests.decks import SHELF
from tests.stage import HERE, START, Paper, Stage, stage


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Stage]:
    async with stage(tmp_path, SHELF) as scene:
        yield scene


class Forgetful(Paper):
    """A platform that forgets keys at once: whoever posts twice is seen twice. `hold` keeps the next post from arriving."""

    def __init__(self, paper: Paper) -> None:
        super().__init__()
        self.__dict__.update(paper.__dict__)
        self.hold: asyncio.Event | None = None
        self.held = asyncio.Event()
        self.after_effect: PlatformError | None = None

    async def post(self, place: Place, message: Message, key: str) -> MessageRef:
        if self.hold is not None:
            hold, self.hold = self.hold, None
            self.held.set()
            await hold.wait()
        if self.failing is not None:
            raise self.failing
        number = str(next(self._ids))
        if key in self.keys:
            self.twins.setdefault(key, []).append(number)
        else:
            self.keys[key] = number
        self.shown[number] = message
        if self.after_effect is not None:
            lost, self.after_effect = self.after_effect, None
            raise lost
        return MessageRef(place, number)


def forgetful(scene: Stage) -> tuple[Forgetful, Timetable]:
    """The scene's platform made forgetful, and a second worker beside the first."""
    platform = Forgetful(scene.paper)
    scene.paper = platform
    scene.world.platforms["paper"] = platform  # type: ignore[index]
    other = replace(scene.world, chance=random.Random(8))
    return platform, Timetable(other, Steward(other))


async def rows(scene: Stage) -> list[tuple[str, str | None]]:
    async with scene.database.read() as tx:
        query = select(posts_table.c.state, posts_table.c.message_id).order_by(posts_table.c.id)
        return [(row[0], row[1]) for row in await tx.execute(query)]


async def history(scene: Stage, post_id: int = 1) -> list[What]:
    async with scene.database.read() as tx:
        return [event.what for event in await post_log.events(tx, post_id)]


async def test_of_two_workers_one_posts(scene: Stage) -> None:
    platform, other = forgetful(scene)
    await asyncio.gather(scene.timetable.tick(), other.tick())
    assert len(platform.shown) == 1
    assert await rows(scene) == [("open", "1")]
    assert await history(scene) == [What.CLAIMED, What.POSTED]


async def test_a_post_whose_answer_was_lost_is_found_and_not_sent_again(scene: Stage) -> None:
    platform, other = forgetful(scene)
    platform.after_effect = Unavailable("the connection dropped")
    await scene.timetable.tick()
    assert (await rows(scene), len(platform.shown)) == ([("claimed", None)], 1)
    scene.now += LEASE + timedelta(seconds=1)
    await asyncio.gather(scene.timetable.tick(), other.tick())
    assert (await rows(scene), len(platform.shown)) == ([("open", "1")], 1)
    assert await history(scene) == [What.CLAIMED, What.NOT_SENT, What.TAKEN_OVER, What.FOUND]


async def test_a_worker_that_was_held_up_takes_its_twin_away(scene: Stage) -> None:
    """Stopped before its request left, and awake again after another worker has posted in its place."""
    platform, other = forgetful(scene)
    platform.hold = hold = asyncio.Event()
    slow = asyncio.create_task(scene.timetable.tick())
    await platform.held.wait()
    scene.now += LEASE + timedelta(seconds=1)
    await other.tick()
    assert await rows(scene) == [("open", "1")]
    hold.set()
    await slow
    assert list(platform.shown) == ["1"]
    assert await rows(scene) == [("open", "1")]
    assert What.TWIN in await history(scene)


async def sleeps_before_posting(scene: Stage, monkeypatch: pytest.MonkeyPatch, **time: float) -> Forgetful:
    """A tick whose worker is stopped for some time when it has claimed and not yet sent."""
    platform, _ = forgetful(scene)
    question = posting.question

    def drawn(*what: Any) -> Message:
        scene.now += timedelta(**time)
        return question(*what)

    with monkeypatch.context() as sleepy:
        sleepy.setattr(posting, "question", drawn)
        await scene.timetable.tick()
    return platform


async def test_a_worker_that_slept_until_its_claim_ran_out_leaves_the_post_to_whoever_looks_first(
    scene: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    platform = await sleeps_before_posting(scene, monkeypatch, seconds=LEASE.total_seconds())
    assert (await rows(scene), len(platform.shown)) == ([("claimed", None)], 0)
    scene.now += timedelta(seconds=1)
    await scene.timetable.tick()
    assert await rows(scene) == [("open", "1")]


async def test_a_worker_that_slept_until_the_question_was_over_does_not_post_it(
    scene: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    platform = await sleeps_before_posting(scene, monkeypatch, hours=23)
    assert (await rows(scene), len(platform.shown)) == ([("failed", None)], 0)


async def test_a_twin_that_nobody_lived_to_take_away_is_found_a_minute_later(scene: Stage) -> None:
    platform, other = forgetful(scene)
    platform.failing = Unavailable("down")
    await scene.timetable.tick()
    platform.failing = None
    scene.now += LEASE + timedelta(seconds=1)
    await other.tick()
    key = next(iter(platform.keys))
    await platform.post(HERE, Message.of("the first worker's, late"), key)
    assert len(platform.shown) == 2
    await scene.passes(seconds=30)
    assert len(platform.shown) == 2
    await scene.passes(seconds=31)
    assert list(platform.shown) == ["1"]
    await platform.post(HERE, Message.of("later still"), key)
    await scene.passes(hours=22, minutes=57)
    assert list(platform.shown) == ["1"], "the last look is before the closing"


async def test_a_post_that_stands_after_its_time_was_given_up_is_taken_away(scene: Stage) -> None:
    platform, other = forgetful(scene)
    platform.hold = hold = asyncio.Event()
    slow = asyncio.create_task(scene.timetable.tick())
    await platform.held.wait()
    scene.now += timedelta(hours=23, minutes=30)
    await other.tick()
    assert await rows(scene) == [("failed", None)]
    hold.set()
    await slow
    assert not platform.shown


async def test_a_claim_whose_channel_is_gone_ends_with_the_reason(scene: Stage) -> None:
    scene.paper.failing = Unavailable("down")
    await scene.timetable.tick()
    scene.paper.failing = None
    scene.paper.closed["general"] = Missing("#general is gone.")
    await scene.passes(minutes=2)
    assert await rows(scene) == [("failed", None)]
    scene.paper.closed.clear()
    await scene.passes(minutes=10)
    assert await rows(scene) == [("open", "1")]


async def test_a_card_that_the_platform_refuses_is_set_aside_and_the_next_one_goes_out(scene: Stage) -> None:
    post = scene.paper.post
    refused: list[str] = []

    async def picky(place: Place, message: Message, key: str) -> MessageRef:
        if len(refused) < 2:
            refused.append(message.text.split("\n")[2])
            raise Rejected("Invalid form body.")
        return await post(place, message, key)

    scene.paper.post = picky  # type: ignore[method-assign]
    for _ in range(3):
        scene.world.bell.clear()
        await scene.passes(seconds=1)
        assert scene.world.bell.is_set() == (not scene.paper.shown), "the next tick comes at once"
    assert await rows(scene) == [("open", "1")]
    assert (await history(scene)).count(What.SET_ASIDE) == 2
    assert scene.paper.shown["1"].text.split("\n")[2] not in refused
    for _ in range(8):
        await scene.passes(days=1)
    assert not {message.text.split("\n")[2] for message in scene.paper.shown.values()} & set(refused)


async def test_when_every_card_is_refused_it_is_not_the_cards(scene: Stage) -> None:
    async def refuses(place: Place, message: Message, key: str) -> MessageRef:
        raise Rejected("Not today.")

    scene.paper.post = refuses  # type: ignore[method-assign]
    for _ in range(10):
        await scene.passes(minutes=1)
    assert await rows(scene) == [("failed", None)]
    assert (await history(scene)).count(What.SET_ASIDE) == 3


async def test_what_cannot_be_saved_is_found_when_it_can(scene: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    platform, _ = forgetful(scene)
    with monkeypatch.context() as broken:
        broken.setattr(posts, "stand", _disk_full)
        await scene.timetable.tick()
    assert (await rows(scene), len(platform.shown)) == ([("claimed", None)], 1)
    scene.now += LEASE + timedelta(seconds=1)
    await scene.timetable.tick()
    assert (await rows(scene), len(platform.shown)) == ([("open", "1")], 1)


async def _disk_full(*_: object) -> bool:
    raise OSError("database or disk is full")


async def test_many_channels_due_in_one_minute_get_one_post_each(scene: Stage) -> None:
    platform, other = forgetful(scene)
    community = await scene.desk.community(HERE, START)
    async with scene.database.write() as tx:
        for number in range(250):
            plan = Plan(Place("paper", "w1", f"c{number}"), "09:00", "UTC")
            await schedules.make(tx, community.id, plan, (START.date(), START), START)
    await asyncio.gather(scene.timetable.tick(), other.tick())
    assert len(platform.shown) == 251
    assert {state for state, _ in await rows(scene)} == {"open"}
    assert len({message for _, message in await rows(scene)}) == 251


async def test_those_nearest_to_their_minute_go_first(scene: Stage) -> None:
    community = await scene.desk.community(HERE, START)
    late = START - timedelta(hours=2)
    async with scene.database.write() as tx:
        plan = Plan(Place("paper", "w1", "late"), "07:00", "UTC")
        await schedules.make(tx, community.id, plan, (late.date(), late), late)
    async with scene.database.read() as tx:
        assert [each.place.channel for each in await schedules.due(tx, START, ["paper"])] == ["general", "late"]


async def test_an_operator_learns_what_became_of_a_question(scene: Stage) -> None:
    scene.paper.failing = Unavailable("Discord is having trouble (503).")
    await scene.timetable.tick()
    scene.paper.failing = None
    await scene.passes(minutes=2)
    await scene.passes(hours=23)
    async with scene.database.read() as tx:
        told = await history_of(tx, 1, scene.now)
        assert await history_of(tx, 2, scene.now) is None
    assert told is not None
    first, second, *rest = told.splitlines()
    assert first == "Daily question 1: Every day at 09:00 UTC, in channel general of paper w1."
    assert second == "Next: Tuesday 24 November, 09:00 UTC."
    assert [line.split("  ")[-1].split(":")[0] for line in rest if line.startswith("  ")] == [
        "claimed",
        "not sent",
        "taken over",
        "posted",
        "over",
        "closed",
    ]
    assert "  2026-11-23 09:00:00  not sent: Discord is having trouble (503)." in rest
