"""The timetable: what is due happens, once, through restarts and a platform's bad hours."""

from __future__ import annotations

import asyncio
import contextlib
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select

from bot.events import MessageRef, Place
from bot.messages import Message
from bot.platform import Forbidden, Unavailable
from bot.store import schedules
from bot.store.schedules import Plan
from bot.store.tables import posts, question_days
from tests.decks import SHELF, shelf
from tests.stage import HERE, START, Stage, stage


async def states(scene: Stage) -> list[str]:
    async with scene.database.read() as tx:
        return list((await tx.execute(select(posts.c.state).order_by(posts.c.id))).scalars())


async def test_one_question_a_day_and_a_card_this_channel_has_not_had(tmp_path: Path) -> None:
    async with stage(tmp_path, SHELF) as scene:
        await scene.timetable.tick()
        for _ in range(7):
            await scene.passes(days=1)
        assert len(scene.paper.shown) == 8
        async with scene.database.read() as tx:
            used = list((await tx.execute(select(posts.c.card_id))).scalars())
        assert len(set(used)) == 8
        assert await states(scene) == ["closed"] * 7 + ["open"]


async def test_ticks_too_many_do_nothing(tmp_path: Path) -> None:
    async with stage(tmp_path, SHELF) as scene:
        for _ in range(5):
            await scene.timetable.tick()
            await scene.passes(minutes=1)
        assert len(scene.paper.shown) == 1


async def test_a_restart_goes_on_where_it_was(tmp_path: Path) -> None:
    async with stage(tmp_path, shelf("ring")) as scene:
        await scene.timetable.tick()
        paper = scene.paper
    async with stage(tmp_path, shelf("ring")) as scene:
        scene.paper.shown, scene.paper.keys = paper.shown, paper.keys
        await scene.passes(hours=1)
        assert len(scene.paper.shown) == 1
        assert "✅ Correct" in (await scene.presses("Ada", "B")).text  # type: ignore[union-attr]
        await scene.passes(hours=22)
        assert "closed" in scene.paper.shown["1"].text


async def test_after_downtime_only_the_latest_question_is_posted(tmp_path: Path) -> None:
    async with stage(tmp_path, SHELF) as scene:
        await scene.passes(days=5, hours=3)
        assert len(scene.paper.shown) == 1
        assert "closes Sun 29 Nov, 08:00 UTC" in scene.paper.last[1].text


async def test_a_question_whose_time_is_over_is_left_out(tmp_path: Path) -> None:
    async with stage(tmp_path, SHELF) as scene:
        await scene.passes(hours=23, minutes=30)  # between closing at 08:00 and the next at 09:00
        assert not scene.paper.shown
        await scene.passes(hours=1)
        assert len(scene.paper.shown) == 1


async def test_an_outage_delays_the_question_and_doubles_nothing(tmp_path: Path) -> None:
    async with stage(tmp_path, SHELF) as scene:
        scene.paper.failing = Unavailable("rate limited")
        await scene.timetable.tick()
        assert await states(scene) == ["claimed"]
        await scene.passes(seconds=30)
        scene.paper.failing = None
        await scene.passes(seconds=30)
        assert await states(scene) == ["claimed"], "the claim is still its worker's own"
        await scene.passes(seconds=30)
        assert await states(scene) == ["open"]
        await scene.passes(minutes=5)
        assert len(scene.paper.shown) == 1


async def test_a_message_that_was_sent_before_a_crash_is_found_again(tmp_path: Path) -> None:
    async with stage(tmp_path, shelf("ring")) as scene:
        scene.paper.failing = Unavailable("dropped before the answer came")
        await scene.timetable.tick()
        scene.paper.failing = None
        async with scene.database.read() as tx:
            key = (await tx.execute(select(posts.c.key))).scalar_one()
        await scene.paper.post(Place("paper", "w1", "general"), Message.of("it arrived after all"), key)
        await scene.passes(minutes=2)
        assert await states(scene) == ["open"]
        assert [message.text for message in scene.paper.shown.values()] == ["it arrived after all"]


async def test_a_press_between_sending_and_saving_counts(tmp_path: Path) -> None:
    async with stage(tmp_path, shelf("ring")) as scene:
        scene.paper.failing = Unavailable("dropped before the answer came")
        await scene.timetable.tick()
        assert await states(scene) == ["claimed"]
        assert "✅ Correct" in (await scene.acts("Ada", "answer:1:B")).text  # type: ignore[union-attr]


async def test_a_lost_permission_ends_the_post_and_says_why(tmp_path: Path) -> None:
    async with stage(tmp_path, SHELF) as scene:
        scene.paper.failing = Forbidden("may not write in #general")
        await scene.timetable.tick()
        async with scene.database.read() as tx:
            row = (await tx.execute(select(posts.c.state, posts.c.problem))).one()
        assert tuple(row) == ("failed", "may not write in #general")
        scene.paper.failing = None
        await scene.passes(days=1)
        assert await states(scene) == ["failed", "open"]


