"""What holds for a time, and a number of times: triggers, response addresses, acknowledgments, the pace of posting."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.emulators.slack.client import Slack
from tests.emulators.slack.errors import Json
from tests.emulators.slack.people import Person
from tests.emulators.slack.testbot import TestBot, form
from tests.emulators.slack.workspaces import Channel


async def error(call: Any) -> str:
    with pytest.raises(SlackApiError) as why:
        await call
    return str(why.value.response["error"])


async def respond(payload: Json, **body: Any) -> tuple[int, str]:
    """Post to the response address by hand."""
    async with aiohttp.ClientSession() as http, http.post(payload["response_url"], json=body) as response:
        return response.status, await response.text()


async def test_a_trigger_is_good_once_and_for_three_seconds(
    slack: Slack, bot: TestBot, ann: Person, channel: Channel
) -> None:
    await slack.settings(trigger_life=3)
    trigger = (await ann.command(channel, "/quiz hello")).payload["trigger_id"]
    await bot.client.views_open(trigger_id=trigger, view=form())
    assert await error(bot.client.views_open(trigger_id=trigger, view=form())) == "exchanged_trigger_id"
    trigger = (await ann.command(channel, "/quiz hello")).payload["trigger_id"]
    await slack.advance(3.1)
    assert await error(bot.client.views_open(trigger_id=trigger, view=form())) == "expired_trigger_id"
    assert await error(bot.client.views_open(trigger_id="1.2.3", view=form())) == "invalid_trigger_id"
    assert len(await slack.violations(clear=True)) == 3


async def test_a_response_address_is_good_five_times(slack: Slack, bot: TestBot, ann: Person, channel: Channel) -> None:
    await ann.command(channel, "/quiz many", until="acked")
    async with asyncio.timeout(10):
        while len(found := await ann.private_messages(channel)) < 5:
            await asyncio.sleep(0.01)
    assert [one.text for one in found] == [f"Part {number}" for number in range(5)]
    payload = (await slack.call("interactions"))[0]["payload"]
    assert await respond(payload, text="x") == (404, '{"ok":false,"error":"used_url"}')
    assert [one.what for one in await slack.violations(clear=True)] == ["used_url"]


async def test_a_response_address_is_good_for_half_an_hour(
    slack: Slack, bot: TestBot, ann: Person, channel: Channel
) -> None:
    payload = (await ann.command(channel, "/quiz now")).payload
    await slack.advance(29 * 60)
    assert await respond(payload, text="In time") == (200, "ok")
    await slack.advance(61)
    assert (await respond(payload, text="Late"))[1] == '{"ok":false,"error":"expired_url"}'
    assert [one.text for one in await ann.private_messages(channel)] == ["At once", "In time"]
    await slack.violations(clear=True)


async def test_what_a_response_address_takes(slack: Slack, bot: TestBot, ann: Person, channel: Channel) -> None:
    payload = (await ann.command(channel, "/quiz now")).payload
    assert (await respond(payload, text="x", replace_original="true"))[0] == 400
    assert (await respond(payload, text="x", response_type="public"))[0] == 400
    assert (await respond(payload, blocks=[{"type": "marquee"}]))[1].startswith('{"ok":false,"error":"invalid_blocks"')
    assert (await respond(payload, texts="x"))[1].startswith('{"ok":false,"error":"no_text"')
    assert await respond(payload, text="Everyone", response_type="in_channel") == (200, "ok")
    assert [one.text for one in await channel.messages()] == ["Everyone"]
    assert len(await slack.violations(clear=True)) == 5


async def test_a_public_message_is_replaced_and_deleted_by_its_response_address(
    slack: Slack, bot: TestBot, ann: Person, channel: Channel
) -> None:
    await bot.ask(channel.id)
    answer = await ann.press((await channel.messages())[0], "A")
    assert await respond(answer.payload, text="Closed", replace_original=True) == (200, "ok")
    assert [one.text for one in await channel.messages()] == ["Closed"]
    assert await respond(answer.payload, delete_original=True) == (200, "ok")
    assert await channel.messages() == []


async def test_an_ephemeral_message_goes_away_by_its_own_address(
    slack: Slack, bot: TestBot, ann: Person, channel: Channel
) -> None:
    await bot.ask(channel.id)
    private = await ann.press((await channel.messages())[0], "A")
    answer = await ann.press(private.message, "Again", until="message")
    assert answer.payload["container"]["is_ephemeral"]
    assert "message" not in answer.payload
    assert (await respond(answer.payload, text="x", replace_original=True, response_type="in_channel"))[0] == 400
    assert await respond(answer.payload, delete_original=True) == (200, "ok")
    assert await ann.private_messages(channel) == []


async def test_silence_becomes_a_timeout_that_the_person_sees(
    slack: Slack, bot: TestBot, ann: Person, channel: Channel
) -> None:
    await slack.settings(acknowledge=3)
    waiting = asyncio.create_task(ann.command(channel, "/quiz silent"))
    await asyncio.sleep(0.05)
    await slack.advance(3.1)
    assert (await waiting).error == "operation_timeout"
    assert [one.what for one in await slack.violations(clear=True)] == ["a deed left unacknowledged"]
    bot.held.set()


async def test_silence_may_be_expected(slack: Slack, bot: TestBot, ann: Person, channel: Channel) -> None:
    await slack.settings(acknowledge=0.05)
    answer = await ann.command(channel, "/quiz silent", may_stay_unanswered=True)
    assert answer.error == "operation_timeout"


async def test_a_channel_takes_a_message_a_second(
    slack: Slack, web_client: AsyncWebClient, channel: Channel, ann: Person
) -> None:
    await slack.settings(post_burst=2, post_per_second=1)
    for _ in range(2):
        await web_client.chat_postMessage(channel=channel.id, text="x")
    with pytest.raises(SlackApiError) as why:
        await web_client.chat_postMessage(channel=channel.id, text="x")
    assert (why.value.response.status_code, why.value.response["error"]) == (429, "ratelimited")
    assert why.value.response.headers["Retry-After"] in ("1", "2")
    await web_client.chat_postMessage(channel=ann.id, text="another channel")
    await slack.advance(2.1)
    await web_client.chat_postMessage(channel=channel.id, text="x")
    assert len(await channel.messages()) == 3


async def test_a_method_is_limited_on_request(slack: Slack, web_client: AsyncWebClient, channel: Channel) -> None:
    await slack.rate_limit("conversations.history", limit=1, window=60)
    await web_client.conversations_history(channel=channel.id)
    assert await error(web_client.conversations_history(channel=channel.id)) == "ratelimited"
    await slack.advance(61)
    await web_client.conversations_history(channel=channel.id)
