"""The methods users.*, usergroups.*, reactions.*, team.info and bots.info."""

from __future__ import annotations

import re

from tests.emulators.slack import posting
from tests.emulators.slack.calls import Call, page
from tests.emulators.slack.emoji import STANDARD
from tests.emulators.slack.errors import Json, Refusal
from tests.emulators.slack.messages import Message

_TS = re.compile(r"\d{1,12}\.\d{1,6}")
_SKIN = re.compile(r"::skin-tone-[2-6]\Z")


def info(call: Call) -> Json:
    found = call.user()
    email = call.installation.may("users:read.email")
    shown = found.json(locale=bool(call.args.get("include_locale")), email=email)
    if found.team not in call.installation.teams:
        shown["is_stranger"] = True
    return {"user": shown}


def list_(call: Call) -> Json:
    found = list(call.team.users.values())
    shown, rest = page(call, found, default=1000)
    locale, email = bool(call.args.get("include_locale")), call.installation.may("users:read.email")
    members = [one.json(locale=locale, email=email) for one in shown]
    return {"members": members, "cache_ts": int(call.world.clock.now()), **rest}


def usergroups(call: Call) -> Json:
    users, count = bool(call.args.get("include_users")), bool(call.args.get("include_count"))
    every = [one for one in call.team.usergroups.values() if call.args.get("include_disabled") or not one.disabled]
    return {"usergroups": [one.json(users=users, count=count) for one in every]}


def usergroup_users(call: Call) -> Json:
    found = call.team.usergroups.get(call.args["usergroup"])
    if found is None:
        raise Refusal("no_such_subteam")
    return {"users": found.users}


def team(call: Call) -> Json:
    named = call.args.get("team")
    found = call.installation.team if named is None else call.world.teams.get(named)
    if found is None:
        raise Refusal("team_not_found")
    return {"team": found.json()}


def bot(call: Call) -> Json:
    named = call.args.get("bot")
    found = next((one for one in call.world.installations.values() if one.bot_id == named), None)
    if found is None:
        raise Refusal("bot_not_found" if named else "missing_argument")
    return {"bot": found.bot_profile()}


def _item(call: Call) -> Message:
    if not call.args.get("channel") or not call.args.get("timestamp"):
        raise Refusal("no_item_specified")
    if not _TS.fullmatch(call.args["timestamp"]):
        raise Refusal("bad_timestamp")
    return call.message(call.channel(), call.args["timestamp"])


def _emoji(call: Call) -> str:
    name = str(call.args["name"]).strip(":")
    if _SKIN.sub("", name) not in STANDARD | call.installation.team.emoji:
        raise Refusal("invalid_name")
    return name


def add_reaction(call: Call) -> Json:
    one, name = _item(call), _emoji(call)
    if one.channel.archived:
        raise Refusal("is_archived")
    if call.me.id not in one.channel.members:
        raise Refusal("not_in_channel")
    posting.react(call.world, one, name, call.me, added=True)
    return {}


def remove_reaction(call: Call) -> Json:
    one, name = _item(call), _emoji(call)
    posting.react(call.world, one, name, call.me, added=False)
    return {}


def reactions(call: Call) -> Json:
    one = _item(call)
    if call.me.id not in one.channel.members:
        raise Refusal("no_permission")
    return {"type": "message", "channel": one.channel.id, "message": one.json()}
