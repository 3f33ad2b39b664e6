"""Block Kit's rules: everything good passes, and each limit bites as Slack words it."""

from __future__ import annotations

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.emulators.slack.client import Slack
from tests.emulators.slack.errors import Json
from tests.emulators.slack.workspaces import Channel


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def button(number: int = 0, **more: Any) -> Json:
    return {"type": "button", "action_id": f"b{number}", "text": plain("Go"), **more}


def option(number: int = 0, text: str = "One", **more: Any) -> Json:
    return {"text": plain(text), "value": str(number), **more}


def section(**more: Any) -> Json:
    return {"type": "section", "text": plain("x"), **more}


def actions(*elements: Json, **more: Any) -> Json:
    return {"type": "actions", "elements": list(elements), **more}


def select(options: list[Json], **more: Any) -> Json:
    return {"type": "static_select", "action_id": "s", "placeholder": plain("Which?"), "options": options, **more}


def rich(*elements: Json) -> Json:
    return {"type": "rich_text", "elements": list(elements)}


def line(*elements: Json) -> Json:
    return {"type": "rich_text_section", "elements": list(elements)}


def words(text: str, **style: bool) -> Json:
    return {"type": "text", "text": text, **({"style": style} if style else {})}


def table(rows: int, cells: int, text: str = "x") -> Json:
    return {"type": "table", "rows": [[{"type": "raw_text", "text": text}] * cells for _ in range(rows)]}


def labelled(**more: Any) -> Json:
    return {"type": "input", "label": plain("Why?"), "element": {"type": "plain_text_input", "action_id": "i"}, **more}


