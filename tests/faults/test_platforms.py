"""A platform limits, fails or drops connections: what was to be said comes late, once, and people are answered meanwhile."""

from __future__ import annotations

import asyncio

import pytest

from tests.crash.chats import Deed
from tests.faults.town import STANDS, Town
from tests.faults.trouble import ANN, BOB


async def test_a_storm_of_limits_delays_it_and_doubles_nothing(town: Town) -> None:
    await town.chat.limited(Deed.POST, times=2)
    for _ in range(2):
        await town.ticks(seconds=61)
        assert await town.seen() == ("claimed", 0)
        town.chat.pause_is_over(town.platform)
    await town.ticks(seconds=61)
    assert await town.seen() == (STANDS, 1)


@pytest.mark.slow
@pytest.mark.parametrize("status", [503, 520])
async def test_an_outage_delays_it_and_doubles_nothing(town: Town, status: int) -> None:
    await town.chat.failing(Deed.POST, status, times=2 * town.chat.attempts)
    for _ in range(2):
        await town.ticks(seconds=61)
        assert await town.seen() == ("claimed", 0)
        town.chat.pause_is_over(town.platform)
    await town.ticks(seconds=61)
    assert await town.seen() == (STANDS, 1)


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
async def test_connections_that_drop_delay_it_and_double_nothing(town: Town, after: bool) -> None:
    await town.chat.dropped(Deed.POST, times=town.chat.attempts, after_effect=after)
    await town.ticks()
    assert (await town.seen())[1] == after
    await town.ticks(seconds=61)
    assert await town.seen() == (STANDS, 1)
    await town.ticks(seconds=61)
    assert await town.seen() == (STANDS, 1)


@pytest.mark.slow
async def test_a_history_that_can_t_be_read_for_now_is_no_reason_to_say_it_again(town: Town) -> None:
    """The answer to the post is lost, and from then on the platform is down for a while."""
    await town.chat.hold(Deed.POST, after_effect=True)
    tick = asyncio.create_task(town.ticks())
    await town.chat.until_held()
    await town.chat.dropped(Deed.POST, times=town.chat.attempts - 1, after_effect=False)
    await town.chat.blind(ticks=2)
    await town.chat.let_go(go_on=False)
    await tick
    asked = await town.chat.asked(Deed.POST)
    for _ in range(2):
        assert await town.seen() == ("claimed", 1)
        await town.ticks(seconds=61)
    assert await town.seen() == ("claimed", 1)
    await town.ticks(seconds=61)
    assert await town.seen() == (STANDS, 1)
    assert await town.chat.asked(Deed.POST) == asked, "nothing was sent after what may have arrived"


async def test_people_are_answered_in_a_storm_of_limits(asking: Town) -> None:
    await asking.ticks()
    await asking.chat.limited(Deed.EDIT, times=100)
    await asking.chat.limited(Deed.POST, times=100)
    (post,) = await asking.chat.shown()
    assert "Correct" in await asking.chat.press(ANN, post.id, "True")
    assert await asking.answered() == 1


@pytest.mark.slow
async def test_results_come_when_the_outage_is_over_and_stand_once(asking: Town) -> None:
    await asking.ticks()
    (post,) = await asking.chat.shown()
    for name in (ANN, BOB):
        assert "Correct" in await asking.chat.press(name, post.id, "True")
    await asking.chat.failing(Deed.EDIT, 503, times=2 * asking.chat.edits)
    for later in (120, 1):
        await asking.ticks(minutes=later)
        assert (await asking.seen(), (await asking.chat.shown())[0].version) == (("closing", 1), 1)
    for _ in range(2):
        await asking.ticks(minutes=1)
        (post,) = await asking.chat.shown()
        assert (await asking.seen(), post.version) == (("closed", 1), 2)
        assert "2 people answered, 2 got it right" in post.text.replace("*", "")
