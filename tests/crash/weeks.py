"""What happens to a recap when a worker ends or stands still, on any platform and with any database."""

from __future__ import annotations

from tests.crash import endings, plans
from tests.crash.bot import Point
from tests.crash.chats import Deed, Shown
from tests.crash.endings import Left
from tests.crash.scene import PAST_LEASE, Scene

DAY = 86_400.0


async def killed(town: Scene, end: Point | Left, forgotten: bool) -> None:
    """The bot ends while it posts the recap of the week; whoever goes on leaves the channel with one."""
    if forgotten:
        await town.chat.forget_keys()
    town.table = "recaps"
    due = await plans.recap_of_a_week(town)
    await endings.killed(town, end, Deed.POST, due)
    await town.succeed()
    await endings.stands_unless_unsent(town, end)
    await town.passes(PAST_LEASE)
    assert await town.state() == "posted"
    await endings.another_arrives(town, end, forgotten)
    await town.passes(PAST_LEASE)
    await _told_well(town)


async def stood_still(town: Scene, point: Point, forgotten: bool) -> None:
    """A worker stands still for longer than its lease with a recap in its hands, and then goes on."""
    if forgotten:
        await town.chat.forget_keys()
    town.table = "recaps"
    due = await plans.recap_of_a_week(town)
    first = await town.begin(point, "STOP")
    await town.passes(due, for_all=False)
    town.comes_to(first)
    await first.stops()
    await town.passes(PAST_LEASE)
    assert len(await town.chat.shown()) == (point is Point.ANSWERED or town.workers == 2)
    first.set(town.now)
    first.goes_on()
    await first.looks()
    await town.the_one()
    town.alive.append(first)
    await town.passes(PAST_LEASE)
    await _told_well(town)


async def awoke_while_another_posts(town: Scene, forgotten: bool) -> None:
    """A worker that stood still goes on while the one that took over has its recap on its way."""
    if forgotten:
        await town.chat.forget_keys()
    town.table = "recaps"
    first, other = await endings.one_awakes_while_another_posts(town, await plans.recap_of_a_week(town))
    await town.chat.let_go(go_on=True)
    await other.looks()
    assert len(await town.chat.shown()) == 1 + forgotten
    town.alive.append(first)
    await town.passes(PAST_LEASE)
    await _told_well(town)


# ---------------------------------------------------------------- inside


async def _told_well(town: Scene) -> None:
    """One recap with everybody in it; another look, or another day, changes nothing."""
    message: Shown | None = None
    for _ in range(3):
        before, message = message, await town.the_one()
        assert before in (None, message)
        assert message.version == 1
        text = message.text.replace("*", "")
        assert text.count("Weekly recap") >= 1, text
        assert text.count("2 people took part; 1 question asked") == 1, text
        assert await town.state() == "posted"
        await town.passes(DAY)
    await town.chat.assert_no_violations()
