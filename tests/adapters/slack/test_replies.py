"""Answers in their time and place: late ones, forms whose trigger is over, addresses that are spent, the home tab."""

from __future__ import annotations

import asyncio

import pytest

from adapters.slack import spot
from adapters.slack.reply import LATE_FORM
from adapters.slack.ways import Way
from bot.events import Command, Event, Press, Submit
from bot.messages import Action, Answer, Button, Buttons, File, Form, Message, TextInput
from tests.adapters.contract import ADA, EXPLAIN, GRACE, QUESTION, VERDICT
from tests.adapters.slack.bench import SlackBench

LATER = 0.3


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adapters.slack.arrivals.PATIENCE", 0.05)


async def texts(bench: SlackBench, person: str) -> list[str]:
    return [seen.text for seen in await bench.seen(person) if seen.private]


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("bench", [Way.SOCKET, Way.HTTP], indirect=True)
async def test_a_late_answer_to_a_command_comes_all_the_same(bench: SlackBench) -> None:
    bench.answer, bench.slow = lambda _: VERDICT, LATER
    await bench.command(ADA, "/quiz today")
    assert bench.last.acked is not None
    (text,) = await texts(bench, ADA)
    assert "✅ Correct" in text


@pytest.mark.usefixtures("impatient")
async def test_a_late_answer_to_a_press_on_a_private_message_replaces_it(bench: SlackBench) -> None:
    bench.answer = lambda event: VERDICT if isinstance(event, Command) else Message.of("Noted.")
    await bench.command(ADA, "/quiz today")
    bench.slow = LATER
    (before,) = await bench.seen(ADA)
    await bench.press(ADA, before.id, "I guessed")
    (after,) = await bench.seen(ADA)
    assert (after.id, after.text) == (before.id, "Noted.")


EXPORT = Message.of("Yours", File(b'{"a": 1}', "all.json", "application/json"))


async def test_a_file_comes_in_the_private_conversation(bench: SlackBench) -> None:
    bench.answer = lambda _: EXPORT
    await bench.command(ADA, "/quiz today")
    assert await texts(bench, ADA) == ["Yours\nall.json is in our private conversation: you find it under Apps."]
    async with asyncio.timeout(10):
        while not (handed_over := await bench.people[ADA].direct_messages()):
            await asyncio.sleep(0.02)
    (handed,) = handed_over
    assert [(each["name"], each["size"]) for each in handed.raw["files"]] == [("all.json", 8)]
    assert await bench.people[GRACE].direct_messages() == []
    assert await bench.seen(GRACE) == []


async def test_a_file_that_can_t_be_handed_over_is_said(bench: SlackBench) -> None:
    await bench.slack.refused("files.completeUploadExternal", "file_upload_disabled")
    bench.answer = lambda _: EXPORT
    await bench.command(ADA, "/quiz today")
    (text,) = await texts(bench, ADA)
    assert "I could not send you all.json" in text


@pytest.mark.usefixtures("impatient")
async def test_a_form_that_comes_too_late_offers_a_button_that_asks_again(bench: SlackBench) -> None:
    await bench.slack.settings(trigger_life=0.1)
    ref = await bench.platform.post(bench.place, QUESTION, "daily:1")
    bench.answer, bench.slow = lambda _: EXPLAIN, LATER
    await bench.press(ADA, ref.message, "A")
    late = (await bench.seen(ADA))[-1]
    assert (late.private, late.text, late.buttons) == (True, LATE_FORM, ("Open the form",))
    await bench.slack.violations(clear=True)  # expired_trigger_id: nobody can know before
    await bench.slack.settings(trigger_life=3)
    bench.slow = 0
    await bench.press(ADA, late.id, "Open the form")
    assert await bench.form(ADA) == EXPLAIN.title


async def test_a_form_opened_by_a_command_is_answered_beside_it(bench: SlackBench) -> None:
    bench.answer = lambda event: EXPLAIN if isinstance(event, Command) else Message.of("3 of 4")
    await bench.command(ADA, "/quiz today")
    await bench.fill(ADA, {"answer": "Larger batches."})
    assert await texts(bench, ADA) == ["3 of 4"]
    assert await bench.form(ADA) is None


async def test_a_form_may_be_answered_by_another_form(bench: SlackBench) -> None:
    again = Form("Once more", (TextInput("answer", "Your answer"),), Action.of("sent", 8))
    bench.answer = lambda event: EXPLAIN if isinstance(event, Command) else again
    await bench.command(ADA, "/quiz today")
    await bench.fill(ADA, {"answer": "Larger batches."})
    assert await bench.form(ADA) == "Once more"
    bench.answer = lambda _: Message.of("4 of 4")
    await bench.fill(ADA, {"answer": "Larger still."})
    assert await texts(bench, ADA) == ["4 of 4"]


async def test_after_half_an_hour_the_answer_is_a_message_of_its_own(
    bench: SlackBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spot, "ADDRESS_LIFE", -1)
    ref = await bench.platform.post(bench.place, QUESTION, "daily:1")
    bench.answer = lambda event: EXPLAIN if isinstance(event, Press) else Message.of("3 of 4")
    await bench.press(ADA, ref.message, "A")
    await bench.fill(ADA, {"answer": "Larger batches."})
    assert await texts(bench, ADA) == ["3 of 4"]
    assert (await bench.slack.counts())["chat.postEphemeral"] == 1
    assert "response_url" not in await bench.slack.counts()


