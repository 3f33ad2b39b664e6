"""What people get to see, and what the bot gets to know of who asked and where."""

from __future__ import annotations

import pytest

from adapters.discord import reply
from bot.events import Command, Completion, Press, Submit
from bot.messages import Action, Button, Buttons, Choice, Choices, File, Message, Picture
from tests.adapters.contract import ADA, EXPLAIN, GRACE, QUESTION, VERDICT
from tests.adapters.discord.bench import DiscordBench, text
from tests.emulators.discord.client import Discord

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 20


async def test_suggestions_are_shown_while_someone_types(bench: DiscordBench) -> None:
    bench.answer = lambda _: Choices((Choice("Networks", "networks", "12 cards"),))
    shown = await bench.people[ADA].complete(bench.channel, "/quiz play", "deck", "Net")
    assert [(each["name"], each["value"]) for each in shown] == [("Networks · 12 cards", "networks")]
    (event,) = bench.events
    assert isinstance(event, Completion)
    assert (event.path, event.option, event.typed, event.actor.name) == (("play",), "deck", "Net", ADA)


async def test_no_suggestion_is_an_empty_list(bench: DiscordBench) -> None:
    assert await bench.people[ADA].complete(bench.channel, "/quiz play", "topic", "x") == []


async def test_a_picture_is_shown_with_its_words_and_gone_with_the_next_answer(bench: DiscordBench) -> None:
    shown = Message.of("Look", Picture(PNG, "A ring of four"), Buttons.of(Button("Next", Action.of("next", 1))))
    bench.answer = lambda event: shown if isinstance(event, Command) else Message.of("Done")
    await bench.command(ADA, "/quiz today")
    (before,) = await bench.seen(ADA)
    assert before.text == "Look\nA ring of four"
    await bench.press(ADA, before.id, "Next")
    assert [seen.text for seen in await bench.seen(ADA)] == ["Done"]
    (private,) = await bench.people[ADA].private_messages(bench.channel)
    assert private.raw["attachments"] == []


@pytest.mark.parametrize("late", [False, True])
async def test_a_file_is_attached_for_its_asker_alone(
    bench: DiscordBench, monkeypatch: pytest.MonkeyPatch, late: bool
) -> None:
    if late:
        monkeypatch.setattr(reply, "PATIENCE", 0.05)
        bench.slow = 0.3
    csv, json = (File(b"a,b\r\n", f"all.{end}", "text/csv") for end in ("csv", "json"))
    shown = Message.of("Yours", csv, Buttons.of(Button("Other", Action.of("other"))))
    bench.answer = lambda event: shown if isinstance(event, Command) else Message.of("Here", json)
    await bench.command(ADA, "/quiz today")
    (before,) = await bench.seen(ADA)
    (private,) = await bench.people[ADA].private_messages(bench.channel)
    assert [(each["filename"], each["size"]) for each in private.raw["attachments"]] == [("all.csv", 5)]
    await bench.press(ADA, before.id, "Other")
    await bench.people[ADA].settled(bench.last)
    (private,) = await bench.people[ADA].private_messages(bench.channel)
    assert [each["filename"] for each in private.raw["attachments"]] == ["all.json"]
    assert await bench.seen(GRACE) == []


async def test_nothing_ever_pings(discord: Discord, bench: DiscordBench, monkeypatch: pytest.MonkeyPatch) -> None:
    hostile = Message.of(f"@everyone @here <@{bench.people[GRACE].id}> <@&{bench.guild.id}>")
    bench.answer = lambda _: hostile
    ref = await bench.platform.post(bench.place, hostile, "daily:1")
    await bench.platform.edit(ref, hostile)
    await bench.command(ADA, "/quiz today")
    monkeypatch.setattr(reply, "PATIENCE", 0.05)
    bench.slow = 0.3
    await bench.command(GRACE, "/quiz today")
    await bench.platform.tell(bench.events[0].actor, hostile)
    ada = bench.people[ADA]
    messages = [
        *await bench.channel.messages(),
        *await ada.private_messages(bench.channel),
        *await ada.direct_messages(),
    ]
    assert [message.pings for message in messages] == [[]] * 3
    sent = [one["body"].get("data", one["body"]) for one in await discord.requests() if "omponents" in str(one["body"])]
    said = [body for body in sent if body.get("flags", 0) & 1 << 15]
    assert [body["allowed_mentions"] for body in said] == [{"parse": []}] * 5


async def test_a_press_in_private_messages_replaces_what_was_told(bench: DiscordBench) -> None:
    bench.answer = lambda event: None if isinstance(event, Command) else Message.of("Noted.")
    await bench.command(ADA, "/quiz today")
    actor = bench.events[0].actor
    await bench.platform.tell(actor, VERDICT)
    ada = bench.people[ADA]
    (told,) = await ada.direct_messages()
    await ada.press(told, "I guessed")
    (after,) = await ada.direct_messages()
    assert (after.id, text(after)) == (told.id, "Noted.")
    press = bench.events[-1]
    assert isinstance(press, Press)
    assert (press.place.direct, press.actor.is_admin) == (True, False)


async def test_a_command_in_private_messages_is_answered_there(bench: DiscordBench) -> None:
    bench.answer = lambda _: VERDICT
    answer = await bench.people[ADA].command(None, "/quiz today")
    assert text(answer.message) == "✅ Correct"


async def test_a_command_in_a_thread_is_of_its_channel(bench: DiscordBench) -> None:
    thread = await bench.channel.thread("side", bench.people[ADA])
    bench.answer = lambda _: VERDICT
    await bench.people[ADA].command(thread, "/quiz today")
    assert (bench.events[0].place.channel, bench.events[0].place.thread) == (bench.channel.id, thread.id)


async def test_who_may_manage_the_server_is_an_admin(bench: DiscordBench) -> None:
    boss = await bench.guild.person("Mary", manage_server=True, locale="fr")
    bench.answer = lambda _: VERDICT
    await boss.command(bench.channel, "/quiz today")
    await bench.command(ADA, "/quiz today")
    assert [(event.actor.name, event.actor.is_admin) for event in bench.events] == [("Mary", True), (ADA, False)]
    assert bench.events[0].actor.locale == "fr"


async def test_a_hundred_presses_of_one_person_at_once_are_all_answered(bench: DiscordBench) -> None:
    ref = await bench.platform.post(bench.place, QUESTION, "daily:1")
    bench.answer = lambda _: VERDICT
    (post,) = await bench.channel.messages()
    report = await bench.channel.burst(post, [post.custom_id("A")], [bench.people[ADA]] * 100, seconds=0.2)
    assert (report.pressed, report.unanswered) == (100, 0)
    assert {event.ref for event in bench.events if isinstance(event, Press)} == {ref}


async def test_a_submitted_form_names_its_fields(bench: DiscordBench) -> None:
    bench.answer = lambda event: EXPLAIN if isinstance(event, Press) else VERDICT
    ref = await bench.platform.post(bench.place, QUESTION, "daily:1")
    await bench.press(ADA, ref.message, "B")
    await bench.fill(ADA, {"answer": "Because."})
    event = bench.events[-1]
    assert isinstance(event, Submit)
    assert dict(event.fields) == {"answer": "Because."}
    assert [seen.private for seen in await bench.seen(ADA)] == [False, True]
