"""The emulator's time, which a test can move forward, and the snowflakes that carry it."""

from __future__ import annotations

import time
from datetime import UTC, datetime

EPOCH_MS = 1_420_070_400_000
"""The first second of 2015, from which snowflakes count (Reference, Snowflakes)."""


class Clock:
    """Wall time plus what the test has added, in seconds since 1970; and unique, rising ids."""

    def __init__(self) -> None:
        self.ahead = 0.0
        self._last_ms = 0
        self._increment = 0

    def now(self) -> float:
        return time.time() + self.ahead

    def snowflake(self) -> str:
        ms = int(self.now() * 1000)
        if ms > self._last_ms:
            self._last_ms, self._increment = ms, 0
        else:
            self._increment += 1
            if self._increment == 4096:
                self._last_ms, self._increment = self._last_ms + 1, 0
        return str(((self._last_ms - EPOCH_MS) << 22) | self._increment)


def written(instant: float) -> str:
    """An ISO 8601 time as Discord writes it."""
    return datetime.fromtimestamp(instant, UTC).isoformat(timespec="microseconds")


def made_at(snowflake: str) -> float:
    """The time inside a snowflake, in seconds since 1970."""
    return ((int(snowflake) >> 22) + EPOCH_MS) / 1000