async def test_results_that_could_not_be_shown_are_shown_later(tmp_path: Path) -> None:
    async with stage(tmp_path, shelf("ring")) as scene:
        await scene.timetable.tick()
        scene.paper.failing = Unavailable("down")
        await scene.passes(hours=23)
        assert await states(scene) == ["closing"]
        scene.paper.failing = None
        await scene.passes(minutes=1)
        assert await states(scene) == ["closed"]
        assert "closed" in scene.paper.shown["1"].text


async def test_a_deleted_message_leaves_its_answers_in_peace(tmp_path: Path) -> None:
    async with stage(tmp_path, shelf("ring")) as scene:
        await scene.timetable.tick()
        await scene.presses("Ada", "B")
        scene.paper.shown.clear()
        await scene.passes(hours=23)
        assert await states(scene) == ["closed"]


async def test_an_empty_shelf_posts_nothing_and_does_not_fail(tmp_path: Path) -> None:
    async with stage(tmp_path, shelf()) as scene:
        await scene.timetable.tick()
        assert not scene.paper.shown
        assert scene.now == START


async def test_one_posts_failure_leaves_the_others_alone(tmp_path: Path) -> None:
    async with stage(tmp_path, SHELF) as scene:
        async with scene.database.write() as tx:
            due = (START.date(), START)
            other = Place("paper", "w1", "other")
            community = await scene.desk.community(other, START)
            await schedules.ensure(tx, community.id, other, "09:00", "UTC", 60, due, START)
        posting_in = scene.paper.post

        async def failing(place: Place, message: Message, key: str) -> MessageRef:
            if place.channel == "general":
                raise TimeoutError("nobody foresaw this")
            return await posting_in(place, message, key)

        scene.paper.post = failing  # type: ignore[method-assign]
        await scene.timetable.tick()
        assert sorted(await states(scene)) == ["claimed", "open"]


async def test_a_question_that_never_appeared_breaks_no_streak(tmp_path: Path) -> None:
    async with stage(tmp_path, SHELF) as scene:
        for day in range(5):
            scene.paper.failing = Forbidden("may not write here") if day == 3 else None
            await scene.timetable.tick()
            scene.now += timedelta(days=1)
        async with scene.database.read() as tx:
            numbers = list(
                (await tx.execute(select(question_days.c.number).order_by(question_days.c.number))).scalars()
            )
        assert numbers == [1, 2, 3, 4]


async def test_a_ring_is_heard_at_once_and_not_at_the_next_heartbeat(tmp_path: Path) -> None:
    async with stage(tmp_path, shelf("ring"), scheduled=False) as scene:
        running = asyncio.create_task(scene.timetable.run())
        await scene.timetable.looked.wait()
        community = await scene.desk.community(HERE, START)
        async with scene.database.write() as tx:
            await schedules.ensure(tx, community.id, HERE, "09:00", "UTC", 60, (START.date(), START), START)
        posted = asyncio.Event()
        posting = scene.paper.post

        async def heard(place: Place, message: Message, key: str) -> MessageRef:
            posted.set()
            return await posting(place, message, key)

        scene.paper.post = heard  # type: ignore[method-assign]
        assert not scene.paper.shown
        scene.world.bell.set()
        await posted.wait()
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running


async def test_the_question_of_a_channel_is_not_made_again_once_it_was_changed_or_removed(tmp_path: Path) -> None:
    async with stage(tmp_path, SHELF) as scene:
        due = (START.date(), START)

        async def ensured() -> list[str]:
            async with scene.database.write() as tx:
                await schedules.ensure(tx, 1, HERE, "09:00", "UTC", 60, due, START)
                return [each.time for each in await schedules.of_place(tx, HERE)]

        async with scene.database.write() as tx:
            await schedules.change(tx, 1, Plan(HERE, "12:00", "UTC"), due)
        assert await ensured() == ["12:00"]
        async with scene.database.write() as tx:
            await schedules.remove(tx, 1, START)
        assert await ensured() == []


async def test_schedules_of_a_platform_that_is_not_connected_wait_for_it(tmp_path: Path) -> None:
    async with stage(tmp_path, SHELF) as scene:
        async with scene.database.write() as tx:
            for number in range(120):
                far = Place("elsewhere", "w", f"c{number}")
                earlier = START - timedelta(hours=1)
                await schedules.ensure(tx, 1, far, "08:00", "UTC", 60, (earlier.date(), earlier), START)
        await scene.timetable.tick()
        assert len(scene.paper.shown) == 1
