"""Where a worker ends or stands still, and what its request comes to."""

from __future__ import annotations

from enum import StrEnum

from tests.crash.bot import Point
from tests.crash.chats import Deed
from tests.crash.scene import PAST_LEASE, Scene
from tests.crash.worker import Worker


class Left(StrEnum):
    """What became of a request that had left when its sender was killed."""

    LOST = "lost before it was accepted"
    EARLY = "accepted before anybody looked"
    LATE = "accepted after another was sent"
    ACCEPTED = "accepted, not answered"


POSTING = [Point.DUE, Point.CLAIMED, *Left, Point.ANSWERED, Point.SAVING]
COUNTING = [Point.COLLECTING, Point.OVER]
CLOSING = [Point.OVER, Point.ENDED, *Left, Point.SHOWN, Point.CLOSING]
"""Where the bot can end, in order; while it counts, where people are told at the close how they did."""

ACCEPTED = {Left.EARLY, Left.ACCEPTED, Point.ANSWERED, Point.SAVING, Point.SHOWN, Point.CLOSING}
"""Where the platform has done what it was asked before anybody goes on."""


async def one_awakes_while_another_posts(town: Scene, due: float) -> tuple[Worker, Worker]:
    """Of two workers the first stops before it posts, the other takes over and posts, and the first posts before that arrives."""
    first = await town.begin(Point.CLAIMED, "STOP")
    (other,) = town.alive
    await town.passes(due, for_all=False)
    town.comes_to(first)
    await first.stops()
    await town.passes(PAST_LEASE, for_all=False)
    await town.chat.hold(Deed.POST, after_effect=False)
    town.comes_to(other)
    await town.chat.until_held()
    first.goes_on()  # its clock still shows its own lease
    await first.looks()
    return first, other


async def killed(town: Scene, end: Point | Left, deed: Deed, seconds: float) -> None:
    first = await town.begin(end if isinstance(end, Point) else None)
    await ends(town, first, end, deed, seconds)


async def ends(town: Scene, worker: Worker, end: Point | Left, deed: Deed, seconds: float) -> None:
    """So many seconds later a worker sees that something is due, and ends with it."""
    chat = town.chat
    if isinstance(end, Left):
        await chat.hold(deed, after_effect=end is Left.ACCEPTED)
    await town.passes(seconds, for_all=False)
    town.comes_to(worker)
    if isinstance(end, Left):
        await chat.until_held()
        await worker.kill()
        if end is not Left.LATE:
            await chat.let_go(go_on=end is not Left.LOST)
    else:
        await worker.dies()


async def stands_unless_unsent(town: Scene, end: Point | Left) -> None:
    """Nobody sends again what may have been sent, as long as its sender may live; what was not claimed is sent at once."""
    assert len(await town.chat.shown()) == (end in ACCEPTED or end is Point.DUE)


async def another_arrives(town: Scene, end: Point | Left, forgotten: bool) -> None:
    """What has stood alone gets a twin, if the dead worker's request arrives only now and the platform knows no better."""
    if end is Left.LATE:
        await town.chat.let_go(go_on=True)
    assert len(await town.chat.shown()) == 1 + (forgotten and end is Left.LATE)
