"""Application commands: what may be registered, and which choices may be suggested.

Source: Application Commands.
"""

from __future__ import annotations

import unicodedata
from typing import Any

from tests.emulators.discord import limits
from tests.emulators.discord.errors import Json
from tests.emulators.discord.form import (
    Check,
    Form,
    Path,
    anything,
    array,
    boolean,
    integer,
    mapping,
    number,
    one_of,
    snowflake,
    text,
)
from tests.emulators.discord.interactions import Interaction
from tests.emulators.discord.world import World

SUBCOMMAND, GROUP, STRING, INTEGER, BOOLEAN, USER, CHANNEL, ROLE, MENTIONABLE, NUMBER, ATTACHMENT = range(1, 12)
CHAT_INPUT = 1

_description = text(1, limits.COMMAND_DESCRIPTION, nullable=False)
_localizations = mapping({})


def _name(form: Form, path: Path, value: Any) -> None:
    text(1, limits.COMMAND_NAME, nullable=False)(form, path, value)
    if isinstance(value, str) and (not all(map(_may_be_in_a_name, value)) or value != value.lower()):
        form.fault(path, "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")


def _may_be_in_a_name(char: str) -> bool:
    """`^[-_'\\p{L}\\p{N}\\p{sc=Deva}\\p{sc=Thai}]{1,32}$`."""
    if char in "-_'" or unicodedata.category(char)[0] in "LN":
        return True
    return "\u0900" <= char <= "\u097f" or "\u0e01" <= char <= "\u0e3a" or "\u0e40" <= char <= "\u0e5b"


def _choice(value: Check) -> Check:
    return mapping(
        {"name": text(1, limits.CHOICE_TEXT, nullable=False), "name_localizations": anything, "value": value},
        ["name", "value"],
        nullable=False,
    )


_VALUES: dict[int, Check] = {
    STRING: text(1, limits.CHOICE_TEXT, nullable=False),
    INTEGER: integer(nullable=False),
    NUMBER: number,
}

_SHARED: dict[str, Check] = {
    "type": one_of(*range(1, 12)),
    "name": _name,
    "description": _description,
    "name_localizations": anything,
    "description_localizations": anything,
}
_OWN: dict[int, dict[str, Check]] = {
    SUBCOMMAND: {"options": anything, "required": boolean},
    GROUP: {"options": anything, "required": boolean},
    STRING: {"min_length": integer(0, 6000), "max_length": integer(1, 6000)},
    INTEGER: {"min_value": integer(), "max_value": integer()},
    NUMBER: {"min_value": number, "max_value": number},
    CHANNEL: {"channel_types": array(integer(0, 16))},
}
_COMMAND: dict[str, Check] = {
    "id": snowflake,
    "type": one_of(1, 2, 3, 4),
    "name": anything,
    "name_localizations": anything,
    "description": anything,
    "description_localizations": anything,
    "options": anything,
    "default_member_permissions": snowflake,
    "dm_permission": boolean,
    "contexts": array(one_of(0, 1, 2), 1, 3),
    "integration_types": array(one_of(0, 1), 1, 2),
    "nsfw": boolean,
    "handler": one_of(1, 2),
}


def check_command(form: Form, path: Path, command: Any) -> None:
    mapping(_COMMAND, ["name"], nullable=False)(form, path, command)
    if not isinstance(command, dict):
        return
    if (command.get("type") or CHAT_INPUT) != CHAT_INPUT:
        text(1, limits.COMMAND_NAME, nullable=False)(form, (*path, "name"), command.get("name"))
        return
    _name(form, (*path, "name"), command.get("name"))
    _description(form, (*path, "description"), command.get("description"))
    _check_options(form, (*path, "options"), command.get("options"), depth=0)
    if (size := _size(command)) > limits.COMMAND_TEXT:
        form.fault(path, "APPLICATION_COMMAND_TOO_LARGE", f"Command exceeds maximum size (8000): {size}")


