"""Which part of the gateway's traffic a process takes: `0-7/16` is the first half of sixteen shards."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True)
class Shards:
    """`ids` of `count` shards; both None where Discord is asked how many are needed, and this process takes them all."""

    ids: tuple[int, ...] | None = None
    count: int | None = None

    @property
    def share(self) -> float:
        """How much of the whole is this process's, 0 to 1."""
        return 1.0 if self.ids is None or self.count is None else len(self.ids) / self.count

    @classmethod
    def parse(cls, written: str) -> Self:
        """`""`, `0-7/16`, or `3/16`. ValueError with a sentence for anything else."""
        if not written.strip():
            return cls()
        found = re.fullmatch(r"\s*([0-9]{1,5})(?:\s*-\s*([0-9]{1,5}))?\s*/\s*([0-9]{1,5})\s*", written)
        if found is None:
            raise ValueError(f"{written!r} names no shards: leave it empty, or write a range of all such as 0-7/16")
        first, count = int(found[1]), int(found[3])
        last = int(found[2] or first)
        if not first <= last < count:
            raise ValueError(f"{written!r} names shards that are not there: of {count} the last is {count - 1}")
        return cls(tuple(range(first, last + 1)), count)


def shard_of(server: int, count: int) -> int:
    """Which of `count` shards hears of a server (Gateway, Sharding Formula)."""
    return (server >> 22) % count
