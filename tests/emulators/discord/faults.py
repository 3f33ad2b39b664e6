"""Faults on command: the next requests of a kind are limited, fail, stall, or lose their connection."""

from __future__ import annotations

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
