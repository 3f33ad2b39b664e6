"""The bot's answers to interactions: the callback, follow-ups, and edits of what it said.

Source: Receiving and Responding (Create Interaction Response, Followup Messages).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from tests.emulators.discord import interactions as i
from tests.emulators.discord import layout, limits
from tests.emulators.discord.bodies import Kind, check_message_body, refuse_empty
from tests.emulators.discord.commands import check_choices
from tests.emulators.discord.compose import Upload, numbered, put
from tests.emulators.discord.errors import ApiError, Json
from tests.emulators.discord.form import Form, integer, mapping, text
from tests.emulators.discord.interactions import Interaction
from tests.emulators.discord.messages import COMMAND_REPLY, REPLY, Message
from tests.emulators.discord.posting import tell_message
from tests.emulators.discord.world import World

_modal = mapping(
    {
        "custom_id": text(1, limits.CUSTOM_ID, nullable=False),
        "title": text(1, limits.MODAL_TITLE, nullable=False),
        "components": layout.check_modal,
    },
    ["custom_id", "title", "components"],
    nullable=False,
)
_deferral = mapping({"flags": integer(0)})

_POSSIBLE = {
    i.COMMAND: {i.MESSAGE, i.DEFERRED_MESSAGE, i.MODAL},
    i.COMPONENT: {i.MESSAGE, i.DEFERRED_MESSAGE, i.DEFERRED_UPDATE, i.UPDATE, i.MODAL},
    i.AUTOCOMPLETE: {i.CHOICES},
    i.MODAL_SUBMIT: {i.MESSAGE, i.DEFERRED_MESSAGE},
}


def respond(world: World, number: str, token: str, body: Any, uploads: Mapping[int, Upload], *, told: bool) -> bytes:
    """The first response. The callback response object when `told` (`with_response`), nothing otherwise."""
    one = world.interactions.get(token)
    if one is None or one.id != number:
        raise ApiError(10062)
    # The real order: a token that has been answered says so even when its three seconds are over.
    if one.answered:
        raise ApiError(40060)
    if world.clock.now() - one.made > world.settings.first_response:
        raise ApiError(10062)
    kind = _check(world, one, body, uploads)
    data = body.get("data") or {}
    if kind in (i.MESSAGE, i.DEFERRED_MESSAGE):
        one.original = _new(world, one, data, uploads, loading=kind == i.DEFERRED_MESSAGE)
    elif kind in (i.UPDATE, i.DEFERRED_UPDATE):
        one.original = _source(one)
        if kind == i.UPDATE:
            _edit(world, one.original, data, uploads)
    elif kind == i.MODAL:
        one.modal, one.modal_open = data | {"components": numbered(data["components"])[0]}, True
    elif kind == i.CHOICES:
        one.choices = data.get("choices") or []
    one.response, one.responded = kind, world.clock.now()
    one.notify()
    return _callback(one) if told else b""


def _check(world: World, one: Interaction, body: Any, uploads: Mapping[int, Upload]) -> int:
    form = Form()
    kind = body.get("type") if isinstance(body, dict) else None
    possible = _POSSIBLE[one.kind]
    if one.kind == i.MODAL_SUBMIT and one.source is not None:
        possible = possible | {i.DEFERRED_UPDATE, i.UPDATE}
    if not isinstance(kind, int) or kind not in possible:
        form.fault(("type",), "BASE_TYPE_CHOICES", f"Value must be one of {possible}.")
        form.refuse()
    assert isinstance(kind, int)
    if not world.settings.validate:
        return kind
    mapping({"type": integer(), "data": lambda _form, _path, _value: None})(form, (), body)
    data = body.get("data")
    names = {index: upload.name for index, upload in uploads.items()}
    if kind == i.MESSAGE:
        check_message_body(form, ("data",), {} if data is None else data, Kind.RESPONSE, names)
    elif kind == i.UPDATE:
        check_message_body(form, ("data",), {} if data is None else data, Kind.EDIT, names, _source(one))
    elif kind == i.MODAL:
        _modal(form, ("data",), data)
    elif kind == i.CHOICES:
        check_choices(form, ("data",), data, one)
    else:
        _deferral(form, ("data",), data)
        if isinstance(data, dict) and (data.get("flags") or 0) & ~limits.EPHEMERAL:
            form.fault(("data", "flags"), "MESSAGE_FLAGS_INVALID", "Only EPHEMERAL is valid for a deferral")
    form.refuse()
    return kind


def _source(one: Interaction) -> Message:
    if one.source is None or one.source.deleted:
        raise ApiError(10008)
    return one.source


def _new(
    world: World, one: Interaction, data: Json, uploads: Mapping[int, Upload], *, loading: bool, follows: bool = False
) -> Message:
    if one.channel.id not in world.channels:
        raise ApiError(10003)
    if not loading:
        refuse_empty(data, uploads)
    now = world.clock.now()
    flags = (data.get("flags") or 0) & ~limits.COMPONENTS_V2
    message = Message(world.clock.snowflake(), one.channel, world.bot, now)
    message.flags = flags | (limits.LOADING if loading else 0)
    message.seen_by = one.user.id if flags & limits.EPHEMERAL else None
    message.metadata = one.metadata()
    message.application_id, message.by_webhook = world.application_id, True
    replied = one.original if follows else one.source
    message.kind = COMMAND_REPLY
    if replied is not None:
        message.kind = REPLY
        place: Json = {"type": 0, "message_id": replied.id, "channel_id": one.channel.id}
        message.reference = place | ({"guild_id": one.channel.guild_id} if one.channel.guild_id else {})
    if not loading:
        put(world, message, data, uploads)
    one.channel.add(message)
    tell_message(world, "MESSAGE_CREATE", message)
    return message


def _edit(world: World, message: Message, data: Json, uploads: Mapping[int, Upload]) -> None:
    refuse_empty(data, uploads, message)
    was_loading = message.loading
    message.flags &= ~limits.LOADING
    put(world, message, data, uploads)
    message.version += 1
    if not was_loading:
        message.edited = world.clock.now()
    message.changed()
    tell_message(world, "MESSAGE_UPDATE", message)


def _callback(one: Interaction) -> bytes:
    told: Json = {"id": one.id, "type": one.kind}
    answer: Json = {"interaction": told}
    if one.original is not None:
        told["response_message_id"] = one.original.id
        told["response_message_loading"] = one.original.loading
        told["response_message_ephemeral"] = one.original.seen_by is not None
        answer["resource"] = {"type": one.response, "message": orjson.Fragment(one.original.json_bytes())}
    return orjson.dumps(answer)


def known(world: World, application_id: str, token: str) -> Interaction:
    """The interaction of a webhook path. ApiError 10015 when it isn't one, 50027 when its 15 minutes are over."""
    one = world.interactions.get(token)
    if one is None or application_id != world.application_id or not one.answered or one.kind == i.AUTOCOMPLETE:
        raise ApiError(10015)
    if world.clock.now() - one.made > world.settings.token_life:
        raise ApiError(50027)
    return one


