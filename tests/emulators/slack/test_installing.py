"""The app comes and goes: OAuth, token rotation, scopes, revoked tokens, uninstalling."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.oauth import AuthorizeUrlGenerator
from slack_sdk.oauth.installation_store.models.bot import Bot
from slack_sdk.oauth.token_rotation.async_rotator import AsyncTokenRotator
from slack_sdk.web.async_client import AsyncWebClient

from tests.emulators.slack.client import Slack
from tests.emulators.slack.errors import Impossible, Json
from tests.emulators.slack.manifest import usual
from tests.emulators.slack.people import Person
from tests.emulators.slack.testbot import TestBot
from tests.emulators.slack.workspaces import Channel, Installed, Workspace

pytestmark = pytest.mark.filterwarnings("ignore:BasicAuth is deprecated:DeprecationWarning")
"""slack_sdk's own, in oauth_v2_access."""

BACK = "https://bot.example.com/slack/oauth_redirect"


async def error(call: Any) -> str:
    with pytest.raises(SlackApiError) as why:
        await call
    return str(why.value.response["error"])


def link(slack: Slack, *scopes: str) -> str:
    made = AuthorizeUrlGenerator(
        client_id=slack.client_id, scopes=scopes, redirect_uri=BACK, authorization_url=slack.authorize_url
    )
    return made.generate(state="s3cret")


async def exchanged(slack: Slack, **given: str) -> Json:
    client = AsyncWebClient(base_url=slack.api, retry_handlers=[])
    answer = await client.oauth_v2_access(client_id=slack.client_id, client_secret=slack.client_secret, **given)
    assert isinstance(answer.data, dict)
    return answer.data


async def test_a_person_installs_the_app_through_its_link(slack: Slack, workspace: Workspace, ann: Person) -> None:
    await slack.manifest(usual(redirects=[BACK]))
    back = parse_qs(urlsplit(await ann.authorize(link(slack, "chat:write", "commands"))).query)
    assert back["state"] == ["s3cret"]
    code = back["code"][0]
    assert await error(exchanged(slack, code=code)) == "bad_redirect_uri"
    given = await exchanged(slack, code=code, redirect_uri=BACK)
    assert (given["team"]["id"], given["scope"], given["authed_user"]["id"]) == (
        workspace.id,
        "chat:write,commands",
        ann.id,
    )
    assert (await AsyncWebClient(given["access_token"], base_url=slack.api).auth_test())["user_id"] == given[
        "bot_user_id"
    ]
    assert await error(exchanged(slack, code=code, redirect_uri=BACK)) == "invalid_code"
    assert await error(exchanged(slack, code="nonsense", redirect_uri=BACK)) == "invalid_code"
    assert [one.what for one in await slack.violations(clear=True)] == ["bad_redirect_uri"]


async def test_a_person_may_decline_and_slack_checks_the_link(slack: Slack, workspace: Workspace, ann: Person) -> None:
    await slack.manifest(usual(redirects=[BACK]))
    assert "error=access_denied" in await ann.authorize(link(slack, "chat:write"), agrees=False)
    with pytest.raises(Impossible, match="scopes that the manifest lacks"):
        await ann.authorize(link(slack, "admin"))
    with pytest.raises(Impossible, match="redirect_uri"):
        await ann.authorize(link(slack, "chat:write").replace("bot.example.com", "evil.example.com"))


async def test_a_wrong_secret_is_refused(slack: Slack, workspace: Workspace) -> None:
    client = AsyncWebClient(base_url=slack.api)
    wrong = client.oauth_v2_access(client_id=slack.client_id, client_secret="x", code="x")
    assert await error(wrong) == "bad_client_secret"
    unknown = client.oauth_v2_access(client_id="x", client_secret="x", code="x")
    assert await error(unknown) == "invalid_client_id"
    await slack.violations(clear=True)


async def test_tokens_rotate(slack: Slack, workspace: Workspace) -> None:
    await slack.manifest(usual(rotates=True))
    installed = await workspace.install()
    access = installed.access
    assert access["access_token"].startswith("xoxe.xoxb-")
    assert access["expires_in"] == 43_200
    client = AsyncWebClient(installed.token, base_url=slack.api)
    assert (await client.auth_test())["expires_in"] > 43_000
    await slack.advance(43_201)
    assert await error(client.auth_test()) == "token_expired"
    bot = Bot(
        app_id=slack.app_id,
        team_id=workspace.id,
        bot_token=installed.token,
        bot_id=installed.bot_id,
        bot_user_id=installed.bot,
        bot_scopes=installed.scopes,
        bot_refresh_token=access["refresh_token"],
        bot_token_expires_at=1,
        installed_at=1.0,
    )
    rotator = AsyncTokenRotator(
        client_id=slack.client_id, client_secret=slack.client_secret, client=AsyncWebClient(base_url=slack.api)
    )
    fresh = await rotator.perform_bot_token_rotation(bot=bot)
    assert fresh is not None
    assert (await AsyncWebClient(fresh.bot_token, base_url=slack.api).auth_test())["ok"]
    used = exchanged(slack, grant_type="refresh_token", refresh_token=access["refresh_token"])
    assert await error(used) == "invalid_refresh_token"


