"""Faults on command: the next requests of a kind are limited, fail, stall, or lose their connection."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass, field
from enum import StrEnum


class Fate(StrEnum):
    """What happens to a request."""

    LIMIT = "limit"  # 429; `via` says whether the header that marks Discord's own limits is there
    STATUS = "status"  # an error status without effect
    DROP_BEFORE = "drop_before"  # the connection is cut, nothing has happened
    DROP_AFTER = "drop_after"  # the effect stays, the answer is lost
    DELAY = "delay"  # everything works, late
    HOLD_BEFORE = "hold_before"  # nothing happens until it is let go
    HOLD_AFTER = "hold_after"  # the effect stays, the answer waits until it is let go


@dataclass(slots=True)
class Fault:
    """`path` is a template such as `/channels/{channel_id}/messages`. `times` counts down."""

    method: str
    path: str
    fate: Fate
    times: int = 1
    status: int = 500
    code: int = 0
    message: str = ""
    seconds: float = 0.0
    via: bool = True
    everywhere: bool = False
    """A global rate limit."""


@dataclass(slots=True)
class Faults:
    waiting: list[Fault] = field(default_factory=list)
    held: list[asyncio.Future[bool]] = field(default_factory=list)

    async def hold(self) -> bool:
        """Wait until let go; whether the request may go on."""
        held: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self.held.append(held)
        return await held

    def let_go(self, *, go_on: bool) -> int:
        """Let every held request go on, or lose its connection; how many there were."""
        held, self.held = self.held, []
        for each in held:
            each.set_result(go_on)
        return len(held)

    def add(self, fault: Fault) -> None:
        self.waiting.append(fault)

    def take(self, method: str, template: str) -> Fault | None:
        """The fault that this request meets, used up by one."""
        for fault in self.waiting:
            if fault.method in (method, "*") and _plain(fault.path) in (_plain(template), "*"):
                fault.times -= 1
                if fault.times <= 0:
                    self.waiting.remove(fault)
                return fault
        return None


def _plain(template: str) -> str:
    return re.sub(r"\{[^}]*\}", "{}", template)
