"""The bot in channels: what a message may hold, who may do what, history, reactions, direct messages."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import orjson
import pytest

from tests.emulators.discord.client import Discord
from tests.emulators.discord.errors import Json
from tests.emulators.discord.rawbot import RawBot, raw_bot
from tests.emulators.discord.servers import Channel, Guild

V2 = 1 << 15
TEXT: Json = {"type": 10, "content": "Hello"}
PNG = b"\x89PNG\r\n\x1a\n" + bytes(8) + (640).to_bytes(4, "big") + (480).to_bytes(4, "big")


@pytest.fixture
async def raw(discord: Discord, channel: Channel) -> AsyncIterator[RawBot]:
    async with raw_bot(discord) as bot:
        yield bot


def posts(channel: Channel, rest: str = "") -> str:
    return f"/channels/{channel.id}/messages{rest}"


def v2(*components: Json, **more: Any) -> Json:
    return {"flags": V2, "components": list(components)} | more


GOOD_AND_BAD: list[tuple[str, Json, Json]] = [
    ("2,000 characters", {"content": "x" * 2000}, {"content": "x" * 2001}),
    ("text", {"content": "x"}, {"content": 5}),
    ("known fields", {"content": "x"}, {"content": "x", "ephemeral": True}),
    ("a nonce of 25", {"content": "x", "nonce": "n" * 25}, {"content": "x", "nonce": "n" * 26}),
    ("no content beside v2", v2(TEXT), v2(TEXT, content="x")),
    ("no embeds beside v2", v2(TEXT, embeds=[]), v2(TEXT, embeds=[{"title": "x"}])),
    ("v2 components with their flag", v2(TEXT), {"components": [TEXT]}),
    ("no private message in a channel", v2(TEXT), v2(TEXT) | {"flags": V2 | 64}),
    (
        "mentions of a kind",
        {"content": "x", "allowed_mentions": {"parse": []}},
        {"content": "x", "allowed_mentions": {"parse": ["all"]}},
    ),
    (
        "mentions by kind or by id",
        {"content": "x", "allowed_mentions": {"users": ["1"]}},
        {"content": "x", "allowed_mentions": {"parse": ["users"], "users": ["1"]}},
    ),
    ("ten embeds", {"embeds": [{"title": "x"}] * 10}, {"embeds": [{"title": "x"}] * 11}),
    ("embeds of 6,000", {"embeds": [{"description": "x" * 3000}] * 2}, {"embeds": [{"description": "x" * 3001}] * 2}),
    ("a true boolean", {"content": "x", "tts": False}, {"content": "x", "tts": "no"}),
    ("components in a list", {"content": "x", "components": []}, {"content": "x", "components": {}}),
    ("files that came", {"content": "x", "attachments": []}, {"content": "x", "attachments": [{"id": "0"}]}),
]


@pytest.mark.parametrize(("good", "bad"), [one[1:] for one in GOOD_AND_BAD], ids=[one[0] for one in GOOD_AND_BAD])
async def test_a_message_body_is_taken_or_refused_with_a_violation(
    discord: Discord, raw: RawBot, channel: Channel, good: Json, bad: Json
) -> None:
    status, _ = await raw.request("POST", posts(channel), good)
    assert status == 200
    assert await discord.violations() == []
    status, error = await raw.request("POST", posts(channel), bad)
    assert (status, error["code"], error["message"]) == (400, 50035, "Invalid Form Body")
    assert len(await channel.messages()) == 1
    (violation,) = await discord.violations(clear=True)
    assert violation.where == "POST /channels/{channel_id}/messages"


@pytest.mark.parametrize("body", [{}, {"content": ""}, {"flags": V2}, {"flags": V2, "components": []}])
async def test_an_empty_message_is_refused(discord: Discord, raw: RawBot, channel: Channel, body: Json) -> None:
    status, error = await raw.request("POST", posts(channel), body)
    assert (status, error["code"]) == (400, 50006)
    assert len(await discord.violations(clear=True)) == 1


async def test_the_v2_flag_stays_on_a_message(discord: Discord, raw: RawBot, channel: Channel) -> None:
    _, made = await raw.request("POST", posts(channel), v2(TEXT))
    here = posts(channel, f"/{made['id']}")
    assert (await raw.request("PATCH", here, {"components": [TEXT | {"content": "Bye"}]}))[0] == 200
    assert (await raw.request("PATCH", here, {"components": [TEXT], "flags": V2}))[0] == 200
    refused: list[Json] = [{"flags": 0}, {"content": "x"}, {"components": []}]
    for bad in refused:
        assert (await raw.request("PATCH", here, bad))[0] == 400
    (message,) = await channel.messages()
    assert (message.text, message.version, message.edited) == ("Hello", 3, True)
    assert len(await discord.violations(clear=True)) == 3


async def test_a_plain_message_becomes_v2_only_without_its_content(
    discord: Discord, raw: RawBot, channel: Channel
) -> None:
    _, made = await raw.request("POST", posts(channel), {"content": "x"})
    here = posts(channel, f"/{made['id']}")
    assert (await raw.request("PATCH", here, v2(TEXT)))[0] == 400
    assert (await raw.request("PATCH", here, v2(TEXT, content=None)))[0] == 200
    assert (await channel.messages())[0].text == "Hello"
    assert len(await discord.violations(clear=True)) == 1


async def test_a_file_comes_with_the_message_and_can_be_fetched(raw: RawBot, channel: Channel) -> None:
    picture = {"type": 12, "items": [{"media": {"url": "attachment://a.png"}, "description": "A picture"}]}
    form = aiohttp.FormData(quote_fields=False)
    body = v2(picture, attachments=[{"id": "0", "filename": "a.png", "description": "A picture"}])
    form.add_field("payload_json", orjson.dumps(body).decode(), content_type="application/json")
    form.add_field("files[0]", PNG, filename="a.png")
    status, made = await raw.request("POST", posts(channel), data=form)
    assert status == 200
    media = made["components"][0]["items"][0]["media"]
    assert (media["width"], media["height"], media["content_type"]) == (640, 480, "image/png")
    async with raw.http.get(media["url"]) as response:
        assert await response.read() == PNG
    assert (await channel.messages())[0].text == "{A picture}"


async def test_the_same_enforced_nonce_makes_one_message_within_its_window(
    discord: Discord, raw: RawBot, channel: Channel
) -> None:
    await discord.settings(nonce_window=60)
    body = {"content": "x", "nonce": "key", "enforce_nonce": True}
    first = (await raw.request("POST", posts(channel), body))[1]["id"]
    assert (await raw.request("POST", posts(channel), body))[1]["id"] == first
    assert (await raw.request("POST", posts(channel), body | {"enforce_nonce": False}))[1]["id"] != first
    await discord.advance(61)
    assert (await raw.request("POST", posts(channel), body))[1]["id"] != first
    assert len(await channel.messages()) == 3


@pytest.mark.parametrize(
    ("denied", "code"), [("VIEW_CHANNEL", 50001), ("SEND_MESSAGES", 50013), ("READ_MESSAGE_HISTORY", None)]
)
async def test_posting_needs_its_permissions(raw: RawBot, channel: Channel, denied: str, code: int | None) -> None:
    await channel.permit(deny=[denied])
    status, answer = await raw.request("POST", posts(channel), {"content": "x"})
    assert (status, answer.get("code")) == (200 if code is None else 403, code)
    await channel.permit()
    assert (await raw.request("POST", posts(channel), {"content": "x"}))[0] == 200


async def test_history_without_its_permission_is_empty_and_not_forbidden(raw: RawBot, channel: Channel) -> None:
    _, made = await raw.request("POST", posts(channel), {"content": "x"})
    await channel.permit(deny=["READ_MESSAGE_HISTORY"])
    assert await raw.request("GET", posts(channel)) == (200, [])
    status, error = await raw.request("GET", posts(channel, f"/{made['id']}"))
    assert (status, error["code"]) == (403, 50001)


async def test_history_is_read_from_either_side(discord: Discord, raw: RawBot, channel: Channel) -> None:
    ids = [(await raw.request("POST", posts(channel), {"content": str(n)}))[1]["id"] for n in range(6)]

    async def read(query: str) -> list[str]:
        return [one["content"] for one in (await raw.request("GET", posts(channel, f"?{query}")))[1]]

    assert await read("limit=2") == ["5", "4"]
    assert await read(f"before={ids[3]}&limit=2") == ["2", "1"]
    assert await read(f"after={ids[1]}&limit=2") == ["3", "2"]
    assert await read(f"around={ids[3]}&limit=3") == ["4", "3", "2"]
    status, _ = await raw.request("GET", posts(channel, "?limit=101"))
    assert status == 400
    assert len(await discord.violations(clear=True)) == 1


async def test_what_is_gone_is_unknown(raw: RawBot, guild: Guild, channel: Channel) -> None:
    _, made = await raw.request("POST", posts(channel), {"content": "x"})
    assert (await raw.request("DELETE", posts(channel, f"/{made['id']}")))[0] == 204
    assert (await raw.request("PATCH", posts(channel, f"/{made['id']}"), {"content": "y"}))[1]["code"] == 10008
    await channel.delete()
    status, error = await raw.request("POST", posts(channel), {"content": "x"})
    assert (status, error["code"]) == (404, 10003)
    other = await guild.channel("other")
    await guild.remove_bot()
    status, error = await raw.request("POST", posts(other), {"content": "x"})
    assert (status, error["code"]) == (403, 50001)


async def test_another_s_message_cannot_be_edited(
    discord: Discord, raw: RawBot, guild: Guild, channel: Channel
) -> None:
    ann = await guild.person("Ann")
    message = await ann.say(channel, "mine")
    status, error = await raw.request("PATCH", posts(channel, f"/{message.id}"), {"content": "yours"})
    assert (status, error["code"]) == (403, 50005)
    assert len(await discord.violations(clear=True)) == 1


async def test_a_direct_message_reaches_who_takes_them(raw: RawBot, guild: Guild) -> None:
    ann, bob = await guild.person("Ann"), await guild.person("Bob", takes_dms=False)
    _, dm = await raw.request("POST", "/users/@me/channels", {"recipient_id": ann.id})
    assert (await raw.request("POST", f"/channels/{dm['id']}/messages", {"content": "psst"}))[0] == 200
    assert [one.text for one in await ann.direct_messages()] == ["psst"]
    _, dm = await raw.request("POST", "/users/@me/channels", {"recipient_id": bob.id})
    status, error = await raw.request("POST", f"/channels/{dm['id']}/messages", {"content": "psst"})
    assert (status, error["code"]) == (403, 50007)


async def test_who_is_pinged_follows_allowed_mentions(raw: RawBot, guild: Guild, channel: Channel) -> None:
    ann = await guild.person("Ann")
    await guild.grant(None, "MENTION_EVERYONE")
    text = f"{ann.mention} @everyone"
    await raw.request("POST", posts(channel), {"content": text})
    await raw.request("POST", posts(channel), {"content": text, "allowed_mentions": {"parse": []}})
    await raw.request("POST", posts(channel), v2(TEXT | {"content": text}, allowed_mentions={"users": [ann.id]}))
    assert [one.pings for one in await channel.messages()] == [[ann.id, "everyone"], [], [ann.id]]


async def test_a_thread_has_its_own_permission_and_can_be_locked(raw: RawBot, guild: Guild, channel: Channel) -> None:
    thread = await channel.thread("talk", await guild.person("Ann"))
    assert (await raw.request("POST", posts(thread), {"content": "x"}))[0] == 200
    await channel.permit(deny=["SEND_MESSAGES_IN_THREADS"])
    assert (await raw.request("POST", posts(thread), {"content": "x"}))[1]["code"] == 50013
    assert (await raw.request("POST", posts(channel), {"content": "x"}))[0] == 200
    await channel.permit()
    await thread.archive(locked=True)
    assert (await raw.request("POST", posts(thread), {"content": "x"}))[1]["code"] == 50083


async def test_a_wrong_token_is_unauthorised_and_json_is_json(discord: Discord, raw: RawBot, channel: Channel) -> None:
    status, error = await raw.request("GET", "/users/@me", headers={"Authorization": "Bot wrong"})
    assert (status, error) == (401, {"message": "401: Unauthorized", "code": 0})
    async with raw.http.get("users/@me") as response:
        assert response.headers["Content-Type"] == "application/json"
    status, error = await raw.request("POST", posts(channel), data=b"{", headers={"Content-Type": "application/json"})
    assert (status, error["code"]) == (400, 50109)
    assert (await raw.request("GET", "/no/such/route"))[0] == 404
    assert len(await discord.violations(clear=True)) == 2
