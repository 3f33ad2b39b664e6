"""What happens in workspaces, and what people can't do: members, channels, shared channels, forgeries, shortcuts."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest
from slack_sdk.errors import SlackApiError

from tests.emulators.slack.client import Slack
from tests.emulators.slack.errors import Impossible
from tests.emulators.slack.manifest import usual
from tests.emulators.slack.people import Person
from tests.emulators.slack.testbot import TestBot, form
from tests.emulators.slack.workspaces import Channel, Installed, Workspace


async def test_the_life_of_a_channel_is_told(slack: Slack, bot: TestBot, channel: Channel, ann: Person) -> None:
    await channel.rename("weekly")
    assert (await slack.until_event("channel_rename"))["event"]["channel"]["name"] == "weekly"
    await channel.archive()
    assert (await slack.until_event("channel_archive"))["event"]["channel"] == channel.id
    with pytest.raises(Impossible, match="archived"):
        await ann.command(channel, "/quiz now")
    await channel.unarchive()
    await slack.until_event("channel_unarchive")
    await channel.delete()
    await slack.until_event("channel_deleted")


async def test_private_channels_have_their_own_events(
    slack: Slack, bot: TestBot, workspace: Workspace, ann: Person, installed: Installed
) -> None:
    secret = await workspace.channel("secret", private=True, members=[ann])
    await secret.rename("unseen")
    assert await slack.events("group_rename") == []
    await secret.invite_bot(by=ann)
    joined = (await slack.until_event("member_joined_channel"))["event"]
    assert (joined["user"], joined["inviter"]) == (installed.bot, ann.id)
    await secret.archive()
    await slack.until_event("group_archive")
    await secret.unarchive()
    await secret.kick_bot()
    assert (await slack.until_event("group_left"))["event"]["channel"] == secret.id


async def test_comings_and_goings_are_told(slack: Slack, bot: TestBot, workspace: Workspace, channel: Channel) -> None:
    bob = await workspace.person("Bob")
    await channel.admit(bob)
    assert (await slack.until_event("member_joined_channel"))["event"]["user"] == bob.id
    await channel.part(bob)
    assert (await slack.until_event("member_left_channel"))["event"]["user"] == bob.id
    await channel.kick_bot()
    await slack.until_event("channel_left")
    await bob.change(tz="Asia/Tokyo", real_name="Robert")
    assert (await slack.until_event("user_change"))["event"]["user"]["tz"] == "Asia/Tokyo"
    await workspace.rename("Night School")
    assert (await slack.until_event("team_rename"))["event"]["name"] == "Night School"


async def test_people_see_and_do_only_what_is_theirs(
    slack: Slack, bot: TestBot, workspace: Workspace, channel: Channel, ann: Person
) -> None:
    bob = await workspace.person("Bob")
    guest = await workspace.person("Guy", guest="single")
    with pytest.raises(Impossible, match="not in"):
        await bob.command(channel, "/quiz now")
    await bot.ask(channel.id)
    question = (await channel.messages())[0]
    answer = await ann.press(question, "A")
    with pytest.raises(Impossible, match="another's private one"):
        await bob.press(answer.message, "Again")
    with pytest.raises(Impossible, match="can't see"):
        await guest.press(question, "A")
    with pytest.raises(Impossible, match="there is no 'C'"):
        await ann.press(question, "C")
    with pytest.raises(Impossible, match="nobody can react"):
        await ann.react(answer.message, "one")
    assert (await bob.press(question, "A")).text == "Pressed 0 times"
    assert len(await ann.private_messages(channel)) == 1


async def test_deeds_can_be_forged(slack: Slack, bot: TestBot, channel: Channel, ann: Person) -> None:
    answer = await ann.forge_press(channel, "again", value="41")
    assert answer.text == "Pressed 42 times"
    sent = await ann.forge_submit("explain", {"why": {"why": {"type": "plain_text_input", "value": "x"}}})
    assert (await ann.settled(sent, until="message")).text == "Thank you: x"


async def test_a_shared_channel_holds_people_of_two_workspaces(
    slack: Slack, bot: TestBot, workspace: Workspace, ann: Person, installed: Installed
) -> None:
    theirs = await slack.workspace("Elsewhere")
    cho = await theirs.person("Cho")
    shared = await workspace.channel("both", members=[ann, cho], shared_with=[theirs])
    await shared.invite_bot()
    await bot.ask(shared.id)
    with pytest.raises(Impossible, match="not installed in Elsewhere"):
        await cho.command(shared, "/quiz now")
    answer = await cho.press((await shared.messages())[0], "A")
    assert answer.text == "Pressed 0 times"
    assert (answer.payload["team"]["id"], answer.payload["user"]["team_id"]) == (workspace.id, theirs.id)
    assert (await bot.client.users_info(user=cho.id))["user"]["is_stranger"]
    await cho.say(shared, f"Hi {installed.mention}")
    event = await slack.until_event("app_mention")
    assert (event["is_ext_shared_channel"], event["event"]["user_team"]) == (True, theirs.id)
    assert event["authorizations"][0]["team_id"] == workspace.id


async def test_two_workspaces_are_told_apart(
    slack: Slack, connect: Callable[[Installed], Awaitable[TestBot]], workspace: Workspace, channel: Channel
) -> None:
    other = await slack.workspace("Elsewhere")
    cho = await other.person("Cho")
    installed = await other.install(cho)
    bot = await connect(installed)
    with pytest.raises(SlackApiError, match="channel_not_found"):
        await bot.ask(channel.id)
    mine = await other.channel(members=[cho])
    await mine.invite_bot()
    await bot.ask(mine.id)
    assert (await cho.press((await mine.messages())[0], "A")).payload["team"]["id"] == other.id


async def test_shortcuts_open_forms(slack: Slack, bot: TestBot, channel: Channel, ann: Person) -> None:
    known = [{"name": "Ask", "type": "global", "callback_id": "ask", "description": "Ask"}]
    await slack.manifest(usual(shortcuts=known))
    assert (await ann.shortcut("ask")).view.title == "Ask"
    with pytest.raises(Impossible):
        await ann.shortcut("other")


async def test_text_reads_as_people_read_it(
    slack: Slack, bot: TestBot, channel: Channel, ann: Person, workspace: Workspace
) -> None:
    group = await workspace.usergroup("readers", [ann])
    text = f"*Hi* {ann.mention}, see <https://x.example|the _site_> in {channel.mention} &lt;b&gt; <!subteam^{group}> `a*b*c` <!here>"
    await bot.client.chat_postMessage(channel=channel.id, text=text)
    shown = (await channel.messages())[0]
    assert shown.text == "Hi @Ann, see the site in #daily <b> @readers a*b*c @here"
    assert shown.pings == [ann.id, group, "here"]
    assert shown.fallback == text


async def test_views_are_pushed_updated_and_guarded(slack: Slack, bot: TestBot, channel: Channel, ann: Person) -> None:
    more = {
        "type": "actions",
        "elements": [{"type": "button", "action_id": "more", "text": {"type": "plain_text", "text": "More"}}],
    }
    payload = (await ann.command(channel, "/quiz now")).payload
    view = form(blocks=[*form()["blocks"], more], external_id="mine")
    opened = (await bot.client.views_open(trigger_id=payload["trigger_id"], view=view))["view"]
    modal = await ann.modal()
    assert modal is not None
    pushed = await ann.press(modal, "More")
    assert (pushed.view.title, pushed.view.raw["previous_view_id"]) == ("More", opened["id"])
    with pytest.raises(SlackApiError, match="hash_conflict"):
        await bot.client.views_update(view_id=opened["id"], hash="old", view=form("Changed"))
    changed = await bot.client.views_update(
        external_id="mine", hash=opened["hash"], view=form("Changed", external_id="mine")
    )
    assert changed["view"]["title"]["text"] == "Changed"
    await ann.close(pushed, everything=True)
    assert await ann.modal() is None
    with pytest.raises(SlackApiError, match="not_found"):
        await bot.client.views_update(view_id=opened["id"], view=form())
