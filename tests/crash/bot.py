"""The whole bot, as an operator starts it, with a clock that the test sets and a point at which it ends.

`main` wants the settings of the bot and, in the environment: CRASH_CLOCK, a file with the time that it is for the bot; CRASH_AT,
one of `Point`, or nothing; CRASH_BY, KILL or STOP: the signal that it sends itself there, once. SIGUSR1 makes it look at what is
due, and it prints LOOKED each time that it has seen to all that was. Nothing in the bot knows of this: the functions at its
boundaries are wrapped.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from bot import config, rounds, runtime
from bot.features import claims
from bot.store import pending, posts, recaps
from bot.world import World

LOOKED = "looked"


class Point(StrEnum):
    """Where the bot ends, with a question or a recap."""

    DUE = "due"  # it has seen that it is due
    CLAIMED = "claimed"  # the claim is committed, nothing is sent
    ANSWERED = "answered"  # the platform has answered, nothing is saved
    SAVING = "saving"  # what the platform answered is written, not committed
    COLLECTING = "collecting"  # no more answers are kept, and those that were kept for the close are not counted
    OVER = "over"  # the question's time is over, and all answers are counted
    ENDED = "ended"  # no more answers are taken, the results are not sent
    SHOWN = "shown"  # the results stand, nothing is saved
    CLOSING = "closing"  # that they stand is written, not committed


def main() -> None:
    settings = config.load()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    point = os.environ["CRASH_AT"]
    end = _ending(signal.Signals[f"SIG{os.environ['CRASH_BY']}"])
    for owner, name, before, after in (
        (claims, "claim", Point.DUE, None),
        (recaps, "claim", Point.DUE, None),
        (posts, "stand", Point.ANSWERED, Point.SAVING),
        (recaps, "stand", Point.ANSWERED, Point.SAVING),
        (pending, "of_post", Point.COLLECTING, None),
        (posts, "end", Point.OVER, None),
        (posts, "close", Point.SHOWN, Point.CLOSING),
    ):
        _wrap(owner, name, end if point == before else None, end if point == after else None)
    _wrap(rounds.Rounds, "tick", None, lambda: print(LOOKED, flush=True))
    clock = Path(os.environ["CRASH_CLOCK"])

    def now() -> datetime:
        return datetime.fromisoformat(clock.read_text())

    def world(*given: Any, draw: object) -> World:
        drawing = World(*given)  # in the bot itself: the process of `draw` would take a second to come
        made = replace(drawing, now=now)
        for platform in made.platforms.values():
            _wrap(platform, "post", end if point == Point.CLAIMED else None, None)
            _wrap(platform, "edit", end if point == Point.ENDED else None, None)
        asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, made.bell.set)
        return made

    _put(runtime, "World", world)
    asyncio.run(runtime.run(settings, lambda _: None))


def _ending(how: signal.Signals) -> Callable[[], None]:
    """Ends the process, the first time that it is called; one that was stopped goes on from there when it is let."""
    ways = [how]

    def end() -> None:
        if ways:
            os.kill(os.getpid(), ways.pop())

    return end


def _wrap(owner: object, name: str, before: Callable[[], None] | None, after: Callable[[], None] | None) -> None:
    real = getattr(owner, name)

    async def wrapped(*given: Any, **more: Any) -> Any:
        if before is not None:
            before()
        result = await real(*given, **more)
        if after is not None:
            after()
        return result

    _put(owner, name, wrapped)


def _put(owner: object, name: str, value: object) -> None:
    setattr(owner, name, value)
