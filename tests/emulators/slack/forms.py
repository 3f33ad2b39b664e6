"""What people do in modals: fill in, send, close, ask for suggestions, use shortcuts."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from tests.emulators.slack import acks, blocks, payloads
from tests.emulators.slack import interactions as i
from tests.emulators.slack.channels import Channel
from tests.emulators.slack.deeds import visible
from tests.emulators.slack.errors import Impossible, Json
from tests.emulators.slack.filling import filled, value_of
from tests.emulators.slack.form import HOME
from tests.emulators.slack.hooks import PREFIX
from tests.emulators.slack.interactions import Interaction, ResponseUrl
from tests.emulators.slack.modals import View
from tests.emulators.slack.opening import installed, opened, start
from tests.emulators.slack.teams import User
from tests.emulators.slack.world import World


def open_modal(world: World, user: User, number: str | None = None) -> View:
    """The view that the person has before them. Impossible when there is none, or another."""
    view = world.modals.get(user.id)
    if view is None or number not in (None, view.id):
        raise Impossible(f"{user.name} has no such modal open")
    return view


def fill(view: View, values: Mapping[str, Any]) -> None:
    """Type and choose, by label, block_id, action_id or placeholder; left out is left as it was."""
    left = dict(values)
    for block in view.body["blocks"]:
        for element in blocks.acting(block):
            if element["type"] in ("button", "overflow"):
                continue
            for name in _names(block, element):
                if name in left:
                    view.values[block["block_id"]][element["action_id"]] = filled(element, left.pop(name))
                    break
    if left:
        offered = [_names(block, one) for block in view.body["blocks"] for one in blocks.acting(block)]
        raise Impossible(f"the modal has no {', '.join(left)}; it has {offered}")


def _names(block: Json, element: Json) -> list[str]:
    shown = [one["text"] for one in (block.get("label"), element.get("placeholder")) if one]
    return [*shown, block["block_id"], element["action_id"]]


def submit(world: World, user: User, number: str | None, values: Mapping[str, Any]) -> Interaction:
    """Fill in and send. Impossible while a required input is empty."""
    view = open_modal(world, user, number)
    if not view.body.get("submit"):
        raise Impossible("the modal can't be submitted")
    if view.body.get("submit_disabled"):
        raise Impossible("the modal's button is disabled")
    fill(view, values)
    for block in view.body["blocks"]:
        if block["type"] == "input" and not block.get("optional"):
            state = view.values[block["block_id"]][block["element"]["action_id"]]
            if value_of(state) in (None, "", []):
                raise Impossible(f"{block['label']['text']} is required")
    view.errors = {}
    said = f"submission of {payloads.described(None, view)}"
    one = opened(world, i.SUBMIT, user, view.installation, said, view=view)
    return start(world, one, payloads.submit(world, one, _response_urls(world, one)))


def _response_urls(world: World, one: Interaction) -> list[Json]:
    """An address for each conversation that was chosen in an input that asks for one."""
    assert one.view is not None
    found: list[Json] = []
    for block in one.view.body["blocks"]:
        element = block.get("element", {})
        if not element.get("response_url_enabled"):
            continue
        channel = world.channels.get(value_of(one.view.values[block["block_id"]][element["action_id"]]))
        if channel is None:
            continue
        one.channel = channel
        path = f"{PREFIX}app/{secrets.token_urlsafe(24)}"
        world.response_urls[path] = ResponseUrl(path, one, world.clock.now())
        place = {"block_id": block["block_id"], "action_id": element["action_id"], "channel_id": channel.id}
        found.append({**place, "response_url": world.base_url + path})
    return found


def close(world: World, user: User, number: str | None, *, everything: bool) -> Interaction:
    """Press Cancel, or with `everything` the cross that closes the whole stack."""
    view = open_modal(world, user, number)
    one = opened(world, i.CLOSE, user, view.installation, f"closing of {payloads.described(None, view)}", view=view)
    everything = everything or bool(view.body.get("clear_on_close"))
    payload = payloads.close(world, one, cleared=everything)
    acks.close(world, user.id, everything=everything)
    if view.body.get("notify_on_close"):
        return start(world, one, payload)
    one.closed = True
    return one


def suggest(
    world: World, user: User, view: View | None, source: tuple[Channel, str] | None, wanted: str, typed: str
) -> Interaction:
    """The suggestions of an external menu while `typed` stands in it."""
    message = None if source is None else visible(user, *source)
    found = view.body["blocks"] if view is not None else message.content.blocks if message is not None else []
    for block in found:
        for element in blocks.acting(block):
            if "external" in element["type"] and wanted in _names(block, element):
                if len(typed) < element.get("min_query_length", 3):
                    raise Impossible("too little is typed for a suggestion")
                installation = view.installation if view is not None else installed(world, user)
                said = f"suggestions for {element['action_id']!r}"
                one = opened(world, i.SUGGEST, user, installation, said, message=message, view=view, trigger=False)
                payload = payloads.suggest(world, one, element, block["block_id"], typed)
                return start(world, one, payload, "options")
    raise Impossible(f"there is no menu {wanted!r} that asks the app")


def shortcut(world: World, user: User, callback_id: str, source: tuple[Channel, str] | None) -> Interaction:
    """A global shortcut, or one of a message."""
    known = world.app.shortcuts.get(callback_id)
    if known is None or (known["type"] == "message") is not (source is not None):
        raise Impossible(f"there is no such shortcut {callback_id!r}")
    message = None if source is None else visible(user, *source)
    channel = None if message is None else message.channel
    one = opened(
        world,
        i.SHORTCUT,
        user,
        installed(world, user),
        f"shortcut {callback_id!r}",
        channel=channel,
        message=message,
        responds=message is not None,
    )
    return start(world, one, payloads.shortcut(world, one, callback_id))


def view_of(world: World, user: User, number: str | None) -> View:
    """An open modal, or the home tab."""
    if number == HOME or (user.id in world.homes and world.homes[user.id].id == number):
        if user.id not in world.homes:
            raise Impossible("the home tab is empty")
        return world.homes[user.id]
    return open_modal(world, user, number)
