"""What goes wrong on command, and the short way of callbacks next to the long one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import orjson
import pytest

from tests.emulators.discord.client import Discord, running
from tests.emulators.discord.errors import Json
from tests.emulators.discord.openapi import VARIABLE
from tests.emulators.discord.rawbot import Deeds, RawBot, raw_bot
from tests.emulators.discord.servers import Channel, Guild

POST = "/channels/{channel_id}/messages"
CALLBACK = "/interactions/{interaction_id}/{interaction_token}/callback"


@pytest.fixture
async def raw(discord: Discord, channel: Channel) -> AsyncIterator[RawBot]:
    async with raw_bot(discord) as bot:
        yield bot


async def say(raw: RawBot, channel: Channel) -> aiohttp.ClientResponse:
    return await raw.http.post(f"channels/{channel.id}/messages", json={"content": "x"})


async def test_every_response_tells_its_rate_limit(raw: RawBot, channel: Channel) -> None:
    response = await say(raw, channel)
    assert {
        *("X-RateLimit-Bucket", "X-RateLimit-Limit", "X-RateLimit-Remaining"),
        *("X-RateLimit-Reset", "X-RateLimit-Reset-After", "Via"),
    } <= set(response.headers)


async def test_a_limit_has_its_shape_and_its_number_of_times(discord: Discord, raw: RawBot, channel: Channel) -> None:
    await discord.limited("POST", POST, seconds=1.5, everywhere=True, times=2)
    for _ in range(2):
        response = await say(raw, channel)
        assert response.status == 429
        assert await response.json() == {"message": "You are being rate limited.", "retry_after": 1.5, "global": True}
        assert (response.headers["Retry-After"], response.headers["X-RateLimit-Scope"]) == ("2", "global")
        assert response.headers["X-RateLimit-Global"] == "true"
    assert (await say(raw, channel)).status == 200
    assert len(await channel.messages()) == 1


async def test_a_limit_without_via_and_with_a_code(discord: Discord, raw: RawBot, channel: Channel) -> None:
    await discord.limited("POST", POST, seconds=1, via=False, code=30046)
    response = await say(raw, channel)
    assert (response.status, (await response.json())["code"]) == (429, 30046)
    assert "Via" not in response.headers


async def test_a_narrow_bucket_refuses_who_takes_no_notice(discord: Discord, raw: RawBot, channel: Channel) -> None:
    await discord.rate_limit("POST", POST, limit=2, window=60)
    assert [(await say(raw, channel)).status for _ in range(3)] == [200, 200, 429]
    await discord.advance(61)
    assert (await say(raw, channel)).status == 200


async def test_all_routes_together_have_a_limit_that_interactions_do_not_count_towards(
    discord: Discord, raw: RawBot, channel: Channel
) -> None:
    await discord.limit_together(3)
    other = await (await discord.guild("Another")).channel("daily")
    answers = [await say(raw, one) for one in (channel, other, channel, other)]
    assert [each.status for each in answers] == [200, 200, 200, 429]
    told = answers[-1].headers
    assert (told["X-RateLimit-Scope"], told["X-RateLimit-Global"]) == ("global", "true")
    assert (await answers[-1].json())["global"] is True
    assert (await raw.http.post("webhooks/1/none", json={"content": "x"})).status == 404
    assert [each.where for each in await discord.violations(clear=True)] == [
        "POST /webhooks/{webhook_id}/{webhook_token}"
    ]
    assert await discord.turned_away() == 1
    await discord.advance(1)
    assert (await say(raw, channel)).status == 200


async def test_a_failure_a_delay_and_a_cut_each_come_once(discord: Discord, raw: RawBot, channel: Channel) -> None:
    await discord.failing("POST", POST, 503, code=1, message="down")
    response = await say(raw, channel)
    assert (response.status, await response.json()) == (503, {"message": "down", "code": 1})
    await discord.delayed("POST", POST, seconds=0.2)
    begun = asyncio.get_running_loop().time()
    assert (await say(raw, channel)).status == 200
    assert asyncio.get_running_loop().time() - begun >= 0.2
    for after in (False, True):
        await discord.dropped("POST", POST, after_effect=after)
        with pytest.raises(aiohttp.ClientError):
            await say(raw, channel)
    assert len(await channel.messages()) == 2


async def test_a_fault_meets_callbacks_too(discord: Discord, raw: RawBot, guild: Guild, channel: Channel) -> None:
    deeds = Deeds(raw, await guild.person("Ann"), channel)
    command = await deeds.command()
    await discord.failing("POST", CALLBACK, 500)
    assert (await raw.respond(command, 4, {"content": "x"}))[0] == 500
    await discord.failing("POST", CALLBACK, 502)
    async with aiohttp.ClientSession(f"{discord.api}/") as fresh:
        path = f"interactions/{command['id']}/{command['token']}/callback"
        async with fresh.post(path, json={"type": 4, "data": {"content": "x"}}) as response:
            assert response.status == 502
    await discord.dropped("POST", CALLBACK, after_effect=True)
    with pytest.raises(aiohttp.ClientError):
        await raw.respond(command, 4, {"content": "x"})
    assert (await deeds.answer()).text == "x"


async def test_a_callback_is_the_same_on_a_fresh_connection_and_a_used_one(
    discord: Discord, raw: RawBot, guild: Guild, channel: Channel
) -> None:
    deeds = Deeds(raw, await guild.person("Ann"), channel)
    seen: list[tuple[int, str, set[str]]] = []
    for fresh in (True, False):
        command = await deeds.command()
        body: Json = {"type": 4, "data": {"content": "x"}}
        async with aiohttp.ClientSession(f"{discord.api}/") as http:
            if not fresh:
                await http.get("users/@me")
            path = f"interactions/{command['id']}/{command['token']}/callback"
            for _ in range(2):
                async with http.post(path, json=body) as response:
                    seen.append((response.status, await response.text(), set(response.headers) - {"Date", "Server"}))
    assert [one[0] for one in seen] == [204, 400, 204, 400]
    assert seen[1] == seen[3]
    assert len(await discord.violations(clear=True)) == 2


async def test_a_callback_in_small_pieces_or_in_chunks_is_understood(
    discord: Discord, raw: RawBot, guild: Guild, channel: Channel
) -> None:
    deeds = Deeds(raw, await guild.person("Ann"), channel)
    host, port = discord.url.removeprefix("http://").split(":")
    content = orjson.dumps({"type": 4, "data": {"content": "x"}})
    for chunked in (False, True):
        command = await deeds.command()
        size = b"Transfer-Encoding: chunked" if chunked else b"Content-Length: %d" % len(content)
        body = b"%x\r\n%s\r\n0\r\n\r\n" % (len(content), content) if chunked else content
        target = f"/api/v10/interactions/{command['id']}/{command['token']}/callback"
        head = b"POST %s HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n%s\r\n\r\n" % (target.encode(), size)
        reader, writer = await asyncio.open_connection(host, int(port))
        whole = head + body
        for start in range(0, len(whole), 40):
            writer.write(whole[start : start + 40])
            await writer.drain()
            await asyncio.sleep(0)
        assert (await reader.readline()).startswith(b"HTTP/1.1 204")
        writer.close()
        await writer.wait_closed()
        assert (await deeds.answer()).text == "x"


async def test_a_reset_forgets_everything(discord: Discord, raw: RawBot, channel: Channel) -> None:
    await say(raw, channel)
    await discord.reset()
    assert (await say(raw, channel)).status == 404
    assert (await discord.sessions())["sessions"] == []
    assert len(await discord.requests()) == 1


async def test_the_published_document_has_a_say_where_it_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A document that is stricter than the emulator: what it refuses is a violation."""
    published = {
        "paths": {
            POST: {
                "post": {
                    "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/M"}}}}
                }
            }
        },
        "components": {"schemas": {"M": {"properties": {"content": {"maxLength": 3}}}, "SnowflakeType": {}}},
    }
    document = tmp_path / "published.json"
    document.write_bytes(orjson.dumps(published))
    monkeypatch.setenv(VARIABLE, str(document))
    async with running() as discord:
        channel = await (await discord.guild()).channel()
        headers = {"Authorization": f"Bot {discord.token}"}
        async with aiohttp.ClientSession(f"{discord.api}/", headers=headers) as http:
            for content in ("abc", "abcd"):
                async with http.post(f"channels/{channel.id}/messages", json={"content": content}) as response:
                    assert response.status == 200
        (violation,) = await discord.violations()
        assert violation.where == "POST /channels/{channel_id}/messages: $.content: 'abcd' is too long"


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("go_on", [False, True])
async def test_a_held_request_waits_and_then_goes_on_or_is_lost(
    discord: Discord, raw: RawBot, channel: Channel, after: bool, go_on: bool
) -> None:
    await discord.holding("POST", POST, after_effect=after)
    asking = asyncio.create_task(say(raw, channel))
    await discord.until_held()
    assert len(await channel.messages()) == int(after)
    assert not asking.done()
    assert await discord.let_go(go_on=go_on) == 1
    if go_on:
        assert (await asking).status == 200
    else:
        with pytest.raises(aiohttp.ClientError):
            await asking
    assert len(await channel.messages()) == int(after or go_on)


@pytest.mark.parametrize("with_file", [False, True])
async def test_a_held_request_has_its_effect_although_its_sender_is_gone(
    discord: Discord, raw: RawBot, channel: Channel, with_file: bool
) -> None:
    await discord.holding("POST", POST)
    body: Json = {"json": {"content": "x"}}
    if with_file:
        form = aiohttp.FormData({"payload_json": '{"content": "x"}'})
        form.add_field("files[0]", bytes(100), filename="picture.png")
        body = {"data": form}
    asking = asyncio.create_task(raw.http.post(f"channels/{channel.id}/messages", **body))
    await discord.until_held()
    asking.cancel()
    await asyncio.sleep(0.05)
    await discord.let_go()
    async with asyncio.timeout(5):
        while not await channel.messages():
            await asyncio.sleep(0.01)
