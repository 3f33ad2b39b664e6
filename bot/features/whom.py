"""Whom somebody means, who mentions a person or writes a name."""

from __future__ import annotations

import re

from bot.events import Command
from bot.store.ballots import Account

_MENTION = re.compile(r"<@!?(?P<id>[A-Za-z0-9]+)(\|[^<>]*)?>")


def account(asked: str, event: Command) -> Account | None:
    """The account that a mention means, on the platform it was typed on; None where `asked` is no mention."""
    mention = _MENTION.fullmatch(asked.strip())
    return None if mention is None else Account(event.actor.platform, event.actor.workspace, mention["id"], "")


def name(asked: str) -> str:
    """A name, without the sign that some platforms put before it."""
    return asked.strip().removeprefix("@")
