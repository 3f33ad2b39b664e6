"""Public messages in trouble: what is said once stands once, whatever Slack answers."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from adapters.slack import posts
from adapters.slack.directory import MANY
from adapters.slack.pace import BURST
from adapters.slack.posts import KIND
from adapters.slack.render import to_blocks
from bot.events import Command
from bot.messages import Message, Picture, Text
from bot.platform import Forbidden, Missing, PlatformError, Rejected, Unavailable
from tests.adapters.contract import ADA, QUESTION, now
from tests.adapters.slack.bench import SlackBench

PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)


@pytest.fixture(autouse=True)
def soon_settled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posts, "SETTLING", (0.05, 0.1))


async def standing(bench: SlackBench) -> int:
    return len(await bench.channel.messages())


async def posted(bench: SlackBench) -> int:
    return (await bench.slack.counts()).get("chat.postMessage", 0)


async def test_a_post_whose_answer_was_lost_is_looked_for_and_not_repeated(bench: SlackBench) -> None:
    await bench.slack.dropped("chat.postMessage", after_effect=True)
    ref = await bench.platform.post(bench.place, QUESTION, "daily:1")
    (message,) = await bench.channel.messages()
    assert message.ts == ref.message
    assert await posted(bench) == 1


async def test_a_post_that_slack_says_broke_after_it_was_made_stands_once(bench: SlackBench) -> None:
    await bench.slack.refused("chat.postMessage", "fatal_error", after_effect=True)
    await bench.platform.post(bench.place, QUESTION, "daily:1")
    assert (await standing(bench), await posted(bench)) == (1, 1)


async def test_a_post_that_was_not_made_is_made_after_a_look(bench: SlackBench) -> None:
    await bench.slack.dropped("chat.postMessage")
    await bench.platform.post(bench.place, QUESTION, "daily:1")
    asked = [each["method"] for each in await bench.slack.requests() if each["method"].startswith(("chat", "conv"))]
    assert asked[-2:] == ["conversations.history", "chat.postMessage"]
    assert await standing(bench) == 1


async def test_a_post_is_given_up_after_some_attempts_and_the_next_one_passes(bench: SlackBench) -> None:
    await bench.slack.failing("chat.postMessage", 503, times=3)
    with pytest.raises(Unavailable):
        await bench.platform.post(bench.place, QUESTION, "daily:1")
    await bench.platform.post(bench.place, QUESTION, "daily:1")
    assert await standing(bench) == 1


async def test_the_pause_that_slack_asks_for_is_waited_out(bench: SlackBench) -> None:
    await bench.slack.limited("chat.postMessage", seconds=1)
    loop = asyncio.get_running_loop()
    began = loop.time()
    await bench.platform.post(bench.place, QUESTION, "daily:1")
    assert loop.time() - began >= 1
    assert await standing(bench) == 1


async def test_a_long_pause_is_for_who_asked(bench: SlackBench) -> None:
    await bench.slack.limited("chat.postMessage", seconds=120)
    with pytest.raises(Unavailable) as paused:
        await bench.platform.post(bench.place, QUESTION, "daily:1")
    assert paused.value.retry_after == 120


async def test_a_channel_takes_its_messages_one_a_second_after_a_burst(bench: SlackBench) -> None:
    await asyncio.gather(*(bench.platform.post(bench.place, Message.of(f"No {n}"), f"n:{n}") for n in range(BURST + 2)))
    times = [each["at"] for each in await bench.slack.requests("chat.postMessage")]
    assert len(times) == BURST + 2
    assert times[BURST] - times[0] > 0.9
    assert times[BURST + 1] - times[0] > 1.9


async def test_a_key_is_found_past_a_page_of_other_messages_and_in_nobody_else_s(bench: SlackBench) -> None:
    since = now() - timedelta(minutes=1)
    ref = await bench.platform.post(bench.place, QUESTION, "daily:1")
    person = bench.people[ADA]
    for n in range(3):
        await person.say(bench.channel, f"daily:1 {n}")
    assert await bench.platform.find(bench.place, "daily:1", since) == [ref]
    (message, *_) = await bench.channel.messages()
    assert message.metadata == {"event_type": KIND, "event_payload": {"key": "daily:1"}}


async def test_twins_are_found_both_the_elder_first(bench: SlackBench) -> None:
    since = now() - timedelta(minutes=1)
    elder = await bench.platform.post(bench.place, QUESTION, "daily:1")
    twin = await bench.platform._posts._post(bench.place, to_blocks(QUESTION), "daily:1", {})
    assert await bench.platform.find(bench.place, "daily:1", since) == [elder, twin]
    await bench.platform.delete(twin)
    assert await bench.platform.post(bench.place, QUESTION, "daily:1") == elder


async def test_a_history_that_can_t_be_read_is_no_proof_that_nothing_is_there(bench: SlackBench) -> None:
    await bench.platform.post(bench.place, QUESTION, "daily:1")
    await bench.channel.kick_bot()
    with pytest.raises(Forbidden, match="/invite"):
        await bench.platform.find(bench.place, "daily:1", now() - timedelta(minutes=5))


@pytest.mark.parametrize(
    ("error", "kind", "mend"),
    [
        ("not_in_channel", Forbidden, "/invite @Studybot"),
        ("is_archived", Forbidden, "Unarchive"),
        ("channel_not_found", Missing, "choose another"),
        ("restricted_action_read_only_channel", Forbidden, "posting permissions"),
        ("missing_scope", Forbidden, "manifest"),
        ("msg_too_long", Rejected, "msg_too_long"),
        ("something_new", Rejected, "something_new"),
        ("accesslimited", Unavailable, "pause"),
    ],
)
async def test_each_refusal_says_what_to_do(
    bench: SlackBench, error: str, kind: type[PlatformError], mend: str
) -> None:
    await bench.slack.refused("chat.postMessage", error, times=3)
    with pytest.raises(kind, match=mend):
        await bench.platform.post(bench.place, QUESTION, "daily:1")


async def test_what_can_be_repeated_is_repeated(bench: SlackBench) -> None:
    ref = await bench.platform.post(bench.place, QUESTION, "daily:1")
    await bench.slack.dropped("chat.update", after_effect=True)
    await bench.platform.edit(ref, Message.of("Closed."))
    await bench.slack.failing("reactions.add", 500)
    await bench.platform.react(ref, "1️⃣")
    await bench.slack.failing("reactions.get", 502, times=2)
    assert list(await bench.platform.reactors(ref, "1️⃣")) == []
    assert [message.text for message in await bench.channel.messages()] == ["Closed."]


async def test_an_edit_in_an_archived_channel_is_forbidden(bench: SlackBench) -> None:
    ref = await bench.platform.post(bench.place, QUESTION, "daily:1")
    await bench.channel.archive()
    with pytest.raises(Forbidden, match="archived"):
        await bench.platform.edit(ref, Message.of("Closed."))
    with pytest.raises(Forbidden, match="archived"):
        await bench.platform.check(bench.place)


async def test_a_channel_without_the_bot_is_named_with_the_mend(bench: SlackBench) -> None:
    await bench.platform.check(bench.place)
    await bench.channel.kick_bot()
    await bench.slack.until_event("channel_left")
    with pytest.raises(Forbidden, match="/invite"):
        await bench.platform.check(bench.place)


async def test_scopes_that_lack_are_named_until_the_app_is_installed_with_them(bench: SlackBench) -> None:
    await bench.workspace.change_scopes(drop=["reactions:write"])
    await bench.restart()
    with pytest.raises(Forbidden, match="reactions:write"):
        await bench.platform.check(bench.place)
    await bench.workspace.change_scopes(grant=["reactions:write"])
    await bench.platform.check(bench.place)


async def test_who_reacted_by_the_dozen_is_looked_up_in_one_list(bench: SlackBench) -> None:
    ref = await bench.platform.post(bench.place, QUESTION, "daily:1")
    people = await bench.workspace.people(MANY + 5, channels=[bench.channel])
    (post,) = await bench.channel.messages()
    await asyncio.gather(*(person.react(post, "one") for person in people))
    await bench.quiet()
    await bench.restart()
    bench.platform._directory._known.clear()
    before = await bench.slack.counts()
    found = await bench.platform.reactors(ref, "1️⃣")
    assert sorted(actor.name for actor in found) == sorted(person.name for person in people)
    after = await bench.slack.counts()
    assert (after["users.list"] - before["users.list"], after["users.info"] - before["users.info"]) == (1, 0)


async def test_a_picture_is_shown_once_slack_has_it_ready(bench: SlackBench) -> None:
    message = Message.of(Text.of("Look"), Picture(PNG, "A ring of four ranks"))
    ref = await bench.platform.post(bench.place, message, "picture")
    (shown,) = await bench.channel.messages()
    assert "[A ring of four ranks]" in shown.text
    await bench.platform.edit(ref, message)
    assert (await bench.slack.counts())["upload"] == 1, "the same picture is sent once"


async def test_a_picture_that_can_t_be_sent_is_said_in_words(bench: SlackBench) -> None:
    await bench.slack.refused("files.getUploadURLExternal", "file_upload_disabled")
    await bench.platform.post(bench.place, Message.of(Picture(PNG, "A ring of four ranks")), "picture")
    (shown,) = await bench.channel.messages()
    assert "A ring of four ranks" in shown.text


async def test_a_private_message_is_forbidden_where_the_tab_for_it_is_off(bench: SlackBench) -> None:
    await bench.command(ADA, "/quiz today")
    (event,) = bench.events
    assert isinstance(event, Command)
    await bench.slack.refused("chat.postMessage", "messages_tab_disabled")
    with pytest.raises(Forbidden, match="Messages Tab"):
        await bench.platform.tell(event.actor, Message.of("Your score was corrected."))
