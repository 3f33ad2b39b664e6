"""In: the Events API's events → events of ours. Most are of no concern; nobody waits for an answer to any."""

from __future__ import annotations

from adapters.slack import payload as read
from adapters.slack import source
from adapters.slack.emoji import to_emoji
from adapters.slack.origin import NAME
from adapters.slack.payload import Payload
from adapters.slack.source import STRANGE, Unclear
from bot.events import Command, Event, MessageRef, Place, Reaction, Workspace, WorkspaceChanged, WorkspaceLeft
from bot.words import _

_CHANNEL = ("archive", "unarchive", "deleted", "rename", "left")
CHANGES = frozenset(f"{kind}_{what}" for kind in ("channel", "group") for what in _CHANNEL) | {"team_rename"}
"""After these a look at the workspace is worth while. Private channels are groups in the Events API."""


def to_event(payload: Payload) -> Event | None:
    """An `event_callback`. None for what doesn't concern the bot, its own reactions included."""
    event_id = read.ident(payload, "event_id")
    event = read.mapping(payload, "event")
    if not event_id:
        raise Unclear(_(STRANGE))
    match read.text(event, "type"):
        case "reaction_added" | "reaction_removed" as kind:
            return _reaction(payload, event_id, event, added=kind == "reaction_added")
        case "app_home_opened" if read.text(event, "tab") == "home":
            return Command(event_id, (), {}, source.actor(payload), Place(NAME, source.team(payload), ""))
        case "app_mention" if not (_ours(payload, event) or read.text(event, "bot_id") or "edited" in event):
            return _mention(payload, event_id, event)
        case "member_joined_channel" | "member_left_channel" if _ours(payload, event):
            return _changed(payload, event_id, event)
        case "app_uninstalled":
            return _left(payload, event_id)
        case "tokens_revoked" if read.items(event, "tokens", "bot"):
            return _left(payload, event_id)
        case kind if kind in CHANGES:
            return _changed(payload, event_id, event)
        case _:
            return None


def _reaction(payload: Payload, event_id: str, event: Payload, *, added: bool) -> Reaction | None:
    """Slack names no thread here. The bot hears of the emoji that it puts under its own posts, too."""
    name, channel, ts = (
        read.text(event, "reaction"),
        read.ident(event, "item", "channel"),
        read.ident(event, "item", "ts"),
    )
    if _ours(payload, event) or not (name and channel and ts):
        return None
    ref = MessageRef(Place(NAME, source.team(payload), channel), ts)
    return Reaction(event_id, to_emoji(name), added, source.actor(payload), ref)


def _mention(payload: Payload, event_id: str, event: Payload) -> Command | None:
    """Who mentions the bot wants to know what it does. What else they wrote is nobody's business."""
    if not (channel := read.ident(event, "channel")):
        return None
    here = Place(NAME, source.team(payload), channel, read.ident(event, "thread_ts") or None)
    return Command(event_id, (), {}, source.actor(payload), here)


def _ours(payload: Payload, event: Payload) -> bool:
    """Whether it was the bot that did it, or that it was done to."""
    bots = [
        read.ident(each, "user_id") for each in read.items(payload, "authorizations") if read.at(each, "is_bot") is True
    ]
    return read.ident(event, "user") in filter(None, bots)


def _changed(payload: Payload, event_id: str, event: Payload) -> WorkspaceChanged:
    """Only a change of its name tells the workspace's name; for the others the client knows it."""
    name = read.text(event, "name") if read.text(event, "type") == "team_rename" else ""
    return WorkspaceChanged(event_id, Workspace(NAME, source.team(payload), name))


def _left(payload: Payload, event_id: str) -> WorkspaceLeft:
    return WorkspaceLeft(event_id, NAME, source.team(payload))
