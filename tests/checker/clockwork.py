"""An event loop in which waiting takes no time: where nothing is left to do, the clock leaps to what comes next.

Where nothing is outside, everything runs in one thread, and a run depends on nothing but its seed.
"""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

PATIENCE = 60.0
"""Real seconds that anything outside may take to answer."""


class Clockwork(asyncio.SelectorEventLoop):
    """The loop's time is the seconds since `start`."""

    def __init__(self, start: datetime) -> None:
        self._seconds = 0.0
        self._start = start
        super().__init__(_Leaping(self))
        self.outside = 0
        """How many wait for an answer from outside, a database server's: the clock stands still meanwhile."""

    def time(self) -> float:
        return self._seconds

    def now(self) -> datetime:
        return self._start + timedelta(seconds=self._seconds)

    def leap(self, seconds: float) -> None:
        self._seconds += seconds

    @contextmanager
    def asking(self) -> Iterator[None]:
        """While somebody waits for an answer from outside."""
        self.outside += 1
        try:
            yield
        finally:
            self.outside -= 1


class _Leaping(selectors.DefaultSelector):
    def __init__(self, loop: Clockwork) -> None:
        super().__init__()
        self._loop = loop

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if self._loop.outside and timeout != 0:
            heard = super().select(PATIENCE)
            if not heard:
                raise RuntimeError("nothing comes from outside")
            return heard
        if self._loop.outside:
            return super().select(0)
        if timeout is None:
            raise RuntimeError("everybody waits, and nobody will ever come")
        self._loop.leap(max(timeout, 0.0))
        return []
