"""The API's list of routes, and the small resources that fit in a line."""

from __future__ import annotations

from typing import Any

import orjson

from tests.emulators.discord import commands, posting, reactions, respond
from tests.emulators.discord.errors import ApiError, Json
from tests.emulators.discord.messages import Message
from tests.emulators.discord.places import Guild
from tests.emulators.discord.router import Answer, Call, Route
from tests.emulators.discord.sockets import gateway_url

EMPTY: Answer = (204, b"")


def _ok(value: Any) -> Answer:
    return 200, orjson.dumps(value)


def _message(message: Message) -> Answer:
    return 200, message.json_bytes()


def _messages(messages: list[Message]) -> Answer:
    return 200, b"[" + b",".join(message.json_bytes() for message in messages) + b"]"


def _guild(call: Call) -> Guild:
    guild = call.world.guilds.get(call.ids[0])
    if guild is None or not guild.has_bot:
        raise ApiError(10004)
    return guild


def _application(call: Call) -> Answer:
    bot = call.world.bot
    return _ok(
        {
            "id": call.world.application_id,
            "name": bot.name,
            "icon": None,
            "description": "",
            "summary": "",
            "type": None,
            "bot": bot.json(),
            "bot_public": True,
            "bot_require_code_grant": False,
            "verify_key": "0" * 64,
            "flags": 0,
            "hook": True,
            "owner": {**bot.json(), "bot": False},
            "team": None,
            "redirect_uris": [],
            "interactions_endpoint_url": None,
            "role_connections_verification_url": None,
            "approximate_guild_count": len(call.world.guilds),
            "approximate_user_install_count": 0,
            "integration_types_config": {"0": {}},
        }
    )


def _gateway_bot(call: Call) -> Answer:
    limit = {"total": 1000, "remaining": 999, "reset_after": 86_400_000, "max_concurrency": 1}
    return _ok({"url": gateway_url(call.world), "shards": call.world.settings.shards, "session_start_limit": limit})


def _me(call: Call) -> Answer:
    return _ok(call.world.bot.json() | {"mfa_enabled": True, "verified": True, "locale": "en-US", "email": None})


def _my_guilds(call: Call) -> Answer:
    guilds = [one for one in call.world.guilds.values() if one.has_bot]
    return _ok([{"id": one.id, "name": one.name, "icon": None, "owner": False, "features": []} for one in guilds])


def _user(call: Call) -> Answer:
    if call.ids[0] not in call.world.users:
        raise ApiError(10013)
    return _ok(call.world.users[call.ids[0]].json())


def _member(call: Call) -> Answer:
    member = _guild(call).members.get(call.ids[1])
    if member is None:
        raise ApiError(10007)
    return _ok(member.json())


def _guild_channels(call: Call) -> Answer:
    return _ok([one.json() for one in _guild(call).channels.values() if not one.is_thread])


def _channel(call: Call) -> Answer:
    return _ok(call.world.channel_for_bot(call.ids[0]).json())


def _typing(call: Call) -> Answer:
    call.world.channel_for_bot(call.ids[0], "SEND_MESSAGES")
    return EMPTY


def _create_message(call: Call) -> Answer:
    return _message(posting.create(call.world, call.ids[0], call.body, call.uploads))


def _edit_message(call: Call) -> Answer:
    return _message(posting.edit(call.world, call.ids[0], call.ids[1], call.body, call.uploads))


def _delete_message(call: Call) -> Answer:
    posting.delete_by_bot(call.world, call.ids[0], call.ids[1])
    return EMPTY


def _react(call: Call) -> Answer:
    emoji = reactions.emoji_of(call.ids[2])
    reactions.react_as_bot(call.world, call.ids[0], call.ids[1], emoji, added=True)
    return EMPTY


def _unreact(call: Call) -> Answer:
    emoji = reactions.emoji_of(call.ids[2])
    of = call.ids[3] if len(call.ids) > 3 else "@me"
    reactions.react_as_bot(call.world, call.ids[0], call.ids[1], emoji, added=False, of=of)
    return EMPTY


def _reactors(call: Call) -> Answer:
    emoji = reactions.emoji_of(call.ids[2])
    return _ok([user.json() for user in reactions.reactors(call.world, call.ids[0], call.ids[1], emoji, call.query)])


def _own_application(call: Call) -> str | None:
    """The guild of a commands path, None for global ones. ApiError 10002 and 50001."""
    if call.ids[0] != call.world.application_id:
        raise ApiError(10002)
    if len(call.ids) == 1:
        return None
    guild = call.world.guilds.get(call.ids[1])
    if guild is None or not guild.has_bot:
        raise ApiError(50001)
    return guild.id


def _put_commands(call: Call) -> Answer:
    return _ok(commands.overwrite(call.world, _own_application(call), call.body))


def _get_commands(call: Call) -> Answer:
    found = call.world.commands.get(_own_application(call), [])
    every = call.query.get("with_localizations", "").lower() in ("1", "true")
    return _ok(found if every else _without_localizations(found))