_IMAGE = {"type": "image", "image_url": "https://example.com/x.png", "alt_text": "x"}
GOOD: list[Json] = [
    {"type": "header", "text": plain("x" * 150)},
    section(
        text={"type": "mrkdwn", "text": "*bold*", "verbatim": True},
        accessory=button(1, style="primary", value="v" * 2000),
    ),
    {"type": "section", "fields": [plain("x" * 2000)] * 4 + [plain("x")] * 6},
    actions(*[button(n) for n in range(2, 27)]),
    actions(select([option(n, "t" * 75) for n in range(100)])),
    {"type": "context", "elements": [plain("x")] * 9 + [_IMAGE]},
    {"type": "divider"},
    {**_IMAGE, "title": plain("x")},
    rich(
        line(
            words("bold", bold=True), {"type": "link", "url": "https://example.com"}, {"type": "emoji", "name": "tada"}
        ),
        {"type": "rich_text_list", "style": "ordered", "indent": 1, "elements": [line(words("item"))]},
        {"type": "rich_text_preformatted", "elements": [words("code")]},
        {"type": "rich_text_quote", "elements": [words("said")]},
    ),
    table(100, 20),
    labelled(hint=plain("x"), optional=True, dispatch_action=True),
]
LONG = {
    "header": (
        [{"type": "header", "text": plain("x" * 151)}],
        "must be less than 151 characters [json-pointer:/blocks/0/text/text]",
    ),
    "header kind": ([{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}], "unsupported type: mrkdwn"),
    "section text": ([section(text=plain("x" * 3001))], "must be less than 3001 characters"),
    "empty text": ([section(text=plain(""))], "must be more than 0 characters"),
    "section of nothing": ([{"type": "section"}], "must provide text or fields"),
    "fields": ([{"type": "section", "fields": [plain("x")] * 11}], "no more than 10 items allowed"),
    "field text": ([{"type": "section", "fields": [plain("x" * 2001)]}], "must be less than 2001 characters"),
    "blocks": ([{"type": "divider"}] * 51, "no more than 50 items allowed [json-pointer:/blocks]"),
    "actions": (
        [actions(*[button(n) for n in range(26)])],
        "no more than 25 items allowed [json-pointer:/blocks/0/elements]",
    ),
    "no actions": ([actions()], "no fewer than 1 items allowed"),
    "button text": ([actions(button(text=plain("x" * 76)))], "must be less than 76 characters"),
    "button value": ([actions(button(value="x" * 2001))], "must be less than 2001 characters"),
    "button style": ([actions(button(style="green"))], "must be a valid enum value"),
    "action_id length": ([actions(button(action_id="x" * 256))], "must be less than 256 characters"),
    "action_id twice": ([actions(button(1)), actions(button(1))], "`action_id` already exists for another element"),
    "block_id length": ([actions(button(), block_id="x" * 256)], "must be less than 256 characters"),
    "block_id twice": ([section(block_id="x"), section(block_id="x")], "`block_id` already exists"),
    "options": ([actions(select([option(n) for n in range(101)]))], "no more than 100 items allowed"),
    "no options": ([actions(select([]))], "no fewer than 1 items allowed"),
    "option text": ([actions(select([option(text="x" * 76)]))], "must be less than 76 characters"),
    "option value": ([actions(select([option(0, value="x" * 151)]))], "must be less than 151 characters"),
    "option twice": ([actions(select([option(1), option(1)]))], "option values must be unique"),
    "placeholder": ([actions(select([option()], placeholder=plain("x" * 151)))], "must be less than 151 characters"),
    "initial option": ([actions(select([option()], initial_option=option(7)))], "initial option must match"),
    "table rows": ([table(101, 1)], "no more than 100 items allowed"),
    "table cells": ([table(1, 21)], "no more than 20 items allowed"),
    "table text": ([table(2, 1, "x" * 5001)], "must be less than 10001 characters"),
    "empty cell": ([table(1, 1, "")], "must be more than 0 characters"),
    "markdown": ([{"type": "markdown", "text": "x" * 12_001}], "must be less than 12001 characters"),
    "two markdowns": ([{"type": "markdown", "text": "x" * 6_001}] * 2, "characters together"),
    "alt text": ([{**_IMAGE, "alt_text": "x" * 2001}], "must be less than 2001 characters"),
    "image of nothing": ([{"type": "image", "alt_text": "x"}], "must provide exactly one of image_url, slack_file"),
    "context": ([{"type": "context", "elements": [plain("x")] * 11}], "no more than 10 items allowed"),
    "context text": ([{"type": "context", "elements": [plain("x" * 2001)]}], "must be less than 2001 characters"),
    "input label": ([labelled(label=plain("x" * 2001))], "must be less than 2001 characters"),
    "input length": (
        [labelled(element={"type": "plain_text_input", "max_length": 3001})],
        "must be between 1 and 3000",
    ),
    "rich text style": (
        [rich(line({"type": "text", "text": "x", "style": {"big": True}}))],
        "invalid additional property: big",
    ),
    "rich text empty": ([rich(line(words("")))], "must be more than 0 characters"),
    "rich text kind": ([rich(line({"type": "blink", "text": "x"}))], "unsupported type: blink"),
    "rich text list": (
        [rich({"type": "rich_text_list", "style": "roman", "elements": [line(words("x"))]})],
        "valid enum",
    ),
    "unknown block": ([{"type": "marquee"}], "unsupported type: marquee [json-pointer:/blocks/0/type]"),
    "unknown field": ([section(texts=1)], "invalid additional property: texts [json-pointer:/blocks/0]"),
    "no type": ([{"text": plain("x")}], "missing required field: type"),
    "confirm": (
        [
            actions(
                button(
                    confirm={"title": plain("x" * 101), "text": plain("x"), "confirm": plain("y"), "deny": plain("n")}
                )
            )
        ],
        "must be less than 101 characters",
    ),
}


async def test_all_that_is_good_passes(slack: Slack, web_client: AsyncWebClient, channel: Channel) -> None:
    for block in GOOD:
        await web_client.chat_postMessage(channel=channel.id, text="x", blocks=[block])
    shown = await channel.messages()
    assert all(block["block_id"] for message in shown for block in message.blocks)
    assert shown[8].text == "boldhttps://example.com:tada:\n1. item\ncode\nsaid"


async def test_each_rule_bites(slack: Slack, web_client: AsyncWebClient, channel: Channel) -> None:
    await slack.settings(post_burst=100)
    for name, (found, message) in LONG.items():
        with pytest.raises(SlackApiError) as why:
            await web_client.chat_postMessage(channel=channel.id, text="x", blocks=found)
        answer = why.value.response
        assert answer["error"] == "invalid_blocks", name
        assert any(message in one for one in answer["response_metadata"]["messages"]), (name, answer["errors"])
    assert await channel.messages() == []
    assert [one.where for one in await slack.violations(clear=True)] == ["chat.postMessage"] * len(LONG)


async def test_without_validation_anything_passes(slack: Slack, web_client: AsyncWebClient, channel: Channel) -> None:
    await slack.settings(validate=False)
    await web_client.chat_postMessage(channel=channel.id, text="x", blocks=LONG["header"][0])
    assert len((await channel.messages())[0].text) == 151
