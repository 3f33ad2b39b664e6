"""The real discord.py lives on the emulator as on Discord: commands, buttons, menus, forms, files."""

from __future__ import annotations

import pytest

from tests.emulators.discord.client import Discord
from tests.emulators.discord.errors import Impossible
from tests.emulators.discord.people import File
from tests.emulators.discord.servers import Channel, Guild
from tests.emulators.discord.testbot import TestBot


async def test_a_bot_logs_in_sees_its_server_and_registers_its_commands(
    discord: Discord, bot: TestBot, channel: Channel
) -> None:
    assert [guild.name for guild in bot.guilds] == ["Study Hall"]
    assert bot.place(channel.id).name == "general"
    (command,) = await discord.commands()
    assert (command["name"], [one["name"] for one in command["options"]]) == (
        "quiz",
        ["count", "slow", "file", "silent"],
    )


async def test_a_command_is_answered_for_the_person_alone(bot: TestBot, guild: Guild, channel: Channel) -> None:
    ann, bob = await guild.person("Ann"), await guild.person("Bob")
    answer = await ann.command(channel, "/quiz count", count=3, deck="ring", mood="Good")
    assert answer.text == "3 of ring, good"
    assert answer.message.ephemeral
    assert await channel.messages() == []
    assert [one.text for one in await ann.private_messages(channel)] == ["3 of ring, good"]
    assert await bob.private_messages(channel) == []


async def test_a_press_on_a_private_message_changes_it_in_place(bot: TestBot, guild: Guild, channel: Channel) -> None:
    ann = await guild.person("Ann")
    await bot.ask(channel.id)
    (post,) = await channel.messages()
    assert post.text == "## What is 1 + 1?\nChoose.\n{1+1}\n---\n[A] [B] [Explain]\n<Which?: One | Two | Three>"
    verdict = (await ann.press(post, "A")).message
    assert verdict.text == "Pressed 0 times\n[Again]"
    again = await ann.press(verdict, "Again")
    assert (again.message.id, again.message.text) == (verdict.id, "Pressed 1 times\n[Again]")
    assert len(await ann.private_messages(channel)) == 1
    assert again.message.version == 2


async def test_nobody_presses_on_another_s_private_message(bot: TestBot, guild: Guild, channel: Channel) -> None:
    ann, bob = await guild.person("Ann"), await guild.person("Bob")
    await bot.ask(channel.id)
    verdict = (await ann.press((await channel.messages())[0], "A")).message
    with pytest.raises(Impossible, match="private"):
        await bob.press(verdict, "Again")


async def test_a_menu_brings_the_chosen_values(bot: TestBot, guild: Guild, channel: Channel) -> None:
    ann = await guild.person("Ann")
    await bot.ask(channel.id)
    (post,) = await channel.messages()
    assert (await ann.choose(post, "Which?", "One", "three")).text == "You chose one, three"
    with pytest.raises(Impossible, match="takes 1 to 2"):
        await ann.choose(post, "menu", "one", "two", "three")


async def test_a_button_opens_a_form_and_the_form_is_answered(bot: TestBot, guild: Guild, channel: Channel) -> None:
    ann = await guild.person("Ann")
    await bot.ask(channel.id)
    opened = await ann.press((await channel.messages())[0], "Explain")
    assert opened.text.startswith("In your own words\nWhy? (A sentence): <")
    assert len(await ann.open_modals()) == 1
    with pytest.raises(Impossible, match="takes 1 to 500"):
        await ann.submit(opened, {"How sure?": "Guess"})
    sent = await ann.submit(opened, {"Why?": "Because", "How sure?": "Guess"})
    assert sent.text == "Because (guess)"
    assert await ann.open_modals() == []
    with pytest.raises(Impossible, match="no modal"):
        await ann.submit(opened, {"Why?": "Because", "How sure?": "Guess"})


async def test_suggestions_come_as_the_person_types(bot: TestBot, guild: Guild, channel: Channel) -> None:
    ann = await guild.person("Ann")
    assert await ann.complete(channel, "quiz count", "deck", "tr", count=2) == [
        {"name": "Tree", "value": "tree"},
        {"name": "Trie", "value": "trie"},
    ]


async def test_a_deferred_answer_shows_as_thinking_and_then_as_said(
    bot: TestBot, guild: Guild, channel: Channel
) -> None:
    ann = await guild.person("Ann")
    first = await ann.deed("command", channel, command="quiz slow", until="answered")
    assert first.response == 5
    settled = await ann.settled(first)
    assert settled.message.text == "Done thinking"
    assert not settled.message.thinking
    assert settled.message.ephemeral


async def test_a_file_reaches_the_bot_by_a_command(bot: TestBot, guild: Guild, channel: Channel) -> None:
    ann = await guild.person("Ann")
    answer = await ann.command(channel, "quiz file", file=File("deck.yaml", b"cards: []"))
    assert answer.text == "deck.yaml: cards: []"
    assert len(await channel.messages()) == 1


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ({"count": 51}, "from 1 to 50"),
        ({"count": "3"}, "takes a number"),
        ({}, "needs count"),
        ({"count": 1, "mood": "bad"}, "no choice"),
        ({"count": 1, "other": 1}, "no option other"),
    ],
)
async def test_the_client_refuses_what_the_command_does_not_take(
    bot: TestBot, guild: Guild, channel: Channel, options: dict[str, object], why: str
) -> None:
    ann = await guild.person("Ann")
    with pytest.raises(Impossible, match=why):
        await ann.command(channel, "/quiz count", **options)


async def test_a_silent_bot_is_reported(discord: Discord, bot: TestBot, guild: Guild, channel: Channel) -> None:
    await discord.settings(first_response=0.2)
    ann = await guild.person("Ann")
    answer = await ann.command(channel, "/quiz silent")
    assert answer.response is None
    with pytest.raises(AssertionError, match="quiz silent by Ann: interaction left unanswered"):
        await discord.assert_no_violations()