async def test_an_address_that_is_spent_is_found_out(bench: SlackBench) -> None:
    await bench.slack.settings(response_url_life=-1)
    ref = await bench.platform.post(bench.place, QUESTION, "daily:1")
    bench.answer = lambda _: VERDICT
    await bench.press(GRACE, ref.message, "A")
    (text,) = await texts(bench, GRACE)
    assert "✅ Correct" in text
    await bench.slack.violations(clear=True)  # expired_url: that life is not Slack's


async def test_a_lost_answer_is_brought_out_again(bench: SlackBench) -> None:
    ref = await bench.platform.post(bench.place, QUESTION, "daily:1")
    bench.answer = lambda _: VERDICT
    await bench.slack.failing("response_url", 503)
    await bench.slack.dropped("response_url")
    await bench.press(GRACE, ref.message, "A")
    assert len(await texts(bench, GRACE)) == 1


async def test_an_error_is_an_apology_with_a_number_that_the_log_has(
    bench: SlackBench, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_: Event) -> Answer:
        raise ZeroDivisionError

    bench.answer = broken
    await bench.command(ADA, "/quiz today")
    (text,) = await texts(bench, ADA)
    number = text.partition("(error ")[2].partition(")")[0]
    assert number
    assert number in caplog.text


async def test_in_a_channel_without_the_bot_a_command_is_answered_all_the_same(bench: SlackBench) -> None:
    await bench.channel.kick_bot()
    bench.answer = lambda event: VERDICT if isinstance(event, Command) else Message.of("Noted.")
    await bench.command(ADA, "/quiz today")
    await bench.press(ADA, (await bench.seen(ADA))[-1].id, "I guessed")
    assert await texts(bench, ADA) == ["Noted."]


async def test_an_answer_in_a_thread_stays_in_it(bench: SlackBench) -> None:
    top = await bench.people[ADA].say(bench.channel, "Let us talk")
    place = type(bench.place)("slack", bench.workspace.id, bench.channel.id, top.ts)
    ref = await bench.platform.post(place, QUESTION, "daily:1")
    assert ref.place == place
    assert await bench.platform.post(place, QUESTION, "daily:1") == ref
    bench.answer = lambda _: VERDICT
    await bench.press(GRACE, ref.message, "B")
    (event,) = bench.events
    assert event.place == place
    (private,) = await bench.people[GRACE].private_messages(bench.channel)
    assert private.raw["thread_ts"] == top.ts


async def test_who_is_an_admin_is_asked_of_slack_for_what_only_they_may(bench: SlackBench) -> None:
    bench.answer = lambda _: VERDICT
    olga = bench.people["Olga"] = await bench.workspace.person(
        "Olga", channels=[bench.channel], is_admin=True, tz="Europe/Berlin", locale="de-DE"
    )
    await bench.command("Olga", "/quiz today")
    await olga.change(is_admin=False)
    await bench.command(ADA, "/quiz today")
    one, two = (event.actor for event in bench.events if isinstance(event, Command))
    assert (one.is_admin, one.name, one.tz, one.locale) == (True, "Olga", "Europe/Berlin", "de-DE")
    assert two.is_admin is False


async def test_who_can_t_be_looked_up_is_nobody_s_admin_and_is_answered(bench: SlackBench) -> None:
    olga = bench.people["Olga"] = await bench.workspace.person("Olga", channels=[bench.channel], is_admin=True)
    await bench.slack.failing("users.info", 500, times=9)
    bench.answer = lambda _: VERDICT
    await bench.command("Olga", "/quiz today")
    (event,) = bench.events
    assert isinstance(event, Command)
    assert (event.actor.id, event.actor.is_admin) == (olga.id, False)
    await bench.slack.clear_faults()


async def test_a_guest_can_answer(bench: SlackBench) -> None:
    bench.people["Gus"] = await bench.workspace.person("Gus", channels=[bench.channel], guest="single")
    ref = await bench.platform.post(bench.place, QUESTION, "daily:1")
    bench.answer = lambda _: VERDICT
    await bench.press("Gus", ref.message, "A")
    assert len(await texts(bench, "Gus")) == 1


async def test_the_home_tab_is_published_pressed_and_led_back(bench: SlackBench) -> None:
    start = Message.of("Where you stand", Buttons.of(Button("Explain", Action.of("explain", 7))))

    def answer(event: Event) -> Answer:
        match event:
            case Command() | Press(action=Action(verb="home")):
                return start
            case Press():
                return EXPLAIN
            case _:
                return Message.of("3 of 4")

    bench.answer = answer
    ada = bench.people[ADA]
    home = (await ada.open_home()).view
    assert home.text == "Where you stand"
    opened = await ada.press(home, "Explain")
    assert opened.view.title == EXPLAIN.title
    await ada.submit(opened, {"answer": "Larger batches."}, until="acked")
    await bench.quiet()
    shown = await ada.home()
    assert shown is not None
    assert (shown.text, shown.buttons) == ("3 of 4", ["Back to the start"])
    back = (await ada.press(shown, "Back to the start")).view
    assert back.text == "Where you stand"
    assert [type(event) for event in bench.events] == [Command, Press, Submit, Press]
    assert {event.place.workspace for event in bench.events} == {bench.workspace.id}
    assert await bench.seen(ADA) == []


async def test_a_forged_form_is_answered_and_reaches_nothing(bench: SlackBench) -> None:
    forged = await bench.people[ADA].forge_submit("Not an Action!", {"answer": {"answer": {"value": "x"}}})
    assert forged.error is None
    await bench.quiet()
    assert bench.events == []
    (told,) = await bench.people[ADA].direct_messages()
    assert "older version" in told.text
