"""What goes wrong in a run, drawn from its seed."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tests.checker.record import Record
from tests.checker.spans import Span


@dataclass(frozen=True)
class Storm:
    """Shares are of requests, and of steps (a request's or a transaction's beginning or end). Everything at zero is fair weather."""

    name: str = "stormy"

    lost_before: float = 0.01
    """Requests that never arrive."""
    lost_after: float = 0.02
    """Requests that have their effect, and whose answer is lost."""
    slow: float = 0.01
    dies: float = 0.002
    """Steps at which a worker is killed."""
    held: float = 0.0005
    """Steps at which a worker's process is stopped for some minutes."""
    busy: float = 0.0002
    """Transactions that find the database locked."""
    lives: timedelta = timedelta(hours=12)
    """How long a worker lives on average if nothing kills it."""
    restarts: float = 0.6
    """Deaths after which a worker is back within half a minute; three in ten take some minutes, and what is left hours."""
    outages: float = 0.12
    """Outages of a platform a day."""
    revocations: float = 0.02
    """How often a day a channel is closed to the bot."""

    def spans(
        self,
        record: Record,
        platforms: Sequence[str],
        channels: Sequence[str],
        days: float,
        start: datetime,
        chance: random.Random,
    ) -> None:
        """Draw what takes longer than a moment."""
        for platform in platforms:
            record.outages[platform] = _drawn(self.outages, (10, 360), days, start, chance)
        for channel in channels:
            record.revoked[channel] = _drawn(self.revocations, (2, 1800), days, start, chance)

    def downtime(self, chance: random.Random) -> float:
        """Seconds until a worker that died is back: at once, or after some minutes, or after hours."""
        kind = chance.random()
        if kind < self.restarts:
            return chance.uniform(1, 30)
        return chance.uniform(60, 1200) if kind < self.restarts + 0.3 else chance.uniform(3600, 36000)


def _drawn(a_day: float, minutes: tuple[int, int], days: float, start: datetime, chance: random.Random) -> list[Span]:
    spans: list[Span] = []
    at = 0.0
    while a_day:
        at += chance.expovariate(a_day)
        if at >= days:
            break
        since = start + timedelta(days=at)
        length = timedelta(minutes=minutes[0] * (minutes[1] / minutes[0]) ** chance.random())
        spans.append(Span(since, since + length))
        at += length / timedelta(days=1)
    return spans


STORMY = Storm()
"""What a bot may meet in a bad quarter."""

ROUGH = Storm("rough", lost_before=0.03, lost_after=0.06, slow=0.03, dies=0.008, held=0.004, lives=timedelta(hours=6))
"""So much goes wrong that a few days are enough to see whether all is put right."""

FAIR = Storm("fair", 0, 0, 0, 0, 0, 0, timedelta(days=10_000), 0, 0, 0)

STORMS = {storm.name: storm for storm in (STORMY, ROUGH, FAIR)}
