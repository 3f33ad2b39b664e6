"""A person types a slash command: what the real client would let them send, and the suggestions as they type."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

from tests.emulators.discord import interactions as i
from tests.emulators.discord import permissions
from tests.emulators.discord.commands import (
    ATTACHMENT,
    BOOLEAN,
    CHANNEL,
    CHAT_INPUT,
    GROUP,
    INTEGER,
    MENTIONABLE,
    NUMBER,
    ROLE,
    STRING,
    SUBCOMMAND,
    USER,
)
from tests.emulators.discord.errors import Impossible, Json
from tests.emulators.discord.interactions import Interaction, open_interaction
from tests.emulators.discord.members import User
from tests.emulators.discord.places import Channel
from tests.emulators.discord.world import World


def command(world: World, user: User, channel: Channel, typed: str, options: Mapping[str, Any]) -> Interaction:
    """`typed` is the command's path with or without its slash; `options` by name, each a JSON value.

    A file is `{"name": …, "content": base64}`; a user, channel or role is its id. Impossible says what the client refuses.
    """
    registered, path, definitions = _find(world, user, channel, typed)
    resolved: dict[str, Json] = {}
    given = []
    for name, value in options.items():
        definition = _definition(definitions, name, typed)
        given.append(
            {"name": name, "type": definition["type"], "value": _value(world, channel, definition, value, resolved)}
        )
    for definition in definitions:
        if definition.get("required") and definition["name"] not in options:
            raise Impossible(f"/{typed} needs {definition['name']}")
    data = _data(registered, path, given)
    if resolved:
        data["resolved"] = resolved
    return open_interaction(world, i.COMMAND, user, channel, data, " ".join((registered["name"], *path)))


def completion(
    world: World, user: User, channel: Channel, typed: str, options: Mapping[str, Any], focused: str
) -> Interaction:
    """The client asks for suggestions for the option `focused`, whose text so far is among `options`."""
    registered, path, definitions = _find(world, user, channel, typed)
    if not _definition(definitions, focused, typed).get("autocomplete"):
        raise Impossible(f"{focused} of /{typed} is not completed")
    given = []
    for name, value in options.items():
        option = {"name": name, "type": _definition(definitions, name, typed)["type"], "value": value}
        given.append(option | ({"focused": True, "value": str(value)} if name == focused else {}))
    said = f"{registered['name']} {focused}"
    return open_interaction(world, i.AUTOCOMPLETE, user, channel, _data(registered, path, given), said)


def _find(world: World, user: User, channel: Channel, typed: str) -> tuple[Json, list[str], list[Json]]:
    """The registered command, the names below it, and the options of the innermost."""
    granted = world.may(user, channel)
    if not granted & permissions.BITS["VIEW_CHANNEL"] or not granted & permissions.BITS["USE_APPLICATION_COMMANDS"]:
        raise Impossible(f"{user.name} may not use commands in {channel.name}")
    guild = world.guild_of(channel)
    if guild is not None and not guild.has_bot:
        raise Impossible("the bot is not in this server")
    name, *path = typed.strip().removeprefix("/").split()
    registered = next((one for one in _offered(world, channel) if one["name"] == name), None)
    if registered is None:
        raise Impossible(f"there is no command /{name} here")
    needed = registered["default_member_permissions"]
    if guild is not None and needed is not None and int(needed) & ~granted:
        raise Impossible(f"/{name} is not shown to {user.name}")
    options = registered.get("options") or []
    for part in path:
        inner = next((one for one in options if one["name"] == part and one["type"] in (SUBCOMMAND, GROUP)), None)
        if inner is None:
            raise Impossible(f"there is no command /{typed}")
        options = inner.get("options") or []
    if any(one["type"] in (SUBCOMMAND, GROUP) for one in options):
        raise Impossible(f"/{typed} is only the beginning of a command")
    return registered, path, options


def _offered(world: World, channel: Channel) -> list[Json]:
    """The commands shown in a channel: a server's own hide global ones of the same name."""
    context = 1 if channel.guild_id is None else 0
    own = world.commands.get(channel.guild_id, []) if channel.guild_id is not None else []
    shown = []
    for one in [*own, *world.commands.get(None, [])]:
        contexts = one["contexts"]
        if contexts is None:
            contexts = [0, 1] if one["dm_permission"] else [0]
        if one["type"] == CHAT_INPUT and context in contexts:
            shown.append(one)
    return shown


