"""A deed begins: its trigger, its response address, its delivery."""

from __future__ import annotations

import secrets
import uuid

from tests.emulators.slack import acks
from tests.emulators.slack import interactions as i
from tests.emulators.slack.channels import Channel
from tests.emulators.slack.envelopes import COMMAND, INTERACTIVE, Delivery
from tests.emulators.slack.errors import Impossible, Json
from tests.emulators.slack.hooks import PREFIX
from tests.emulators.slack.installs import Installation
from tests.emulators.slack.interactions import Interaction, ResponseUrl, Trigger
from tests.emulators.slack.messages import Message
from tests.emulators.slack.modals import View
from tests.emulators.slack.teams import User
from tests.emulators.slack.world import World


def installed(world: World, user: User) -> Installation:
    """The installation that serves a person's workspace. Impossible when there is none."""
    found = world.installation(user.team)
    if found is None:
        raise Impossible(f"the app is not installed in {user.team.name}")
    return found


def opened(
    world: World,
    kind: str,
    user: User,
    installation: Installation,
    said: str,
    *,
    channel: Channel | None = None,
    message: Message | None = None,
    view: View | None = None,
    trigger: bool = True,
    responds: bool = False,
) -> Interaction:
    """A deed, as the person's latest. `responds`: whether it brings an address to respond to."""
    now = world.clock.now()
    one = Interaction(
        world.clock.id("I"), kind, user, installation, now, said, channel=channel, message=message, view=view
    )
    if trigger:
        number = f"{secrets.randbelow(10**13)}.{secrets.randbelow(10**12)}.{secrets.token_hex(16)}"
        one.trigger = world.triggers[number] = Trigger(number, one, now)
    if responds:
        path = f"{PREFIX}{user.team.id}/{secrets.randbelow(10**13)}/{secrets.token_urlsafe(18)}"
        one.response_url = world.response_urls[path] = ResponseUrl(path, one, now, message)
    world.interactions[one.id] = one
    world.latest[user.id] = one
    return one


def delivery(one: Interaction, payload: Json, target: str = "interactivity") -> Delivery:
    kind = COMMAND if one.kind == i.COMMAND else INTERACTIVE
    one.delivery = Delivery(str(uuid.uuid4()), kind, target, payload, one.said)
    return one.delivery


def start(world: World, one: Interaction, payload: Json, target: str = "interactivity") -> Interaction:
    """Let it go to the app."""
    if target in ("interactivity", "options") and not world.app.interactive:
        raise Impossible("the app's manifest doesn't enable interactivity")
    delivery(one, payload, target)
    world.spawn(acks.carry(world, one))
    return one
