"""Uploads: an address, the bytes, a completion, and a moment until a block may show the file."""

from __future__ import annotations

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.emulators.slack.client import Slack
from tests.emulators.slack.errors import Json
from tests.emulators.slack.workspaces import Channel


def picture(number: str) -> list[Json]:
    return [{"type": "image", "slack_file": {"id": number}, "alt_text": "A sum"}]


async def test_a_picture_can_be_shown_a_moment_after_its_upload(
    slack: Slack, web_client: AsyncWebClient, channel: Channel
) -> None:
    await slack.settings(file_delay=60)
    sent = await web_client.files_upload_v2(content=b"png", filename="sum.png", title="Sum", alt_txt="A sum")
    number = sent["file"]["id"]
    assert (await web_client.files_info(file=number))["file"]["mimetype"] == ""
    with pytest.raises(SlackApiError, match="invalid_blocks"):
        await web_client.chat_postMessage(channel=channel.id, text="x", blocks=picture(number))
    await slack.violations(clear=True)
    await slack.advance(61)
    assert (await web_client.files_info(file=number))["file"]["mimetype"] == "image/png"
    await web_client.chat_postMessage(channel=channel.id, text="x", blocks=picture(number))
    assert (await channel.messages())[0].text == "[A sum]"


async def test_a_file_is_shared_in_a_channel(web_client: AsyncWebClient, channel: Channel) -> None:
    await web_client.files_upload_v2(content="a,b", filename="data.csv", channel=channel.id, initial_comment="Here")
    message = (await channel.until_messages(1))[0]
    assert (message.text, message.raw["files"][0]["name"]) == ("Here", "data.csv")


async def test_only_whole_pictures_of_ones_own_are_shown(
    slack: Slack, web_client: AsyncWebClient, channel: Channel
) -> None:
    await slack.settings(file_delay=0)
    text = (await web_client.files_upload_v2(content="a,b", filename="data.csv"))["file"]["id"]
    for number in (text, "F0NONE"):
        with pytest.raises(SlackApiError, match="invalid slack file"):
            await web_client.chat_postMessage(channel=channel.id, text="x", blocks=picture(number))
    place = await web_client.files_getUploadURLExternal(filename="x.png", length=10)
    with pytest.raises(SlackApiError, match="file_not_found"):
        await web_client.files_completeUploadExternal(files=[{"id": place["file_id"]}])
    async with slack._session.post(place["upload_url"], data=b"short") as response:
        assert response.status == 400
    assert len(await slack.violations(clear=True)) == 4


async def test_a_file_may_come_as_a_part_of_a_form(slack: Slack, web_client: AsyncWebClient) -> None:
    place = await web_client.files_getUploadURLExternal(filename="x.png", length=3)
    form = aiohttp.FormData()
    form.add_field("filename", b"png", filename="x.png", content_type="image/png")
    async with slack._session.post(place["upload_url"], data=form) as response:
        assert (response.status, await response.text()) == (200, "OK - 3")


async def test_uploads_fail_on_command(slack: Slack, web_client: AsyncWebClient) -> None:
    await slack.failing("upload", 500)
    place = await web_client.files_getUploadURLExternal(filename="x.png", length=3)
    async with slack._session.post(place["upload_url"], data=b"png") as response:
        assert response.status == 500
    async with slack._session.post(place["upload_url"], data=b"png") as response:
        assert response.status == 200
