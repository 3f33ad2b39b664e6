"""Drawings as the library's own views, so that they go out through its front doors.

The library's items are built one object at a time and kept until they time out; ours are plain data and never answer a
press themselves, so a view here is only an envelope, and is finished from the start.
"""

from __future__ import annotations

import io
from typing import Any

import discord

from adapters.discord.render import Drawing
from bot.messages import Picture

NO_PINGS = discord.AllowedMentions.none()
"""For every message: the library leaves the client's own setting out of edits, where Discord would then ping everyone."""


class Layout(discord.ui.LayoutView):
    """The components of a drawing. It has no items and waits for nothing, so none of a view's own state is set up."""

    def __init__(self, drawing: Drawing) -> None:
        self._drawing = drawing

    def to_components(self) -> list[dict[str, Any]]:
        return list(self._drawing.components)

    def has_components_v2(self) -> bool:
        return True

    def is_finished(self) -> bool:
        return True

    def is_dispatchable(self) -> bool:
        return False

    @property
    def timeout(self) -> float | None:
        return None

    @timeout.setter
    def timeout(self, value: float | None) -> None:
        """Nothing runs out: nothing is waited for."""


def files(drawing: Drawing) -> list[discord.File]:
    return [
        discord.File(io.BytesIO(each.content), name, description=each.alt if isinstance(each, Picture) else None)
        for name, each in drawing.attached
    ]
