"""Every command, press and form gets its reply: at once, later, or in words that say why not."""

from __future__ import annotations

import asyncio
import logging
import re

import pytest

from adapters.discord import render, reply
from adapters.discord.render import Drawing
from bot.events import Command, Event, Press
from bot.messages import Action, Answer, Button, Buttons, Message
from tests.adapters.contract import ADA, EXPLAIN, GRACE, QUESTION, VERDICT
from tests.adapters.discord.bench import DiscordBench, text
from tests.emulators.discord.client import Discord

CALLBACK = "/interactions/{interaction_id}/{interaction_token}/callback"
DEFERRED, DEFERRED_UPDATE = 5, 6


@pytest.fixture
def late(bench: DiscordBench, monkeypatch: pytest.MonkeyPatch) -> DiscordBench:
    """A bench whose answers come after the bot's patience has ended."""
    monkeypatch.setattr(reply, "PATIENCE", 0.05)
    bench.slow = 0.3
    return bench


# ---------------------------------------------------------------- late answers


async def test_a_late_answer_to_a_command_follows_a_private_deferral(late: DiscordBench) -> None:
    late.answer = lambda _: VERDICT
    await late.command(ADA, "/quiz today")
    assert late.last.response == DEFERRED
    (seen,) = await late.seen(ADA)
    assert (seen.private, seen.text, seen.buttons) == (True, "✅ Correct", ("I guessed", "Explain"))
    assert await late.seen(GRACE) == []


async def test_a_late_answer_to_a_press_on_a_public_message_is_private(late: DiscordBench) -> None:
    ref = await late.platform.post(late.place, QUESTION, "daily:1")
    late.answer = lambda _: VERDICT
    await late.press(ADA, ref.message, "A")
    assert late.last.response == DEFERRED
    public, private = await late.seen(ADA)
    assert (public.buttons, private.private, private.text) == (("A", "B"), True, "✅ Correct")
    assert len(await late.seen(GRACE)) == 1


async def test_a_late_answer_to_a_press_on_a_private_message_replaces_it(late: DiscordBench) -> None:
    late.answer = lambda event: VERDICT if isinstance(event, Command) else Message.of("Noted.")
    await late.command(ADA, "/quiz today")
    (before,) = await late.seen(ADA)
    await late.press(ADA, before.id, "I guessed")
    assert late.last.response == DEFERRED_UPDATE
    settled = await late.people[ADA].settled(late.last)
    assert (settled.message.id, text(settled.message)) == (before.id, "Noted.")
    assert len(await late.seen(ADA)) == 1


async def test_nothing_is_left_where_a_late_answer_was_none(late: DiscordBench) -> None:
    await late.command(ADA, "/quiz today")
    assert late.last.response == DEFERRED
    assert await late.seen(ADA) == []


async def test_a_form_that_comes_too_late_is_offered_by_a_button(late: DiscordBench) -> None:
    ref = await late.platform.post(late.place, QUESTION, "daily:1")
    late.answer = lambda event: EXPLAIN if isinstance(event, Press) else Message.of("3 of 4")
    await late.press(ADA, ref.message, "A")
    _, offer = await late.seen(ADA)
    assert "too long" in offer.text
    late.slow = 0.0
    await late.press(ADA, offer.id, "Open the form")
    assert [str(event.action) for event in late.events if isinstance(event, Press)] == ["answer:7:A"] * 2
    await late.fill(ADA, {"answer": "Because."})
    _, after = await late.seen(ADA)
    assert (after.id, after.text) == (offer.id, "3 of 4")


async def test_a_form_that_comes_too_late_leaves_the_private_message_it_was_asked_from(late: DiscordBench) -> None:
    late.answer = lambda event: VERDICT if isinstance(event, Command) else EXPLAIN
    await late.command(ADA, "/quiz today")
    (before,) = await late.seen(ADA)
    await late.press(ADA, before.id, "Explain")
    await late.people[ADA].settled(late.last)
    first, offer = await late.seen(ADA)
    assert first == before
    assert (offer.private, offer.buttons) == (True, ("Open the form",))


async def test_a_form_for_a_command_that_comes_too_late_asks_to_try_again(late: DiscordBench) -> None:
    late.answer = lambda _: EXPLAIN
    await late.command(ADA, "/quiz today")
    (seen,) = await late.seen(ADA)
    assert (seen.private, seen.buttons) == (True, ())
    assert "Please try again" in seen.text


# ---------------------------------------------------------------- when something is wrong


