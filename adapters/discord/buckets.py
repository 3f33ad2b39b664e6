"""The library's memory of Discord's rate limits, one for each channel that was spoken to."""

from __future__ import annotations

import time

from discord.http import HTTPClient

EVERY = 10.0
"""Seconds between two sweeps. A limit is kept for five minutes after its last use, so none is missed for long."""


def sweep_seldom(http: HTTPClient) -> None:
    """Let the library look for limits that are no longer used now and then, and not for each new one.

    From the 256th on it goes through all of them for every channel that it has not spoken to lately: with ten thousand channels
    due in one minute fifty million looks, half a minute in which nothing else happens.
    """
    sweep = http._try_clear_expired_ratelimits  # noqa: SLF001 - there is no other way in
    last = time.monotonic()

    def seldom() -> None:
        nonlocal last
        if time.monotonic() - last >= EVERY:
            sweep()
            last = time.monotonic()

    vars(http)["_try_clear_expired_ratelimits"] = seldom