def _check_options(form: Form, path: Path, options: Any, depth: int) -> None:
    if options is None:
        return
    if not isinstance(options, list) or len(options) > limits.COMMAND_OPTIONS:
        form.fault(path, "BASE_TYPE_BAD_LENGTH", "Must be between 0 and 25 in length.")
        return
    names: set[Any] = set()
    optional = False
    for index, option in enumerate(options):
        here = (*path, index)
        kind = option.get("type") if isinstance(option, dict) else None
        if not isinstance(kind, int) or not 1 <= kind <= 11:
            form.fault((*here, "type"), "BASE_TYPE_CHOICES", "Value must be an option type.")
            continue
        _check_option(form, here, option, kind)
        if option.get("name") in names:
            form.fault(here, "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS", "Option name already exists")
        names.add(option.get("name"))
        if kind in (SUBCOMMAND, GROUP):
            if (kind == GROUP and depth > 0) or depth > 1:
                form.fault((*here, "type"), "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "Sub-command can't be here")
            _check_options(form, (*here, "options"), option.get("options"), depth + (1 if kind == GROUP else 2))
        elif option.get("required") and optional:
            form.fault(
                here,
                "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
                "Required options must be placed before non-required options",
            )
        optional = optional or not option.get("required")
    kinds = {option.get("type") in (SUBCOMMAND, GROUP) for option in options if isinstance(option, dict)}
    if len(kinds) > 1:
        form.fault(path, "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "Sub-commands and options can't be mixed")


def _check_option(form: Form, path: Path, option: Json, kind: int) -> None:
    fields = _SHARED | _OWN.get(kind, {})
    if kind not in (SUBCOMMAND, GROUP):
        fields = fields | {"required": boolean}
    if kind in _VALUES:
        fields = fields | {"autocomplete": boolean, "choices": array(_choice(_VALUES[kind]), 0, limits.CHOICES)}
    mapping(fields, ["type", "name", "description"], nullable=False)(form, path, option)
    choices = option.get("choices")
    if choices and option.get("autocomplete"):
        form.fault(path, "APPLICATION_COMMAND_AUTOCOMPLETE_CHOICES", "autocomplete and choices exclude each other")
    if isinstance(choices, list):
        for name in ("name", "value"):
            given = [choice.get(name) for choice in choices if isinstance(choice, dict)]
            if len(given) != len(set(map(repr, given))):
                form.fault((*path, "choices"), "APPLICATION_COMMAND_OPTIONS_CHOICE_DUPLICATE", f"Choice {name} repeats")
    for low, high in (("min_value", "max_value"), ("min_length", "max_length")):
        least, most = option.get(low), option.get(high)
        if isinstance(least, int | float) and isinstance(most, int | float) and least > most:
            form.fault((*path, low), "NUMBER_TYPE_MAX", f"{low} is over {high}")


def _size(part: Json) -> int:
    """Characters of names, descriptions and choice values, all levels together."""
    size = len(str(part.get("name") or "")) + len(str(part.get("description") or ""))
    for choice in part.get("choices") or ():
        size += len(str(choice.get("name") or "")) + len(str(choice.get("value") or ""))
    return size + sum(_size(option) for option in part.get("options") or () if isinstance(option, dict))


def overwrite(world: World, guild_id: str | None, body: Any) -> list[Json]:
    """Put these commands in the place of all; a command of the same name and type keeps its id."""
    form = Form()
    array(check_command, 0, limits.COMMANDS, nullable=False)(form, (), body)
    form.refuse()
    before = {(one["name"], one["type"]): one["id"] for one in world.commands.get(guild_id, ())}
    seen: set[tuple[str, int]] = set()
    stored: list[Json] = []
    for index, command in enumerate(body):
        key = (command["name"], command.get("type") or CHAT_INPUT)
        if key in seen:
            form.fault((index,), "APPLICATION_COMMANDS_DUPLICATE_NAME", "Application command names must be unique")
        seen.add(key)
        stored.append(_stored(world, guild_id, command, before.get(key)))
    form.refuse()
    world.commands[guild_id] = stored
    return stored


def _stored(world: World, guild_id: str | None, command: Json, number: str | None) -> Json:
    allowed = command.get("default_member_permissions")
    stored: Json = {
        "id": number or world.clock.snowflake(),
        "application_id": world.application_id,
        "version": world.clock.snowflake(),
        "type": command.get("type") or CHAT_INPUT,
        "name": command["name"],
        "name_localizations": command.get("name_localizations"),
        "description": command.get("description") or "",
        "description_localizations": command.get("description_localizations"),
        "default_member_permissions": None if allowed is None else str(allowed),
        "dm_permission": command.get("dm_permission") is not False,
        "contexts": command.get("contexts"),
        "integration_types": command.get("integration_types") or [0],
        "nsfw": bool(command.get("nsfw")),
    }
    if command.get("options"):
        stored["options"] = command["options"]
    return stored if guild_id is None else stored | {"guild_id": guild_id}


def check_choices(form: Form, path: Path, data: Any, _interaction: Interaction) -> None:
    """Autocomplete choices."""

    def value(form: Form, path: Path, given: Any) -> None:
        if isinstance(given, str):
            text(1, limits.CHOICE_TEXT)(form, path, given)
        else:
            number(form, path, given)

    mapping({"choices": array(_choice(value), 0, limits.CHOICES, nullable=False)}, ["choices"], nullable=False)(
        form, path, data
    )
