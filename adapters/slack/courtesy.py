"""Who speaks first when many press at once: what Slack waits for goes before what people read.

Slack gives an acknowledgement three seconds, and shows people an error after that; a verdict it takes for half an hour.
"""

from __future__ import annotations

import asyncio
from collections import deque

LONGEST = 1.0
"""Seconds for which an answer steps aside, at most."""

STEP = 8
"""Answers that begin in one turn of the loop, so that what arrives meanwhile goes first; more only when they are overdue."""


class Courtesy:
    """Answers step aside while deeds wait for their acknowledgement, in the order in which they came."""

    def __init__(self) -> None:
        self._unheard = 0
        self._aside: deque[tuple[float, asyncio.Future[None]]] = deque()
        self._look: asyncio.Handle | None = None

    def arrived(self) -> None:
        """One more deed waits for its acknowledgement."""
        self._unheard += 1

    def acknowledged(self) -> None:
        self._unheard -= 1
        if not self._unheard and self._aside:
            self._soon()

    async def turn(self) -> None:
        """Back when nothing waits for an acknowledgement, or after `LONGEST`; one just given is on its way by then."""
        if not self._unheard and not self._aside:
            await asyncio.sleep(0)
            return
        loop = asyncio.get_running_loop()
        mine: asyncio.Future[None] = loop.create_future()
        self._aside.append((loop.time() + LONGEST, mine))
        if self._look is None:
            self._look = loop.call_at(self._aside[0][0], self._next)
        await mine

    def _soon(self) -> None:
        if self._look is not None:
            self._look.cancel()
        self._look = asyncio.get_running_loop().call_soon(self._next)

    def _next(self) -> None:
        loop = asyncio.get_running_loop()
        self._look = None
        now = loop.time()
        begun = 0
        while self._aside and (self._aside[0][0] <= now or (not self._unheard and begun < STEP)):
            _, theirs = self._aside.popleft()
            begun += 1
            if not theirs.done():  # whoever waited may have been stopped
                theirs.set_result(None)
        if self._aside and self._unheard:
            self._look = loop.call_at(self._aside[0][0], self._next)
        elif self._aside:
            self._soon()