async def test_a_mistake_of_ours_is_answered_with_the_number_that_the_log_has(
    bench: DiscordBench, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(event: Event) -> Answer:
        raise KeyError("a bug")

    bench.answer = broken
    with caplog.at_level(logging.ERROR, "adapters.discord"):
        await bench.command(ADA, "/quiz today")
    (seen,) = await bench.seen(ADA)
    number = re.search(r"error ([0-9a-f]{6})", seen.text)
    assert number is not None
    assert number[1] in caplog.text
    assert "KeyError" in caplog.text


async def test_an_answer_that_discord_does_not_take_is_replaced_by_an_apology(
    discord: Discord, bench: DiscordBench
) -> None:
    bench.answer = lambda _: VERDICT
    await discord.failing("POST", CALLBACK, 400, code=50035, message="Invalid Form Body")
    await bench.command(ADA, "/quiz today")
    (seen,) = await bench.seen(ADA)
    assert "Something went wrong" in seen.text


async def test_an_answer_that_fits_no_message_of_discord_s_is_an_apology(bench: DiscordBench) -> None:
    rows = [Buttons.of(*(Button("x", Action.of("deck", row * 5 + n)) for n in range(5))) for row in range(8)]
    bench.answer = lambda _: Message(tuple(rows))
    await bench.command(ADA, "/quiz today")
    (seen,) = await bench.seen(ADA)
    assert "Something went wrong" in seen.text


async def test_a_mistake_in_drawing_an_answer_is_an_apology(
    bench: DiscordBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = render.to_components

    def broken(message: Message) -> Drawing:
        if message is VERDICT:
            raise KeyError("a bug")
        return right(message)

    monkeypatch.setattr(render, "to_components", broken)
    bench.answer = lambda _: VERDICT
    await bench.command(ADA, "/quiz today")
    (seen,) = await bench.seen(ADA)
    assert "Something went wrong" in seen.text


async def test_a_form_on_top_of_a_form_is_no_silence(bench: DiscordBench) -> None:
    bench.answer = lambda _: EXPLAIN
    await bench.command(ADA, "/quiz today")
    await bench.fill(ADA, {"answer": "x"})
    (seen,) = await bench.seen(ADA)
    assert "Please try again" in seen.text


async def test_a_form_that_no_version_wrote_is_answered_and_reaches_nothing(bench: DiscordBench) -> None:
    answer = await bench.people[ADA].forge_submit(bench.channel, "Old Form 2", {"answer": "x"})
    assert "older version" in text(answer.message)
    assert bench.events == []


async def test_a_form_opened_before_a_restart_is_answered_after_it(bench: DiscordBench) -> None:
    bench.answer = lambda event: EXPLAIN if isinstance(event, Command) else Message.of("3 of 4")
    await bench.command(ADA, "/quiz today")
    await bench.restart()
    await bench.fill(ADA, {"answer": "x"})
    (seen,) = await bench.seen(ADA)
    assert seen.text == "3 of 4"


@pytest.mark.parametrize("status", [500, 503])
async def test_an_answer_gets_through_trouble_at_discord_s(discord: Discord, bench: DiscordBench, status: int) -> None:
    bench.answer = lambda _: VERDICT
    await discord.failing("POST", CALLBACK, status)
    await bench.command(ADA, "/quiz today")
    assert [seen.text for seen in await bench.seen(ADA)] == ["✅ Correct"]


@pytest.mark.parametrize("after_effect", [False, True])
async def test_an_answer_gets_through_a_dropped_connection_once(
    discord: Discord, bench: DiscordBench, after_effect: bool
) -> None:
    bench.answer = lambda _: VERDICT
    await discord.dropped("POST", CALLBACK, after_effect=after_effect)
    await bench.command(ADA, "/quiz today")
    assert [seen.text for seen in await bench.seen(ADA)] == ["✅ Correct"]
    if after_effect:  # Discord has the first, and says so of the second
        async with asyncio.timeout(10):
            while not (said := await discord.violations(clear=True)):
                await asyncio.sleep(0.01)
        assert [each.details["code"] for each in said if each.details] == [40060]


async def test_replies_under_way_come_out_when_the_bot_stops(bench: DiscordBench) -> None:
    bench.slow = 0.3
    bench.answer = lambda _: VERDICT
    typing = asyncio.create_task(bench.command(ADA, "/quiz today"))
    while not bench.events:
        await asyncio.sleep(0.01)
    await bench.stop()
    await typing
    assert [seen.text for seen in await bench.seen(ADA)] == ["✅ Correct"]
