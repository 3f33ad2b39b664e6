"""Who did something and where, as Slack's payloads tell it: each kind of payload has words of its own for it."""

from __future__ import annotations

from adapters.slack import payload as read
from adapters.slack.origin import NAME, Origin
from adapters.slack.payload import Payload
from adapters.slack.people import realm
from bot.events import Actor, MessageRef, Place
from bot.words import N_, _

STRANGE = N_("I don’t understand that. /quiz help shows what there is.")
NOWHERE = N_("I can’t answer here. Please use /quiz in a channel of this workspace.")


_TEAMS = (
    ("view", "app_installed_team_id"),
    ("team", "id"),
    ("authorizations", "team_id"),
    ("team_id",),
    ("context_team_id",),
    ("user", "team_id"),
    ("view", "team_id"),
)
_ENTERPRISES = (
    ("enterprise", "id"),
    ("authorizations", "enterprise_id"),
    ("enterprise_id",),
    ("team", "enterprise_id"),
)
"""Where they stand, the surest first; of authorizations an event shows one (Events API)."""


class Unclear(Exception):
    """Nothing that the bot can act on; `str` is the sentence to answer with."""


def team(payload: Payload) -> str:
    """The workspace that the bot acts in. NOWHERE's sentence when none is named.

    In a shared channel it is the one where the bot is installed, not the one that the person comes from: a view tells it
    by itself, an event by its authorizations. What an organisation has installed names no workspace in places that belong
    to the organisation; then it is the person's, or the organisation itself.
    """
    return _first(payload, _TEAMS) or enterprise(payload) or _nowhere()


def enterprise(payload: Payload) -> str:
    """The organisation that the workspace belongs to; empty for one that stands alone."""
    return _first(payload, _ENTERPRISES)


def actor(payload: Payload) -> Actor:
    """Who did it. Whether they are an admin, their zone and often their name has to be asked for: `people.to_person`.

    Of an event in a shared channel Slack may not say which workspace the person comes from; it is then taken to be ours,
    and `users.info` knows better.
    """
    person = read.mapping(payload, "user")
    user = (
        read.ident(person, "id")
        or read.ident(payload, "user_id")
        or read.ident(payload, "event", "user")
        or read.ident(payload, "event", "user", "id")
    )
    if not user:
        raise Unclear(_(STRANGE))
    own = read.ident(person, "team_id") or read.ident(payload, "event", "user_team")
    name = read.text(person, "name") or read.text(person, "username") or read.text(payload, "user_name")
    return Actor(NAME, realm(team(payload), enterprise(payload), own), user, name)


def private_place(payload: Payload) -> Place:
    """Someone's private messages with the bot: a user's id is an address there, too."""
    return Place(NAME, team(payload), actor(payload).id)


def ref(payload: Payload) -> MessageRef:
    """The message that was acted on, or the view, which stands where its `Origin` says."""
    if view := read.ident(payload, "view", "id"):
        return MessageRef(view_place(payload), view)
    channel = read.ident(payload, "container", "channel_id") or read.ident(payload, "channel", "id")
    message = read.ident(payload, "container", "message_ts") or read.ident(payload, "message", "ts")
    if not channel or not message:
        raise Unclear(_(NOWHERE))
    thread = read.ident(payload, "container", "thread_ts") or read.ident(payload, "message", "thread_ts")
    return MessageRef(Place(NAME, team(payload), channel, thread if thread and thread != message else None), message)


def view_place(payload: Payload) -> Place:
    origin = Origin.read(read.at(payload, "view", "private_metadata"))
    return private_place(payload) if origin is None else origin.place


def is_private(payload: Payload) -> bool:
    """Whether what was acted on is the actor's alone: an ephemeral message, private messages, a view."""
    if read.ident(payload, "view", "id"):
        return True
    channel = read.ident(payload, "container", "channel_id") or read.ident(payload, "channel", "id")
    return read.at(payload, "container", "is_ephemeral") is True or channel.startswith("D")


def _first(payload: Payload, paths: tuple[tuple[str, ...], ...]) -> str:
    for path in paths:
        if path[0] == "authorizations":
            found = read.ident(next(iter(read.items(payload, path[0])), None), path[1])
        else:
            found = read.ident(payload, *path)
        if found:
            return found
    return ""


def _nowhere() -> str:
    raise Unclear(_(NOWHERE))
