"""What goes wrong on command, one request at a time."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.emulators.slack.client import Slack
from tests.emulators.slack.people import Person
from tests.emulators.slack.testbot import TestBot
from tests.emulators.slack.workspaces import Channel

POST = "chat.postMessage"


async def say(client: AsyncWebClient, channel: Channel, text: str = "x") -> Any:
    return await client.chat_postMessage(channel=channel.id, text=text)


async def test_a_limit_has_its_shape_and_its_number_of_times(
    slack: Slack, web_client: AsyncWebClient, channel: Channel
) -> None:
    await slack.limited(POST, seconds=7, times=2)
    for _ in range(2):
        with pytest.raises(SlackApiError) as why:
            await say(web_client, channel)
        assert why.value.response.status_code == 429
        assert why.value.response.headers["Retry-After"] == "7"
        assert why.value.response["error"] == "ratelimited"
    await say(web_client, channel)
    assert len(await channel.messages()) == 1
    assert [one["status"] for one in await slack.requests(POST)] == [429, 429, 200]


async def test_a_failure_has_no_effect(slack: Slack, web_client: AsyncWebClient, channel: Channel) -> None:
    await slack.failing(POST, 503)
    with pytest.raises(SlackApiError) as why:
        await say(web_client, channel)
    assert why.value.response.status_code == 503
    await slack.refused(POST, "internal_error")
    with pytest.raises(SlackApiError, match="internal_error"):
        await say(web_client, channel)
    assert await channel.messages() == []


async def test_an_error_can_come_after_the_effect(slack: Slack, web_client: AsyncWebClient, channel: Channel) -> None:
    await slack.refused(POST, "fatal_error", after_effect=True)
    with pytest.raises(SlackApiError, match="fatal_error"):
        await say(web_client, channel)
    assert len(await channel.messages()) == 1


@pytest.mark.parametrize("after", [False, True])
async def test_a_connection_is_lost_before_or_after_the_effect(
    slack: Slack, web_client: AsyncWebClient, channel: Channel, after: bool
) -> None:
    await slack.dropped(POST, after_effect=after)
    with pytest.raises(aiohttp.ClientError):
        await say(web_client, channel)
    assert len(await channel.messages()) == int(after)


async def test_the_default_client_posts_twice_after_a_lost_connection(
    slack: Slack, bot: TestBot, channel: Channel
) -> None:
    await slack.dropped(POST, after_effect=True)
    await say(bot.client, channel)
    assert len(await channel.messages()) == 2


async def test_answers_come_late(slack: Slack, web_client: AsyncWebClient, channel: Channel) -> None:
    await slack.delayed(POST, seconds=0.2, after_effect=True)
    begun = time.perf_counter()
    sending = asyncio.create_task(say(web_client, channel))
    await channel.until_messages(1)
    await sending
    assert time.perf_counter() - begun >= 0.2


async def test_a_fault_can_wait_for_its_channel(
    slack: Slack, web_client: AsyncWebClient, channel: Channel, ann: Person
) -> None:
    await slack.refused(POST, "internal_error", where={"channel": channel.id})
    await web_client.chat_postMessage(channel=ann.id, text="x")
    with pytest.raises(SlackApiError, match="internal_error"):
        await say(web_client, channel)


async def test_response_addresses_fail_too(slack: Slack, bot: TestBot, channel: Channel, ann: Person) -> None:
    await slack.failing("response_url", 500)
    answer = await ann.command(channel, "/quiz hello", until="acked")
    async with asyncio.timeout(10):
        while not (await slack.counts()).get("response_url"):
            await asyncio.sleep(0.01)
    assert (await ann.look(answer)).messages == []
    assert (await ann.command(channel, "/quiz hello")).text == "You said hello"


async def test_faults_can_be_called_off(slack: Slack, web_client: AsyncWebClient, channel: Channel) -> None:
    await slack.failing("*", 500, times=99)
    await slack.clear_faults()
    await say(web_client, channel)


async def test_the_emulator_forgets_everything_on_reset(
    slack: Slack, web_client: AsyncWebClient, channel: Channel
) -> None:
    await say(web_client, channel)
    await slack.reset()
    with pytest.raises(SlackApiError, match="invalid_auth"):
        await say(web_client, channel)
    assert [one["method"] for one in await slack.requests()] == [POST]
    await slack.violations(clear=True)


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("go_on", [False, True])
async def test_a_held_request_waits_and_then_goes_on_or_is_lost(
    slack: Slack, web_client: AsyncWebClient, channel: Channel, after: bool, go_on: bool
) -> None:
    await slack.holding(POST, after_effect=after)
    asking = asyncio.create_task(say(web_client, channel))
    await slack.until_held()
    assert len(await channel.messages()) == int(after)
    assert not asking.done()
    assert await slack.let_go(go_on=go_on) == 1
    if go_on:
        assert (await asking)["ok"]
    else:
        with pytest.raises(aiohttp.ClientError):
            await asking
    assert len(await channel.messages()) == int(after or go_on)


async def test_a_held_request_has_its_effect_although_its_sender_is_gone(
    slack: Slack, web_client: AsyncWebClient, channel: Channel
) -> None:
    await slack.holding(POST)
    asking = asyncio.create_task(say(web_client, channel))
    await slack.until_held()
    asking.cancel()
    await asyncio.sleep(0.05)
    await slack.let_go()
    await channel.until_messages(1)
