"""Many people press one button in a short time; how long each waits for the app."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from tests.emulators.slack import blocks, outgoing, payloads, sockets
from tests.emulators.slack import interactions as i
from tests.emulators.slack.apps import SOCKET
from tests.emulators.slack.envelopes import Delivery, Reply
from tests.emulators.slack.errors import Impossible, Json
from tests.emulators.slack.interactions import Interaction
from tests.emulators.slack.lines import Lines, Post
from tests.emulators.slack.messages import Message
from tests.emulators.slack.opening import delivery, opened
from tests.emulators.slack.teams import User
from tests.emulators.slack.world import World

REST = 0.001
"""Seconds between looks whether somebody has their answer."""

TICK = 0.005
"""Seconds; who presses within the same one leaves in one breath, which spares the machine wake-ups."""


@dataclass(slots=True)
class _Press:
    interaction: Interaction
    delivery: Delivery
    body: bytes
    due: float = 0.0
    acked: float | None = None
    failed: bool = False
    room: asyncio.Semaphore | None = None
    """What lets the next one go."""

    def done(self, good: bool) -> None:
        self.acked = time.perf_counter() if good else None
        self.failed = not good
        if self.room is not None:
            self.room.release()

    def heard(self, future: asyncio.Future[Reply]) -> None:
        self.done(not future.cancelled() and future.exception() is None)


async def burst(
    world: World,
    message: Message,
    buttons: Sequence[str],
    people: Sequence[User],
    *,
    seconds: float,
    wait: float,
    connections: int,
    responds: bool,
    waiting: int | None = None,
    apart: bool = False,
) -> Json:
    """The n-th person presses the n-th of the action ids `buttons`, in turn, spread evenly over `seconds`.

    Everything is written before the first press. A wait runs from when the press was due. `wait` is how long the last may
    take. Let people be distinct: a message that names nobody's press answers the person's last. With `waiting` so many
    have pressed and are not acknowledged at any moment; each is due when one before is, whatever `seconds` says. `apart`:
    and when all before have their whole answer.
    """
    presses = _prepared(world, message, buttons, people)
    lines = Lines(world.app.urls.get("interactivity", ""), world.app.signing_secret)
    over_socket = world.app.transport == SOCKET
    if over_socket and not world.sockets.connections:
        raise Impossible("no WebSocket of the app is connected")
    if not over_socket:
        await lines.open(connections)
    send = partial(_over_socket, world) if over_socket else partial(_over_http, lines)
    processor, start = time.process_time(), time.perf_counter()
    offset = world.clock.now() - start
    room = None if waiting is None else asyncio.Semaphore(waiting)
    for index, one in enumerate(presses):
        if room is not None:
            one.room = room
            await room.acquire()
            while apart and index and not _over(presses[index - 1], responds=responds):
                await asyncio.sleep(REST)
            one.due = time.perf_counter()
        else:
            one.due = start + seconds * index / len(presses) // TICK * TICK
            if (ahead := one.due - time.perf_counter()) > 0:
                await asyncio.sleep(ahead)
            elif index % 20 == 0:
                await asyncio.sleep(0)
        one.interaction.made = one.due + offset
        if one.interaction.trigger is not None:
            one.interaction.trigger.made = one.due + offset
        await send(one)
    deadline = time.perf_counter() + wait
    while time.perf_counter() < deadline and not all(_over(one, responds=responds) for one in reversed(presses)):
        await asyncio.sleep(0.01)
    spent, took = time.process_time() - processor, time.perf_counter() - start
    lines.close()
    seen = [one.interaction.seen - one.interaction.made for one in presses if one.interaction.seen is not None]
    return {
        "pressed": len(presses),
        "failed": sum(one.failed for one in presses),
        "seconds": took,
        "acknowledging": max((one.acked - start for one in presses if one.acked is not None), default=took),
        "acked": _waits([one.acked - one.due for one in presses if one.acked is not None]),
        "answered": _waits(seen),
        "emulator_cpu_per_press": spent / len(presses) if presses else 0.0,
    }


def _prepared(world: World, message: Message, buttons: Sequence[str], people: Sequence[User]) -> list[_Press]:
    """Every press, written out."""
    known = {one["action_id"]: (block, one) for block in message.content.blocks for one in blocks.acting(block)}
    if missing := set(buttons) - set(known):
        raise Impossible(f"the message has no {missing}")
    if message.ephemeral or message.by is None:
        raise Impossible("a burst presses the app's public message")
    made = []
    for index, person in enumerate(people):
        block, element = known[buttons[index % len(buttons)]]
        said = f"press of {element['action_id']!r}"
        one = opened(world, i.PRESS, person, message.by, said, channel=message.channel, message=message, responds=True)
        action = {name: element[name] for name in ("type", "action_id", "text", "value", "style") if name in element}
        carried = delivery(one, payloads.press(world, one, action | {"block_id": block["block_id"]}))
        written = (
            sockets.frame(carried)
            if world.app.transport == SOCKET
            else outgoing.body_of(carried.kind, carried.payload)[1]
        )
        made.append(_Press(one, carried, written))
    return made


async def _over_http(lines: Lines, one: _Press) -> None:
    lines.send(Post(one.body, one.done))


async def _over_socket(world: World, one: _Press) -> None:
    found = world.sockets
    connection = found.pick()
    if connection is None:
        one.done(False)
        return
    one.delivery.answered = asyncio.get_running_loop().create_future()
    one.delivery.answered.add_done_callback(one.heard)
    found.pending[one.delivery.id] = one.delivery
    found.known.add(one.delivery.id)
    await connection.socket.send_str(one.body.decode())


def _over(one: _Press, *, responds: bool) -> bool:
    return one.failed or (one.acked is not None and (not responds or one.interaction.seen is not None))


def _waits(found: list[float]) -> Json:
    ordered = sorted(found)
    at: Callable[[float], float | None] = partial(_percentile, ordered)
    top = ordered[-1] if ordered else None
    return {"count": len(ordered), "p50": at(0.50), "p95": at(0.95), "p99": at(0.99), "max": top}


def _percentile(ordered: list[float], share: float) -> float | None:
    return ordered[min(len(ordered) - 1, round(share * (len(ordered) - 1)))] if ordered else None
