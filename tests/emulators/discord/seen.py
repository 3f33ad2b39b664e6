"""What a test sees: a message, the bot's answer to a deed, and the figures of a burst."""

from __future__ import annotations

from dataclasses import dataclass

from tests.emulators.discord import components as c
from tests.emulators.discord import layout, rendering
from tests.emulators.discord.errors import Json
from tests.emulators.discord.limits import EPHEMERAL, LOADING


@dataclass(frozen=True, slots=True)
class Message:
    """A message as it stood when it was looked at. `raw` is Discord's JSON with the emulator's additions."""

    raw: Json

    @property
    def id(self) -> str:
        return str(self.raw["id"])

    @property
    def channel_id(self) -> str:
        return str(self.raw["channel_id"])

    @property
    def text(self) -> str:
        return rendering.text(self.raw)

    @property
    def ephemeral(self) -> bool:
        return bool(self.raw["flags"] & EPHEMERAL)

    @property
    def thinking(self) -> bool:
        return bool(self.raw["flags"] & LOADING)

    @property
    def edited(self) -> bool:
        return self.raw["edited_timestamp"] is not None

    @property
    def version(self) -> int:
        """1 as posted, one more for every change."""
        return int(self.raw["version"])

    @property
    def pings(self) -> list[str]:
        """The ids of who was notified, and `everyone`."""
        return [*self.raw["pings"], *(["everyone"] if self.raw["mention_everyone"] else [])]

    @property
    def components(self) -> list[Json]:
        """Every component, parents before children."""
        return list(layout.walk(self.raw["components"]))

    @property
    def buttons(self) -> list[str]:
        """The labels (or emoji) of the buttons that can be pressed."""
        return [
            one.get("label") or one["emoji"]["name"]
            for one in self.components
            if one["type"] == c.BUTTON and not one.get("disabled")
        ]

    def custom_id(self, label: str) -> str:
        """The custom_id of the button with this label. StopIteration when there is none."""
        return str(next(one["custom_id"] for one in self.components if one.get("label") == label))


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a deed, as it stood when it was looked at."""

    raw: Json

    @property
    def id(self) -> str:
        return str(self.raw["id"])

    @property
    def channel_id(self) -> str:
        return str(self.raw["channel_id"])

    @property
    def response(self) -> int | None:
        """The kind of the first response; None while the bot is silent."""
        kind: int | None = self.raw["response"]
        return kind

    @property
    def seconds(self) -> float | None:
        """From the deed to the first response."""
        taken: float | None = self.raw["seconds"]
        return taken

    @property
    def settled(self) -> bool:
        return bool(self.raw["settled"])

    @property
    def message(self) -> Message:
        """The reply, or the message updated. AssertionError when there is neither."""
        assert self.raw["message"] is not None, f"no message answered {self.raw['said']}: response {self.response}"
        return Message(self.raw["message"])

    @property
    def followups(self) -> list[Message]:
        return [Message(one) for one in self.raw["followups"]]

    @property
    def modal(self) -> Json:
        """AssertionError when none was opened."""
        assert self.raw["modal"] is not None, f"no modal answered {self.raw['said']}: response {self.response}"
        modal: Json = self.raw["modal"]
        return modal

    @property
    def choices(self) -> list[Json]:
        choices: list[Json] = self.raw["choices"]
        return choices

    @property
    def text(self) -> str:
        """What the person reads: the message, or the modal."""
        return self.message.text if self.raw["modal"] is None else rendering.modal_text(self.modal)


@dataclass(frozen=True, slots=True)
class Violation:
    what: str
    where: str
    details: Json | None


@dataclass(frozen=True, slots=True)
class BurstReport:
    """Seconds from the frame's sending to the callback's arrival; None when nobody was answered."""

    pressed: int
    answered: int
    unanswered: int
    seconds: float
    p50: float | None
    p95: float | None
    p99: float | None
    max: float | None
    emulator_cpu_per_press: float
