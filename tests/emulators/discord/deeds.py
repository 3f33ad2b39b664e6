"""What people do to messages: press, choose, fill in, react, write. Only what the real client would let them do.

`forge` is the exception: it makes what a broken or hostile client would, to try the bot's refusals.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

from tests.emulators.discord import components as c
from tests.emulators.discord import interactions as i
from tests.emulators.discord import layout, permissions, posting, reactions
from tests.emulators.discord.errors import Impossible, Json
from tests.emulators.discord.interactions import Interaction, open_interaction
from tests.emulators.discord.members import User
from tests.emulators.discord.messages import Message
from tests.emulators.discord.places import Channel
from tests.emulators.discord.slash import resolve
from tests.emulators.discord.world import World

_ENTITIES = {c.USER_SELECT: "user", c.ROLE_SELECT: "role", c.MENTIONABLE_SELECT: "", c.CHANNEL_SELECT: "channel"}


def visible(world: World, user: User, channel: Channel, number: str) -> Message:
    """A message that the person has before them. Impossible otherwise."""
    message = channel.messages.get(number)
    if message is None or message.deleted:
        raise Impossible(f"there is no message {number} in {channel.name}")
    if not world.may(user, channel) & permissions.BITS["VIEW_CHANNEL"]:
        raise Impossible(f"{user.name} can't see {channel.name}")
    if message.seen_by not in (None, user.id):
        raise Impossible(f"{user.name} can't see that message: it is another's private one")
    return message


def _find(message: Message, wanted: str, kinds: frozenset[int]) -> Json:
    """The one component that has this custom_id, or shows this label, emoji or placeholder."""
    found = [one for one in layout.walk(message.components) if one["type"] in kinds and one.get("custom_id")]
    matching = [one for one in found if one["custom_id"] == wanted] or [one for one in found if wanted in _shown(one)]
    if not matching:
        offered = [next(iter(_shown(one)), one["custom_id"]) for one in found]
        raise Impossible(f"the message has no {wanted!r}; it has {offered}")
    if len(matching) > 1:
        raise Impossible(f"{wanted!r} stands for {len(matching)} components")
    if matching[0].get("disabled"):
        raise Impossible(f"{wanted!r} is disabled")
    return matching[0]


def _shown(component: Json) -> list[str]:
    emoji = (component.get("emoji") or {}).get("name")
    return [one for one in (component.get("label"), emoji, component.get("placeholder")) if one]


def press(world: World, user: User, channel: Channel, number: str, wanted: str) -> Interaction:
    """`wanted` is the button's label, emoji or custom_id."""
    message = visible(world, user, channel, number)
    button = _find(message, wanted, frozenset({c.BUTTON}))
    return pressed(world, user, message, button)


def pressed(world: World, user: User, message: Message, button: Json) -> Interaction:
    data = {"component_type": c.BUTTON, "custom_id": button["custom_id"], "id": button["id"]}
    said = f"press of {button['custom_id']!r}"
    return open_interaction(world, i.COMPONENT, user, message.channel, data, said, source=message)


def choose(world: World, user: User, channel: Channel, number: str, wanted: str, values: list[str]) -> Interaction:
    """`values` are labels or values of a string select, ids for the others."""
    message = visible(world, user, channel, number)
    select = _find(message, wanted, c.SELECTS)
    resolved: dict[str, Json] = {}
    chosen = _choice(world, channel, select, values, resolved)
    data: Json = {
        "component_type": select["type"],
        "custom_id": select["custom_id"],
        "id": select["id"],
        "values": chosen,
    }
    if select["type"] != c.STRING_SELECT:
        data["resolved"] = resolved
    said = f"choice of {chosen} in {select['custom_id']!r}"
    return open_interaction(world, i.COMPONENT, user, channel, data, said, source=message)


def _choice(
    world: World, channel: Channel, asking: Json, values: list[str], resolved: dict[str, Json], least: int = 1
) -> list[str]:
    """What a person picks of a select or group: as many as it allows, and only what it offers."""
    least = least if asking.get("min_values") is None else asking["min_values"]
    most = asking.get("max_values") or (len(asking["options"]) if asking["type"] == c.CHECKBOX_GROUP else 1)
    if not least <= len(values) <= most:
        raise Impossible(f"{asking['custom_id']} takes {least} to {most} values")
    if "options" not in asking:
        for value in values:
            resolve(world, channel, _ENTITIES[asking["type"]], value, resolved)
        return values
    chosen = []
    for value in values:
        offered = [one["value"] for one in asking["options"] if value in (one["value"], one["label"])]
        if not offered:
            raise Impossible(f"{asking['custom_id']} offers no {value!r}")
        chosen.append(offered[0])
    return chosen


