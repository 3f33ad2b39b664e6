"""The emulator's time, which a test can move forward; the timestamps and ids that carry it."""

from __future__ import annotations

import asyncio
import time

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class Clock:
    """Wall time plus what the test has added, in seconds since 1970; unique, rising timestamps and ids."""

    def __init__(self) -> None:
        self.ahead = 0.0
        self._last = 0
        self._count = 0
        self._sleepers: set[asyncio.Future[None]] = set()

    def now(self) -> float:
        return time.time() + self.ahead

    def advance(self, seconds: float) -> None:
        """Jump forward, and wake everyone who waits for a time."""
        self.ahead += seconds
        sleepers, self._sleepers = self._sleepers, set()
        for one in sleepers:
            if not one.done():
                one.set_result(None)

    async def until(self, instant: float) -> None:
        """Return when that time has come, by waiting or by a jump."""
        while (left := instant - self.now()) > 0:
            sleeper: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._sleepers.add(sleeper)
            try:
                await asyncio.wait([sleeper], timeout=left)
            finally:
                self._sleepers.discard(sleeper)

    def ts(self) -> str:
        """A timestamp as messages have it: `1700000000.000100`, never twice the same."""
        micros = int(self.now() * 1_000_000)
        self._last = max(micros, self._last + 1)
        return f"{self._last // 1_000_000}.{self._last % 1_000_000:06d}"

    def id(self, prefix: str) -> str:
        """An id as Slack writes it: a letter for the kind and ten capitals or digits."""
        self._count += 1
        left, written = self._count + 36**4, ""
        while left:
            left, digit = divmod(left, 36)
            written = _DIGITS[digit] + written
        return prefix + "0" + written.rjust(9, "0")
