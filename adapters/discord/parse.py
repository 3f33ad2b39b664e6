"""In: what Discord sent → events. Pure; whatever comes in, the worst that comes of it is a sentence."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import discord

from bot.events import (
    Actor,
    Command,
    Completion,
    MessageRef,
    Place,
    Press,
    Reaction,
    Submit,
    Workspace,
    legible,
)
from bot.messages import Action, OptionValue
from bot.words import N_, _

NAME = "discord"

STALE = N_("That button is from an older version of me, so nothing was recorded. /quiz help shows what there is.")
STALE_FORM = N_("That form is from an older version of me, so nothing was recorded. /quiz help shows what there is.")
STRANGE = N_("I don’t know that command any more. /quiz help shows what there is.")
NOWHERE = N_("I can’t answer here. Please use /quiz in a channel of a server.")
ELSEWHERE = N_("I don’t find that channel in this server. Please pick one that Discord offers.")

_SUBCOMMANDS = (discord.AppCommandOptionType.subcommand.value, discord.AppCommandOptionType.subcommand_group.value)
_CHANNEL = discord.AppCommandOptionType.channel.value
_ROLE = discord.AppCommandOptionType.role.value

_COMPONENT = discord.InteractionType.component.value
_THREADS = tuple(
    kind.value
    for kind in (discord.ChannelType.news_thread, discord.ChannelType.public_thread, discord.ChannelType.private_thread)
)
_CHANNELS = (discord.ChannelType.text.value, discord.ChannelType.news.value, *_THREADS)
_ADMIN = discord.Permissions(administrator=True, manage_guild=True).value
_EPHEMERAL = discord.MessageFlags(ephemeral=True).value


_UNNAMED = str.maketrans("", "", "<>|")
"""What divides a mention's parts can't be in its name."""


class Unclear(Exception):
    """Nothing that the bot can act on; `str` is the sentence to answer with."""


def to_event(interaction: discord.Interaction) -> Command | Completion | Press | Submit:
    """What someone did. Unclear for what no version of ours offers, or where it can't be answered."""
    place = to_place(interaction)
    actor = to_actor(interaction)
    sent: Mapping[str, Any] = interaction.data or {}
    event_id = str(interaction.id)
    match interaction.type:
        case discord.InteractionType.application_command:
            path, options = _command(sent)
            return Command(event_id, path, dict(_values(options, sent.get("resolved", {}))), actor, place)
        case discord.InteractionType.autocomplete:
            path, options = _command(sent)
            focused: Mapping[str, Any] = next((each for each in options if each.get("focused")), {})
            typed = legible(str(focused.get("value", "")))
            return Completion(event_id, path, str(focused.get("name", "")), typed, actor, place)
        case discord.InteractionType.component:
            if interaction.message is None:
                raise Unclear(_(STALE))
            values = tuple(legible(str(value)) for value in sent.get("values", ()))
            ref = MessageRef(place, str(interaction.message.id))
            return Press(event_id, _action(sent, STALE), values, actor, ref)
        case discord.InteractionType.modal_submit:
            fields = dict(_fields(sent.get("components", ())))
            return Submit(event_id, _action(sent, STALE_FORM), fields, actor, place)
        case _:
            raise Unclear(_(STRANGE))


def to_press(sent: Mapping[str, Any]) -> Press | None:
    """A press in a server, out of Discord's own JSON. None for everything else, which is the library's to read.

    A thousand people press in a second, and the library makes the whole message anew for each of them.
    """
    try:
        if sent["type"] != _COMPONENT or sent["channel"]["type"] not in _CHANNELS:
            return None
        channel, member, data = sent["channel"], sent["member"], sent["data"]
        user = member["user"]
        granted = int(member["permissions"])
        workspace = str(sent["guild_id"])
        if channel["type"] in _THREADS:
            here = Place(NAME, workspace, str(channel["parent_id"]), str(channel["id"]))
        else:
            here = Place(NAME, workspace, str(channel["id"]))
        values = tuple(legible(str(value)) for value in data.get("values", ()))
        actor = Actor(
            NAME,
            "",
            str(user["id"]),
            member["nick"] or user["global_name"] or user["username"],
            is_admin=granted & _ADMIN != 0,
            locale=sent["locale"],
            groups=tuple(member["roles"]),
        )
        return Press(str(sent["id"]), _action(data, STALE), values, actor, MessageRef(here, str(sent["message"]["id"])))
    except (Unclear, AttributeError, KeyError, TypeError, ValueError):  # whatever it is, no press as we know them
        return None


def on_private(sent: Mapping[str, Any]) -> bool:
    """`is_private` of a press that `to_press` has read."""
    return bool((sent["message"].get("flags") or 0) & _EPHEMERAL)


