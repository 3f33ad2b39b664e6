"""Where an answer is to be shown. Pure but for the time, by which a response address ends."""

from __future__ import annotations

import time

from adapters.slack import parse, source
from adapters.slack import payload as read
from adapters.slack.origin import HOME, Origin
from adapters.slack.payload import Payload
from bot.events import Command, Completion, Event, Place, Press, Submit

__all__ = ["HOME", "origin", "shows"]

HOME_OPENED, MENTION = "app_home_opened", "app_mention"

ADDRESS_LIFE = 29 * 60
"""Seconds for which a response address is used; Slack takes it for 30 minutes."""


def shows(payload: Payload) -> bool:
    """Whether anything can be shown to who did this. Of the Events API's events, to who opens the Home tab or names the bot."""
    return payload.get("type") != "event_callback" or read.text(payload, "event", "type") in (HOME_OPENED, MENTION)


def origin(payload: Payload, event: Event | None) -> Origin:
    """Where what was done is answered: a form that was sent, where it was asked for."""
    if "view" in payload or _opens_home(payload):
        known = Origin.read(read.at(payload, "view", "private_metadata"))
        in_form = read.text(payload, "view", "type") == "modal"
        return known or Origin(_place(payload, event), "" if in_form else HOME)
    private = "container" in payload and parse.is_private(payload)
    return Origin(
        _place(payload, event),
        message=read.ident(payload, "container", "message_ts") if private else "",
        response_url=read.text(payload, "response_url"),
        until=int(time.time()) + ADDRESS_LIFE,
    )


def _opens_home(payload: Payload) -> bool:
    return read.text(payload, "event", "type") == HOME_OPENED


def _place(payload: Payload, event: Event | None) -> Place:
    if isinstance(event, Command | Press | Submit | Completion):
        return event.place
    if channel := read.ident(payload, "channel_id"):
        return Place(parse.NAME, source.team(payload), channel)
    return source.ref(payload).place
