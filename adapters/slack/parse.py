"""In: what Slack sent → events. Pure; whatever comes in, the worst that comes of it is a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from adapters.slack import happenings, ids, source
from adapters.slack import payload as read
from adapters.slack.channels import is_direct
from adapters.slack.origin import NAME
from adapters.slack.payload import Payload
from adapters.slack.source import NOWHERE, STRANGE, Unclear, is_private
from bot import commands
from bot.events import Command, Completion, Event, MessageRef, Place, Press, Submit, legible
from bot.messages import Action, OptionValue, clip
from bot.words import N_, _

__all__ = ["NAME", "Unclear", "is_private", "to_event"]

STALE = N_("That button is from an older version of me, so nothing was recorded. /quiz help shows what there is.")
STALE_FORM = N_("That form is from an older version of me, so nothing was recorded. /quiz help shows what there is.")

NO_CHANNEL = N_("I know no channel “{channel}”. Choose it from the list that Slack offers after #.")

_CHANNEL = re.compile(r"<#[A-Z0-9]+(\|[^<>]*)?>|[CG][A-Z0-9]{6,}")
_ENTITY = re.compile(r"&(amp|lt|gt);")
_SIGNS = {"amp": "&", "lt": "<", "gt": ">"}


def to_event(payload: object) -> Event | None:
    """What someone did, or what happened: the body of a slash command, an interaction or an event, verified before.

    None for what is nobody's concern and needs no answer. Unclear for what no version of ours offers.
    """
    if not isinstance(payload, Mapping):
        raise Unclear(_(STRANGE))
    match payload.get("type"):
        case None if read.text(payload, "command"):
            return _command(payload)
        case "block_actions":
            return _press(payload)
        case "view_submission":
            return _submit(payload)
        case "block_suggestion":
            return _completion(payload)
        case "event_callback":
            return happenings.to_event(payload)
        case "view_closed":
            return None
        case _:
            raise Unclear(_(STRANGE))


def handles(command: Command) -> tuple[str, ...]:
    """The options of a command for which a user group's handle was typed that Slack has made no mention of."""
    entry = commands.BY_PATH[command.path]
    return tuple(
        option.name
        for option in entry.options
        if option.type is commands.GroupId and str(command.options.get(option.name, "")).startswith("@")
    )


# ---------------------------------------------------------------- inside


def _command(payload: Payload) -> Command:
    """`/quiz …`. Slack writes `&`, `<` and `>` as in its messages; what it makes of mentions, `<#C1|name>`, stays."""
    channel = read.ident(payload, "channel_id")
    if not channel:
        raise Unclear(_(NOWHERE))
    typed = _ENTITY.sub(lambda found: _SIGNS[found[1]], read.text(payload, "text"))
    try:
        path, options = commands.read(typed)
    except commands.Misread as misread:
        raise Unclear(str(misread)) from None
    if (unknown := _unknown_channel(path, options)) is not None:
        raise Unclear(_(NO_CHANNEL, channel=clip(unknown, 80)))
    place = _place(Place(NAME, source.team(payload), channel))
    return Command(_id(payload), path, options, source.actor(payload), place)


def _unknown_channel(path: tuple[str, ...], options: Mapping[str, OptionValue]) -> str | None:
    """A channel's name as it was typed. Slack makes a mention of each that it knows, and takes names for few things."""
    entry = commands.BY_PATH[path]
    for name, value in options.items():
        option = entry.option(name)
        if option is not None and option.type is commands.ChannelId:
            every = (each.strip() for each in str(value).strip(", ").split(","))
            if (unknown := next((each for each in every if not _CHANNEL.fullmatch(each)), None)) is not None:
                return unknown
    return None


def _press(payload: Payload) -> Press:
    """The first of what was done at once: Slack sends a list, with one in it for all that we show."""
    used = next(iter(read.items(payload, "actions")), None)
    values: tuple[str, ...] = ()
    if read.text(used, "type") == "button":
        action = _action(read.text(used, "value"), STALE)
    else:
        action = _action(read.text(used, "action_id"), STALE)
        if chosen := read.text(used, "selected_option", "value"):
            values = (chosen,)
    return Press(_id(payload), action, values, source.actor(payload), _ref(payload))


def _submit(payload: Payload) -> Submit:
    action = _action(read.text(payload, "view", "callback_id"), STALE_FORM)
    fields = dict(_fields(read.mapping(payload, "view", "state", "values")))
    return Submit(_id(payload), action, fields, source.actor(payload), _place(source.view_place(payload)))


def _completion(payload: Payload) -> Completion:
    """Suggestions are asked for with no id; the same asked again is the same."""
    try:
        path, option = ids.to_option(read.text(payload, "action_id"))
    except ValueError:
        raise Unclear(_(STALE)) from None
    ref, typed = _ref(payload), read.text(payload, "value")
    return Completion(f"{ref.message}:{option}:{typed}", path, option, typed, source.actor(payload), ref.place)


def _ref(payload: Payload) -> MessageRef:
    ref = source.ref(payload)
    return MessageRef(place, ref.message) if (place := _place(ref.place)).private else ref


def _place(place: Place) -> Place:
    """The place, known for private where it is: somebody's messages with the bot, or with another person."""
    return replace(place, private=True) if is_direct(place.channel) else place


def _id(payload: Payload) -> str:
    """A trigger is made for each thing done, and comes again when Slack sends it again."""
    if trigger := read.ident(payload, "trigger_id"):
        return trigger
    raise Unclear(_(STRANGE))


def _action(written: str, stale: str) -> Action:
    try:
        return ids.to_action(written)
    except ValueError:
        raise Unclear(_(stale)) from None


def _fields(values: Payload) -> Iterator[tuple[str, str]]:
    """Each input's text by its name; a menu's is the value chosen."""
    for block in values.values():
        for name, state in read.mapping(block).items():
            yield legible(name), read.text(state, "value") or read.text(state, "selected_option", "value")
