"""The bodies of commands and interactions. Source: Slash commands; Interaction payloads."""

from __future__ import annotations

from tests.emulators.slack.channels import IM, Channel
from tests.emulators.slack.errors import Json
from tests.emulators.slack.form import MODAL
from tests.emulators.slack.interactions import Interaction
from tests.emulators.slack.messages import Message
from tests.emulators.slack.modals import View
from tests.emulators.slack.world import World


def command(world: World, one: Interaction, name: str, text: str) -> Json:
    """The fields of a form, all of them text."""
    channel, user = one.channel, one.user
    assert channel is not None
    assert one.trigger is not None
    assert one.response_url is not None
    enterprise = user.team.enterprise
    owner = {} if enterprise is None else {"enterprise_id": enterprise.id, "enterprise_name": enterprise.name}
    return {
        "token": world.app.verification_token,
        "team_id": user.team.id,
        "team_domain": user.team.domain,
        **owner,
        "channel_id": channel.id,
        "channel_name": channel.form_name,
        "user_id": user.id,
        "user_name": user.name,
        "command": name,
        "text": text,
        "api_app_id": world.app.id,
        "is_enterprise_install": "true" if one.installation.org_wide else "false",
        "response_url": world.base_url + one.response_url.path,
        "trigger_id": one.trigger.id,
    }


def _common(world: World, one: Interaction, kind: str) -> Json:
    """What every interaction has. In a shared channel `team` is where the app is installed, `user.team_id` the person's."""
    user, enterprise = one.user, one.installation.enterprise
    team = user.team if one.installation.covers(user.team) else one.installation.team
    shown: Json = {
        "type": kind,
        "user": {"id": user.id, "username": user.name, "name": user.name, "team_id": user.team.id},
        "api_app_id": world.app.id,
        "token": world.app.verification_token,
        "team": team.brief(),
        "enterprise": None if enterprise is None else enterprise.json(),
        "is_enterprise_install": one.installation.org_wide,
    }
    if one.trigger is not None:
        shown["trigger_id"] = one.trigger.id
    return shown


def _place(channel: Channel) -> Json:
    return {"id": channel.id, "name": "directmessage" if channel.kind == IM else channel.form_name}


def _source(world: World, one: Interaction) -> Json:
    """Where an element stands: a message, of which an ephemeral one isn't shown, or a view."""
    if one.view is not None:
        return {"container": {"type": "view", "view_id": one.view.id}, "view": one.view.json()}
    message = one.message
    assert message is not None
    container: Json = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": message.channel.id,
        "is_ephemeral": message.ephemeral,
    }
    if message.thread_ts is not None:
        container["thread_ts"] = message.thread_ts
    shown: Json = {"container": container, "channel": _place(message.channel)}
    return shown if message.ephemeral else shown | {"message": message.json()}


def press(world: World, one: Interaction, action: Json) -> Json:
    """block_actions."""
    payload = _common(world, one, "block_actions") | _source(world, one)
    if one.response_url is not None:
        payload["response_url"] = world.base_url + one.response_url.path
        assert one.message is not None
        payload["state"] = {"values": one.message.choices}
    payload["actions"] = [{**action, "action_ts": world.clock.ts()}]
    return payload


def suggest(world: World, one: Interaction, element: Json, block_id: str, typed: str) -> Json:
    """block_suggestion."""
    payload = _common(world, one, "block_suggestion") | _source(world, one)
    return payload | {"action_id": element["action_id"], "block_id": block_id, "value": typed}


def submit(world: World, one: Interaction, response_urls: list[Json]) -> Json:
    """view_submission."""
    assert one.view is not None
    return _common(world, one, "view_submission") | {"view": one.view.json(), "response_urls": response_urls}


def close(world: World, one: Interaction, *, cleared: bool) -> Json:
    """view_closed."""
    assert one.view is not None
    return _common(world, one, "view_closed") | {"view": one.view.json(), "is_cleared": cleared}


def shortcut(world: World, one: Interaction, callback_id: str) -> Json:
    """shortcut, or message_action on a message."""
    if one.message is None:
        return _common(world, one, "shortcut") | {"callback_id": callback_id, "action_ts": world.clock.ts()}
    assert one.response_url is not None
    return _common(world, one, "message_action") | {
        "callback_id": callback_id,
        "action_ts": world.clock.ts(),
        "message_ts": one.message.ts,
        "channel": _place(one.message.channel),
        "message": one.message.json(),
        "response_url": world.base_url + one.response_url.path,
    }


def forged_view(world: World, one: Interaction, callback_id: str, metadata: str, values: Json) -> Json:
    """view_submission of a modal that was never opened."""
    inputs = [
        {
            "type": "input",
            "block_id": block,
            "label": {"type": "plain_text", "text": block, "emoji": True},
            "element": {"type": "plain_text_input", "action_id": next(iter(actions), "value")},
        }
        for block, actions in values.items()
    ]
    body: Json = {"type": MODAL, "title": {"type": "plain_text", "text": "Forged", "emoji": True}, "blocks": inputs}
    body |= {"callback_id": callback_id, "private_metadata": metadata}
    view = View(world.clock.id("V"), one.user, one.installation, body, "0.forged", values=values)
    return _common(world, one, "view_submission") | {"view": view.json(), "response_urls": []}


def described(message: Message | None, view: View | None) -> str:
    if view is not None:
        return f"{view.kind} {view.body.get('callback_id') or view.id}"
    return "nothing" if message is None else f"message {message.ts}"
