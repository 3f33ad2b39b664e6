"""How many requests a second Discord takes from a bot, all routes together."""

from __future__ import annotations

import asyncio
import logging
import time
from types import SimpleNamespace

import aiohttp

log = logging.getLogger(__name__)

A_SECOND = 45.0
"""Requests, for a bot of whose limit nothing better is known: Discord documents 50."""

HELD = 3600.0
"""Seconds for which a bot that was over the limit keeps to it."""


_FREE = ("/interactions/", "/webhooks/")


class Pace:
    """Nothing is held back until Discord says that it was too much: its largest bots may do more, and it tells nobody how much.

    Then each second holds `A_SECOND` requests, times `share` where other processes speak for the same bot. Without that a
    morning's thousands of posts would be answered with 429 by the dozen, and Discord bans who collects 10,000 in ten minutes.
    Answers to interactions count for themselves and do not wait.
    """

    def __init__(self, share: float = 1.0) -> None:
        self._every = 1 / (A_SECOND * share)
        self._until = self._next = 0.0

    def traces(self) -> aiohttp.TraceConfig:
        """What sees every request of the library, those that it repeats by itself included."""
        config = aiohttp.TraceConfig()
        config.on_request_start.append(self._starts)
        config.on_request_end.append(self._ended)
        return config

    async def _starts(
        self, _session: aiohttp.ClientSession, _context: SimpleNamespace, about: aiohttp.TraceRequestStartParams
    ) -> None:
        now = time.monotonic()
        if now >= self._until or any(part in about.url.path for part in _FREE):
            return
        turn = max(self._next, now)
        self._next = turn + self._every
        await asyncio.sleep(turn - now)

    async def _ended(
        self, _session: aiohttp.ClientSession, _context: SimpleNamespace, about: aiohttp.TraceRequestEndParams
    ) -> None:
        if about.response.status == 429 and about.response.headers.get("X-RateLimit-Scope") == "global":
            now = time.monotonic()
            if now >= self._until:
                log.warning(
                    "Discord takes no more requests for now: from here on at most %.0f a second", 1 / self._every
                )
            self._until = now + HELD
