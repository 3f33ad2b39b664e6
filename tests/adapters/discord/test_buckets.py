"""Discord's limits as the library keeps them, one for each channel."""

from __future__ import annotations

import time

import pytest
from discord.http import Ratelimit

from adapters.discord import buckets
from tests.adapters.discord.bench import DiscordBench


async def test_limits_are_looked_through_now_and_then_and_those_unused_go(
    bench: DiscordBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When this fails the library sweeps by another name, and many channels due together cost more."""
    assert bench.platform._client is not None
    http = bench.platform._client.http
    looks: list[Ratelimit] = []
    inactive = Ratelimit.is_inactive

    def look(limit: Ratelimit) -> bool:
        looks.append(limit)
        return inactive(limit)

    monkeypatch.setattr(Ratelimit, "is_inactive", look)
    channels = [f"channel-{number}" for number in range(1000)]
    for each in channels:
        http.get_ratelimit(each)._last_request -= 301
    assert len(looks) < 2000, "not once for each of them"
    later = time.monotonic() + buckets.EVERY
    monkeypatch.setattr(time, "monotonic", lambda: later)
    http.get_ratelimit("one more")
    assert "one more" in http._buckets
    assert not http._buckets.keys() & set(channels)
