"""What a test is shown: messages and interactions as JSON, with what only the emulator knows beside it."""

from __future__ import annotations

from tests.emulators.discord.errors import Json
from tests.emulators.discord.interactions import Interaction
from tests.emulators.discord.messages import Message


def message(one: Message) -> Json:
    return one.json() | {
        "seen_by": one.seen_by,
        "version": one.version,
        "deleted": one.deleted,
        "pings": [user.id for user in one.pings],
    }


def interaction(one: Interaction) -> Json:
    """`seconds` is how long the first response took; `message` is the reply, or the message that was updated."""
    return {
        "id": one.id,
        "kind": one.kind,
        "said": one.said,
        "user_id": one.user.id,
        "channel_id": one.channel.id,
        "response": one.response,
        "seconds": None if one.responded is None else one.responded - one.made,
        "settled": one.settled,
        "message": None if one.original is None else message(one.original),
        "followups": [message(each) for each in one.followups],
        "modal": one.modal,
        "modal_open": one.modal_open,
        "choices": one.choices,
    }
