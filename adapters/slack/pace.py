"""How fast a channel takes messages: about one a second, with short bursts. Source: Rate limits, Posting messages."""

from __future__ import annotations

import asyncio
from collections import OrderedDict

from bot.platform import Unavailable
from bot.words import N_

EVERY = 1.0
"""Seconds between two messages in a channel."""

BURST = 3
"""Messages that may come at once; Slack gives no number."""

PATIENCE = 15.0
"""Seconds of a pause that Slack asks for which are waited out; later is for who asked."""

REMEMBERED = 10_000
"""Channels; the longest unused are forgotten first."""


class Pace:
    """Gives each channel's messages their turns, in the order in which they ask."""

    def __init__(self) -> None:
        self._clear: OrderedDict[str, float] = OrderedDict()
        """By channel: when it will have caught up with all that was said in it."""

    async def turn(self, channel: str) -> None:
        """Wait until the next message may go out. Unavailable when that is long: who waits holds up what comes after them."""
        now = asyncio.get_running_loop().time()
        clear = max(now, self._clear.get(channel, now)) + EVERY
        wait = clear - now - BURST * EVERY
        if wait > PATIENCE:
            raise Unavailable(N_("Slack asks for a pause in the channel."), wait)
        self._keep(channel, clear)
        await asyncio.sleep(wait)

    def slow(self, channel: str, seconds: float) -> None:
        """Slack asks for a pause in a channel: nothing goes out before it is over."""
        until = asyncio.get_running_loop().time() + seconds + (BURST - 1) * EVERY
        self._keep(channel, max(until, self._clear.get(channel, until)))

    def _keep(self, channel: str, clear: float) -> None:
        self._clear[channel] = clear
        self._clear.move_to_end(channel)
        if len(self._clear) > REMEMBERED:
            self._clear.popitem(last=False)
