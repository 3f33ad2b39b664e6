"""What people do in conversations: type commands, press, choose, write, react. Only what the real client lets them do.

`forge_press` and `forge_submit` are the exception: they make what a broken or hostile client would.
"""

from __future__ import annotations

import re
from typing import Any

from tests.emulators.slack import blocks, events, payloads, posting
from tests.emulators.slack import interactions as i
from tests.emulators.slack.channels import IM, Channel
from tests.emulators.slack.content import Content
from tests.emulators.slack.errors import Impossible, Json, Refusal
from tests.emulators.slack.filling import filled, options_of
from tests.emulators.slack.interactions import Interaction
from tests.emulators.slack.messages import Message
from tests.emulators.slack.opening import installed, opened, start
from tests.emulators.slack.teams import User
from tests.emulators.slack.world import World

_MENTION = re.compile(r"<@([A-Z0-9]+)>")


def visible(user: User, channel: Channel, ts: str) -> Message:
    """A message that the person has before them. Impossible otherwise."""
    message = channel.messages.get(ts)
    if message is None or message.deleted or channel.deleted:
        raise Impossible(f"there is no message {ts} in {channel.name}")
    inside = user.id in channel.members or (channel.kind == "public_channel" and user.team in channel.teams)
    if not inside or (user.guest is not None and user.id not in channel.members):
        raise Impossible(f"{user.name} can't see {channel.name}")
    if message.seen_by not in (None, user):
        raise Impossible(f"{user.name} can't see that message: it is another's private one")
    return message


def _may_write(user: User, channel: Channel) -> None:
    if user.id not in channel.members:
        raise Impossible(f"{user.name} is not in {channel.name}")
    if channel.archived or channel.deleted:
        raise Impossible(f"{channel.name} is archived")


def command(world: World, user: User, channel: Channel, typed: str) -> Interaction:
    """`typed` is the whole line."""
    _may_write(user, channel)
    name, _, text = typed.strip().partition(" ")
    known = world.app.commands.get(name)
    if known is None:
        raise Impossible(f"{name} is not a valid command")
    installation = installed(world, user)
    escapes = known.get("should_escape")

    def mention(found: re.Match[str]) -> str:
        one = world.users.get(found[1])
        named = found[1] if one is None else one.name
        return f"<@{found[1]}|{named}>" if escapes else f"@{named}"

    text = _MENTION.sub(mention, text.strip())
    one = opened(world, i.COMMAND, user, installation, typed, channel=channel, responds=True)
    return start(world, one, payloads.command(world, one, name, text), name)


def _using(found: list[Json], wanted: str, *, buttons: bool) -> tuple[Json, Json]:
    """The one block and element of this name, label, value or placeholder."""
    usable = [
        (block, one)
        for block in found
        if block["type"] != "input"
        for one in blocks.acting(block)
        if (one["type"] == "button") is buttons
    ]
    for shown in (lambda one: [one["action_id"]], _shown):
        matching = [(block, one) for block, one in usable if wanted in shown(one)]
        if len(matching) == 1:
            return matching[0]
        if matching:
            raise Impossible(f"{wanted!r} stands for {len(matching)} elements")
    raise Impossible(f"there is no {wanted!r}; there are {[_shown(one) for _, one in usable]}")


def _shown(element: Json) -> list[str]:
    texts = (element.get("text"), element.get("placeholder"))
    return [one["text"] for one in texts if one] + [element[name] for name in ("value",) if element.get(name)]


def used(
    world: World, user: User, where: Message | None, view: Any, element: Json, block: Json, more: Json
) -> Interaction:
    """A block_actions of that element."""
    installation = view.installation if view is not None else where.by if where is not None else None
    if installation is None or installation.removed:
        raise Impossible("the app is no longer here")
    channel = None if where is None else where.channel
    said = f"{element['type']} {element['action_id']!r} of {payloads.described(where, view)}"
    one = opened(
        world, i.PRESS, user, installation, said, channel=channel, message=where, view=view, responds=where is not None
    )
    action = {"type": element["type"], "action_id": element["action_id"], "block_id": block["block_id"]}
    kept = {name: element[name] for name in ("text", "value", "style", "placeholder") if name in element}
    return start(world, one, payloads.press(world, one, action | kept | more))


def press(world: World, user: User, channel: Channel, ts: str, wanted: str) -> Interaction:
    message = visible(user, channel, ts)
    block, button = _using(message.content.blocks, wanted, buttons=True)
    return used(world, user, message, None, button, block, {})