def _without_localizations(told: Any) -> Any:
    """As they are told unless asked for (docs: Application Commands, Retrieving localized commands)."""
    if isinstance(told, dict):
        kept = {name: each for name, each in told.items() if not name.endswith("_localizations")}
        return {name: _without_localizations(each) for name, each in kept.items()}
    return [_without_localizations(each) for each in told] if isinstance(told, list) else told


def _respond(call: Call) -> Answer:
    told = call.query.get("with_response", "").lower() in ("1", "true")
    answer = respond.respond(call.world, call.ids[0], call.ids[1], call.body, call.uploads, told=told)
    return (200, answer) if told else EMPTY


def _follow_up(call: Call) -> Answer:
    one = respond.known(call.world, call.ids[0], call.ids[1])
    return _message(respond.follow_up(call.world, one, call.body, call.uploads))


def _said(call: Call) -> Answer:
    return _message(respond.said(respond.known(call.world, call.ids[0], call.ids[1]), _which(call)))


def _edit_said(call: Call) -> Answer:
    one = respond.known(call.world, call.ids[0], call.ids[1])
    return _message(respond.edit(call.world, one, _which(call), call.body, call.uploads))


def _delete_said(call: Call) -> Answer:
    one = respond.known(call.world, call.ids[0], call.ids[1])
    posting.delete(call.world, respond.said(one, _which(call)))
    return EMPTY


def _which(call: Call) -> str:
    return call.ids[2] if len(call.ids) > 2 else "@original"


_MESSAGES = "/channels/{channel_id}/messages"
_REACTIONS = _MESSAGES + "/{message_id}/reactions/{emoji_name}"
_WEBHOOK = "/webhooks/{webhook_id}/{webhook_token}"
_COMMANDS = "/applications/{application_id}/commands"
_GUILD_COMMANDS = "/applications/{application_id}/guilds/{guild_id}/commands"

ROUTES = [
    Route("POST", "/interactions/{interaction_id}/{interaction_token}/callback", _respond, bare=True),
    Route("POST", _WEBHOOK, _follow_up, bare=True),
    Route("GET", _WEBHOOK + "/messages/@original", _said, bare=True),
    Route("PATCH", _WEBHOOK + "/messages/@original", _edit_said, bare=True),
    Route("DELETE", _WEBHOOK + "/messages/@original", _delete_said, bare=True),
    Route("GET", _WEBHOOK + "/messages/{message_id}", _said, bare=True),
    Route("PATCH", _WEBHOOK + "/messages/{message_id}", _edit_said, bare=True),
    Route("DELETE", _WEBHOOK + "/messages/{message_id}", _delete_said, bare=True),
    Route("POST", _MESSAGES, _create_message),
    Route("GET", _MESSAGES, lambda call: _messages(posting.history(call.world, call.ids[0], call.query))),
    Route("GET", _MESSAGES + "/{message_id}", lambda call: _message(posting.read(call.world, *call.ids))),
    Route("PATCH", _MESSAGES + "/{message_id}", _edit_message),
    Route("DELETE", _MESSAGES + "/{message_id}", _delete_message),
    Route("GET", _REACTIONS, _reactors),
    Route("PUT", _REACTIONS + "/@me", _react),
    Route("DELETE", _REACTIONS + "/@me", _unreact),
    Route("DELETE", _REACTIONS + "/{user_id}", _unreact),
    Route("GET", "/channels/{channel_id}", _channel),
    Route("POST", "/channels/{channel_id}/typing", _typing),
    Route("POST", "/users/@me/channels", lambda call: _ok(posting.open_dm(call.world, call.body).json())),
    Route("GET", "/users/@me", _me),
    Route("GET", "/users/@me/guilds", _my_guilds),
    Route("GET", "/users/{user_id}", _user),
    Route("GET", "/guilds/{guild_id}", lambda call: _ok(_guild(call).json())),
    Route("GET", "/guilds/{guild_id}/channels", _guild_channels),
    Route("GET", "/guilds/{guild_id}/members/{user_id}", _member),
    Route("GET", "/guilds/{guild_id}/roles", lambda call: _ok([r.json() for r in _guild(call).roles.values()])),
    Route("GET", "/gateway", lambda call: _ok({"url": gateway_url(call.world)})),
    Route("GET", "/gateway/bot", _gateway_bot),
    Route("GET", "/applications/@me", _application),
    Route("GET", "/oauth2/applications/@me", _application),
    Route("GET", _COMMANDS, _get_commands),
    Route("PUT", _COMMANDS, _put_commands),
    Route("GET", _GUILD_COMMANDS, _get_commands),
    Route("PUT", _GUILD_COMMANDS, _put_commands),
]

NOT_FOUND: Json = {"message": "404: Not Found", "code": 0}
NOT_ALLOWED: Json = {"message": "405: Method Not Allowed", "code": 0}
