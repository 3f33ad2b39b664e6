"""The Web API's methods through the real client: what they give, and what they refuse."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.emulators.slack.client import Slack
from tests.emulators.slack.people import Person
from tests.emulators.slack.workspaces import Channel, Installed, Workspace


async def error(call: Any) -> str:
    with pytest.raises(SlackApiError) as why:
        await call
    return str(why.value.response["error"])


async def test_who_the_app_is(
    slack: Slack, web_client: AsyncWebClient, installed: Installed, workspace: Workspace
) -> None:
    me = await web_client.auth_test()
    assert (me["user_id"], me["bot_id"], me["team_id"]) == (installed.bot, installed.bot_id, workspace.id)
    assert me.headers["x-oauth-scopes"].split(",") == installed.scopes
    assert (await web_client.team_info())["team"]["name"] == "Study Hall"
    assert (await web_client.bots_info(bot=installed.bot_id))["bot"]["user_id"] == installed.bot
    opened = await web_client.apps_connections_open(app_token=slack.app_token)
    assert opened["url"].startswith("ws://")


async def test_tokens_of_the_wrong_kind_are_refused(slack: Slack, web_client: AsyncWebClient) -> None:
    assert await error(AsyncWebClient("xoxb-none", base_url=slack.api).auth_test()) == "invalid_auth"
    assert await error(AsyncWebClient(base_url=slack.api).auth_test()) == "not_authed"
    assert await error(AsyncWebClient(slack.app_token, base_url=slack.api).auth_test()) == "not_allowed_token_type"
    assert await error(web_client.apps_connections_open(app_token=str(web_client.token))) == "not_allowed_token_type"
    assert len(await slack.violations(clear=True)) == 4


async def test_unknown_methods_and_arguments_are_violations(
    slack: Slack, web_client: AsyncWebClient, channel: Channel
) -> None:
    assert await error(web_client.api_call("chat.shout", json={"channel": channel.id})) == "unknown_method"
    await web_client.chat_postMessage(channel=channel.id, text="x", colour="red")
    assert await error(web_client.api_call("chat.postMessage", json={"text": "x"})) == "invalid_arguments"
    found = await slack.violations(clear=True)
    assert [one.where for one in found] == ["chat.shout", "chat.postMessage: colour", "chat.postMessage"]


async def test_reading_methods_take_no_json(slack: Slack, web_client: AsyncWebClient, channel: Channel) -> None:
    call = web_client.api_call("conversations.info", json={"channel": channel.id})
    assert await error(call) == "invalid_arguments"
    await slack.violations(clear=True)


async def test_posting_changing_and_deleting(web_client: AsyncWebClient, channel: Channel) -> None:
    sent = await web_client.chat_postMessage(
        channel=channel.id, text="One", metadata={"event_type": "k", "event_payload": {"n": 1}}
    )
    await web_client.chat_update(channel=channel.id, ts=sent["ts"], text="Two")
    message = (await channel.messages())[0]
    assert (message.text, message.edited, message.version) == ("Two", True, 2)
    assert message.metadata == {"event_type": "k", "event_payload": {"n": 1}}
    await web_client.chat_delete(channel=channel.id, ts=sent["ts"])
    assert await channel.messages() == []
    assert await error(web_client.chat_update(channel=channel.id, ts=sent["ts"], text="x")) == "message_not_found"
    assert await error(web_client.chat_delete(channel=channel.id, ts="1.000001")) == "message_not_found"


async def test_only_its_own_messages_are_the_apps_to_change(
    web_client: AsyncWebClient, ann: Person, channel: Channel
) -> None:
    said = await ann.say(channel, "Mine")
    assert await error(web_client.chat_update(channel=channel.id, ts=said.ts, text="x")) == "cant_update_message"
    assert await error(web_client.chat_delete(channel=channel.id, ts=said.ts)) == "cant_delete_message"


async def test_where_the_app_may_post(
    slack: Slack, web_client: AsyncWebClient, ann: Person, channel: Channel, workspace: Workspace
) -> None:
    secret = await workspace.channel("secret", private=True, members=[ann])
    other = await workspace.channel("other", members=[ann])
    assert await error(web_client.chat_postMessage(channel=secret.id, text="x")) == "channel_not_found"
    assert await error(web_client.chat_postMessage(channel=other.id, text="x")) == "not_in_channel"
    assert await error(web_client.chat_postMessage(channel="C0NOWHERE", text="x")) == "channel_not_found"
    assert (await web_client.chat_postMessage(channel="#daily", text="x"))["channel"] == channel.id
    assert await error(web_client.conversations_info(channel="daily")) == "channel_not_found"
    await web_client.conversations_join(channel=other.id)
    await web_client.chat_postMessage(channel=other.id, text="x")
    again = await web_client.conversations_join(channel=other.id)
    assert again["response_metadata"]["warnings"] == ["already_in_channel"]
    await channel.archive()
    assert await error(web_client.chat_postMessage(channel=channel.id, text="x")) == "is_archived"
    await slack.assert_no_violations()


async def test_an_ephemeral_message_is_for_one_member(
    web_client: AsyncWebClient, ann: Person, channel: Channel, workspace: Workspace
) -> None:
    bob = await workspace.person("Bob")
    sent = await web_client.chat_postEphemeral(channel=channel.id, user=ann.id, text="x")
    other = web_client.chat_postEphemeral(channel=channel.id, user=bob.id, text="x")
    assert await error(other) == "user_not_in_channel"
    assert [one.ts for one in await ann.private_messages(channel)] == [sent["message_ts"]]
    assert await channel.messages() == []
    change = web_client.chat_update(channel=channel.id, ts=sent["message_ts"], text="y")
    assert await error(change) == "message_not_found"
    assert (await web_client.conversations_history(channel=channel.id))["messages"] == []
    await ann.reload()
    assert await ann.private_messages(channel) == []


async def test_history_is_read_in_pages_and_between_times(web_client: AsyncWebClient, channel: Channel) -> None:
    sent = []
    for number in range(5):
        metadata = {"event_type": "post", "event_payload": {"key": f"k{number}"}}
        sent.append((await web_client.chat_postMessage(channel=channel.id, text=str(number), metadata=metadata))["ts"])
    page = await web_client.conversations_history(channel=channel.id, limit=2)
    assert [one["text"] for one in page["messages"]] == ["4", "3"]
    assert page["has_more"]
    cursor = page["response_metadata"]["next_cursor"]
    page = await web_client.conversations_history(channel=channel.id, limit=3, cursor=cursor, include_all_metadata=True)
    assert [one["metadata"]["event_payload"]["key"] for one in page["messages"]] == ["k2", "k1", "k0"]
    assert not page["has_more"]
    span = {"channel": channel.id, "oldest": sent[1], "latest": sent[3]}
    inner = await web_client.conversations_history(**span)
    assert ["metadata" in one for one in inner["messages"]] == [False]
    outer = await web_client.conversations_history(inclusive=True, **span)
    assert [one["text"] for one in outer["messages"]] == ["3", "2", "1"]


async def test_wrong_pages_are_refused(slack: Slack, web_client: AsyncWebClient, channel: Channel) -> None:
    assert await error(web_client.conversations_history(channel=channel.id, cursor="nonsense")) == "invalid_cursor"
    assert await error(web_client.conversations_history(channel=channel.id, limit=1000)) == "invalid_limit"
    assert await error(web_client.conversations_history(channel=channel.id, oldest="yesterday")) == "invalid_ts_oldest"
    assert await error(web_client.conversations_list(types="secret")) == "invalid_types"
    assert len(await slack.violations(clear=True)) == 4


async def test_threads(web_client: AsyncWebClient, ann: Person, channel: Channel) -> None:
    parent = (await web_client.chat_postMessage(channel=channel.id, text="Q"))["ts"]
    await web_client.chat_postMessage(channel=channel.id, text="A", thread_ts=parent)
    await ann.say(channel, "B", thread=(await channel.messages())[0])
    found = (await web_client.conversations_replies(channel=channel.id, ts=parent))["messages"]
    assert [one["text"] for one in found] == ["Q", "A", "B"]
    assert found[0]["reply_count"] == 2
    assert len((await web_client.conversations_history(channel=channel.id))["messages"]) == 1
    assert await error(web_client.conversations_replies(channel=channel.id, ts="1.000001")) == "thread_not_found"


async def test_direct_messages_are_opened(
    web_client: AsyncWebClient, ann: Person, installed: Installed, workspace: Workspace
) -> None:
    opened = await web_client.conversations_open(users=[ann.id])
    again = await web_client.conversations_open(users=ann.id, return_im=True)
    assert (again["channel"]["id"], again["already_open"]) == (opened["channel"]["id"], True)
    assert again["channel"]["user"] == ann.id
    await web_client.chat_postMessage(channel=opened["channel"]["id"], text="Hello")
    await web_client.chat_postMessage(channel=ann.id, text="Again")
    assert [one.text for one in await ann.direct_messages()] == ["Hello", "Again"]
    assert await error(web_client.conversations_open(users=["U0NOBODY"])) == "user_not_found"
    gone = await workspace.person("Gone", deleted=True)
    assert await error(web_client.conversations_open(users=[gone.id])) == "user_disabled"


async def test_channels_and_their_members(
    web_client: AsyncWebClient, ann: Person, channel: Channel, installed: Installed, workspace: Workspace
) -> None:
    secret = await workspace.channel("secret", private=True, members=[ann])
    found = await web_client.conversations_list(types="public_channel,private_channel")
    assert [one["name"] for one in found["channels"]] == ["daily"]
    await secret.invite_bot()
    mine = await web_client.users_conversations(types=["public_channel", "private_channel"])
    assert [one["name"] for one in mine["channels"]] == ["daily", "secret"]
    shown = (await web_client.conversations_info(channel=channel.id, include_num_members=True))["channel"]
    assert (shown["is_member"], shown["num_members"], shown["is_private"]) == (True, 2, False)
    members = (await web_client.conversations_members(channel=channel.id))["members"]
    assert members == [ann.id, installed.bot]


async def test_people_and_their_groups(web_client: AsyncWebClient, ann: Person, workspace: Workspace) -> None:
    guest = await workspace.person("Guy", guest="single", tz="Europe/Berlin", locale="de-DE", display_name="guy!")
    user = (await web_client.users_info(user=guest.id, include_locale=True))["user"]
    assert (user["is_ultra_restricted"], user["tz"], user["locale"]) == (True, "Europe/Berlin", "de-DE")
    assert user["profile"]["display_name"] == "guy!"
    assert (await web_client.users_info(user=ann.id))["user"]["is_admin"]
    assert await error(web_client.users_info(user="U0NOBODY")) == "user_not_found"
    everyone = (await web_client.users_list())["members"]
    assert {"Ann", "Guy"} <= {one["real_name"] for one in everyone}
    group = await workspace.usergroup("readers", [ann, guest])
    assert [one["handle"] for one in (await web_client.usergroups_list())["usergroups"]] == ["readers"]
    assert (await web_client.usergroups_users_list(usergroup=group))["users"] == [ann.id, guest.id]
    assert await error(web_client.usergroups_users_list(usergroup="S0NONE")) == "no_such_subteam"


async def test_reactions(
    slack: Slack, web_client: AsyncWebClient, ann: Person, channel: Channel, workspace: Workspace, installed: Installed
) -> None:
    ts = (await web_client.chat_postMessage(channel=channel.id, text="Q"))["ts"]
    item = {"channel": channel.id, "timestamp": ts}
    await web_client.reactions_add(name="one", **item)
    assert await error(web_client.reactions_add(name="one", **item)) == "already_reacted"
    await ann.react((await channel.messages())[0], "one")
    found = (await web_client.reactions_get(**item))["message"]["reactions"]
    assert found == [{"name": "one", "users": [installed.bot, ann.id], "count": 2}]
    await web_client.reactions_remove(name="one", **item)
    assert await error(web_client.reactions_remove(name="one", **item)) == "no_reaction"
    missing = {"channel": channel.id, "timestamp": "1.000001"}
    assert await error(web_client.reactions_add(name="one", **missing)) == "message_not_found"
    assert await error(web_client.reactions_add(name="regional_indicator_a", **item)) == "invalid_name"
    await slack.violations(clear=True)
    await workspace.add_emoji("partyparrot")
    await web_client.reactions_add(name="partyparrot", **item)


async def test_a_request_is_the_same_on_a_fresh_connection_and_a_used_one(
    slack: Slack, installed: Installed, channel: Channel
) -> None:
    headers = {"Authorization": f"Bearer {installed.token}"}
    body = {"channel": channel.id, "text": "x"}
    async with aiohttp.ClientSession(headers=headers) as http:
        answers = []
        for path in ("chat.postMessage", "auth.test", "chat.postMessage"):
            async with http.post(slack.api + path, json=body if path != "auth.test" else None) as response:
                answers.append((response.status, await response.json()))
        async with http.get(slack.api + "conversations.history", params={"channel": channel.id}) as response:
            assert len((await response.json())["messages"]) == 2
        async with http.post(slack.api + "chat.postMessage", data={"channel": channel.id, "text": "form"}) as response:
            assert (await response.json())["message"]["text"] == "form"
    assert [one[0] for one in answers] == [200, 200, 200]
    assert answers[0][1]["warning"] == "missing_charset"
    found = await slack.requests("chat.postMessage")
    assert found[0]["headers"]["authorization"] == f"Bearer {installed.token}"
    assert (await slack.counts())["chat.postMessage"] == 3


async def test_a_body_in_chunks_is_understood(slack: Slack, installed: Installed, channel: Channel) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        yield b'{"channel": "'
        yield channel.id.encode() + b'", "text": "whole"}'

    headers = {"Authorization": f"Bearer {installed.token}", "Content-Type": "application/json; charset=utf-8"}
    async with aiohttp.ClientSession(headers=headers) as http:
        async with http.post(slack.api + "chat.postMessage", data=pieces()) as response:
            assert (await response.json())["message"]["text"] == "whole"
        async with http.post(slack.api + "chat.postMessage", data=b"{") as response:
            assert (await response.json())["error"] == "invalid_json"
    assert [one.what for one in await slack.violations(clear=True)] == ["invalid_json"]
