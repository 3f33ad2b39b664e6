"""Who acts, in the Web API's words. Pure: what asks Slack stands elsewhere."""

from __future__ import annotations

from adapters.slack import payload as read
from adapters.slack.origin import NAME
from adapters.slack.payload import Payload
from bot.events import Actor


def realm(team: str, enterprise: str, own: str = "") -> str:
    """In which a user's id is unique: the organisation of those who belong to one, else the workspace.

    `team` and `enterprise` are where it happens; `own` is what Slack tells of the user, who may come from elsewhere: in
    a shared channel their own workspace, for members of an organisation its id (Reference, Interaction payloads).
    """
    if own and own != team:
        return own
    return enterprise or team


def to_person(user: Payload, here: str, name: str = "") -> Actor:
    """A user as `users.info` tells of them. Only of their own realm can they be an admin, so `here` has to be it.

    `name`: what to call them where the profile has no name.
    """
    own = realm(read.ident(user, "team_id"), read.ident(user, "enterprise_user", "enterprise_id"))
    names = (read.text(user, "profile", "display_name"), read.text(user, "real_name"), name)
    return Actor(
        NAME,
        own,
        read.ident(user, "id"),
        next((each for each in names if each.strip()), ""),
        is_admin=own == here and any(user.get(right) is True for right in ("is_admin", "is_owner")),
        locale=read.text(user, "locale") or None,
        tz=read.text(user, "tz") or None,
    )


def is_bot(user: Payload) -> bool:
    """Whether nobody sits behind it. Slack's own bot doesn't say so of itself."""
    return user.get("is_bot") is True or user.get("id") == "USLACKBOT"
