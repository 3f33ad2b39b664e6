"""The rules of time and state between a deed and the bot's answers."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.emulators.discord.client import Discord
from tests.emulators.discord.errors import Impossible, Json
from tests.emulators.discord.rawbot import Deeds, RawBot, raw_bot
from tests.emulators.discord.servers import Channel, Guild

V2 = 1 << 15
PRIVATE = 1 << 6


def board(*labels: str, flags: int = V2, text: str = "Press") -> Json:
    buttons = [{"type": 2, "style": 1, "label": label, "custom_id": label.lower()} for label in labels]
    return {"flags": flags, "components": [{"type": 10, "content": text}, {"type": 1, "components": buttons}]}


@pytest.fixture
async def raw(discord: Discord, channel: Channel) -> AsyncIterator[RawBot]:
    async with raw_bot(discord) as bot:
        yield bot


@pytest.fixture
async def ann(raw: RawBot, guild: Guild, channel: Channel) -> Deeds:
    return Deeds(raw, await guild.person("Ann", manage_server=True), channel)


async def ask(raw: RawBot, channel: Channel) -> None:
    status, _ = await raw.request("POST", f"/channels/{channel.id}/messages", board("A", "B"))
    assert status == 200


async def test_a_press_carries_every_field_that_discord_documents(
    raw: RawBot, ann: Deeds, guild: Guild, channel: Channel
) -> None:
    await ask(raw, channel)
    pressed = await ann.press("A")
    await raw.respond(pressed, 6)
    assert {
        *("id", "application_id", "type", "data", "guild", "guild_id", "channel", "channel_id", "member", "token"),
        *("version", "message", "app_permissions", "locale", "guild_locale", "entitlements", "context"),
        *("authorizing_integration_owners", "attachment_size_limit"),
    } <= set(pressed)
    assert pressed["data"] == {"component_type": 2, "custom_id": "a", "id": 3}
    assert pressed["message"]["flags"] == V2
    assert pressed["authorizing_integration_owners"] == {"0": guild.id}
    assert int(pressed["member"]["permissions"]) & 1 << 5
    assert pressed["member"]["user"]["id"] == ann.person.id
    assert pressed["channel"]["id"] == channel.id
    assert pressed["version"] == 1
    assert pressed["context"] == 0


async def test_a_second_first_response_is_refused(discord: Discord, raw: RawBot, ann: Deeds) -> None:
    command = await ann.command()
    assert (await raw.respond(command, 4, {"content": "x"}))[0] == 200
    status, error = await raw.respond(command, 4, {"content": "y"})
    assert (status, error["code"]) == (400, 40060)
    assert (await ann.answer()).text == "x"
    assert "already been acknowledged" in (await discord.violations(clear=True))[0].what


async def test_the_first_response_has_three_seconds_and_the_token_fifteen_minutes(discord: Discord) -> None:
    await discord.reset()
    settings = await discord.settings()
    assert (settings["first_response"], settings["token_life"]) == (3, 900)


async def test_after_its_seconds_the_token_is_dead_and_the_silence_is_noted(
    discord: Discord, raw: RawBot, ann: Deeds
) -> None:
    command = await ann.command()
    await discord.advance(61)
    status, error = await raw.respond(command, 4, {"content": "x"})
    assert (status, error["code"]) == (404, 10062)
    assert (await ann.answer()).response is None
    left, late = await discord.violations(clear=True)
    assert left.what == "interaction left unanswered"
    assert "10062" in late.what


async def test_within_its_seconds_it_lives(discord: Discord, raw: RawBot, ann: Deeds) -> None:
    command = await ann.command()
    await discord.advance(45)
    assert (await raw.respond(command, 4, {"content": "x"}))[0] == 200


async def test_a_callback_tells_the_message_only_when_asked(raw: RawBot, ann: Deeds) -> None:
    command = await ann.command()
    path = f"/interactions/{command['id']}/{command['token']}/callback"
    assert await raw.request("POST", path, {"type": 4, "data": {"content": "x"}}) == (204, None)
    _, message = await raw.request("GET", raw.webhook(command, "/messages/@original"))
    assert (message["content"], message["type"], message["interaction_metadata"]["id"]) == ("x", 20, command["id"])


async def test_what_is_said_after_fifteen_minutes_is_refused(discord: Discord, raw: RawBot, ann: Deeds) -> None:
    command = await ann.command()
    await raw.respond(command, 4, {"content": "x"})
    await discord.advance(14 * 60)
    assert (await raw.request("PATCH", raw.webhook(command, "/messages/@original"), {"content": "y"}))[0] == 200
    await discord.advance(61)
    status, error = await raw.request("POST", raw.webhook(command), {"content": "z"})
    assert (status, error["code"]) == (401, 50027)
    assert len(await discord.violations(clear=True)) == 1


async def test_no_follow_up_before_the_first_response(discord: Discord, raw: RawBot, ann: Deeds) -> None:
    command = await ann.command()
    status, error = await raw.request("POST", raw.webhook(command), {"content": "z"})
    assert (status, error["code"]) == (404, 10015)
    await raw.respond(command, 4, {"content": "x"})
    assert len(await discord.violations(clear=True)) == 1


@pytest.mark.parametrize(
    ("kind", "data"), [(6, None), (7, {"content": "x"}), (8, {"choices": []}), (1, None), (3, None)]
)
async def test_a_command_takes_no_update_and_no_choices(
    discord: Discord, raw: RawBot, ann: Deeds, kind: int, data: Json | None
) -> None:
    command = await ann.command()
    status, error = await raw.respond(command, kind, data)
    assert (status, error["code"]) == (400, 50035)
    assert (await raw.respond(command, 4, {"content": "x"}))[0] == 200
    assert len(await discord.violations(clear=True)) == 1


async def test_a_private_message_is_reached_by_its_token_alone(
    discord: Discord, raw: RawBot, ann: Deeds, channel: Channel
) -> None:
    command = await ann.command()
    _, told = await raw.respond(command, 4, {"content": "x", "flags": PRIVATE})
    number = told["resource"]["message"]["id"]
    assert told["interaction"]["response_message_ephemeral"] is True
    status, error = await raw.request("PATCH", f"/channels/{channel.id}/messages/{number}", {"content": "y"})
    assert (status, error["code"]) == (404, 10008)
    assert (await raw.request("PATCH", raw.webhook(command, f"/messages/{number}"), {"content": "y"}))[0] == 200
    assert [one.text for one in await ann.person.private_messages(channel)] == ["y"]
    assert await raw.request("GET", f"/channels/{channel.id}/messages") == (200, [])
    assert "MESSAGE_CREATE" not in raw.events()


async def test_a_deferred_answer_keeps_the_privacy_of_its_deferral(raw: RawBot, ann: Deeds, channel: Channel) -> None:
    command = await ann.command()
    await raw.respond(command, 5, {"flags": PRIVATE})
    assert (await ann.person.private_messages(channel))[0].thinking
    status, message = await raw.request("POST", raw.webhook(command), {"content": "x"})
    assert (status, message["flags"]) == (200, PRIVATE)
    answer = await ann.answer()
    assert (answer.text, answer.message.ephemeral, answer.followups) == ("x", True, [])
    await raw.request("POST", raw.webhook(command), {"content": "for all"})
    assert [one.text for one in await channel.messages()] == ["for all"]


async def test_what_the_person_dismissed_is_unknown(
    discord: Discord, raw: RawBot, ann: Deeds, channel: Channel
) -> None:
    command = await ann.command()
    await raw.respond(command, 5, {"flags": PRIVATE})
    (thinking,) = await ann.person.private_messages(channel)
    await channel.delete_message(thinking)
    for method, rest in (("PATCH", "/messages/@original"), ("POST", "")):
        status, error = await raw.request(method, raw.webhook(command, rest), {"content": "x"})
        assert (status, error["code"]) == (404, 10008)
    assert await ann.person.private_messages(channel) == []


async def test_a_deferral_takes_no_other_flag(discord: Discord, raw: RawBot, ann: Deeds) -> None:
    command = await ann.command()
    assert (await raw.respond(command, 5, {"flags": PRIVATE | V2}))[0] == 400
    assert (await raw.respond(command, 5, {"flags": PRIVATE}))[0] == 200
    await raw.request("PATCH", raw.webhook(command, "/messages/@original"), board("A"))
    assert (await ann.answer()).message.buttons == ["A"]
    assert len(await discord.violations(clear=True)) == 1


async def test_an_update_changes_the_pressed_message_and_original_is_that_message(
    raw: RawBot, ann: Deeds, channel: Channel
) -> None:
    await ask(raw, channel)
    pressed = await ann.press("A")
    assert (await raw.respond(pressed, 6))[0] == 200
    assert (await channel.messages())[0].version == 1
    await raw.request("PATCH", raw.webhook(pressed, "/messages/@original"), board("C", text="Pressed"))
    assert (await ann.answer()).text == "Pressed\n[C]"
    assert (await raw.respond(await ann.press("C"), 7, board("D")))[0] == 200
    assert (await channel.messages())[0].text == "Press\n[D]"
    assert (await raw.event("MESSAGE_UPDATE", 1))["guild_id"] == channel.guild


async def test_people_use_only_what_is_there(raw: RawBot, ann: Deeds, guild: Guild, channel: Channel) -> None:
    disabled = board("A")
    disabled["components"][1]["components"][0]["disabled"] = True
    await raw.request("POST", f"/channels/{channel.id}/messages", disabled)
    with pytest.raises(Impossible, match="disabled"):
        await ann.press("A")
    with pytest.raises(Impossible, match=r"no 'Z'; it has \['A'\]"):
        await ann.press("Z")
    await channel.permit(deny=["VIEW_CHANNEL"], to=ann.person)
    with pytest.raises(Impossible, match="can't see"):
        await ann.press("A")


async def test_a_forged_press_and_a_redelivery_reach_the_bot(
    discord: Discord, raw: RawBot, ann: Deeds, channel: Channel
) -> None:
    await discord.settings(first_response=0.2)
    forged = await ann.person.forge_press(channel, "never:made", values=["x"])
    payload = await raw.event("INTERACTION_CREATE")
    assert payload["data"] == {"component_type": 3, "custom_id": "never:made", "id": 1, "values": ["x"]}
    assert await ann.person.redeliver(forged) == 1
    assert await raw.event("INTERACTION_CREATE", 1) == payload
    assert [one.what for one in await discord.violations(clear=True)] == ["interaction left unanswered"]


async def test_suggestions_are_at_most_25_and_nothing_but_suggestions(
    discord: Discord, raw: RawBot, ann: Deeds
) -> None:
    option = {"name": "deck", "type": 3, "description": "Which", "autocomplete": True}
    commands = [{"name": "go", "description": "Go", "options": [option]}]
    await raw.request("PUT", f"/applications/{discord.application_id}/commands", commands)
    typing = await ann._next(
        ann.person.deed("complete", ann.channel, command="go", focused="deck", options={"deck": "r"})
    )
    assert typing["type"] == 4
    assert typing["data"]["options"] == [{"name": "deck", "type": 3, "value": "r", "focused": True}]
    one = {"name": "n", "value": "v"}
    assert (await raw.respond(typing, 4, {"content": "x"}))[0] == 400
    assert (await raw.respond(typing, 8, {"choices": [one] * 26}))[0] == 400
    assert (await raw.respond(typing, 8, {"choices": [one | {"name": "x" * 101}]}))[0] == 400
    assert (await raw.respond(typing, 8, {"choices": [one | {"name": ""}]}))[0] == 400
    assert (await raw.respond(typing, 8, {"choices": [one | {"name": "x" * 100}] * 25}))[0] == 200
    assert len((await ann.answer()).choices) == 25
    assert len(await discord.violations(clear=True)) == 4


async def test_a_command_in_direct_messages_names_the_user_and_no_guild(
    discord: Discord, raw: RawBot, guild: Guild
) -> None:
    ann = await guild.person("Ann")
    await raw.request("PUT", f"/applications/{discord.application_id}/commands", [{"name": "go", "description": "Go"}])
    deeds = Deeds(raw, ann, Channel(discord, ""))
    command = await deeds._next(ann.command(None, "go"))
    assert command["user"]["id"] == ann.id
    assert (command["context"], command["channel"]["type"]) == (1, 1)
    assert "guild_id" not in command
    await raw.respond(command, 4, {"content": "hi"})
    assert [one.text for one in await ann.direct_messages()] == ["hi"]
