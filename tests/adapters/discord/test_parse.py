"""What Discord sends, as the bot's events."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.discord import parse
from bot.events import Command, Completion, Place, Press, Submit
from bot.messages import Action
from tests.adapters.discord import payloads
from tests.adapters.discord.payloads import ADA, CHANNEL, GUILD, MESSAGE, THREAD, interaction

HERE = Place("discord", GUILD, CHANNEL)


def quiz(*options: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"id": "1", "name": "quiz", "type": 1, "options": list(options), **more}


def sub(name: str, *options: dict[str, Any], kind: int = 1) -> dict[str, Any]:
    return {"type": kind, "name": name, "options": list(options)}


def test_a_command_says_who_where_and_what() -> None:
    leaderboard = sub(
        "leaderboard", {"type": 3, "name": "period", "value": "month"}, {"type": 5, "name": "public", "value": True}
    )
    event = parse.to_event(interaction(2, quiz(leaderboard)))
    assert isinstance(event, Command)
    assert (event.id, event.path, event.place) == ("846462639134605312", ("leaderboard",), HERE)
    assert dict(event.options) == {"period": "month", "public": True}
    assert (event.actor.platform, event.actor.workspace, event.actor.id) == ("discord", "", ADA)
    assert (event.actor.name, event.actor.is_admin, event.actor.locale) == ("Ada", False, "de")


def test_a_role_comes_with_its_name_and_people_with_their_roles() -> None:
    option = {"type": 8, "name": "admins", "value": "77"}
    resolved = {"roles": {"77": {"id": "77", "name": "Mods <|> & co"}}}
    raw = payloads.sent(2, quiz(sub("settings", option), resolved=resolved))
    raw["member"]["roles"] = ["77", "78"]
    event = parse.to_event(payloads.read(raw))
    assert isinstance(event, Command)
    assert dict(event.options) == {"admins": "<@&77|Mods  & co>"}
    assert event.actor.groups == ("77", "78")
    press = payloads.sent(3, {"custom_id": "settings", "component_type": 2}, message=payloads.message())
    press["member"]["roles"] = ["78"]
    quick = parse.to_press(press)
    slow = parse.to_event(payloads.read(press))
    assert quick is not None
    assert isinstance(slow, Press)
    assert quick.actor.groups == slow.actor.groups == ("78",)


def test_a_command_in_a_group_has_both_names() -> None:
    event = parse.to_event(
        interaction(2, quiz(sub("deck", sub("show", {"type": 3, "name": "deck", "value": "a\x00b"}), kind=2)))
    )
    assert isinstance(event, Command)
    assert (event.path, dict(event.options)) == (("deck", "show"), {"deck": "a\N{REPLACEMENT CHARACTER}b"})


def scheduled(channel: str, *found: str) -> dict[str, Any]:
    """A channel is wanted, and Discord has `found` some of that server."""
    options = sub("set", {"type": 7, "name": "channel", "value": channel})
    resolved = {"channels": {each: {"id": each, "type": 0, "name": "hall"} for each in found}}
    return quiz(sub("schedule", options, kind=2), **({"resolved": resolved} if found else {}))


def test_a_channel_is_one_that_discord_has_found_in_the_server() -> None:
    event = parse.to_event(interaction(2, scheduled("17", "17")))
    assert isinstance(event, Command)
    assert dict(event.options) == {"channel": "17"}
    for forged in (scheduled("18", "17"), scheduled("18")):
        with pytest.raises(parse.Unclear, match="I don’t find that channel"):
            parse.to_event(interaction(2, forged))


@pytest.mark.parametrize(("permissions", "admin"), [(0, False), (1 << 3, True), (1 << 5, True), (1 << 13, False)])
def test_admins_are_those_who_may_manage_the_server(permissions: int, admin: bool) -> None:
    assert parse.to_event(interaction(2, quiz(sub("today")), permissions=permissions)).actor.is_admin is admin


def test_nobody_is_an_admin_in_private_messages() -> None:
    event = parse.to_event(interaction(2, quiz(sub("today")), guild=False))
    assert not event.actor.is_admin
    assert event.actor.name == "Ada L."
    assert event.place == Place("discord", "", CHANNEL)


def test_a_thread_is_a_thread_of_its_channel() -> None:
    event = parse.to_event(interaction(2, quiz(sub("today")), channel=payloads.thread()))
    assert event.place == Place("discord", GUILD, CHANNEL, THREAD)


def test_a_channel_of_a_kind_to_come_is_refused_in_words() -> None:
    with pytest.raises(parse.Unclear, match="can’t answer here"):
        parse.to_event(interaction(2, quiz(sub("today")), channel=payloads.channel(kind=99)))


def test_typing_asks_for_suggestions() -> None:
    play = sub(
        "play",
        {"type": 3, "name": "level", "value": "beginner"},
        {"type": 3, "name": "deck", "value": "Net", "focused": True},
    )
    event = parse.to_event(interaction(4, quiz(play)))
    assert isinstance(event, Completion)
    assert (event.path, event.option, event.typed) == (("play",), "deck", "Net")


def test_a_press_names_its_action_and_message() -> None:
    event = parse.to_event(
        interaction(3, {"custom_id": "answer:17:B", "component_type": 2}, message=payloads.message())
    )
    assert isinstance(event, Press)
    assert (event.action, event.values) == (Action.of("answer", 17, "B"), ())
    assert (event.ref.place, event.ref.message) == (HERE, MESSAGE)


def test_a_second_button_of_the_same_action_presses_it_too() -> None:
    event = parse.to_event(interaction(3, {"custom_id": "home#1", "component_type": 2}, message=payloads.message()))
    assert isinstance(event, Press)
    assert event.action == Action.of("home")


def test_a_choice_in_a_menu_is_a_press_with_values() -> None:
    data = {"custom_id": "deck", "component_type": 3, "values": ["networks"]}
    event = parse.to_event(interaction(3, data, message=payloads.message()))
    assert isinstance(event, Press)
    assert event.values == ("networks",)


@pytest.mark.parametrize("custom_id", ["Not an Action!", "", "answer:💥", "x" * 101, "#1"])
def test_a_button_that_no_version_wrote_is_stale(custom_id: str) -> None:
    with pytest.raises(parse.Unclear, match="older version"):
        parse.to_event(interaction(3, {"custom_id": custom_id, "component_type": 2}, message=payloads.message()))


def test_a_form_gives_each_input_s_text() -> None:
    components = [
        {"type": 10, "id": 1},
        {"type": 18, "id": 2, "component": {"type": 4, "id": 3, "custom_id": "text", "value": "one\r\ntwo"}},
        {"type": 18, "id": 4, "component": {"type": 3, "id": 5, "custom_id": "level", "values": ["beginner"]}},
        {"type": 1, "id": 6, "components": [{"type": 4, "id": 7, "custom_id": "old", "value": "row"}]},
    ]
    event = parse.to_event(interaction(5, {"custom_id": "sent:17", "components": components}))
    assert isinstance(event, Submit)
    assert (event.action, dict(event.fields)) == (
        Action.of("sent", 17),
        {"text": "one\ntwo", "level": "beginner", "old": "row"},
    )


@pytest.mark.parametrize(
    ("flags", "guild", "private"), [(1 << 15, True, False), (1 << 15 | 1 << 6, True, True), (1 << 15, False, True)]
)
def test_a_message_is_private_when_it_is_ephemeral_or_in_private_messages(
    flags: int, guild: bool, private: bool
) -> None:
    data = {"custom_id": "home", "component_type": 2}
    assert parse.is_private(interaction(3, data, guild=guild, message=payloads.message(flags=flags))) is private


def test_a_command_of_another_name_is_refused_in_words() -> None:
    with pytest.raises(parse.Unclear, match="/quiz help"):
        parse.to_event(interaction(2, {"id": "1", "name": "trivia", "type": 1}))
