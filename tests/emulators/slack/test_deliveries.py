"""How deliveries go: signatures, retries, envelopes, and the troubles of both transports."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import aiohttp
import aiohttp.web
import pytest

from tests.emulators.slack.client import Slack
from tests.emulators.slack.manifest import usual
from tests.emulators.slack.people import Person
from tests.emulators.slack.testbot import TestBot
from tests.emulators.slack.workspaces import Channel, Installed, Workspace


async def test_an_app_proves_its_address(slack: Slack, web_bot: TestBot) -> None:
    assert await slack.verify_url()
    await slack.manifest(usual("http://127.0.0.1:9/slack/events"))
    assert not await slack.verify_url()


async def test_signed_requests_can_be_replayed_and_spoilt(
    slack: Slack, web_bot: TestBot, ann: Person, channel: Channel
) -> None:
    answer = await ann.command(channel, "/quiz hello")
    assert (await ann.replay(answer)).status == 200
    assert (await ann.replay(answer, age=301)).status == 401
    assert (await ann.replay(answer, headers={"X-Slack-Signature": "v0=0"})).status == 401
    assert (await ann.replay(answer, headers={"X-Slack-Signature": None})).status == 401
    assert (await ann.replay(answer, body="command=%2Fquiz&text=forged")).status == 401
    raw = await slack.post_raw(
        "events", json.dumps({"type": "url_verification", "challenge": "x"}), content_type="application/json"
    )
    assert raw.status == 200


async def test_a_deed_and_an_event_come_twice(slack: Slack, web_bot: TestBot, ann: Person, channel: Channel) -> None:
    answer = await ann.command(channel, "/quiz hello")
    assert (await ann.redeliver(answer)).status == 200
    await channel.rename("weekly")
    first = await slack.until_event("channel_rename")
    assert (await slack.redeliver("channel_rename")).status == 200
    assert [one["event_id"] for one in web_bot.heard[-2:]] == [first["event_id"]] * 2


async def test_an_app_that_breaks_fails_the_person(
    slack: Slack, web_bot: TestBot, ann: Person, channel: Channel
) -> None:
    answer = await ann.forge_press(channel, "nothing-of-the-kind")
    assert answer.error == "dispatch_failed"
    found = await slack.violations(clear=True)
    assert found[0].what == "answered HTTP 404"


@asynccontextmanager
async def listening(answer: Callable[[aiohttp.web.Request], Awaitable[aiohttp.web.Response]]) -> AsyncIterator[str]:
    """An address that answers so."""
    application = aiohttp.web.Application()
    application.router.add_post("/events", answer)
    runner = aiohttp.web.AppRunner(application)
    await runner.setup()
    try:
        await aiohttp.web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/events"
    finally:
        await runner.cleanup()


async def test_an_event_is_sent_again_until_it_is_taken(slack: Slack, installed: Installed, channel: Channel) -> None:
    """At once, after a minute, after five; with the number and the reason of each retry."""
    seen: list[tuple[str | None, str | None]] = []

    async def refuse(request: aiohttp.web.Request) -> aiohttp.web.Response:
        if (await request.json())["event"]["type"] != "channel_rename":
            return aiohttp.web.Response()
        seen.append((request.headers.get("X-Slack-Retry-Num"), request.headers.get("X-Slack-Retry-Reason")))
        return aiohttp.web.Response(status=200 if len(seen) == 4 else 500)

    async with listening(refuse) as url:
        await slack.manifest(usual(url))
        await channel.rename("weekly")
        for attempts, seconds in ((3, 61), (4, 301)):
            async with asyncio.timeout(10):
                while (await slack.events("channel_rename"))[0]["attempts"] < attempts:
                    await asyncio.sleep(0.01)
            await slack.advance(seconds)
        async with asyncio.timeout(10):
            while len(seen) < 4:
                await asyncio.sleep(0.01)
    assert seen == [(None, None), ("1", "http_error"), ("2", "http_error"), ("3", "http_error")]
    assert [one.what for one in await slack.violations(clear=True)] == ["an event left unacknowledged"]


async def test_a_slow_app_is_timed_out_over_http(slack: Slack, ann: Person, channel: Channel) -> None:
    """A command fails for the person; an event is sent again."""
    enough, reasons = asyncio.Event(), []

    async def dawdle(request: aiohttp.web.Request) -> aiohttp.web.Response:
        reasons.append(request.headers.get("X-Slack-Retry-Reason"))
        await enough.wait()
        return aiohttp.web.Response()

    async with listening(dawdle) as url:
        await slack.manifest(usual(url))
        await slack.settings(acknowledge=0.05, retries=[0])
        assert (await ann.command(channel, "/quiz now")).error == "operation_timeout"
        await channel.rename("weekly")
        async with asyncio.timeout(10):
            while (await slack.events("channel_rename"))[0]["attempts"] < 3:
                await asyncio.sleep(0.01)
        enough.set()
    assert reasons == [None, None, "http_timeout"]
    found = [one.what for one in await slack.violations(clear=True)]
    assert found == ["a deed left unacknowledged", "an event left unacknowledged"]


async def test_an_app_can_decline_retries(slack: Slack, channel: Channel) -> None:
    async def decline(_request: aiohttp.web.Request) -> aiohttp.web.Response:
        return aiohttp.web.Response(status=500, headers={"X-Slack-No-Retry": "1"})

    async with listening(decline) as url:
        await slack.manifest(usual(url))
        await channel.rename("weekly")
        await slack.until_event("channel_rename")
        assert [one["attempts"] for one in await slack.events("channel_rename")] == [1]


async def test_events_go_only_to_who_subscribed_and_may(
    slack: Slack, bot: TestBot, ann: Person, channel: Channel, workspace: Workspace
) -> None:
    await slack.manifest(usual(events=["channel_archive"]))
    await channel.rename("weekly")
    assert await slack.events("channel_rename") == []
    await workspace.change_scopes(drop=["channels:read"])
    await channel.archive()
    assert await slack.events() == [
        one for one in await slack.events() if one["payload"]["event"]["type"] == "member_joined_channel"
    ]


async def test_a_manifest_with_faults_is_refused(slack: Slack) -> None:
    with pytest.raises(ValueError, match="unknown bot event shouting"):
        await slack.manifest(usual(events=["shouting"]))
    with pytest.raises(ValueError, match=r"reaction_added needs the scope reactions:read"):
        await slack.manifest(usual(events=["reaction_added"], scopes=["commands"]))
    with pytest.raises(ValueError, match="slash commands need the scope commands"):
        await slack.manifest(usual(events=[], scopes=["chat:write"]))


async def test_a_refresh_moves_the_app_to_another_socket(
    slack: Slack, bot: TestBot, ann: Person, channel: Channel
) -> None:
    for opened, reason in enumerate(("warning", "refresh_requested"), 2):
        await slack.say_goodbye(reason)
        await slack.until_connected(opened=opened)
    assert (await ann.command(channel, "/quiz now")).text == "At once"


async def test_a_dropped_socket_comes_back(slack: Slack, bot: TestBot, ann: Person, channel: Channel) -> None:
    assert await slack.drop_sockets() == 1
    await slack.until_connected(opened=2)
    assert (await ann.command(channel, "/quiz now")).text == "At once"


async def test_an_event_survives_a_socket_cut_in_its_middle(slack: Slack, bot: TestBot, channel: Channel) -> None:
    await slack.settings(retries=[0.5, 1, 1])
    await slack.cut_mid_envelope()
    await channel.rename("weekly")
    await slack.until_event("channel_rename")
    found = (await slack.events("channel_rename"))[0]
    assert found["attempts"] > 1
    assert found["reason"] in ("disconnected", "no_connection")
    assert {one["event_id"] for one in bot.heard} >= {found["payload"]["event_id"]}


async def test_a_command_is_lost_with_its_socket(slack: Slack, bot: TestBot, ann: Person, channel: Channel) -> None:
    await slack.cut_mid_envelope()
    assert (await ann.command(channel, "/quiz now")).error == "operation_timeout"
    await slack.until_connected(opened=2)


async def test_without_an_app_a_command_fails(slack: Slack, ann: Person, channel: Channel) -> None:
    assert (await ann.command(channel, "/quiz now")).error == "dispatch_failed"
