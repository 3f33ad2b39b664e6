"""Events: who hears of what, and the envelope around it. Source: Events API; Reference, Events."""

from __future__ import annotations

import uuid

from tests.emulators.slack import deliveries
from tests.emulators.slack.apps import EVENTS
from tests.emulators.slack.channels import CHANNEL_TYPE, FAMILY, PRIVATE, PUBLIC, Channel
from tests.emulators.slack.envelopes import EVENT, Delivery
from tests.emulators.slack.errors import Json
from tests.emulators.slack.installs import Installation
from tests.emulators.slack.messages import Message
from tests.emulators.slack.teams import Team, User
from tests.emulators.slack.world import World


def tell(
    world: World,
    name: str,
    event: Json,
    to: Installation,
    *,
    team: Team | None = None,
    channel: Channel | None = None,
    authorized: bool = True,
) -> Delivery | None:
    """Send one installation an event, if the app has subscribed to its `name` and has the scope; what was sent."""
    if name not in world.app.events or not to.may(*EVENTS[name]):
        return None
    context = team or to.team
    enterprise = context.enterprise
    payload: Json = {
        "token": world.app.verification_token,
        "team_id": to.team.id,
        "context_team_id": context.id,
        "context_enterprise_id": None if enterprise is None else enterprise.id,
        "api_app_id": world.app.id,
        "event": event,
        "type": "event_callback",
        "event_id": world.clock.id("Ev"),
        "event_time": int(world.clock.now()),
        "authorizations": [to.authorization()] if authorized else [],
        "is_ext_shared_channel": channel is not None and channel.shared,
        "event_context": f"4-{uuid.uuid4().hex}",
    }
    if enterprise is not None:
        payload["enterprise_id"] = enterprise.id
    one = Delivery(str(uuid.uuid4()), EVENT, "events", payload, f"event {name}")
    world.events.append(one)
    world.spawn(deliveries.deliver_event(world, one))
    return one


def tell_channel(
    world: World, name: str, event: Json, channel: Channel, *, everyone: bool = False, but: User | None = None
) -> None:
    """Tell once of what happened in a channel: an installation whose bot is in it, or with `everyone` any of its teams."""
    for one in world.installations.values():
        inside = one.bot.id in channel.members and one.bot is not but
        reached = any(one.covers(team) for team in channel.teams)
        if (
            reached
            and (inside or (everyone and channel.kind == PUBLIC))
            and tell(world, name, event, one, channel=channel)
        ):
            return


def family(name: str, channel: Channel) -> str:
    """`channel_archive` or `group_archive`, by the channel's kind."""
    return name.replace("channel_", "group_", 1) if channel.kind == PRIVATE else name


def told_of(world: World, channel: Channel, name: str, /, **more: object) -> None:
    """channel_archive, channel_rename … and their `group_` twins."""
    event: Json = {"type": family(name, channel), "channel": channel.id, "event_ts": world.clock.ts(), **more}
    tell_channel(world, event["type"], event, channel, everyone=True)


def message(world: World, one: Message) -> None:
    """message.*, and app_mention for each bot that it names."""
    channel = one.channel
    event = one.json(metadata=True) | {
        "channel": channel.id,
        "event_ts": one.ts,
        "channel_type": CHANNEL_TYPE[channel.kind],
    }
    if channel.shared:
        event |= {"user_team": one.user.team.id, "source_team": one.user.team.id}
    tell_channel(world, f"message.{FAMILY[channel.kind]}", event, channel)
    if one.by is not None:
        return
    for installation in world.installations.values():
        bot = installation.bot.id
        if f"<@{bot}>" in one.content.text and bot in channel.members and not channel.direct:
            named = {name: value for name, value in event.items() if name != "channel_type"}
            tell(world, "app_mention", named | {"type": "app_mention"}, installation, channel=channel)


def message_changed(world: World, one: Message, previous: Json) -> None:
    """The subtypes message_changed and message_deleted."""
    channel = one.channel
    subtype = "message_deleted" if one.deleted else "message_changed"
    event: Json = {
        "type": "message",
        "subtype": subtype,
        "hidden": True,
        "channel": channel.id,
        "channel_type": CHANNEL_TYPE[channel.kind],
        "previous_message": previous,
        "ts": (ts := world.clock.ts()),
        "event_ts": ts,
    }
    event |= {"deleted_ts": one.ts} if one.deleted else {"message": one.json(metadata=True)}
    tell_channel(world, f"message.{FAMILY[channel.kind]}", event, channel)


def membership(world: World, channel: Channel, user: User, *, joined: bool, inviter: User | None = None) -> None:
    """member_joined_channel, member_left_channel; a bot that is put out hears channel_left or group_left."""
    event: Json = {
        "type": "member_joined_channel" if joined else "member_left_channel",
        "user": user.id,
        "channel": channel.id,
        "channel_type": "G" if channel.kind == PRIVATE else "C",
        "team": user.team.id,
        "event_ts": world.clock.ts(),
    }
    if joined and inviter is not None:
        event["inviter"] = inviter.id
    tell_channel(world, event["type"], event, channel, but=None if joined else user)
    if user.is_bot and not joined:
        installation = next((one for one in world.installations.values() if one.bot is user), None)
        name = family("channel_left", channel)
        if installation is not None:
            left = {"type": name, "channel": channel.id, "actor_id": "", "event_ts": world.clock.ts()}
            tell(world, name, left, installation, channel=channel)
