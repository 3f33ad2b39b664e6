"""Actions: all the state that a button, menu or form carries."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Self

from bot.messages.limits import LIMITS, within

_VERB = re.compile(r"[a-z][a-z0-9-]*\Z")
_ARG = re.compile(r"[A-Za-z0-9_.-]*\Z")


@dataclass(frozen=True, slots=True)
class Action:
    """What a button or form asks for: a verb and its arguments, written `answer:17:2`.

    It is all the state there is, so it works after a restart. It never holds the right answer, and every use of it is
    authorised again. At most `LIMITS.ACTION` characters; arguments are letters, digits, `_`, `.` and `-`.
    """

    verb: str
    args: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not _VERB.match(self.verb) or not all(_ARG.match(arg) for arg in self.args):
            raise ValueError(f"not an action: {self.verb!r} {self.args!r}")
        within("an action", str(self), LIMITS.ACTION)

    def __str__(self) -> str:
        return ":".join((self.verb, *self.args))

    @classmethod
    def of(cls, verb: str, *args: str | int) -> Self:
        return cls(verb, tuple(str(arg) for arg in args))

    @classmethod
    def parse(cls, written: str) -> Self:
        """The action that `str` wrote. ValueError for anything else: an older version's, a forged or foreign one."""
        verb, *args = written.split(":")
        return cls(verb, tuple(args))
