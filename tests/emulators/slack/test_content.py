"""What messages and views carry beside their blocks, and its limits."""

from __future__ import annotations

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.emulators.slack.client import Slack
from tests.emulators.slack.errors import Json
from tests.emulators.slack.people import Person
from tests.emulators.slack.test_blocks import plain, section, table
from tests.emulators.slack.testbot import TestBot, form
from tests.emulators.slack.workspaces import Channel


async def refused(web_client: AsyncWebClient, method: str, **args: Any) -> str:
    with pytest.raises(SlackApiError) as why:
        await web_client.api_call(method, json=args)
    return str(why.value.response["error"])


async def test_what_a_message_carries_has_limits(slack: Slack, web_client: AsyncWebClient, channel: Channel) -> None:
    post = {"channel": channel.id}
    nested = {"event_type": "x", "event_payload": {"a": {"b": {"c": 1}}}}
    big = {"event_type": "x", "event_payload": {"a": "x" * 8_000}}
    asked: list[tuple[str, Json]] = [
        ("no_text", {}),
        ("no_text", {"text": "  "}),
        ("invalid_blocks_format", {"text": "x", "blocks": "[{"}),
        ("msg_blocks_too_long", {"text": "x", "blocks": [section(text=plain("x" * 3000)) for _ in range(4)]}),
        ("invalid_attachments", {"text": "x", "blocks": [table(1, 1), table(1, 1)]}),
        ("invalid_attachments", {"text": "x", "blocks": [table(1, 1)], "attachments": [{"blocks": [table(1, 1)]}]}),
        ("invalid_attachments", {"text": "x", "attachments": [{"blocks": [{"type": "marquee"}]}]}),
        ("too_many_attachments", {"text": "x", "attachments": [{"text": "x"}] * 101}),
        ("markdown_text_conflict", {"text": "x", "markdown_text": "y"}),
        ("invalid_metadata_format", {"text": "x", "metadata": {"event_type": "x"}}),
        ("invalid_metadata_schema", {"text": "x", "metadata": nested}),
        ("metadata_too_large", {"text": "x", "metadata": big}),
    ]
    for error, args in asked:
        assert await refused(web_client, "chat.postMessage", **post, **args) == error
    assert len(await slack.violations(clear=True)) == len(asked)
    assert await channel.messages() == []


async def test_a_long_text_is_cut_and_a_lacking_one_advised_against(
    slack: Slack, web_client: AsyncWebClient, channel: Channel
) -> None:
    sent = await web_client.chat_postMessage(channel=channel.id, text="x" * 40_001)
    assert sent["response_metadata"]["warnings"] == ["message_truncated"]
    assert len((await channel.messages())[0].fallback) == 40_000
    await web_client.api_call("chat.postMessage", json={"channel": channel.id, "blocks": [section()]})
    await web_client.chat_postMessage(channel=channel.id, text="x" * 4_001)
    assert [one.what.split()[0] for one in await slack.advice()] == ["blocks", "a"]
    assert (
        await refused(web_client, "chat.update", channel=channel.id, ts=sent["ts"], text="x" * 4_001) == "msg_too_long"
    )
    await slack.violations(clear=True)


VIEWS: dict[str, tuple[Json, str]] = {
    "title": ({"title": plain("x" * 25)}, "must be less than 25 characters [json-pointer:/view/title/text]"),
    "submit": ({"submit": plain("x" * 25)}, "must be less than 25 characters"),
    "no submit": ({"submit": None}, "missing required field: submit"),
    "private_metadata": ({"private_metadata": "x" * 3001}, "must be less than 3001 characters"),
    "callback_id": ({"callback_id": "x" * 256}, "must be less than 256 characters"),
    "external_id": ({"external_id": "x" * 256}, "must be less than 256 characters"),
    "blocks": ({"blocks": [{"type": "divider"}] * 101}, "no more than 100 items allowed"),
    "no blocks": ({"blocks": []}, "no fewer than 1 items allowed"),
    "a table": ({"blocks": [table(1, 1)]}, "unsupported type: table"),
    "unknown": ({"colour": "red"}, "invalid additional property: colour"),
}


async def test_each_rule_of_modals_bites(slack: Slack, bot: TestBot, ann: Person, channel: Channel) -> None:
    trigger = (await ann.command(channel, "/quiz hello")).payload["trigger_id"]
    for name, (change, message) in VIEWS.items():
        view = {key: value for key, value in {**form(), **change}.items() if value is not None}
        with pytest.raises(SlackApiError) as why:
            await bot.client.views_open(trigger_id=trigger, view=view)
        answer = why.value.response
        assert answer["error"] == "invalid_arguments", name
        assert any(message in one for one in answer["response_metadata"]["messages"]), (
            name,
            answer["response_metadata"],
        )
    assert [one.where for one in await slack.violations(clear=True)] == ["views.open"] * len(VIEWS)
    assert await ann.modal() is None


async def test_a_huge_view_is_too_large(slack: Slack, bot: TestBot, ann: Person, channel: Channel) -> None:
    trigger = (await ann.command(channel, "/quiz hello")).payload["trigger_id"]
    view = form(blocks=[section(text=plain("é" * 2999)) for _ in range(50)])
    assert await refused(bot.client, "views.open", trigger_id=trigger, view=view) == "view_too_large"
    home = {"type": "home", "blocks": [section()], "title": plain("x")}
    assert await refused(bot.client, "views.publish", user_id=ann.id, view=home) == "invalid_arguments"
    await slack.violations(clear=True)