async def test_only_two_tokens_live_at_once(slack: Slack, workspace: Workspace) -> None:
    await slack.manifest(usual(rotates=True))
    access = (await workspace.install()).access
    tokens = [access["access_token"]]
    for _ in range(2):
        access = await exchanged(slack, grant_type="refresh_token", refresh_token=access["refresh_token"])
        tokens.append(access["access_token"])
    assert await error(AsyncWebClient(tokens[0], base_url=slack.api).auth_test()) == "token_revoked"
    for token in tokens[1:]:
        await AsyncWebClient(token, base_url=slack.api).auth_test()


async def test_scopes_are_held_to(slack: Slack, workspace: Workspace, ann: Person) -> None:
    installed = await workspace.install(scopes=["commands", "channels:read"])
    channel = await workspace.channel(members=[ann])
    await channel.invite_bot()
    client = AsyncWebClient(installed.token, base_url=slack.api)
    with pytest.raises(SlackApiError) as why:
        await client.chat_postMessage(channel=channel.id, text="x")
    answer = why.value.response
    assert (answer["error"], answer["needed"], answer["provided"]) == (
        "missing_scope",
        "chat:write",
        "commands,channels:read",
    )
    assert await error(client.conversations_list(types="private_channel")) == "missing_scope"
    await workspace.change_scopes(grant=["chat:write"])
    await client.chat_postMessage(channel=channel.id, text="x")
    await slack.assert_no_violations()
    await slack.manifest(usual(scopes=["commands"], events=[]))
    assert await error(client.users_info(user=ann.id)) == "missing_scope"
    assert [one.where for one in await slack.violations(clear=True)] == ["users.info"]


async def test_an_uninstalled_app_hears_of_it_and_is_out(
    slack: Slack, bot: TestBot, workspace: Workspace, ann: Person, channel: Channel, installed: Installed
) -> None:
    await bot.ask(channel.id)
    question = (await channel.messages())[0]
    await workspace.uninstall()
    await slack.until_event("app_uninstalled")
    revoked = await slack.until_event("tokens_revoked")
    assert revoked["event"]["tokens"]["bot"] == [installed.bot]
    assert await error(bot.client.auth_test()) == "account_inactive"
    assert installed.bot not in (await channel.look())["members"]
    for deed in (ann.command(channel, "/quiz now"), ann.press(question, "A"), ann.open_home()):
        with pytest.raises(Impossible):
            await deed
    again = await workspace.install(ann)
    assert again.bot == installed.bot
    assert again.token != installed.token
    fresh = AsyncWebClient(again.token, base_url=slack.api)
    await channel.invite_bot()
    await fresh.chat_update(channel=channel.id, ts=question.ts, text="Closed")


async def test_tokens_are_revoked(slack: Slack, web_client: AsyncWebClient, workspace: Workspace) -> None:
    assert not (await web_client.auth_revoke(test=True))["revoked"]
    assert (await web_client.auth_revoke())["revoked"]
    assert await error(web_client.auth_test()) == "token_revoked"
    assert len(await slack.events("tokens_revoked")) == 1
    fresh = await workspace.install()
    await workspace.revoke_tokens(quietly=True)
    assert await error(AsyncWebClient(fresh.token, base_url=slack.api).auth_test()) == "token_revoked"
    assert len(await slack.events("tokens_revoked")) == 1


async def test_an_app_uninstalls_itself(slack: Slack, web_client: AsyncWebClient) -> None:
    await web_client.apps_uninstall(client_id=slack.client_id, client_secret=slack.client_secret)
    assert await error(web_client.auth_test()) == "account_inactive"
    assert len(await slack.events("app_uninstalled")) == 1


async def test_an_organisation_installs_once_for_all_its_workspaces(slack: Slack) -> None:
    await slack.manifest(usual())
    grid = await slack.enterprise()
    one = await slack.workspace("One", enterprise=grid)
    two = await slack.workspace("Two", enterprise=grid)
    installed = await one.install(org_wide=True)
    client = AsyncWebClient(installed.token, base_url=slack.api)
    assert installed.access["is_enterprise_install"]
    assert await error(client.users_list()) == "missing_argument"
    bob = await two.person("Bob")
    assert {member["id"] for member in (await client.users_list(team_id=two.id))["members"]} == {bob.id}
    channel = await two.channel(members=[bob])
    answer = await bob.command(channel, "/quiz now")
    assert (answer.payload["enterprise_id"], answer.payload["is_enterprise_install"]) == (grid, "true")
    await slack.violations(clear=True)
