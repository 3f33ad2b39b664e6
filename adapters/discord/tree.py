"""The command tree as Discord's application commands: one `/quiz` with subcommands and groups, described in every language. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import discord

from adapters.discord import limits
from bot.commands import ChannelId, Entry, GroupId, Option
from bot.messages import clip
from bot.words import N_, in_each, known

QUIZ = "quiz"

LOCALES = tuple(locale.value for locale in discord.Locale)
"""The languages that Discord itself speaks (docs: Reference, Locales)."""

_CHAT_INPUT = 1
_SUBCOMMAND, _GROUP = 1, 2
_TYPES: Mapping[type, int] = {str: 3, int: 4, bool: 5, ChannelId: 7, GroupId: 8}
_CHANNELS = (0, 5)  # of text, and of announcements
_GUILD_INSTALL = 0
_GUILD, _BOT_DM = 0, 1


def to_commands(tree: Sequence[Entry]) -> list[dict[str, Any]]:
    """What is registered. The bare command has no place in it, nor has a bare group: Discord can't run what has
    subcommands.

    Whoever is no admin is refused by the bot on each call: Discord hides whole commands, not subcommands.
    """
    options: list[dict[str, Any]] = []
    groups: dict[str, dict[str, Any]] = {}
    about = {entry.path: entry.help for entry in tree if entry.group}
    for entry in tree:
        match entry.path:
            case ():
                continue
            case (_,) if entry.group:
                continue
            case (name,):
                options.append(_subcommand(name, entry))
            case (group, name):
                if group not in groups:
                    groups[group] = {"type": _GROUP, "name": group, **_described(about[group,]), "options": []}
                    options.append(groups[group])
                groups[group]["options"].append(_subcommand(name, entry))
            case path:
                raise ValueError(f"/quiz {' '.join(path)} is deeper than Discord's two levels")
    return [
        {
            "type": _CHAT_INPUT,
            "name": QUIZ,
            **_described(N_("A good question a day, and help to remember the answer")),
            "options": options,
            "default_member_permissions": None,
            "integration_types": [_GUILD_INSTALL],
            "contexts": [_GUILD, _BOT_DM],
        }
    ]


def same(registered: Sequence[Mapping[str, Any]], wanted: Sequence[Mapping[str, Any]]) -> bool:
    """Whether Discord has these commands already, whatever ids, versions and defaults it adds to them."""
    return bool(_essence(registered) == _essence(wanted))


_ESSENTIAL = {
    "type", "name", "description", "options", "required", "choices", "value", "autocomplete", "min_value", "max_value",
    "min_length", "max_length", "channel_types", "default_member_permissions", "integration_types", "contexts", "nsfw",
    "name_localizations", "description_localizations",
}  # fmt: skip


def _essence(value: Any) -> Any:  # noqa: ANN401 - whatever JSON can hold
    if isinstance(value, Mapping):
        kept = {
            key: each if key.endswith("_localizations") else _essence(each)
            for key, each in value.items()
            if key in _ESSENTIAL
        }
        return {key: each for key, each in kept.items() if each is not None and each is not False and each != []}
    return [_essence(each) for each in value] if isinstance(value, list) else value


def _described(help_: str) -> dict[str, Any]:
    """What something does, in English and in every other language that Discord and we have. Names stay: they are typed."""
    others = {
        locale: clip(words, limits.DESCRIPTION)
        for language, words in in_each(help_).items()
        for locale in LOCALES
        if known(locale) == language
    }
    described: dict[str, Any] = {"description": clip(help_, limits.DESCRIPTION)}
    return described | {"description_localizations": others} if others else described


def _subcommand(name: str, entry: Entry) -> dict[str, Any]:
    ordered = sorted(entry.options, key=lambda option: not option.required)
    return {
        "type": _SUBCOMMAND,
        "name": name,
        **_described(entry.help),
        "options": [_option(option) for option in ordered],
    }


def _option(option: Option) -> dict[str, Any]:
    made: dict[str, Any] = {
        "type": _TYPES[option.type],
        "name": option.name,
        **_described(option.help),
        "required": option.required,
    }
    if option.choices and not option.source:  # Discord takes either; several choices can only be completed
        made["choices"] = [{"name": choice, "value": choice} for choice in option.choices]
    if option.source:
        made["autocomplete"] = True
    if option.type is ChannelId:
        made["channel_types"] = list(_CHANNELS)
    if option.type is int:
        made |= {"min_value": option.least, "max_value": option.most}
    return made
