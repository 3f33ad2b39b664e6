"""Socket Mode by hand: tickets, envelopes, acknowledgments, pings, goodbyes."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from tests.emulators.slack.client import Slack
from tests.emulators.slack.errors import Json
from tests.emulators.slack.people import Person
from tests.emulators.slack.workspaces import Channel, Installed


@pytest.fixture
async def wire(slack: Slack, channel: Channel) -> Callable[[], Awaitable[aiohttp.ClientWebSocketResponse]]:
    """WebSockets by hand."""
    client = AsyncWebClient(slack.app_token, base_url=slack.api)

    async def connect() -> aiohttp.ClientWebSocketResponse:
        url = (await client.apps_connections_open(app_token=slack.app_token))["url"]
        return await slack._session.ws_connect(url, autoping=False)

    return connect


async def test_envelopes_have_their_shape(
    slack: Slack, wire: Callable[[], Awaitable[aiohttp.ClientWebSocketResponse]], ann: Person, channel: Channel
) -> None:
    socket = await wire()
    hello = await socket.receive_json()
    assert (hello["type"], hello["num_connections"]) == ("hello", 1)
    assert hello["connection_info"] == {"app_id": slack.app_id}
    typing = asyncio.create_task(ann.command(channel, "/quiz  play 3 ", until="acked"))
    envelope: Json = await socket.receive_json()
    assert (envelope["type"], envelope["accepts_response_payload"]) == ("slash_commands", True)
    assert envelope["payload"]["command"] == "/quiz"
    assert envelope["payload"]["text"] == "play 3"
    assert set(envelope["payload"]) == {
        *("token", "team_id", "team_domain", "channel_id", "channel_name", "user_id", "user_name", "command", "text"),
        *("api_app_id", "is_enterprise_install", "response_url", "trigger_id"),
    }
    await socket.send_json({"envelope_id": envelope["envelope_id"]})
    assert (await typing).acked is not None
    await channel.rename("weekly")
    event = await socket.receive_json()
    assert (event["type"], event["accepts_response_payload"], event["retry_attempt"]) == ("events_api", False, 0)
    await socket.send_json({"envelope_id": event["envelope_id"], "payload": {"text": "no"}})
    await socket.send_json({"envelope_id": "nothing"})
    await socket.send_str("nonsense")
    async with asyncio.timeout(10):
        while len(await slack.violations()) < 3:
            await asyncio.sleep(0.01)
    await slack.violations(clear=True)
    await socket.close()


async def test_slack_closes_what_it_has_asked_to_leave(
    slack: Slack, wire: Callable[[], Awaitable[aiohttp.ClientWebSocketResponse]]
) -> None:
    socket = await wire()
    await slack.say_goodbye()
    assert [(await socket.receive_json())["type"] for _ in range(2)] == ["hello", "disconnect"]
    await slack.advance(11)
    assert (await socket.receive()).type is aiohttp.WSMsgType.CLOSE


async def test_slack_pings_its_sockets(
    slack: Slack, wire: Callable[[], Awaitable[aiohttp.ClientWebSocketResponse]]
) -> None:
    await slack.settings(ping_seconds=0.05)
    socket = await wire()
    assert (await socket.receive_json())["type"] == "hello"
    ping = await socket.receive()
    assert (ping.type, ping.data) == (aiohttp.WSMsgType.PING, b"Ping from applink-loopback")
    await socket.close()


async def test_an_eleventh_socket_is_one_too_many(
    slack: Slack, wire: Callable[[], Awaitable[aiohttp.ClientWebSocketResponse]]
) -> None:
    sockets = [await wire() for _ in range(11)]
    hellos = [await one.receive_json() for one in sockets]
    assert [one["type"] for one in hellos] == ["hello"] * 10 + ["disconnect"]
    assert hellos[10]["reason"] == "too_many_websockets"
    for one in sockets:
        await one.close()


async def test_a_ticket_is_good_once_and_sockets_can_be_refused(slack: Slack, installed: Installed) -> None:
    client = AsyncWebClient(slack.app_token, base_url=slack.api)
    url = (await client.apps_connections_open(app_token=slack.app_token))["url"]
    await (await slack._session.ws_connect(url)).close()
    with pytest.raises(aiohttp.WSServerHandshakeError):
        await slack._session.ws_connect(url)
    url = (await client.apps_connections_open(app_token=slack.app_token))["url"]
    await slack.refuse_sockets(60)
    with pytest.raises(aiohttp.WSServerHandshakeError):
        await slack._session.ws_connect(url)
