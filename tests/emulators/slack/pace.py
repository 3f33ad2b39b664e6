"""How often a method, and a channel's posting, may be asked for. Source: Rate limits."""

from __future__ import annotations

import math
from collections import defaultdict, deque
from dataclasses import dataclass, field


@dataclass(slots=True)
class Pace:
    """Sliding windows by key: `limit` requests in `window` seconds. A method is only limited when a test says so."""

    methods: dict[str, tuple[int, float]] = field(default_factory=dict)
    seen: dict[tuple[str, str], deque[float]] = field(default_factory=lambda: defaultdict(deque))

    def wait(self, method: str, team: str, now: float) -> int | None:
        """Whole seconds until this request of a method may come; None when it may now, and then it has."""
        if method not in self.methods:
            return None
        limit, window = self.methods[method]
        return self._take((method, team), limit, window, now)

    def wait_to_post(self, channel: str, per_second: float, burst: int, now: float) -> int | None:
        """The same for posting in a channel: `burst` at once, then `per_second`."""
        return self._take(("post", channel), burst, burst / per_second, now)

    def _take(self, key: tuple[str, str], limit: int, window: float, now: float) -> int | None:
        times = self.seen[key]
        while times and times[0] <= now - window:
            times.popleft()
        if len(times) >= limit:
            return max(1, math.ceil(times[0] + window - now))
        times.append(now)
        return None
