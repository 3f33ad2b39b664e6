"""Edits, pictures, private messages and reactions, through Discord's troubles."""

from __future__ import annotations

import pytest

from bot.events import Actor, MessageRef
from bot.messages import Message, Picture
from bot.platform import Forbidden, Missing, Unavailable
from tests.adapters.contract import ADA, QUESTION
from tests.adapters.discord.bench import DiscordBench, text
from tests.emulators.discord.client import Discord

MESSAGES = "/channels/{channel_id}/messages"
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 20


def actor(bench: DiscordBench, person: str) -> Actor:
    return Actor("discord", "", bench.people[person].id, person)


async def test_an_edit_gets_through_a_dropped_connection(discord: Discord, bench: DiscordBench) -> None:
    ref = await bench.platform.post(bench.place, QUESTION, "daily:1")
    await discord.dropped("PATCH", f"{MESSAGES}/{{message_id}}", after_effect=True)
    await bench.platform.edit(ref, Message.of("Closed."))
    (message,) = await bench.channel.messages()
    assert text(message) == "Closed."


@pytest.mark.parametrize("via", [True, False])
async def test_the_limit_on_changes_of_old_messages_is_waited_out_by_the_caller(
    discord: Discord, bench: DiscordBench, via: bool
) -> None:
    ref = await bench.platform.post(bench.place, QUESTION, "daily:1")
    await discord.advance(3700)
    await discord.limited("PATCH", f"{MESSAGES}/{{message_id}}", seconds=900, via=via, code=30046)
    with pytest.raises(Unavailable) as found:
        await bench.platform.edit(ref, Message.of("Closed."))
    assert found.value.retry_after == pytest.approx(900, abs=5)
    assert len(await discord.requests("PATCH", f"{MESSAGES}/{{message_id}}")) == 0, "it is not asked again at once"
    await bench.platform.edit(ref, Message.of("Closed."))
    (message,) = await bench.channel.messages()
    assert text(message) == "Closed."


async def test_a_short_limit_on_changes_is_waited_out_by_us(discord: Discord, bench: DiscordBench) -> None:
    ref = await bench.platform.post(bench.place, QUESTION, "daily:1")
    await discord.limited("PATCH", f"{MESSAGES}/{{message_id}}", seconds=0.2, code=30046)
    await bench.platform.edit(ref, Message.of("Closed."))
    (message,) = await bench.channel.messages()
    assert text(message) == "Closed."


async def test_a_post_s_picture_survives_a_second_attempt_and_goes_with_the_edit(
    discord: Discord, bench: DiscordBench
) -> None:
    await discord.dropped("POST", MESSAGES)
    ref = await bench.platform.post(bench.place, Message.of("Look", Picture(PNG, "A ring of four")), "daily:1")
    (message,) = await bench.channel.messages()
    assert text(message) == "Look\nA ring of four"
    assert [each["size"] for each in message.raw["attachments"]] == [len(PNG)]
    await bench.platform.edit(ref, Message.of("Closed."))
    (message,) = await bench.channel.messages()
    assert (text(message), message.raw["attachments"]) == ("Closed.", [])


async def test_who_takes_no_private_messages_is_told_nothing(discord: Discord, bench: DiscordBench) -> None:
    await bench.people[ADA].change(takes_dms=False)
    with pytest.raises(Forbidden):
        await bench.platform.tell(actor(bench, ADA), Message.of("Your score was corrected."))
    await discord.violations(clear=True)


async def test_who_is_nobody_is_missing(discord: Discord, bench: DiscordBench) -> None:
    with pytest.raises(Missing):
        await bench.platform.tell(Actor("discord", "", "123456789012345678", "Nobody"), Message.of("x"))
    await discord.violations(clear=True)


async def test_what_is_told_arrives_once_over_a_dropped_connection(discord: Discord, bench: DiscordBench) -> None:
    await discord.dropped("POST", MESSAGES, after_effect=True)
    await bench.platform.tell(actor(bench, ADA), Message.of("Your score was corrected."))
    assert len(await bench.people[ADA].direct_messages()) == 1


async def test_the_bot_s_own_emoji_are_no_answers(bench: DiscordBench) -> None:
    ref = await bench.platform.post(bench.place, QUESTION, "daily:1")
    await bench.platform.react(ref, "1️⃣")
    await bench.react(ADA, ref.message, "1️⃣")
    assert [each.id for each in await bench.platform.reactors(ref, "1️⃣")] == [bench.people[ADA].id]


async def test_more_people_than_a_page_reacted(bench: DiscordBench) -> None:
    ref = await bench.platform.post(bench.place, QUESTION, "daily:1")
    (message,) = await bench.channel.messages()
    everyone = await bench.guild.people(103)
    for person in everyone:
        await person.react(message, "2️⃣")
    assert [each.id for each in await bench.platform.reactors(ref, "2️⃣")] == [person.id for person in everyone]


async def test_a_name_known_from_a_command_is_used_for_who_reacted(bench: DiscordBench) -> None:
    ref = await bench.platform.post(bench.place, QUESTION, "daily:1")
    await bench.command(ADA, "/quiz today")
    await bench.react(ADA, ref.message, "1️⃣")
    assert [each.name for each in await bench.platform.reactors(ref, "1️⃣")] == [ADA]


async def test_an_unknown_message_s_reactions_are_missing(bench: DiscordBench, discord: Discord) -> None:
    with pytest.raises(Missing):
        await bench.platform.react(MessageRef(bench.place, "123456789012345678"), "1️⃣")
    await discord.violations(clear=True)
