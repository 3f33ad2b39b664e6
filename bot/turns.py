"""Turns to ask a platform: a few at once, and whoever has had one for long leaves it to others and goes on without."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

AT_ONCE = 32
"""Turns. Platforms answer in a fifth of a second; more would only keep presses waiting."""

SLOW = 2.0
"""Seconds after which a turn is another's."""

SLOW_OF_ONE = 8
"""How many of a workspace may be slow at once: where it is that many no more of its own are begun."""

MOST = 256
"""How many ask a platform at once in all, those that are slow among them."""


@dataclass(slots=True, eq=False)
class _Turn:
    workspace: str
    given: asyncio.Future[None]
    slow: bool = False


class Turns:
    """`stirred` is called when somebody has become slow: others may begin."""

    def __init__(self, stirred: Callable[[], None]) -> None:
        self._stirred = stirred
        self._waiting: list[_Turn] = []
        self._quick = 0
        self._slow: Counter[str] = Counter()

    @asynccontextmanager
    async def of(self, workspace: str) -> AsyncIterator[None]:
        """A turn to ask something in a workspace; who has waited longest is first."""
        loop = asyncio.get_running_loop()
        turn = _Turn(workspace, loop.create_future())
        self._waiting.append(turn)
        self._give()
        growing_slow: asyncio.TimerHandle | None = None
        try:
            await turn.given
            growing_slow = loop.call_later(SLOW, self._grow_slow, turn)
            yield
        finally:
            if growing_slow is not None:
                growing_slow.cancel()
            self._end(turn)

    @property
    def stuck(self) -> int:
        """How many are slow, or wait because their workspace is."""
        return self._slow.total() + sum(self.stopped(each.workspace) for each in self._waiting)

    def stopped(self, workspace: str) -> bool:
        """Whether so many of a workspace are slow that no more of its own are begun."""
        return self._slow[workspace] >= SLOW_OF_ONE

    # ---------------------------------------------------------------- inside

    def _give(self) -> None:
        for turn in tuple(self._waiting):
            if self._quick >= AT_ONCE or self._quick + self._slow.total() >= MOST:
                return
            if not self.stopped(turn.workspace) and not turn.given.done():  # cancelled, and on its way out
                self._waiting.remove(turn)
                self._quick += 1
                turn.given.set_result(None)

    def _grow_slow(self, turn: _Turn) -> None:
        turn.slow = True
        self._quick -= 1
        self._slow[turn.workspace] += 1
        self._give()
        self._stirred()

    def _end(self, turn: _Turn) -> None:
        if turn in self._waiting:  # cancelled before its time
            self._waiting.remove(turn)
        elif turn.slow:
            self._slow[turn.workspace] -= 1
            if not self._slow[turn.workspace]:
                del self._slow[turn.workspace]
        else:
            self._quick -= 1
        self._give()
