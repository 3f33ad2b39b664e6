"""The methods chat.*."""

from __future__ import annotations

from tests.emulators.slack import limits, posting
from tests.emulators.slack.calls import Call
from tests.emulators.slack.channels import IM, PUBLIC, Channel
from tests.emulators.slack.content import Content, composed
from tests.emulators.slack.errors import Json, Refusal
from tests.emulators.slack.messages import Message


def _content(call: Call, *, total: bool = False) -> Content:
    world = call.world
    made = composed(
        call.args, lambda: world.clock.id("b")[-5:], world.file_ready, validate=world.settings.validate, total=total
    )
    for one in made.advice:
        world.advise(one, str(call.args.get("text"))[:80])
    call.warnings += made.warnings
    return made


def _target(call: Call) -> Channel:
    """Where to post: a channel, or a person's direct messages. Refusal unless the app may."""
    named = str(call.args["channel"])
    person = call.world.users.get(named)
    if person is not None and not person.is_bot:
        if person.team not in call.installation.teams or person.deleted:
            raise Refusal("channel_not_found")
        channel = call.world.dm(person, call.me)
    else:
        channel = call.channel(named, names=True)
    if channel.kind == IM and not call.world.app.messages_tab:
        raise Refusal("messages_tab_disabled")
    if channel.archived:
        raise Refusal("is_archived")
    uninvited = channel.kind == PUBLIC and not channel.shared and call.installation.may("chat:write.public")
    if call.me.id not in channel.members and not uninvited:
        raise Refusal("not_in_channel")
    return channel


def _pace(call: Call, channel: Channel) -> None:
    world = call.world
    rule = world.settings
    wait = world.pace.wait_to_post(channel.id, rule.post_per_second, rule.post_burst, world.clock.now())
    if wait is not None:
        raise Refusal("ratelimited", status=429, retry_after=wait)


def _thread(call: Call, channel: Channel) -> str | None:
    ts: str | None = call.args.get("thread_ts")
    if ts is None:
        return None
    parent = channel.messages.get(ts)
    if parent is None or parent.ephemeral:
        raise Refusal("cannot_reply_to_message")
    return parent.thread_ts or parent.ts


def post_message(call: Call) -> Json:
    channel = _target(call)
    _pace(call, channel)
    content = _content(call, total=True)
    thread = _thread(call, channel)
    broadcast = bool(call.args.get("reply_broadcast"))
    made = posting.post(call.world, channel, call.me, content, call.installation, thread_ts=thread, broadcast=broadcast)
    return {"channel": channel.id, "ts": made.ts, "message": made.json(metadata=True)}


def post_ephemeral(call: Call) -> Json:
    channel = call.channel()
    if channel.archived:
        raise Refusal("is_archived")
    call.member_of(channel)
    reader = call.world.users.get(call.args["user"])
    if reader is None or reader.id not in channel.members:
        raise Refusal("user_not_in_channel")
    content = _content(call)
    thread = _thread(call, channel)
    made = posting.post_ephemeral(call.world, channel, reader, content, call.installation, thread_ts=thread)
    return {"message_ts": made.ts}


def _own(call: Call, error: str) -> Message:
    """The message of `channel` and `ts`, which the app has written. Refusal otherwise."""
    channel = call.channel()
    if call.me.id not in channel.members and not call.installation.may("chat:write.public"):
        raise Refusal("channel_not_found")
    found = call.message(channel, call.args["ts"])
    if found.by is not call.installation:
        raise Refusal(error)
    return found


def update(call: Call) -> Json:
    one = _own(call, "cant_update_message")
    if one.channel.archived:
        raise Refusal("is_inactive")
    text = call.args.get("text")
    if isinstance(text, str) and len(text) > limits.UPDATED_TEXT:
        raise Refusal("msg_too_long")
    content = _content(call, total=True)
    if not any(name in call.args for name in ("blocks", "text", "attachments", "markdown_text")):
        raise Refusal("no_text")
    posting.change(call.world, one, content)
    shown = one.json(metadata=True)
    return {"channel": one.channel.id, "ts": one.ts, "text": one.content.text, "message": shown}


def delete(call: Call) -> Json:
    one = _own(call, "cant_delete_message")
    posting.delete(call.world, one)
    return {"channel": one.channel.id, "ts": one.ts}
