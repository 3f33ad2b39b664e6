"""Whom somebody means, who mentions a person or writes a name."""

from __future__ import annotations

import re

from bot.events import Command, Place, Submit
from bot.features.turn import Turn
from bot.messages import clip
from bot.store import people
from bot.store.ballots import Account
from bot.store.people import Person
from bot.words import _

ME = "me"
"""Typed by somebody who means themselves."""

_MENTION = re.compile(r"<@!?(?P<id>[A-Za-z0-9]+)(\|[^<>]*)?>")


def account(asked: str, event: Command | Submit) -> Account | None:
    """The account that a mention means, on the platform it was typed on; None where `asked` is no mention."""
    mention = _MENTION.fullmatch(asked.strip())
    return None if mention is None else Account(event.actor.platform, event.actor.workspace, mention["id"], "")


def name(asked: str) -> str:
    """A name, without the sign that some platforms put before it."""
    return asked.strip().removeprefix("@")


async def person(turn: Turn, event: Command | Submit, asked: str, unmet: str) -> Person | str:
    """Whom an admin means, by a mention or a name; or the sentence that says why that is nobody. `unmet`: what it says of one
    who never used the bot.
    """
    community = turn.member.community_id
    if (mentioned := account(asked, event)) is not None:
        return await people.find_person(turn.tx, community, mentioned) or unmet
    named = name(asked)
    found = await people.called(turn.tx, community, named)
    if not found:
        return _(
            "I know nobody called “{name}”. Mention them, or write the name as boards show it.", name=clip(named, 60)
        )
    if len(found) > 1:
        return _("Several people are called “{name}”. Mention the one you mean.", name=clip(named, 60))
    return found[0]


async def reader(turn: Turn, event: Command | Submit, asked: str, place: Place) -> Account | str:
    """By which account of a place's workspace to tell something to whoever is meant; or the sentence that says why not.

    Only people whom the bot has met: no bot is among them, and nobody hears from it unasked who never used it.
    """
    me = Account(event.actor.platform, event.actor.workspace, event.actor.id, event.actor.name)
    mentioned = me if asked.strip().lower() == ME else account(asked, event)
    unmet = _("I haven’t met them yet. Once they have pressed a button or used /quiz, I can tell them.")
    if mentioned is None:
        meant = await person(turn, event, asked, unmet)
    else:
        meant = await people.find_person(turn.tx, turn.member.community_id, mentioned) or unmet
    if isinstance(meant, str):
        return meant
    here = (place.platform, place.workspace) == (event.place.platform, event.place.workspace)
    if here and mentioned is not None:
        return mentioned
    realms = (event.actor.workspace,) if here else ("", place.workspace)
    found = await people.account_in(turn.tx, meant.id, place.platform, realms)
    return found or _(
        "{name} has no account that I know where that question stands. Name somebody who has.",
        name=clip(meant.name, 60),
    )