def to_place(interaction: discord.Interaction) -> Place:
    """Where it happened. A thread is a thread of its channel; private messages are in no server."""
    channel = interaction.channel
    if channel is None:
        raise Unclear(_(NOWHERE))
    return place("" if interaction.guild_id is None else str(interaction.guild_id), channel)


def place(workspace: str, channel: object) -> Place:
    """The place of a channel or thread of the library's; NOWHERE's sentence for what is neither."""
    if isinstance(channel, discord.Thread):
        return Place(NAME, workspace, str(channel.parent_id), str(channel.id))
    if isinstance(channel, discord.abc.Snowflake):
        return Place(NAME, workspace, str(channel.id))
    raise Unclear(_(NOWHERE))


def to_actor(interaction: discord.Interaction) -> Actor:
    """Who did it. In private messages nobody is an admin: what an admin may do concerns a server."""
    allowed = interaction.permissions
    return Actor(
        NAME,
        "",
        str(interaction.user.id),
        interaction.user.display_name,
        is_admin=interaction.guild_id is not None and (allowed.administrator or allowed.manage_guild),
        locale=interaction.locale.value,
        groups=_roles(interaction.user),
    )


def _roles(user: discord.User | discord.Member | None) -> tuple[str, ...] | None:
    """The roles of somebody in a server, but for the one that everybody has. Read where the library keeps what Discord sent:
    `roles` has those alone that it knows of the server. In private messages they are not told.
    """
    return tuple(map(str, user._roles)) if isinstance(user, discord.Member) else None  # noqa: SLF001


def is_private(interaction: discord.Interaction) -> bool:
    """Whether the message that was acted on is the actor's alone."""
    message = interaction.message
    return message is not None and (message.flags.ephemeral or interaction.guild_id is None)


def to_reaction(raw: discord.RawReactionActionEvent, where: Place, name: str, *, added: bool) -> Reaction:
    """Discord numbers no reactions, and repeats none: each that arrives is an event of its own."""
    actor = Actor(NAME, "", str(raw.user_id), name, groups=_roles(raw.member))
    ref = MessageRef(where, str(raw.message_id))
    return Reaction(f"reaction-{uuid.uuid4()}", str(raw.emoji), added, actor, ref)


def to_workspace(guild: discord.Guild) -> Workspace:
    """A server as the gateway tells of it. Its owner's name is not told."""
    owner = None if guild.owner_id is None else Actor(NAME, "", str(guild.owner_id), "")
    return Workspace(NAME, str(guild.id), guild.name, owner)


def to_person(user: Mapping[str, Any], name: str | None) -> Actor:
    """A user as the REST API tells of them, under the name they have here if that is known."""
    return Actor(NAME, "", str(user["id"]), name or user.get("global_name") or str(user.get("username", "")))


# ---------------------------------------------------------------- inside


def _command(sent: Mapping[str, Any]) -> tuple[tuple[str, ...], Sequence[Mapping[str, Any]]]:
    """The path below `/quiz`, and the options at its end."""
    if sent.get("name") != "quiz":
        raise Unclear(_(STRANGE))
    path: list[str] = []
    options: Sequence[Mapping[str, Any]] = sent.get("options", ())
    while options and options[0].get("type") in _SUBCOMMANDS:
        path.append(str(options[0].get("name", "")))
        options = options[0].get("options", ())
    return tuple(path), options


def _values(
    options: Sequence[Mapping[str, Any]], resolved: Mapping[str, Mapping[str, Any]]
) -> Iterator[tuple[str, OptionValue]]:
    """Each option's value by its name. A channel is one that Discord has found in the server."""
    for option in options:
        value = option.get("value", "")
        if option.get("type") == _CHANNEL and str(value) not in resolved.get("channels", {}):
            raise Unclear(_(ELSEWHERE))
        if option.get("type") == _ROLE:
            named = legible(str(resolved.get("roles", {}).get(str(value), {}).get("name", "")))
            value = f"<@&{value}|{named.translate(_UNNAMED)}>"
        yield str(option.get("name", "")), value if isinstance(value, bool | int) else legible(str(value))


def _action(sent: Mapping[str, Any], stale: str) -> Action:
    """The action in a `custom_id`, less the number that `render` gives a second button of the same action."""
    try:
        return Action.parse(str(sent.get("custom_id", "")).partition("#")[0])
    except ValueError:
        raise Unclear(_(stale)) from None


def _fields(components: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    """Each input's text by its name; a menu's is the value chosen. Inputs stand in labels, and once stood in rows."""
    for component in components:
        inner = component.get("component")
        yield from _fields([inner] if inner else component.get("components", ()))
        if "custom_id" in component:
            values = component.get("values")
            yield component["custom_id"], str(component.get("value") or "") if values is None else ",".join(values)