def said(one: Interaction, number: str) -> Message:
    """`@original` or a follow-up by its id. ApiError 10008 when there is none."""
    candidates = {message.id: message for message in one.followups}
    if one.original is not None:
        candidates |= {"@original": one.original, one.original.id: one.original}
    message = candidates.get(number)
    if message is None or message.deleted:
        raise ApiError(10008)
    return message


def edit(world: World, one: Interaction, number: str, body: Any, uploads: Mapping[int, Upload]) -> Message:
    message = said(one, number)
    _check_body(world, body, Kind.EDIT, uploads, message)
    _edit(world, message, body, uploads)
    one.edits += 1
    one.notify()
    return message


def follow_up(world: World, one: Interaction, body: Any, uploads: Mapping[int, Upload]) -> Message:
    """A further message. The first after a deferral takes the place of 'thinking', and is as private as that was."""
    _check_body(world, body, Kind.RESPONSE, uploads, None)
    if one.original is not None and one.original.loading:
        if one.original.deleted:
            raise ApiError(10008)
        _edit(world, one.original, body, uploads)
        message = one.original
    else:
        message = _new(world, one, body, uploads, loading=False, follows=True)
        one.followups.append(message)
    one.edits += 1
    one.notify()
    return message


def _check_body(world: World, body: Any, kind: Kind, uploads: Mapping[int, Upload], before: Message | None) -> None:
    form = Form()
    if world.settings.validate:
        names = {index: upload.name for index, upload in uploads.items()}
        check_message_body(form, (), body, kind, names, before)
    form.refuse()
