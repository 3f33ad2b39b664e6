"""A platform refuses the bot: what may stand there unseen is not posted again, and what could not go out goes out in time."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.platform import Forbidden, SignedOut, Unavailable
from bot.postman import LEASE
from bot.store import schedules
from bot.store.post_log import What
from tests.decks import shelf
from tests.faults.weekly import told, weekly
from tests.stage import Stage, stage
from tests.test_postman import forgetful, history, rows

PAST_LEASE = LEASE.total_seconds() + 1


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Stage]:
    async with stage(tmp_path, shelf("ring")) as scene:
        yield scene


async def paused(scene: Stage) -> str | None:
    async with scene.database.read() as tx:
        (schedule,) = await schedules.of_workspace(tx, "paper", "w1")
    return schedule.paused


async def test_where_the_bot_may_not_look_nothing_is_posted_again_and_an_admin_is_told(scene: Stage) -> None:
    """The answer to the post was lost, and then the permission to read the channel was taken."""
    platform, _ = forgetful(scene)
    platform.after_effect = Unavailable("the connection dropped")
    await scene.timetable.tick()
    platform.closed["general"] = Forbidden("I may not read #general.")
    for _ in range(3):
        await scene.passes(seconds=PAST_LEASE)
    assert (await rows(scene), await paused(scene)) == ([("claimed", None)], "forbidden")
    platform.closed.clear()
    await scene.passes(minutes=11)
    assert (await rows(scene), await paused(scene)) == ([("open", "1")], None)
    await scene.passes(minutes=11)
    assert list(platform.shown) == ["1"]


async def test_what_nobody_could_look_for_in_its_time_is_given_up(scene: Stage) -> None:
    platform, _ = forgetful(scene)
    platform.failing = Unavailable("down")
    await scene.timetable.tick()
    platform.failing = None
    platform.closed["general"] = Forbidden("I may not read #general.")
    await scene.passes(hours=23)
    assert await rows(scene) == [("failed", None)]
    assert not platform.shown


@pytest.mark.parametrize("when", ["posting", "looking"])
async def test_the_question_of_a_bot_that_was_signed_out_goes_out_when_it_is_back_in_time(
    scene: Stage, when: str
) -> None:
    scene.paper.failing = SignedOut("The token is revoked.") if when == "posting" else Unavailable("down")
    await scene.timetable.tick()
    scene.paper.failing = SignedOut("The token is revoked.")
    await scene.passes(seconds=PAST_LEASE)
    assert await rows(scene) == [("claimed", None)]
    scene.paper.failing = None
    scene.now += timedelta(hours=2)
    await scene.timetable.tick()
    assert (await rows(scene), len(scene.paper.shown)) == ([("open", "1")], 1)
    assert What.FAILED not in await history(scene)


async def test_the_recap_of_a_bot_that_was_signed_out_comes_when_it_is_back_in_time(tmp_path: Path) -> None:
    async with weekly(tmp_path) as scene:
        platform, _ = forgetful(scene)
        for _ in range(2):
            platform.failing = SignedOut("The token is revoked.")
            await scene.passes(seconds=PAST_LEASE)
            assert await told(scene) == ["claimed"]
        platform.failing = None
        await scene.passes(days=1)
        assert (await told(scene), len(platform.shown)) == (["posted"], 1)
        await scene.passes(minutes=2)
        assert (await told(scene), len(platform.shown)) == (["posted"], 1)


@pytest.mark.parametrize("arrived", [True, False])
async def test_a_revoked_token_is_the_operators_trouble_and_no_schedules_however_long_it_lasts(
    scene: Stage, arrived: bool
) -> None:
    """Nobody can say what stands in the channel, so nothing is given up either."""
    platform, _ = forgetful(scene)
    platform.after_effect = Unavailable("the connection dropped") if arrived else None
    platform.failing = None if arrived else Unavailable("down")
    await scene.timetable.tick()
    platform.failing = SignedOut("The token is revoked.")
    for _ in range(3):
        await scene.passes(hours=7)
        assert (await rows(scene), await paused(scene), platform.told) == ([("claimed", None)], None, [])
    await scene.passes(hours=2, minutes=1)  # it is over by now
    assert (await rows(scene), await paused(scene)) == ([("claimed", None)], None)
    platform.failing = None
    await scene.passes(minutes=2)
    assert await rows(scene) == ([("closed", "1")] if arrived else [("failed", None)])
    await scene.passes(hours=1)
    assert (await rows(scene))[-1][0] == "open", "the next day's comes as if nothing had been"