def submit(world: World, opened: Interaction, values: Mapping[str, Any]) -> Interaction:
    """Fill in and send the modal that `opened` brought. `values` by custom_id or label; left out is left as it was."""
    if opened.modal is None or not opened.modal_open:
        raise Impossible("no modal is open for that")
    resolved: dict[str, Json] = {}
    left = dict(values)
    filled = [_filled(world, opened, one, left, resolved) for one in opened.modal["components"]]
    if left:
        raise Impossible(f"the modal has no {', '.join(left)}")
    opened.modal_open = False
    data: Json = {"custom_id": opened.modal["custom_id"], "components": filled}
    if resolved:
        data["resolved"] = resolved
    said = f"form {opened.modal['custom_id']!r}"
    return open_interaction(
        world, i.MODAL_SUBMIT, opened.user, opened.channel, data, said, source=opened.source, origin=opened
    )


def _filled(world: World, opened: Interaction, one: Json, left: dict[str, Any], resolved: dict[str, Json]) -> Json:
    base = {"type": one["type"], "id": one["id"]}
    if one["type"] == c.TEXT_DISPLAY:
        return base
    if one["type"] == c.ROW:
        asked = [_answer(world, opened, inner, inner.get("label"), left, resolved) for inner in one["components"]]
        return base | {"components": asked}
    return base | {"component": _answer(world, opened, one["component"], one["label"], left, resolved)}


def _answer(
    world: World,
    opened: Interaction,
    asking: Json,
    label: str | None,
    left: dict[str, Any],
    resolved: dict[str, Json],
) -> Json:
    kind, name = asking["type"], asking["custom_id"]
    given = left.pop(name, None)
    if given is None and label is not None:
        given = left.pop(label, None)
    answer: Json = {"type": kind, "id": asking["id"], "custom_id": name}
    required = asking.get("required") is not False
    if kind == c.TEXT_INPUT:
        value = asking.get("value", "") if given is None else str(given)
        least, most = asking.get("min_length") or 0, asking.get("max_length") or 4000
        if (required and not value) or (value and not least <= len(value) <= most):
            raise Impossible(f"{label or name} takes {max(least, int(required))} to {most} characters")
        return answer | {"value": value}
    if kind == c.CHECKBOX:
        return answer | {"value": bool(asking.get("default") if given is None else given)}
    if kind == c.FILE_UPLOAD:
        return answer | {"values": _uploaded(world, opened.channel, asking, given or [], resolved)}
    if given is None:
        given = [one["value"] for one in asking.get("options") or () if one.get("default")]
    picked = [given] if isinstance(given, str) else list(given)
    if not picked and not required:
        nothing: Json = {"value": None} if kind == c.RADIO_GROUP else {"values": []}
        return answer | nothing
    chosen = _choice(world, opened.channel, asking, picked, resolved, least=int(required))
    return answer | ({"value": chosen[0]} if kind == c.RADIO_GROUP else {"values": chosen})


def _uploaded(world: World, channel: Channel, asking: Json, files: list[Json], resolved: dict[str, Json]) -> list[str]:
    least = asking.get("min_values", 1 if asking.get("required") is not False else 0)
    if not least <= len(files) <= (asking.get("max_values") or 1):
        raise Impossible(f"{asking['custom_id']} takes {least} to {asking.get('max_values') or 1} files")
    stored = [
        world.store_file(f"ephemeral-attachments/{channel.id}", one["name"], base64.b64decode(one["content"]))
        for one in files
    ]
    if stored:
        resolved["attachments"] = {one.id: one.json() | {"ephemeral": True} for one in stored}
    return [one.id for one in stored]


def forge(
    world: World,
    user: User,
    channel: Channel,
    kind: int,
    data: Json,
    number: str | None,
) -> Interaction:
    """Any data at all, for a component or a modal, on a message that need not have it."""
    source = None if number is None else channel.messages[number]
    return open_interaction(world, kind, user, channel, data, f"forged {data}", source=source)


def react(world: World, user: User, channel: Channel, number: str, emoji: str, *, added: bool) -> None:
    message = visible(world, user, channel, number)
    may = world.may(user, channel)
    if message.seen_by is not None:
        raise Impossible("nobody can react to a private message")
    if added and emoji not in message.reactions and not may & permissions.BITS["ADD_REACTIONS"]:
        raise Impossible(f"{user.name} may not add reactions")
    reactions.react(world, message, emoji, user, added=added)


def say(world: World, user: User, channel: Channel, content: str) -> Message:
    """A person writes a message."""
    if not world.may(user, channel) & permissions.BITS["SEND_MESSAGES"]:
        raise Impossible(f"{user.name} may not write in {channel.name}")
    message = Message(world.clock.snowflake(), channel, user, world.clock.now(), content=content)
    message.pings = [one for one in world.users.values() if f"<@{one.id}>" in content]
    channel.add(message)
    posting.tell_message(world, "MESSAGE_CREATE", message)
    return message