def _definition(definitions: list[Json], name: str, typed: str) -> Json:
    found = next((one for one in definitions if one["name"] == name), None)
    if found is None:
        raise Impossible(f"/{typed} has no option {name}")
    return found


def _data(registered: Json, path: list[str], given: list[Json]) -> Json:
    options = given
    for depth, name in reversed(list(enumerate(path))):
        kind = GROUP if depth == 0 and len(path) == 2 else SUBCOMMAND
        options = [{"name": name, "type": kind, "options": options}]
    data: Json = {"id": registered["id"], "name": registered["name"], "type": registered["type"]}
    if options:
        data["options"] = options
    if "guild_id" in registered:
        data["guild_id"] = registered["guild_id"]
    return data


def _value(world: World, channel: Channel, option: Json, value: Any, resolved: dict[str, Json]) -> Any:
    kind, name = option["type"], option["name"]
    if option.get("choices"):
        for choice in option["choices"]:
            if value in (choice["value"], choice["name"]) and not isinstance(value, bool):
                return choice["value"]
        raise Impossible(f"{name} has no choice {value!r}")
    if kind == STRING:
        least, most = option.get("min_length") or 0, option.get("max_length") or 6000
        if not isinstance(value, str) or not least <= len(value) <= most:
            raise Impossible(f"{name} takes {least} to {most} characters")
    elif kind in (INTEGER, NUMBER):
        if isinstance(value, bool) or not isinstance(value, int if kind == INTEGER else int | float):
            raise Impossible(f"{name} takes a number")
        least, most = option.get("min_value"), option.get("max_value")
        if (least is not None and value < least) or (most is not None and value > most):
            raise Impossible(f"{name} is from {least} to {most}")
    elif kind == BOOLEAN:
        if not isinstance(value, bool):
            raise Impossible(f"{name} is true or false")
    elif kind == ATTACHMENT:
        content = base64.b64decode(value["content"])
        stored = world.store_file(f"ephemeral-attachments/{channel.id}", value["name"], content)
        resolved.setdefault("attachments", {})[stored.id] = stored.json() | {"ephemeral": True}
        return stored.id
    else:
        resolve(
            world, channel, {USER: "user", CHANNEL: "channel", ROLE: "role", MENTIONABLE: ""}[kind], value, resolved
        )
    return value


def resolve(world: World, channel: Channel, kind: str, number: str, resolved: dict[str, Json]) -> None:
    """Put the user, role or channel of an id into `resolved`. Impossible when it isn't there to be picked."""
    guild = world.guild_of(channel)
    if kind in ("user", "") and number in world.users:
        resolved.setdefault("users", {})[number] = world.users[number].json()
        if guild is not None and number in guild.members:
            member = guild.members[number]
            granted = str(guild.may(number, channel))
            resolved.setdefault("members", {})[number] = member.json(with_user=False) | {"permissions": granted}
    elif kind in ("role", "") and guild is not None and number in guild.roles:
        resolved.setdefault("roles", {})[number] = guild.roles[number].json()
    elif kind == "channel" and guild is not None and number in guild.channels:
        picked = guild.channels[number].json() | {"permissions": str(guild.may(world.bot.id, guild.channels[number]))}
        resolved.setdefault("channels", {})[number] = picked
    else:
        raise Impossible(f"there is no {kind or 'one'} {number} to pick")
