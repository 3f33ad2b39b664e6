"""The names that people have where they use the bot, as they came with what they did: nothing is fetched."""

from __future__ import annotations

from collections import OrderedDict

REMEMBERED = 20_000
"""People; the longest unseen are forgotten first."""


class Names:
    def __init__(self, most: int = REMEMBERED) -> None:
        self._names: OrderedDict[str, str] = OrderedDict()
        self._most = most

    def learn(self, user: str, name: str) -> None:
        self._names[user] = name
        self._names.move_to_end(user)
        if len(self._names) > self._most:
            self._names.popitem(last=False)

    def of(self, user: str) -> str | None:
        return self._names.get(user)
