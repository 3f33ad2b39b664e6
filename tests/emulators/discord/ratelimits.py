"""Rate limits: the headers on every response, and 429 for who takes no notice.

Unless a test sets a limit, a bucket is wide: real ones are per route and not published.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field


@dataclass(slots=True)
class Bucket:
    limit: int
    window: float
    name: str = ""
    used: int = 0
    resets: float = 0.0


@dataclass(slots=True)
class RateLimits:
    """`set` by `METHOD template`; counted for each major parameter by itself."""

    limits: dict[str, tuple[int, float]] = field(default_factory=dict)
    buckets: dict[str, Bucket] = field(default_factory=dict)
    wide: tuple[int, float] = (10_000, 1.0)
    together: Bucket = field(default_factory=lambda: Bucket(0, 1.0))
    """The bot's limit for all its requests of a second; 0 is none. Interactions and webhooks have none (Rate Limits, Global)."""
    turned_away: int = 0
    """Requests that were answered with 429 for one limit or another."""

    def take_together(self, now: float) -> float:
        """For how many seconds a request must wait because of all the others (0: it may pass)."""
        if not self.together.limit:
            return 0.0
        if now >= self.together.resets:
            self.together.used, self.together.resets = 0, now + self.together.window
        self.together.used += 1
        return self.together.resets - now if self.together.used > self.together.limit else 0.0

    def set(self, route: str, limit: int, window: float) -> None:
        self.limits[route] = (limit, window)
        self.buckets = {key: bucket for key, bucket in self.buckets.items() if not key.startswith(f"{route} ")}

    def take(self, route: str, major: str, now: float) -> tuple[dict[str, str], float]:
        """The headers for one request, and for how many seconds it must wait (0: it may pass)."""
        key = f"{route} {major}"
        bucket = self.buckets.get(key)
        if bucket is None:
            if len(self.buckets) > 50_000:
                self.buckets.clear()
            limit, window = self.limits.get(route, self.wide)
            bucket = self.buckets[key] = Bucket(limit, window, format(zlib.crc32(route.encode()), "032x"))
        if now >= bucket.resets:
            bucket.used, bucket.resets = 0, now + bucket.window
        wait = bucket.resets - now if bucket.used >= bucket.limit else 0.0
        bucket.used = min(bucket.used + 1, bucket.limit)
        headers = {
            "X-RateLimit-Bucket": bucket.name,
            "X-RateLimit-Limit": str(bucket.limit),
            "X-RateLimit-Remaining": str(bucket.limit - bucket.used),
            "X-RateLimit-Reset": f"{bucket.resets:.3f}",
            "X-RateLimit-Reset-After": f"{bucket.resets - now:.3f}",
        }
        return headers, wait
