"""What comes over HTTP: signed or refused, once or again, well-formed or not; never a 500."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from adapters.slack import ids
from adapters.slack.endpoint import LARGEST, Malformed, to_payload
from adapters.slack.ways import EVENTS_PATH, Way
from bot.events import Command, Completion, Submit
from bot.messages import Choice, Choices, Message
from tests.adapters.contract import ADA, EXPLAIN, QUESTION
from tests.adapters.slack.bench import SlackBench

FORM = b"application/x-www-form-urlencoded"

pytestmark = pytest.mark.parametrize("bench", [Way.HTTP], indirect=True)


async def pressed(bench: SlackBench) -> None:
    """Ada has pressed a button, and the bot has heard of it."""
    ref = await bench.platform.post(bench.place, QUESTION, "daily:1")
    await bench.press(ADA, ref.message, "A")
    assert len(bench.events) == 1


async def test_the_events_address_verifies_itself(bench: SlackBench) -> None:
    assert await bench.slack.verify_url()


@pytest.mark.parametrize(
    "change",
    [
        {"headers": {"X-Slack-Signature": "v0=" + "0" * 64}},
        {"headers": {"X-Slack-Signature": None}},
        {"headers": {"X-Slack-Signature": "v0=ä"}},
        {"headers": {"X-Slack-Request-Timestamp": None}},
        {"headers": {"X-Slack-Request-Timestamp": "soon"}},
        {"headers": {"X-Slack-Request-Timestamp": "9" * 400}},
        {"age": 400},
        {"age": -400},
        {"body": "payload=%7B%7D"},
        {"body": ""},
    ],
)
async def test_what_slack_did_not_sign_is_refused(bench: SlackBench, change: dict[str, Any]) -> None:
    await pressed(bench)
    person = bench.people[ADA]
    assert (await person.replay(bench.last, **change)).status == 401
    assert len(bench.events) == 1


async def test_a_replay_is_answered_and_changes_nothing(bench: SlackBench) -> None:
    bench.answer = lambda _: Message.of("Noted.")
    await pressed(bench)
    before = await bench.seen(ADA)
    for headers in ({}, {"X-Slack-Retry-Num": "1", "X-Slack-Retry-Reason": "http_timeout"}):
        again = await bench.people[ADA].replay(bench.last, headers=headers)
        assert (again.status, again.body) == (200, None)
    await bench.quiet()
    assert len(bench.events) == 1
    assert await bench.seen(ADA) == before


async def test_an_event_that_comes_again_is_heard_once(bench: SlackBench) -> None:
    ref = await bench.platform.post(bench.place, QUESTION, "daily:1")
    await bench.react(ADA, ref.message, "1️⃣")
    await bench.slack.until_event("reaction_added")
    assert (await bench.slack.redeliver("reaction_added")).status == 200
    assert len(bench.events) == 1


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("payload=nonsense", FORM.decode()),
        ("payload=%5B1%2C2%5D", FORM.decode()),
        ("payload=%FF%FE", FORM.decode()),
        ("nothing=here", FORM.decode()),
        ("&".join(f"f{n}=1" for n in range(500)), FORM.decode()),
        ("[" * 5000, "application/json"),
        ("", "application/json"),
        ("17", "application/json"),
        ("payload={}", "multipart/form-data"),
    ],
)
async def test_what_is_signed_and_makes_no_sense_is_a_400(bench: SlackBench, body: str, kind: str) -> None:
    assert (await bench.slack.post_raw("interactivity", body, content_type=kind)).status == 400
    assert bench.events == []


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"type": "block_actions"},
        {"type": "block_actions", "actions": [{}], "user": None},
        {"type": "block_actions", "actions": [], "trigger_id": "1", "user": {"id": "U1"}},
        {"type": "view_submission", "view": {"callback_id": 7}, "trigger_id": "2"},
        {"type": "view_submission", "view": 17},
        {"type": "block_suggestion", "action_id": "x"},
        {"type": "event_callback", "event": {}},
        {"type": "event_callback", "event": {"type": "reaction_added"}, "event_id": "Ev1"},
        {"type": "event_callback", "event": {"type": 3}},
        {"type": "event_callback", "event": {"type": "reaction_added", "user": -1}, "event_id": "Ev2"},
        {"type": "event_callback", "event": {"type": "reaction_added", "item": 1.5}, "event_id": "Ev3"},
        {"type": "shortcut", "callback_id": "x"},
        {"type": "teapot"},
    ],
)
async def test_what_is_signed_and_strange_is_never_a_500(bench: SlackBench, sent: dict[str, Any]) -> None:
    for more in ({}, {"team": {"id": bench.workspace.id}}, {"team_id": "T0NOWHERE"}):
        body = "payload=" + httpx.QueryParams({"p": json.dumps({**sent, **more})}).__str__()[2:]
        said = await bench.slack.post_raw("interactivity", body)
        assert said.status is not None
        assert said.status < 500
    assert bench.events == []


async def test_what_says_not_where_it_was_done_is_not_taken_for_a_fault_of_ours(
    bench: SlackBench, caplog: pytest.LogCaptureFixture
) -> None:
    sent = {
        "type": "block_actions",
        "team": {"id": bench.workspace.id},
        "user": {"id": bench.people[ADA].id},
        "trigger_id": "1.2",
        "actions": [{"type": "button", "action_id": "answer:1:0", "value": "answer:1:0"}],
    }
    said = await bench.slack.post_raw("interactivity", httpx.QueryParams({"payload": json.dumps(sent)}).__str__())
    await bench.quiet()
    assert said.status == 200
    assert "nowhere to answer block_actions" in caplog.text
    assert "Traceback" not in caplog.text


async def test_what_is_too_large_is_refused_unread(bench: SlackBench) -> None:
    async with httpx.AsyncClient() as client:
        said = await client.post(bench.credentials.address(EVENTS_PATH), content=b"x" * (LARGEST + 1))
    assert said.status_code == 413


async def test_a_command_may_contain_the_word_payload(bench: SlackBench) -> None:
    await bench.command(ADA, "/quiz deck show payload={}&command=/quiz")
    (event,) = bench.events
    assert isinstance(event, Command)
    assert event.options["deck"] == "payload={}&command=/quiz"


async def test_an_answer_of_all_signs_comes_in_whole(bench: SlackBench) -> None:
    bench.answer = lambda event: EXPLAIN if isinstance(event, Command) else None
    await bench.command(ADA, "/quiz today")
    written = "=3D %41 +1 & \t‰ 日本 \N{FAMILY} =\n_ ?=&payload=x " + "".join(map(chr, range(33, 127)))
    await bench.fill(ADA, {"answer": written})
    event = bench.events[-1]
    assert isinstance(event, Submit)
    assert event.fields["answer"] == written


async def test_what_could_complete_an_option_is_suggested_as_it_is_typed(bench: SlackBench) -> None:
    bench.answer = lambda _: Choices((Choice("A small deck", "small"), Choice("Networks", "networks")))
    sent = {
        "type": "block_suggestion",
        "team": {"id": bench.workspace.id},
        "user": {"id": bench.people[ADA].id},
        "container": {"type": "message", "message_ts": "1.1", "channel_id": bench.channel.id},
        "action_id": ids.suggesting(("play",), "deck"),
        "value": "sm",
    }
    said = await bench.slack.post_raw("interactivity", httpx.QueryParams({"payload": json.dumps(sent)}).__str__())
    assert [option["value"] for option in said.body["options"]] == ["small", "networks"]
    (event,) = bench.events
    assert isinstance(event, Completion)
    assert (event.path, event.option, event.typed) == (("play",), "deck", "sm")


def test_the_quick_way_of_reading_a_form_is_the_slow_one(bench: SlackBench) -> None:
    """Every sign there is, as any client may write it: by its code, or as it is."""
    text = "".join(map(chr, [*range(32, 127), 160, 8232, 128512])) + "=\r\n=41"
    written = json.dumps({"type": "x", "text": text}, ensure_ascii=False)
    quoted = httpx.QueryParams({"payload": written}).__str__().encode()
    assert to_payload(FORM, quoted) == to_payload(FORM, quoted + b"&x=1") == {"type": "x", "text": text}


def test_a_form_of_bytes_that_are_no_text_is_refused(bench: SlackBench) -> None:
    with pytest.raises(Malformed):
        to_payload(FORM, b"command=%2Fquiz&text=\xff\xfe")
