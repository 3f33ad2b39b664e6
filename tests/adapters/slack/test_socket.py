"""Socket Mode: the connection is renewed, lost and refused, and nobody's press is."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from slack_bolt.async_app import AsyncApp

from adapters.slack.access import Access
from adapters.slack.client import SlackPlatform
from adapters.slack.socket import Socket
from bot.messages import Message
from bot.platform import SignedOut
from tests.adapters.contract import ADA, GRACE, QUESTION
from tests.adapters.slack.bench import SlackBench


async def test_presses_are_answered_through_several_refreshes(bench: SlackBench) -> None:
    ref = await bench.platform.post(bench.place, QUESTION, "daily:1")
    bench.answer = lambda _: Message.of("Noted.")
    for opened in range(2, 5):
        await bench.slack.say_goodbye("refresh_requested")
        await bench.press(ADA, ref.message, "A")
        assert bench.last.error is None
        await bench.slack.until_connected(opened=opened)
    await bench.press(GRACE, ref.message, "B")
    assert len(bench.events) == 4


async def test_what_is_being_answered_while_the_connection_is_renewed_is_answered(bench: SlackBench) -> None:
    ref = await bench.platform.post(bench.place, QUESTION, "daily:1")
    bench.answer, bench.slow = lambda _: Message.of("Noted."), 0.5
    pressing = asyncio.create_task(bench.press(ADA, ref.message, "A"))
    while not bench.events:
        await asyncio.sleep(0.01)
    await bench.slack.say_goodbye("refresh_requested")
    await bench.slack.until_connected(opened=2)
    await pressing
    assert bench.last.error is None
    assert "Noted." in [seen.text for seen in await bench.seen(ADA)]


async def test_a_connection_that_was_cut_is_made_anew(bench: SlackBench, monkeypatch: pytest.MonkeyPatch) -> None:
    await bench.slack.drop_sockets()
    await bench.slack.until_connected(opened=2)
    await bench.command(GRACE, "/quiz today")
    assert len(bench.events) == 1


async def test_an_event_whose_acknowledgement_was_lost_is_heard_once(bench: SlackBench) -> None:
    await bench.slack.settings(retries=[1.0, 1.0, 1.0, 1.0, 1.0, 1.0])
    ref = await bench.platform.post(bench.place, QUESTION, "daily:1")
    await bench.slack.cut_mid_envelope()
    await bench.react(ADA, ref.message, "1️⃣")
    await bench.slack.until_event("reaction_added")
    assert len(bench.events) == 1


async def test_an_address_that_does_not_work_is_not_tried_twice(bench: SlackBench) -> None:
    await bench.slack.refuse_sockets(1.0)
    await bench.slack.drop_sockets()
    await bench.slack.until_connected(opened=2)
    await bench.command(GRACE, "/quiz today")
    assert len(bench.events) == 1


async def test_a_refused_app_token_ends_it_with_the_mend(bench: SlackBench) -> None:
    await bench.stop()
    refused = replace(bench.credentials, app_token="xapp-1-refused")
    with pytest.raises(SignedOut, match="connections:write"):
        await SlackPlatform(refused, bench.vault).run(bench.handle)
    await bench.slack.violations(clear=True)  # the refused token itself


async def test_of_an_app_token_that_is_revoked_later_the_log_names_the_right_setting(
    bench: SlackBench, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    made: list[Socket] = []

    class Kept(Socket):
        def __init__(self, access: Access, app_token: str, app: AsyncApp) -> None:
            super().__init__(access, app_token, app)
            made.append(self)

    monkeypatch.setattr("adapters.slack.client.Socket", Kept)
    await bench.restart()
    made[0].app_token = "xapp-1-revoked"
    await bench.slack.drop_sockets()
    with pytest.raises(SignedOut, match="STUDYBOT_SLACK_APP_TOKEN"):
        await asyncio.wait_for(asyncio.shield(bench.running), 20)
    assert "STUDYBOT_SLACK_APP_TOKEN" in caplog.text, "the library logs what broke"
    assert "STUDYBOT_SLACK_BOT_TOKEN" not in caplog.text
    await bench.slack.violations(clear=True)  # the refused token itself


async def test_a_bot_token_that_is_revoked_ends_it_with_the_mend(bench: SlackBench) -> None:
    await bench.workspace.revoke_tokens()
    with pytest.raises(SignedOut, match="STUDYBOT_SLACK_BOT_TOKEN"):
        await asyncio.wait_for(asyncio.shield(bench.running), 20)
    assert [type(event).__name__ for event in bench.happened][-1] == "WorkspaceLeft"


async def test_an_envelope_that_comes_again_is_answered_once(bench: SlackBench) -> None:
    ref = await bench.platform.post(bench.place, QUESTION, "daily:1")
    bench.answer = lambda _: Message.of("Noted.")
    await bench.press(ADA, ref.message, "A")
    await bench.redeliver()
    assert len(bench.events) == 1
    assert len(await bench.seen(ADA)) == 2
