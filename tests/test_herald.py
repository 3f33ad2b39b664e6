"""Exactly one recap: two workers, a worker that was held up, lost answers, closed channels, refused pictures, many at once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert, select, update

from bot.courier import LEASE
from bot.events import MessageRef, Place
from bot.features import recap
from bot.history import explain
from bot.messages import Message, Picture
from bot.pictures import Sheet
from bot.platform import Forbidden, Rejected, Unavailable
from bot.quiz.rhythm import WEEKENDS
from bot.rounds import RECAPS_AT_ONCE
from bot.steward import Steward
from bot.store import recaps as recap_rows
from bot.store import schedules
from bot.store.recaps import What
from bot.store.schedules import Plan
from bot.store.tables import answers, posts, recaps
from bot.store.tables import schedules as schedules_table
from bot.timetable import Timetable
from tests.decks import shelf
from tests.stage import HERE, START, Stage, said, stage
from tests.test_postman import forgetful

NEXT = START + timedelta(days=7)


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Stage]:
    """A channel whose recap is due: one person answered. Its questions come on weekends, so none comes along."""
    async with stage(tmp_path, shelf("ring")) as scene:
        await scene.timetable.tick()
        await scene.presses("Ada", "C")
        await scene.passes(days=1)
        async with scene.database.write() as tx:
            await schedules.change(tx, 1, _plan(HERE), (NEXT.date(), NEXT + timedelta(days=5)))
            await recap.arrange(tx, HERE, ZoneInfo("UTC"), scene.now, wanted=True)
        scene.now = NEXT
        scene.paper.shown.clear()
        scene.paper.keys.clear()
        yield scene


def _plan(place: Place) -> Plan:
    return Plan(place, "09:00", "UTC", WEEKENDS, open_minutes=60)


async def rows(scene: Stage) -> list[tuple[str, str | None]]:
    async with scene.database.read() as tx:
        return [(row.state, row.message_id) for row in await tx.execute(select(recaps).order_by(recaps.c.id))]


async def history(scene: Stage) -> list[What]:
    async with scene.database.read() as tx:
        return [event.what for event in await recap_rows.events(tx, 1)]


def pictured(message: Message) -> bool:
    return any(isinstance(block, Picture) for block in message.blocks)


async def test_of_two_workers_one_posts(scene: Stage) -> None:
    platform, other = forgetful(scene)
    await asyncio.gather(scene.timetable.tick(), other.tick())
    assert len(platform.shown) == 1
    assert [state for state, _ in await rows(scene)] == ["posted"]
    for _ in range(3):
        await scene.passes(hours=5)
    assert len(platform.shown) == 1


async def test_a_recap_whose_answer_was_lost_is_found_and_not_sent_again(scene: Stage) -> None:
    platform, other = forgetful(scene)
    platform.after_effect = Unavailable("the connection dropped")
    await scene.timetable.tick()
    assert ([state for state, _ in await rows(scene)], len(platform.shown)) == (["claimed"], 1)
    await other.tick()
    assert len(platform.shown) == 1, "the claim is still its worker's own"
    scene.now += LEASE + timedelta(seconds=1)
    await asyncio.gather(scene.timetable.tick(), other.tick())
    assert ([state for state, _ in await rows(scene)], len(platform.shown)) == (["posted"], 1)


async def test_a_worker_that_was_held_up_takes_its_twin_away(scene: Stage) -> None:
    platform, other = forgetful(scene)
    platform.hold = hold = asyncio.Event()
    slow = asyncio.create_task(scene.timetable.tick())
    await platform.held.wait()
    scene.now += LEASE + timedelta(seconds=1)
    await other.tick()
    (standing,) = platform.shown
    hold.set()
    await slow
    assert list(platform.shown) == [standing]
    assert await rows(scene) == [("posted", standing)]


async def test_a_twin_that_nobody_lived_to_take_away_is_found_a_minute_later(scene: Stage) -> None:
    platform, other = forgetful(scene)
    platform.failing = Unavailable("down")
    await scene.timetable.tick()
    platform.failing = None
    scene.now += LEASE + timedelta(seconds=1)
    await other.tick()
    (standing,) = platform.shown
    await platform.post(HERE, Message.of("the first worker's, late"), next(iter(platform.keys)))
    assert len(platform.shown) == 2
    await scene.passes(seconds=61)
    assert list(platform.shown) == [standing]


async def test_a_worker_that_died_after_its_claim_is_followed_by_another(scene: Stage) -> None:
    platform, other = forgetful(scene)
    async with scene.database.write() as tx:
        (due,) = await schedules.recaps_due(tx, scene.now, ["paper"], 1)
        assert await schedules.advance_recap(tx, due, NEXT + timedelta(days=7))
        assert await recap_rows.claim(tx, due, START.date(), NEXT, scene.now) is not None
    await other.tick()
    assert not platform.shown
    scene.now += LEASE + timedelta(seconds=1)
    await other.tick()
    assert len(platform.shown) == 1


async def test_an_outage_of_two_days_ends_it(scene: Stage) -> None:
    scene.paper.failing = Unavailable("down")
    await scene.timetable.tick()
    await scene.passes(days=1)
    assert await rows(scene) == [("claimed", None)]
    scene.paper.failing = None
    await scene.passes(days=1)
    assert (await rows(scene), scene.paper.shown) == ([("failed", None)], {})


async def test_a_closed_channel_gets_it_when_it_opens_in_time(scene: Stage) -> None:
    scene.paper.closed["general"] = Forbidden("I may not write in #general.")
    await scene.timetable.tick()
    assert await rows(scene) == [("failed", None)]
    await scene.passes(hours=1)
    assert await rows(scene) == [("failed", None)]
    scene.paper.closed.clear()
    await scene.passes(minutes=11)
    assert [state for state, _ in await rows(scene)] == ["posted"]
    assert len(scene.paper.shown) == 1


async def test_one_that_is_turned_off_at_the_last_moment_does_not_come(scene: Stage) -> None:
    async with scene.database.read() as tx:
        (due,) = await schedules.recaps_due(tx, scene.now, ["paper"], 1)
    answer = said(await scene.types("Olga", "schedule set id:1 recap:off", admin=True))
    assert "There is no weekly recap." in answer
    async with scene.database.write() as tx:
        assert not await schedules.advance_recap(tx, due, NEXT + timedelta(days=7)), "as it was read, it is due no more"
    await scene.timetable.tick()
    assert not scene.paper.shown


async def test_a_picture_that_the_platform_refuses_leaves_the_words(scene: Stage) -> None:
    post = scene.paper.post

    async def picky(place: Place, message: Message, key: str) -> MessageRef:
        if pictured(message):
            raise Rejected("No pictures.")
        return await post(place, message, key)

    scene.paper.post = picky  # type: ignore[method-assign]
    await scene.timetable.tick()
    (message,) = scene.paper.shown.values()
    assert message.text.startswith("Weekly recap\n23–29 November 2026\n1 person took part")


async def test_a_recap_that_the_platform_refuses_altogether_is_given_up(scene: Stage) -> None:
    async def refuses(place: Place, message: Message, key: str) -> MessageRef:
        raise Rejected("Not today.")

    scene.paper.post = refuses  # type: ignore[method-assign]
    for _ in range(3):
        await scene.passes(minutes=5)
    assert await rows(scene) == [("failed", None)]


@pytest.mark.parametrize("problem", [RuntimeError("the renderer gave up"), TimeoutError()])
async def test_a_picture_that_cannot_be_drawn_leaves_the_words(scene: Stage, problem: Exception) -> None:
    async def breaks(sheet: Sheet, dark: bool) -> Picture:
        raise problem

    world = replace(scene.world, draw=breaks)
    await Timetable(world, Steward(world)).tick()
    (message,) = scene.paper.shown.values()
    assert not pictured(message)
    assert "1 person took part" in message.text


async def test_one_whose_picture_took_longer_than_its_claim_is_left_to_whoever_looks_first(scene: Stage) -> None:
    platform, _ = forgetful(scene)

    async def slept(sheet: Sheet, dark: bool) -> Picture:
        scene.now += LEASE
        raise RuntimeError("no picture")

    world = replace(scene.world, draw=slept)
    await Timetable(world, Steward(world)).tick()
    assert (await rows(scene), len(platform.shown)) == ([("claimed", None)], 0)
    scene.now += timedelta(seconds=1)
    await scene.timetable.tick()
    assert ([state for state, _ in await rows(scene)], len(platform.shown)) == (["posted"], 1)
    assert await history(scene) == [What.CLAIMED, What.IN_WORDS, What.NOT_SENT, What.TAKEN_OVER, What.POSTED]


async def test_what_became_of_a_recap_is_told_with_its_question(scene: Stage) -> None:
    platform, _ = forgetful(scene)
    platform.after_effect = Unavailable("the connection dropped")
    await scene.timetable.tick()
    await scene.passes(minutes=2)
    assert await history(scene) == [What.CLAIMED, What.NOT_SENT, What.TAKEN_OVER, What.FOUND]
    await scene.passes(days=7)
    async with scene.database.read() as tx:
        told = await explain(tx, 1, scene.now)
    assert told is not None
    _, weeks = told.split("Weekly recaps of its channel; ")
    assert weeks.splitlines() == [
        "with this question the next is due 2026-12-14 09:00:00.",
        "",
        "recap:paper:w1:general:2026-11-30: failed; due 2026-12-07 09:00:00 UTC with daily question 1",
        "  2026-12-07 09:02:00  left out: nobody took part",
        "",
        "recap:paper:w1:general:2026-11-23: posted; due 2026-11-30 09:00:00 UTC with daily question 1",
        "  2026-11-30 09:00:00  claimed: with daily question 1",
        "  2026-11-30 09:00:00  not sent: the connection dropped",
        "  2026-11-30 09:02:00  taken over",
        "  2026-11-30 09:02:00  found: 3",
    ]


async def test_a_channel_without_recaps_says_so(scene: Stage) -> None:
    await scene.types("Olga", "schedule set id:1 recap:off", admin=True)
    async with scene.database.read() as tx:
        told = await explain(tx, 1, scene.now)
    assert told is not None
    assert told.endswith("Weekly recaps are turned off for its channel.")


async def test_many_channels_get_one_recap_each(scene: Stage) -> None:
    platform, other = forgetful(scene)
    others = [Place("paper", "w1", f"c{number}") for number in range(3 * RECAPS_AT_ONCE)]
    async with scene.database.write() as tx:
        post = (await tx.execute(select(posts).where(posts.c.id == 1))).one()._asdict()
        answer = (await tx.execute(select(answers))).one()._asdict()
        for number, place in enumerate(others, 100):
            await schedules.make(tx, 1, _plan(place), (NEXT.date(), NEXT + timedelta(days=5)), START, recap_at=NEXT)
            moved = {"id": number, "channel": place.channel, "key": f"moved:{number}", "schedule_id": None}
            await tx.execute(insert(posts).values({**post, **moved}))
            # A person and a card count once a day, so each channel's answer is given a day of its own.
            on = {"id": number, "post_id": number, "day": START.date() + timedelta(days=number)}
            await tx.execute(insert(answers).values({**answer, **on}))
    await asyncio.gather(scene.timetable.tick(), other.tick())
    assert len(platform.shown) == len(others) + 1
    assert {state for state, _ in await rows(scene)} == {"posted"}


async def test_what_cannot_be_saved_is_found_when_it_can(scene: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    platform, _ = forgetful(scene)
    with monkeypatch.context() as broken:
        broken.setattr(recap_rows, "stand", _disk_full)
        await scene.timetable.tick()
    assert (await rows(scene), len(platform.shown)) == ([("claimed", None)], 1)
    scene.now += LEASE + timedelta(seconds=1)
    await scene.timetable.tick()
    assert ([state for state, _ in await rows(scene)], len(platform.shown)) == (["posted"], 1)


async def _disk_full(*_: object) -> bool:
    raise OSError("database or disk is full")


async def test_when_nobody_is_left_who_took_part_it_is_given_up(scene: Stage) -> None:
    scene.paper.failing = Unavailable("down")
    await scene.timetable.tick()
    scene.paper.failing = None
    async with scene.database.write() as tx:
        await tx.execute(answers.delete())
    await scene.passes(minutes=2)
    assert (await rows(scene), scene.paper.shown) == ([("failed", None)], {})


async def test_it_is_posted_at_its_minute_and_not_at_the_next_heartbeat(scene: Stage) -> None:
    async with scene.database.write() as tx:
        await tx.execute(update(schedules_table).values(recap_at=NEXT + timedelta(hours=3)))
    async with scene.database.read() as tx:
        assert await schedules.next_recap(tx, ["paper"], NEXT) == NEXT + timedelta(hours=3)
        assert await schedules.next_recap(tx, ["paper"], NEXT + timedelta(hours=3)) is None
        assert await schedules.next_recap(tx, ["elsewhere"], NEXT) is None