def choose(world: World, user: User, channel: Channel, ts: str, wanted: str, given: Any) -> Interaction:
    """`given` is the label or value of an option, or a list of them; an id, a date or a time for other menus."""
    message = visible(user, channel, ts)
    block, menu = _using(message.content.blocks, wanted, buttons=False)
    state = chosen(menu, given)
    message.choices.setdefault(block["block_id"], {})[menu["action_id"]] = state
    return used(world, user, message, None, menu, block, {name: one for name, one in state.items() if name != "type"})


def chosen(menu: Json, given: Any) -> Json:
    if menu["type"] != "overflow":
        return filled(menu, given)
    found = [one for one in options_of(menu) if given in (one["value"], one["text"]["text"])]
    if not found:
        raise Impossible(f"{menu['action_id']} offers no {given!r}")
    return {"type": "overflow", "selected_option": found[0]}


def press_in_view(world: World, user: User, view: Any, wanted: str, given: Any = None) -> Interaction:
    """Use a button, or with `given` a menu, of an open modal or the home tab."""
    block, element = _using(view.body["blocks"], wanted, buttons=given is None)
    more: Json = {}
    if given is not None:
        state = chosen(element, given)
        view.values.setdefault(block["block_id"], {})[element["action_id"]] = state
        more = {name: one for name, one in state.items() if name != "type"}
    return used(world, user, None, view, element, block, more)


def forge_press(world: World, user: User, ask: Json, channel: Channel | None, message: Message | None) -> Interaction:
    """Press what isn't there; `ask` has `action` and, with no message, `ts` of one that may never have been."""
    installation = installed(world, user)
    if message is None:
        assert channel is not None
        message = Message(ask["ts"], channel, installation.bot, Content("forged"), installation)
    one = opened(
        world, i.PRESS, user, installation, f"forged {ask['action']}", channel=channel, message=message, responds=True
    )
    return start(world, one, payloads.press(world, one, ask["action"]))


def forge_submit(world: World, user: User, ask: Json) -> Interaction:
    """Send a modal that was never opened."""
    one = opened(world, i.SUBMIT, user, installed(world, user), f"forged {ask['callback_id']!r}")
    payload = payloads.forged_view(world, one, ask["callback_id"], ask["private_metadata"], ask["values"])
    return start(world, one, payload)


def react(world: World, user: User, channel: Channel, ts: str, name: str, *, added: bool) -> None:
    message = visible(user, channel, ts)
    if message.ephemeral:
        raise Impossible("nobody can react to an ephemeral message")
    _may_write(user, channel)
    try:
        posting.react(world, message, name.strip(":"), user, added=added)
    except Refusal as why:
        raise Impossible(str(why)) from why


def say(world: World, user: User, channel: Channel, text: str, thread_ts: str | None = None) -> Message:
    """A person writes a message."""
    _may_write(user, channel)
    bot = next((one for one in channel.members.values() if one.is_bot), None)
    if channel.kind == IM and bot is not None and not world.app.writes_in_messages_tab:
        raise Impossible("the app's messages tab takes no messages")
    section = {"type": "rich_text_section", "elements": _inline(text)}
    found = [{"type": "rich_text", "block_id": world.clock.id("b")[-5:], "elements": [section]}]
    return posting.post(world, channel, user, Content(text, found), thread_ts=thread_ts)


def _inline(text: str) -> list[Json]:
    parts = _MENTION.split(text)
    return [
        {"type": "user", "user_id": part} if index % 2 else {"type": "text", "text": part}
        for index, part in enumerate(parts)
        if part
    ] or [{"type": "text", "text": text}]


def open_home(world: World, user: User, tab: str) -> Interaction:
    """Look at the app's Home tab, or its Messages tab."""
    installation = installed(world, user)
    if not (world.app.home_tab if tab == "home" else world.app.messages_tab):
        raise Impossible(f"the app has no {tab} tab")
    channel = world.dm(user, installation.bot)
    one = opened(world, i.HOME, user, installation, f"opening of {tab}", channel=channel, trigger=False)
    view = world.homes.get(user.id)
    shown = {"view": view.json()} if tab == "home" and view is not None else {}
    event: Json = {
        "type": "app_home_opened",
        "user": user.id,
        "channel": channel.id,
        "tab": tab,
        "event_ts": world.clock.ts(),
    }
    one.delivery = events.tell(world, "app_home_opened", event | shown, installation, team=user.team)
    return one
