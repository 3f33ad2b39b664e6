"""An interaction, as much of it as a reply needs; the library's own object is made when something asks for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Self

import discord

from adapters.discord import parse
from bot.events import Event, Press


class Arrival:
    """`in_place`: the reply takes the place of the private message that was acted on. `on_message`: a message was."""

    __slots__ = ("_interaction", "_make", "_press", "id", "in_place", "kind", "on_message", "token")

    def __init__(
        self, number: int, token: str, kind: discord.InteractionType, *, in_place: bool, on_message: bool
    ) -> None:
        self.id = number
        self.token = token
        self.kind = kind
        self.in_place = in_place
        self.on_message = on_message
        self._press: Press | None = None
        self._interaction: discord.Interaction | None = None
        self._make: Callable[[], discord.Interaction] | None = None

    @classmethod
    def read(cls, interaction: discord.Interaction) -> Self:
        """What the library has read."""
        kind = interaction.type
        in_place = kind is not discord.InteractionType.application_command and parse.is_private(interaction)
        one = cls(
            interaction.id, interaction.token, kind, in_place=in_place, on_message=interaction.message is not None
        )
        one._interaction = interaction
        return one

    @classmethod
    def pressed(cls, press: Press, sent: Mapping[str, Any], make: Callable[[], discord.Interaction]) -> Self:
        """A press that `parse.to_press` has read in `sent`. `make` makes the library's object of it."""
        kind = discord.InteractionType.component
        one = cls(int(press.id), sent["token"], kind, in_place=parse.on_private(sent), on_message=True)
        one._press, one._make = press, make
        return one

    def to_event(self) -> Event:
        """What someone did. `parse.Unclear` as there."""
        return self._press or parse.to_event(self.interaction)

    @property
    def locale(self) -> str | None:
        """The language that their Discord speaks."""
        return self.interaction.locale.value if self._press is None else self._press.actor.locale

    @property
    def interaction(self) -> discord.Interaction:
        """The library's own, through which everything after the first response goes."""
        if self._interaction is None:
            assert self._make is not None
            self._interaction = self._make()
        return self._interaction
