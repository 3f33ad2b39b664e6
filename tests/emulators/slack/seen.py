"""What a test sees: a message, a view, the app's answer to a deed, and the figures of a burst."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.emulators.slack import blocks
from tests.emulators.slack.errors import Json


@dataclass(frozen=True, slots=True)
class _Blocks:
    raw: Json

    @property
    def text(self) -> str:
        """What a person reads, with names in place of ids."""
        return str(self.raw["read"])

    @property
    def version(self) -> int:
        """1 as it came, one more for every change."""
        return int(self.raw["version"])

    @property
    def blocks(self) -> list[Json]:
        found: list[Json] = self.raw.get("blocks", [])
        return found

    @property
    def elements(self) -> list[Json]:
        """Everything that can be used, in order."""
        return [one for block in self.blocks for one in blocks.acting(block)]

    @property
    def buttons(self) -> list[str]:
        """The labels of the buttons."""
        return [one["text"]["text"] for one in self.elements if one["type"] == "button"]

    @property
    def menus(self) -> list[str]:
        """The placeholders (or action_ids) of the menus."""
        found = [one for one in self.elements if one["type"] != "button"]
        return [one["placeholder"]["text"] if "placeholder" in one else one["action_id"] for one in found]

    def action_id(self, label: str) -> str:
        """The action_id of the button with this label. StopIteration when there is none."""
        found = (one for one in self.elements if one["type"] == "button" and one["text"]["text"] == label)
        return str(next(found)["action_id"])


@dataclass(frozen=True, slots=True)
class Message(_Blocks):
    """A message as it stood when it was looked at. `raw` is Slack's JSON with the emulator's additions."""

    @property
    def ts(self) -> str:
        return str(self.raw["ts"])

    @property
    def channel_id(self) -> str:
        return str(self.raw["channel"])

    @property
    def fallback(self) -> str:
        """The top-level text, which notifications show and screen readers read."""
        return str(self.raw["text"])

    @property
    def ephemeral(self) -> bool:
        return bool(self.raw["ephemeral"])

    @property
    def edited(self) -> bool:
        return "edited" in self.raw

    @property
    def gone(self) -> bool:
        return bool(self.raw["gone"])

    @property
    def pings(self) -> list[str]:
        """The ids of whom it calls; 'channel', 'here', 'everyone'."""
        return list(self.raw["pings"])

    @property
    def metadata(self) -> Json | None:
        found: Json | None = self.raw.get("metadata")
        return found


@dataclass(frozen=True, slots=True)
class View(_Blocks):
    """A modal or a home tab."""

    @property
    def id(self) -> str:
        return str(self.raw["id"])

    @property
    def title(self) -> str:
        return str(self.raw["title"]["text"])

    @property
    def errors(self) -> dict[str, str]:
        """What the app said of the inputs, by block_id."""
        return dict(self.raw["errors"])

    @property
    def labels(self) -> list[str]:
        """The labels of the inputs."""
        return [one["label"]["text"] for one in self.blocks if one["type"] == "input"]


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a deed, as it stood when it was looked at."""

    raw: Json

    @property
    def id(self) -> str:
        return str(self.raw["id"])

    @property
    def acked(self) -> float | None:
        """Seconds from the deed to the acknowledgment."""
        taken: float | None = self.raw["acked"]
        return taken

    @property
    def settled(self) -> bool:
        return bool(self.raw["settled"])

    @property
    def error(self) -> str | None:
        """What the person is shown when the app failed them: operation_timeout, dispatch_failed."""
        error: str | None = self.raw["error"]
        return error

    @property
    def message(self) -> Message:
        """The last message that answers, or the message that was replaced. AssertionError when there is neither."""
        assert self.raw["messages"], f"no message answered {self.raw['said']}: {self.error or 'silence'}"
        return Message(self.raw["messages"][-1])

    @property
    def messages(self) -> list[Message]:
        return [Message(one) for one in self.raw["messages"]]

    @property
    def view(self) -> View:
        """The modal opened, pushed or changed, or the home tab. AssertionError when there is none."""
        assert self.raw["view"] is not None, f"no view answered {self.raw['said']}: {self.error or 'silence'}"
        return View(self.raw["view"])

    @property
    def closed(self) -> bool:
        """Whether a modal went away."""
        return bool(self.raw["closed"])

    @property
    def errors(self) -> dict[str, str]:
        return dict(self.raw["errors"])

    @property
    def options(self) -> list[str]:
        """The labels of the suggestions."""
        return [one["text"]["text"] for one in self.raw["options"] or []]

    @property
    def payload(self) -> Json:
        """What the app was sent."""
        payload: Json = self.raw["payload"]
        return payload

    @property
    def text(self) -> str:
        """What the person reads: the view, or the message."""
        return self.message.text if self.raw["view"] is None else self.view.text


@dataclass(frozen=True, slots=True)
class Reply:
    """The app's answer to a request that was sent again. `status` None is silence, for `reason`."""

    status: int | None
    body: Any
    reason: str


@dataclass(frozen=True, slots=True)
class Violation:
    what: str
    where: str
    details: Json | None


@dataclass(frozen=True, slots=True)
class Waits:
    """Seconds; None when nobody got that far."""

    count: int
    p50: float | None
    p95: float | None
    p99: float | None
    max: float | None


@dataclass(frozen=True, slots=True)
class BurstReport:
    """`acked`: from the press to the acknowledgment. `answered`: from the press to the message that answers.

    `seconds` of everything, `acknowledging` of them till the last acknowledgment.
    """

    pressed: int
    failed: int
    seconds: float
    acknowledging: float
    acked: Waits
    answered: Waits
    emulator_cpu_per_press: float
