"""The methods conversations.* and users.conversations."""

from __future__ import annotations

import re
from collections.abc import Iterable

from tests.emulators.slack import events
from tests.emulators.slack.calls import Call, kinds, page
from tests.emulators.slack.channels import MPIM, PUBLIC, Channel
from tests.emulators.slack.errors import Json, Refusal
from tests.emulators.slack.messages import Message

_TS = re.compile(r"\d{1,12}(\.\d{1,6})?")


def open_(call: Call) -> Json:
    number = call.args.get("channel")
    if number:
        channel = call.channel(number)
        if not channel.direct:
            raise Refusal("method_not_supported_for_channel_type")
        return _opened(call, channel, known=True)
    people = [call.user(one) for one in str(call.args.get("users", "")).split(",") if one]
    if not people:
        raise Refusal("users_list_not_supplied")
    if any(one.deleted for one in people):
        raise Refusal("user_disabled")
    if len(people) == 1:
        call.need("im:write")
        if people[0].is_bot:
            raise Refusal("user_not_found" if people[0] is call.me else "invalid_user_combination")
        known = frozenset((people[0].id, call.me.id)) in call.world.ims
        return _opened(call, call.world.dm(people[0], call.me), known=known)
    call.need("mpim:write")
    name = "mpdm-" + "--".join(sorted(one.name for one in people)) + "-1"
    world = call.world
    channel = Channel(world.clock.id("G"), name, MPIM, [call.team], call.me.id, int(world.clock.now()))
    channel.members = {one.id: one for one in (*people, call.me)}
    world.channels[channel.id] = channel
    return _opened(call, channel, known=False)


def _opened(call: Call, channel: Channel, *, known: bool) -> Json:
    shown = channel.json(call.me) if call.args.get("return_im") else {"id": channel.id}
    return {"channel": shown, **({"no_op": True, "already_open": True} if known else {})}


def info(call: Call) -> Json:
    channel = call.channel(scope="read")
    return {"channel": channel.json(call.me, members=bool(call.args.get("include_num_members")))}


def list_(call: Call) -> Json:
    asked, team = kinds(call), call.team
    found = [
        one
        for one in call.world.channels.values()
        if one.kind in asked
        and not one.deleted
        and not (call.args.get("exclude_archived") and one.archived)
        and (call.me.id in one.members if one.kind != PUBLIC else team in one.teams)
    ]
    shown, rest = page(call, found)
    return {"channels": [one.json(call.me, members=True) for one in shown], **rest}


def of_user(call: Call) -> Json:
    """users.conversations: those of the bot, or of a person."""
    asked = kinds(call)
    who = call.user(call.args["user"]) if call.args.get("user") else call.me
    found = [
        one
        for one in call.world.channels.values()
        if one.kind in asked
        and not one.deleted
        and who.id in one.members
        and not (call.args.get("exclude_archived") and one.archived)
        and (one.kind == PUBLIC or call.me.id in one.members)
    ]
    shown, rest = page(call, found)
    return {"channels": [one.json(call.me) for one in shown], **rest}


def members(call: Call) -> Json:
    shown, rest = page(call, list(call.channel(scope="read").members))
    return {"members": shown, **rest}


def join(call: Call) -> Json:
    channel = call.channel()
    if channel.kind != PUBLIC:
        raise Refusal("method_not_supported_for_channel_type")
    if channel.archived:
        raise Refusal("is_archived")
    if call.me.id in channel.members:
        call.warnings.append("already_in_channel")
    else:
        channel.members[call.me.id] = call.me
        events.membership(call.world, channel, call.me, joined=True)
    return {"channel": channel.json(call.me)}


def history(call: Call) -> Json:
    channel = call.member_of(call.channel(scope="history"))
    found = [one for one in channel.public() if one.thread_ts is None or one.broadcast]
    shown, rest = page(call, _between(call, reversed(found)), most=999)
    more = bool(rest["response_metadata"]["next_cursor"])
    return {
        "messages": [_shown(call, one) for one in shown],
        "has_more": more,
        "pin_count": 0,
        **(rest if more else {}),
    }


def replies(call: Call) -> Json:
    channel = call.member_of(call.channel(scope="history"))
    parent = channel.messages.get(call.args["ts"])
    if parent is None or parent.deleted or parent.ephemeral:
        raise Refusal("thread_not_found")
    found = [one for one in channel.public() if one.thread_ts == parent.ts]
    shown, rest = page(call, [parent, *_between(call, found)], default=1000)
    more = bool(rest["response_metadata"]["next_cursor"])
    return {"messages": [_shown(call, one) for one in shown], "has_more": more, **(rest if more else {})}


def _shown(call: Call, one: Message) -> Json:
    return one.json(metadata=bool(call.args.get("include_all_metadata")))


def _between(call: Call, found: Iterable[Message]) -> list[Message]:
    """Those between `oldest` and `latest`; these themselves only when `inclusive`."""
    bounds: list[tuple[int, int] | None] = []
    for name in ("oldest", "latest"):
        written = call.args.get(name)
        if written and not _TS.fullmatch(written):
            raise Refusal(f"invalid_ts_{name}")
        bounds.append(_instant(written) if written else None)
    oldest, latest = bounds
    inclusive = bool(call.args.get("inclusive"))
    kept = []
    for one in found:
        at = _instant(one.ts)
        after = oldest is None or at > oldest or (inclusive and at == oldest)
        before = latest is None or at < latest or (inclusive and at == latest)
        if after and before:
            kept.append(one)
    return kept


def _instant(ts: str) -> tuple[int, int]:
    seconds, _, micros = ts.partition(".")
    return int(seconds), int((micros or "0").ljust(6, "0"))
