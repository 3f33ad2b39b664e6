"""Many people press one button in a short time; how long each waits for the bot."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence

from tests.emulators.discord import components as c
from tests.emulators.discord import layout
from tests.emulators.discord.deeds import pressed
from tests.emulators.discord.errors import Impossible, Json
from tests.emulators.discord.interactions import Interaction, deliver
from tests.emulators.discord.members import User
from tests.emulators.discord.messages import Message
from tests.emulators.discord.world import World

TICK = 0.005
"""Seconds; who presses within the same one leaves in one frame's breath, which spares the machine wake-ups."""


async def burst(
    world: World, message: Message, custom_ids: Sequence[str], people: Sequence[User], seconds: float, wait: float
) -> Json:
    """The n-th person presses the n-th of `custom_ids`, in turn, spread evenly over `seconds`.

    Latency runs from the frame's sending to the callback's arrival, in seconds; `seconds` from the first frame to the last
    callback. `wait` is how long the last may take.
    """
    buttons = {one["custom_id"]: one for one in layout.walk(message.components) if one["type"] == c.BUTTON}
    if missing := set(custom_ids) - set(buttons):
        raise Impossible(f"the message has no {missing}")
    if message.seen_by is not None:
        raise Impossible("a private message is pressed by one person")
    sent: list[tuple[Interaction, float]] = []
    began, processor, start = world.clock.now(), time.process_time(), time.perf_counter()
    for index, person in enumerate(people):
        due = start + seconds * index / len(people) // TICK * TICK
        if (ahead := due - time.perf_counter()) > 0:
            await asyncio.sleep(ahead)
        elif index % 20 == 0:
            await asyncio.sleep(0)
        one = pressed(world, person, message, buttons[custom_ids[index % len(custom_ids)]])
        sent.append((one, world.clock.now()))
        deliver(world, one)
    deadline = time.perf_counter() + wait
    while time.perf_counter() < deadline and any(not one.answered for one, _ in reversed(sent)):
        await asyncio.sleep(0.01)
    spent = time.process_time() - processor
    waits = sorted(one.responded - at for one, at in sent if one.responded is not None)
    took = max((one.responded for one, _ in sent if one.responded is not None), default=began) - began
    return {
        "pressed": len(sent),
        "answered": len(waits),
        "unanswered": len(sent) - len(waits),
        "seconds": took,
        "p50": _percentile(waits, 0.50),
        "p95": _percentile(waits, 0.95),
        "p99": _percentile(waits, 0.99),
        "max": waits[-1] if waits else None,
        "emulator_cpu_per_press": spent / len(sent) if sent else 0.0,
    }


def _percentile(ordered: list[float], share: float) -> float | None:
    return ordered[min(len(ordered) - 1, round(share * (len(ordered) - 1)))] if ordered else None
