"""Faults on command: the next requests of a method are limited, fail, stall, or lose their connection."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from enum import StrEnum

from tests.emulators.slack.errors import Json


class Fate(StrEnum):
    """What happens to a request."""

    LIMIT = "limit"  # 429 with Retry-After, no effect
    STATUS = "status"  # an HTTP error without effect; the body is not JSON
    ERROR = "error"  # `ok: false` without effect
    ERROR_AFTER = "error_after"  # the effect stays, the answer says that it failed
    DROP_BEFORE = "drop_before"  # the connection is cut, nothing has happened
    DROP_AFTER = "drop_after"  # the effect stays, the answer is lost
    DELAY = "delay"  # everything works, late
    DELAY_AFTER = "delay_after"  # the effect comes at once, the answer late
    HOLD_BEFORE = "hold_before"  # nothing happens until it is let go
    HOLD_AFTER = "hold_after"  # the effect stays, the answer waits until it is let go


@dataclass(slots=True)
class Fault:
    """`method` is a name such as `chat.postMessage`, `response_url`, `upload`, or `*`. `times` counts down.

    `where` narrows it to requests with these arguments.
    """

    method: str
    fate: Fate
    times: int = 1
    status: int = 500
    error: str = "internal_error"
    seconds: float = 0.0
    where: Json = field(default_factory=dict)


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

    def take(self, method: str, args: Json) -> Fault | None:
        """The fault that this request meets, used up by one."""
        for fault in self.waiting:
            if fault.method in (method, "*") and all(args.get(name) == value for name, value in fault.where.items()):
                fault.times -= 1
                if fault.times <= 0:
                    self.waiting.remove(fault)
                return fault
        return None
