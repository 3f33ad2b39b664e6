"""The command tree, as Discord registers it."""

from __future__ import annotations

import copy
import re
from typing import Any

import pytest

from adapters.discord import limits, tree
from bot.commands import TREE, ChannelId, Entry, Option


async def _nothing(turn: object, event: object) -> Any: ...


def made(*entries: Entry) -> dict[str, Any]:
    (command,) = tree.to_commands(entries)
    return command


def every(option: dict[str, Any]) -> list[dict[str, Any]]:
    return [option, *(inner for each in option.get("options", ()) for inner in every(each))]


def test_every_command_is_there_but_the_bare_ones() -> None:
    paths: set[tuple[str, ...]] = set()
    for option in made(*TREE)["options"]:
        paths |= (
            {(option["name"], each["name"]) for each in option["options"]}
            if option["type"] == 2
            else {(option["name"],)}
        )
    assert paths == {entry.path for entry in TREE if entry.path and not entry.group}
    groups = {option["name"]: option["description"] for option in made(*TREE)["options"] if option["type"] == 2}
    assert groups == {entry.path[0]: entry.help for entry in TREE if entry.group}


def test_what_is_registered_is_within_discord_s_limits() -> None:
    command = made(*TREE)
    characters = 0
    for part in every(command):
        assert re.fullmatch(r"[-_'\w]{1,32}", part["name"])
        assert part["name"] == part["name"].lower()
        assert 1 <= len(part["description"]) <= limits.DESCRIPTION
        assert len(part.get("options", ())) <= limits.CHOICES
        assert len(part.get("choices", ())) <= limits.CHOICES
        required = [each.get("required", False) for each in part.get("options", ()) if each["type"] > 2]
        assert required == sorted(required, reverse=True)
        assert not ("choices" in part and part.get("autocomplete"))
        characters += len(part["name"]) + len(part["description"])
        characters += sum(len(choice["name"]) + len(str(choice["value"])) for choice in part.get("choices", ()))
    assert characters <= limits.COMMAND


def test_options_have_their_types_bounds_choices_and_suggestions() -> None:
    options = (
        Option("level", "How hard", choices=("beginner", "advanced")),
        Option("count", "How many", int, least=2, most=50),
        Option("public", "For all", bool),
        Option("deck", "Which", source="decks", required=True),
        Option("channel", "Where", ChannelId),
    )
    deck, level, count, public, channel = made(Entry(("play",), "Practise", _nothing, options))["options"][0]["options"]
    assert (deck["type"], deck["required"], deck["autocomplete"]) == (3, True, True)
    assert level["choices"] == [{"name": "beginner", "value": "beginner"}, {"name": "advanced", "value": "advanced"}]
    assert (count["type"], count["min_value"], count["max_value"]) == (4, 2, 50)
    assert (public["type"], public["required"]) == (5, False)
    assert (channel["type"], channel["channel_types"]) == (7, [0, 5]), "of text, and of announcements"


def test_a_schedule_s_channel_is_chosen_from_a_list_and_its_zone_as_it_is_typed() -> None:
    group = next(option for option in made(*TREE)["options"] if option["name"] == "schedule")
    options = {each["name"]: each for each in next(e for e in group["options"] if e["name"] == "set")["options"]}
    assert options["channel"]["type"] == 7
    assert options["id"]["type"] == 4
    assert [name for name, each in options.items() if each.get("autocomplete")] == [
        "zone",
        "days",
        "decks",
        "level",
        "topic",
    ]
    assert "choices" not in options["level"], "there can be several"
    assert [each["value"] for each in options["mode"]["choices"]] == ["buttons", "reactions"]
    assert not any(each["required"] for each in options.values()), "to change one, only what is changed is given"


def test_it_is_for_servers_and_private_messages_and_open_to_all() -> None:
    command = made(*TREE)
    assert (command["contexts"], command["integration_types"]) == ([0, 1], [0])
    assert command["default_member_permissions"] is None


def test_a_third_level_is_refused() -> None:
    with pytest.raises(ValueError, match="two levels"):
        made(Entry(("a", "b", "c"), "Too deep", _nothing))


def registered() -> list[dict[str, Any]]:
    """What Discord answers with: ids and versions added, what is false or empty left out."""
    commands = copy.deepcopy(tree.to_commands(TREE))
    for part in every(commands[0]):
        if not part.get("required"):
            part.pop("required", None)
        if not part.get("options"):
            part.pop("options", None)
    commands[0] |= {"id": "1", "application_id": "2", "version": "3", "nsfw": False, "dm_permission": True}
    commands[0]["name_localizations"] = None
    return commands


def test_what_discord_has_is_not_sent_again() -> None:
    assert tree.same(registered(), tree.to_commands(TREE))


@pytest.mark.parametrize(
    "change", ["help", "choice", "bound", "gone", "more", "order", "autocomplete", "channel", "language"]
)
def test_any_change_is_sent(change: str) -> None:
    theirs = registered()
    options = theirs[0]["options"]
    play = next(option for option in options if option["name"] == "play")["options"]
    by = next(option for option in options if option["name"] == "leaderboard")["options"][1]
    match change:
        case "help":
            options[0]["description"] = "Another"
        case "choice":
            by["choices"].pop()
        case "bound":
            play[3]["max_value"] = 51
        case "gone":
            options.pop()
        case "more":
            theirs.append({**theirs[0], "name": "older"})
        case "order":
            options.reverse()
        case "autocomplete":
            del play[0]["autocomplete"]
        case "language":
            del options[0]["description_localizations"]["de"]
        case "channel":
            group = next(option for option in options if option["name"] == "schedule")["options"]
            channel = next(each for each in group[0]["options"] if each["name"] == "channel")
            channel["channel_types"].pop()
    assert not tree.same(theirs, tree.to_commands(TREE))
