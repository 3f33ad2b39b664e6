"""Where a form or a view came from. It rides in the view's `private_metadata`, so that the answer finds its way back."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Self

from adapters.slack import limits
from bot.events import Place

NAME = "slack"

HOME = "home"
"""`Origin.message` of what was done in the Home tab, and the verb of the button that leads back there."""


@dataclass(frozen=True, slots=True)
class Origin:
    """The Home tab is no channel, so `place` there has none. `message`: the private message that the answer replaces, empty where there is none. `response_url`: the address
    that changes it, good until `until` (seconds since 1970). Of its five uses one origin needs two at most.
    """

    place: Place
    message: str = ""
    response_url: str = ""
    until: int = 0

    def write(self) -> str:
        """As `private_metadata`. An address too long for it is left out: the answer is then a message of its own."""
        place = [self.place.workspace, self.place.channel, self.place.thread]
        written = json.dumps([*place, self.message, self.response_url, self.until], separators=(",", ":"))
        if len(written) > limits.METADATA:
            written = json.dumps([*place, self.message, "", 0], separators=(",", ":"))
        return written

    @classmethod
    def read(cls, written: object) -> Self | None:
        """What `write` wrote. None for anything else: no view of ours, or an older version's."""
        try:
            found = json.loads(written) if isinstance(written, str) else None
        except (ValueError, RecursionError):
            return None
        match found:
            case [
                str(workspace), str(channel), str() | None as thread, str(message), str(url), int(until)
            ] if workspace and (channel or message == HOME):  # fmt: skip
                return cls(Place(NAME, workspace, channel, thread), message, url, until)
            case _:
                return None
