"""Modals: when they may be opened, what they may be, and what their answers may do."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.emulators.discord.client import Discord
from tests.emulators.discord.errors import Json
from tests.emulators.discord.rawbot import Deeds, RawBot, raw_bot
from tests.emulators.discord.servers import Channel, Guild

V2 = 1 << 15
PRIVATE = 1 << 6
MODAL: Json = {
    "custom_id": "form",
    "title": "Form",
    "components": [{"type": 18, "label": "Why?", "component": {"type": 4, "custom_id": "why", "style": 1}}],
}


def board(*labels: str, flags: int = V2, text: str = "Press") -> Json:
    buttons = [{"type": 2, "style": 1, "label": label, "custom_id": label.lower()} for label in labels]
    return {"flags": flags, "components": [{"type": 10, "content": text}, {"type": 1, "components": buttons}]}


@pytest.fixture
async def raw(discord: Discord, channel: Channel) -> AsyncIterator[RawBot]:
    async with raw_bot(discord) as bot:
        yield bot


@pytest.fixture
async def ann(raw: RawBot, guild: Guild, channel: Channel) -> Deeds:
    return Deeds(raw, await guild.person("Ann", manage_server=True), channel)


async def ask(raw: RawBot, channel: Channel) -> None:
    status, _ = await raw.request("POST", f"/channels/{channel.id}/messages", board("A", "B"))
    assert status == 200


async def test_no_modal_after_a_deferral(discord: Discord, raw: RawBot, ann: Deeds) -> None:
    command = await ann.command()
    assert (await raw.respond(command, 5, {"flags": PRIVATE}))[0] == 200
    status, error = await raw.respond(command, 9, MODAL)
    assert (status, error["code"]) == (400, 40060)
    await raw.request("PATCH", raw.webhook(command, "/messages/@original"), {"content": "x"})
    assert len(await discord.violations(clear=True)) == 1


async def test_no_modal_in_reply_to_a_modal(discord: Discord, raw: RawBot, ann: Deeds) -> None:
    await raw.respond(await ann.command(), 9, MODAL)
    await ann.answer()
    submitted = await ann.submit({"Why?": "so"})
    assert submitted["data"]["components"] == [
        {"type": 18, "id": 1, "component": {"type": 4, "id": 2, "custom_id": "why", "value": "so"}}
    ]
    status, error = await raw.respond(submitted, 9, MODAL)
    assert (status, error["code"]) == (400, 50035)
    status, _ = await raw.respond(submitted, 7, {"content": "x"})
    assert status == 400
    assert (await raw.respond(submitted, 4, {"content": "x"}))[0] == 200
    assert len(await discord.violations(clear=True)) == 2


async def test_a_form_opened_by_a_button_may_update_the_button_s_message(
    raw: RawBot, ann: Deeds, channel: Channel
) -> None:
    await ask(raw, channel)
    await raw.respond(await ann.press("A"), 9, MODAL)
    await ann.answer()
    submitted = await ann.submit({"why": "so"})
    assert submitted["message"]["id"] == (await channel.messages())[0].id
    assert (await raw.respond(submitted, 7, board("C")))[0] == 200
    assert (await channel.messages())[0].buttons == ["C"]


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"title": "x" * 46}, "title"),
        ({"title": ""}, "title"),
        ({"custom_id": "x" * 101}, "custom_id"),
        ({"components": []}, "components"),
        ({"flags": 64}, "flags"),
    ],
)
async def test_a_modal_of_the_wrong_shape_is_refused(
    discord: Discord, raw: RawBot, ann: Deeds, change: Json, path: str
) -> None:
    command = await ann.command()
    status, error = await raw.respond(command, 9, MODAL | change)
    assert (status, list(error["errors"]["data"])) == (400, [path])
    assert (await raw.respond(command, 9, MODAL | {"title": "x" * 45}))[0] in (200, 204)
    assert len(await discord.violations(clear=True)) == 1
