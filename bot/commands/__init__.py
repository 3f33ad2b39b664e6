"""Commands, the same on every platform.

`tree` lists them. Where a platform has no menus for options, `typed` reads and completes what people write. `values`
checks what came, whichever way.
"""

from __future__ import annotations

from bot.commands.tree import BY_PATH, TREE, ChannelId, Entry, GroupId, Option, source
from bot.commands.typed import Ask, quoted, read, suggest
from bot.commands.values import Misread, check

__all__ = [
    "BY_PATH",
    "TREE",
    "Ask",
    "ChannelId",
    "Entry",
    "GroupId",
    "Misread",
    "Option",
    "check",
    "quoted",
    "read",
    "source",
    "suggest",
]
