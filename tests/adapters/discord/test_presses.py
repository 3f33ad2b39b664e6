"""Presses in servers are read past the library's objects, to the same effect; all else goes the library's way."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import discord.state
import pytest

from adapters.discord import parse
from adapters.discord.arrival import Arrival
from tests.adapters.contract import ADA, QUESTION, VERDICT
from tests.adapters.discord import payloads
from tests.adapters.discord.bench import DiscordBench

BUTTON = {"custom_id": "answer:17:B", "component_type": 2}
EPHEMERAL = 1 << 6


def member(**more: Any) -> dict[str, Any]:
    plain: dict[str, Any] = payloads.sent(3, BUTTON)["member"]
    return plain | more


def press(data: dict[str, Any] = BUTTON, **more: Any) -> dict[str, Any]:
    """A press of Ada's in a server. `more` takes the place of what the payload has by that name."""
    return payloads.sent(3, data, message=payloads.message()) | more


@pytest.mark.parametrize(
    "sent",
    [
        press(),
        press({"custom_id": "home#1", "component_type": 2}),
        press({"custom_id": "deck", "component_type": 3, "values": ["a\x00b", "c"]}),
        press(channel=payloads.channel(5)),
        press(channel=payloads.thread()),
        press(member=member(nick=None)),
        press(member=member(nick=None, user=payloads.user(global_name=None))),
        press(member=member(nick="\u202eAda\u202c @everyone")),
        press(member=member(permissions=str(1 << 3))),
        press(member=member(permissions=str(1 << 5 | 1 << 40))),
        press(member=member(permissions=str(1 << 13))),
        press(locale="pt-BR"),
        press(locale="tlh"),
    ],
)
def test_a_press_is_read_as_the_library_reads_it(sent: dict[str, Any]) -> None:
    read = parse.to_press(sent)
    assert read is not None
    assert read == parse.to_event(payloads.read(sent))


@pytest.mark.parametrize("flags", [0, EPHEMERAL, EPHEMERAL | 1 << 15, 1 << 15])
def test_whose_message_it_is_is_read_as_the_library_reads_it(flags: int) -> None:
    sent = press(message=payloads.message(flags=flags))
    read = parse.to_press(sent)
    assert read is not None
    short, long = Arrival.pressed(read, sent, lambda: payloads.read(sent)), Arrival.read(payloads.read(sent))
    assert short.in_place is long.in_place is bool(flags & EPHEMERAL)
    assert (short.id, short.token, short.kind, short.on_message) == (long.id, long.token, long.kind, long.on_message)
    assert short.to_event() == long.to_event()


@pytest.mark.parametrize(
    "sent",
    [
        payloads.sent(2, {"id": "1", "name": "quiz", "type": 1}),
        payloads.sent(4, {"id": "1", "name": "quiz", "type": 1}),
        payloads.sent(5, {"custom_id": "sent:17", "components": []}),
        payloads.sent(3, BUTTON, guild=False, message=payloads.message()),
        press(channel=payloads.channel(99)),
        press({"custom_id": "Not one of ours", "component_type": 2}),
        press(member=member(permissions=None)),
        press(message=None),
        press(channel=None),
        press() | {"data": None},
        {"type": 3},
        {},
    ],
)
def test_what_is_no_plain_press_in_a_server_is_left_to_the_library(sent: dict[str, Any]) -> None:
    assert parse.to_press(sent) is None


async def test_the_library_makes_nothing_of_a_press(bench: DiscordBench, monkeypatch: pytest.MonkeyPatch) -> None:
    """When this fails the library no longer asks the table in which `Gateway` stands, and presses cost more."""
    made: list[int] = []
    right: Callable[..., object] = vars(discord.state)["Interaction"]

    def make(*, data: Any, state: Any) -> object:
        made.append(data["type"])
        return right(data=data, state=state)

    monkeypatch.setattr(discord.state, "Interaction", make)
    ref = await bench.platform.post(bench.place, QUESTION, "daily:1")
    bench.answer = lambda _: VERDICT
    await bench.press(ADA, ref.message, "A")
    assert (await bench.seen(ADA))[-1].text == "✅ Correct"
    await bench.command(ADA, "/quiz today")
    assert made == [2], "of the command, and of nothing else"
