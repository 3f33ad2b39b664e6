"""What a run leaves behind: everything that stood in a channel, and everything that stood in a worker's way."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime

from tests.checker.spans import Span


@dataclass(slots=True)
class Standing:
    """A message in a channel, which is named with its platform.

    `sent`: when its request left the bot; `late`: its sender had been held up before.
    """

    id: str
    key: str
    channel: tuple[str, str]
    sent: datetime
    came: datetime
    late: bool
    gone: datetime | None = None
    results: datetime | None = None
    refused: bool = False


@dataclass
class Record:
    """`manned`: when a worker lived and was not stopped; `shocks`: instants at which one died, was stopped, or could not use the database.

    `outages` are of a platform, `revoked` of a channel, `failures` the instants at which a request in a channel failed.
    """

    standing: list[Standing] = field(default_factory=list)
    manned: list[Span] = field(default_factory=list)
    shocks: list[datetime] = field(default_factory=list)
    outages: dict[str, list[Span]] = field(default_factory=lambda: defaultdict(list))
    revoked: dict[str, list[Span]] = field(default_factory=lambda: defaultdict(list))
    failures: dict[str, list[datetime]] = field(default_factory=lambda: defaultdict(list))
    unfinished: list[str] = field(default_factory=list)
    """Posts that are neither closed nor given up at the end, in words."""

    kills: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    """Everything else that went wrong, by what it was."""

    ticks: int = 0
    requests: int = 0
