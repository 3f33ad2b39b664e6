"""Messages come, change and go; who sees them; what that answers."""

from __future__ import annotations

from tests.emulators.slack import events, limits
from tests.emulators.slack.channels import IM, Channel
from tests.emulators.slack.content import Content
from tests.emulators.slack.errors import Refusal
from tests.emulators.slack.installs import Installation
from tests.emulators.slack.interactions import Interaction
from tests.emulators.slack.messages import Message
from tests.emulators.slack.teams import User
from tests.emulators.slack.world import World


def post(
    world: World,
    channel: Channel,
    user: User,
    content: Content,
    by: Installation | None = None,
    *,
    thread_ts: str | None = None,
    broadcast: bool = False,
) -> Message:
    """A message that everybody in the channel sees."""
    one = Message(world.clock.ts(), channel, user, content, by, thread_ts=thread_ts, broadcast=broadcast)
    channel.messages[one.ts] = one
    if thread_ts is not None and (parent := channel.messages.get(thread_ts)) is not None:
        parent.replies.append(one.ts)
    events.message(world, one)
    if by is not None and channel.kind == IM:
        for reader in channel.members.values():
            if not reader.is_bot and (latest := world.latest.get(reader.id)) is not None:
                latest.messages.append(one)
                latest.note(world.clock.now())
    return one


def post_ephemeral(
    world: World,
    channel: Channel,
    reader: User,
    content: Content,
    by: Installation,
    *,
    answers: Interaction | None = None,
    thread_ts: str | None = None,
) -> Message:
    """A message for one person, which answers `answers`, or the person's last deed."""
    one = Message(world.clock.ts(), channel, by.bot, content, by, seen_by=reader, thread_ts=thread_ts)
    channel.messages[one.ts] = one
    answered = answers or world.latest.get(reader.id)
    if answered is not None:
        answered.messages.append(one)
        answered.note(world.clock.now())
    return one


def change(world: World, one: Message, content: Content) -> None:
    """Put other content in place of a message's."""
    previous = one.json(metadata=True)
    if content.metadata is None and one.content.metadata is not None:
        content.metadata = one.content.metadata
    one.content = content
    one.version += 1
    if not one.ephemeral:
        one.edited = world.clock.ts()
        events.message_changed(world, one, previous)
    if one.channel.kind == IM and not one.ephemeral:
        for reader in one.channel.members.values():
            latest = world.latest.get(reader.id)
            if latest is not None and latest.message is one:
                changed(world, latest)


def changed(world: World, interaction: Interaction) -> None:
    """The person sees that what they acted on has changed."""
    interaction.changes += 1
    interaction.note(world.clock.now())


def delete(world: World, one: Message) -> None:
    previous = one.json(metadata=True)
    one.deleted = True
    if one.thread_ts is not None and (parent := one.channel.messages.get(one.thread_ts)) is not None:
        parent.replies = [ts for ts in parent.replies if ts != one.ts]
    if not one.ephemeral:
        events.message_changed(world, one, previous)


def react(world: World, one: Message, name: str, user: User, *, added: bool) -> None:
    """Add or take away a reaction, and tell of it. Refusal as reactions.add and reactions.remove have it."""
    who = one.reactions.get(name, [])
    if added:
        if user.id in who:
            raise Refusal("already_reacted")
        if name not in one.reactions and len(one.reactions) >= limits.EMOJI_PER_MESSAGE:
            raise Refusal("too_many_emoji")
        if sum(user.id in users for users in one.reactions.values()) >= limits.REACTIONS_PER_PERSON:
            raise Refusal("too_many_reactions")
        one.reactions.setdefault(name, []).append(user.id)
    else:
        if user.id not in who:
            raise Refusal("no_reaction")
        who.remove(user.id)
        if not who:
            del one.reactions[name]
    kind = "reaction_added" if added else "reaction_removed"
    event = {
        "type": kind,
        "user": user.id,
        "reaction": name,
        "item": {"type": "message", "channel": one.channel.id, "ts": one.ts},
        "item_user": one.user.id,
        "event_ts": world.clock.ts(),
    }
    events.tell_channel(world, kind, event, one.channel)
