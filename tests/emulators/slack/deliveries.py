"""Deliveries over whichever transport the app has chosen, and what Slack does when no answer comes.

Source: Events API (Retries), Using Socket Mode, Verifying requests from Slack.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from tests.emulators.slack import outgoing, sockets
from tests.emulators.slack.apps import SOCKET
from tests.emulators.slack.envelopes import Delivery, Reply, Undelivered

if TYPE_CHECKING:
    from tests.emulators.slack.world import World


async def deliver(world: World, one: Delivery) -> Reply:
    """Send it once and wait for its acknowledgment. Undelivered when there is none in time."""
    work: asyncio.Future[Any]
    if world.app.transport == SOCKET:
        one.answered = asyncio.get_running_loop().create_future()
        work = one.answered
        await sockets.send(world, one)
    else:
        work = asyncio.ensure_future(outgoing.send(world, one))
    late: asyncio.Future[Any] = asyncio.ensure_future(world.clock.until(world.clock.now() + world.settings.acknowledge))
    try:
        await asyncio.wait([work, late], return_when=asyncio.FIRST_COMPLETED)
        if not work.done():
            raise Undelivered("timeout" if world.app.transport == SOCKET else "http_timeout")
        reply: Reply = work.result()
    finally:
        late.cancel()
        work.cancel()
        sockets.forget(world, one)
    one.replies.append(reply)
    return reply


async def deliver_event(world: World, one: Delivery) -> None:
    """Send an event until it is acknowledged: at once, and after each pause of the settings."""
    for pause in (0.0, *world.settings.retries):
        await world.clock.until(world.clock.now() + pause)
        try:
            reply = await deliver(world, one)
        except Undelivered as why:
            reason = why.reason
        else:
            if reply.good or reply.no_retry:
                return
            reason = "http_error"
        if one.attempt == 0 and reason in ("timeout", "http_timeout", "http_error"):
            world.violate("an event left unacknowledged", one.said, {"reason": reason})
        one.attempt += 1
        one.reason = reason
