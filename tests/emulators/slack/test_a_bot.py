"""The real slack_bolt over Socket Mode and over HTTP: commands, presses, menus, modals, home, events."""

from __future__ import annotations

import pytest

from tests.emulators.slack.client import Slack
from tests.emulators.slack.errors import Impossible
from tests.emulators.slack.people import Person
from tests.emulators.slack.testbot import TestBot
from tests.emulators.slack.workspaces import Channel, Installed, Workspace


async def test_a_command_is_answered_in_private(any_bot: TestBot, ann: Person, channel: Channel) -> None:
    answer = await ann.command(channel, "/quiz hello")
    assert answer.message.ephemeral
    assert answer.text == "You said hello"
    assert await channel.messages() == []
    assert [one.text for one in await ann.private_messages(channel)] == ["You said hello"]


async def test_a_command_answers_in_its_acknowledgment(any_bot: TestBot, ann: Person, channel: Channel) -> None:
    assert (await ann.command(channel, "/quiz now")).text == "At once"
    answer = await ann.command(channel, "/quiz all")
    assert not answer.message.ephemeral
    assert [one.text for one in await channel.messages()] == ["For all"]


async def test_a_command_works_where_the_app_is_no_member(any_bot: TestBot, ann: Person, workspace: Workspace) -> None:
    elsewhere = await workspace.channel("secret", private=True, members=[ann])
    answer = await ann.command(elsewhere, "/quiz hi")
    assert answer.payload["channel_name"] == "privategroup"
    assert answer.text == "You said hi"
    bob = await workspace.person("Bob")
    answer = await ann.command(await workspace.dm(ann, bob), "/quiz hi")
    assert (answer.text, answer.payload["channel_name"]) == ("You said hi", "directmessage")


async def test_an_unknown_command_is_not_sent(any_bot: TestBot, ann: Person, channel: Channel) -> None:
    with pytest.raises(Impossible, match="not a valid command"):
        await ann.command(channel, "/quizz")


async def test_a_press_answers_in_private_and_the_answer_changes_in_place(
    any_bot: TestBot, ann: Person, channel: Channel
) -> None:
    await any_bot.ask(channel.id)
    question = (await channel.messages())[0]
    assert question.text == "What is 1 + 1?\nChoose one & only one."
    assert question.fallback == "What is 1 + 1?"
    assert question.buttons == ["A", "B", "Explain"]
    answer = await ann.press(question, "A")
    assert answer.text == "Pressed 0 times"
    answer = await ann.press(answer.message, "Again")
    assert answer.text == "Pressed 1 times"
    answer = await ann.press(answer.message, "Again")
    assert (answer.text, answer.message.version) == ("Pressed 2 times", 3)
    assert len(await ann.private_messages(channel)) == 1
    assert (await ann.press(question, "B")).text == "Wrong"


async def test_a_menu_is_chosen_from(any_bot: TestBot, ann: Person, channel: Channel) -> None:
    await any_bot.ask(channel.id)
    question = (await channel.messages())[0]
    assert (await ann.choose(question, "Which?", "Two")).text == "You chose Two"
    with pytest.raises(Impossible, match="offers no"):
        await ann.choose(question, "Which?", "Three")


async def test_a_modal_is_filled_in_and_sent(any_bot: TestBot, ann: Person, channel: Channel) -> None:
    opened = await ann.command(channel, "/quiz form")
    assert opened.view.title == "Explain"
    assert opened.view.labels == ["Why?", "How sure?", "Deck"]
    with pytest.raises(Impossible, match="required"):
        await ann.submit(opened, {"How sure?": "Sure"})
    with pytest.raises(Impossible, match="0 to 500 characters"):
        await ann.submit(opened, {"Why?": "x" * 501})
    refused = await ann.submit(opened, {"Why?": "because"})
    assert refused.errors == {"why": "Say more."}
    again = await ann.modal()
    assert again is not None
    assert again.errors == refused.errors
    sent = await ann.submit(again, {"Why?": "It is"}, until="message")
    assert sent.text == "Thank you: It is"
    assert await ann.modal() is None
    assert [one.text for one in await ann.direct_messages()] == ["Thank you: It is"]


async def test_a_modal_is_replaced_stacked_and_cleared(any_bot: TestBot, ann: Person, channel: Channel) -> None:
    opened = await ann.command(channel, "/quiz form")
    changed = await ann.submit(opened, {"Why?": "next"})
    assert (changed.view.title, changed.view.id) == ("Once more", opened.view.id)
    pushed = await ann.submit(changed, {"Why?": "push"})
    assert (pushed.view.title, pushed.view.raw["depth"]) == ("On top", 2)
    await ann.close(pushed)
    top = await ann.modal()
    assert top is not None
    assert top.title == "Once more"
    await ann.submit(top, {"Why?": "push"})
    top = await ann.modal()
    assert top is not None
    assert (await ann.submit(top, {"Why?": "clear"})).closed
    assert await ann.modal() is None


async def test_closing_is_told_where_the_view_asks_for_it(any_bot: TestBot, ann: Person, channel: Channel) -> None:
    opened = await ann.command(channel, "/quiz form")
    changed = await ann.submit(opened, {"Why?": "next"})
    await ann.close(changed, until="acked")
    assert [one["is_cleared"] for one in any_bot.closed] == [False]


async def test_a_menu_asks_the_app_for_suggestions(any_bot: TestBot, ann: Person, channel: Channel) -> None:
    opened = await ann.command(channel, "/quiz form")
    assert await ann.complete(opened.view, "Deck", "tr") == ["Tree", "Trie"]


async def test_the_home_tab_is_published_and_used(any_bot: TestBot, ann: Person, channel: Channel) -> None:
    assert (await ann.open_home()).view.text == "Welcome"
    answer = await ann.open_home()
    assert answer.view.text == "Welcome back"
    opened = await ann.press(answer.view, "Explain")
    assert opened.view.title == "Explain"
    assert (await ann.home()) is not None


async def test_events_reach_the_app(
    slack: Slack, any_bot: TestBot, ann: Person, channel: Channel, installed: Installed
) -> None:
    await any_bot.ask(channel.id)
    question = (await channel.messages())[0]
    await ann.react(question, "one")
    event = await slack.until_event("reaction_added")
    assert event["event"]["reaction"] == "one"
    assert event["event"]["item"] == {"type": "message", "channel": channel.id, "ts": question.ts}
    assert event["authorizations"][0]["user_id"] == installed.bot
    await ann.unreact(question, "one")
    await slack.until_event("reaction_removed")
    await ann.say(channel, f"Hello {installed.mention}")
    assert (await slack.until_event("app_mention"))["event"]["user"] == ann.id
    await ann.say(None, "Hello")
    assert (await slack.until_event("message"))["event"]["channel_type"] == "im"
    kinds = [one["event"]["type"] for one in any_bot.heard]
    assert [one for one in kinds if one != "member_joined_channel"] == [
        "reaction_added",
        "reaction_removed",
        "app_mention",
        "message",
    ]
