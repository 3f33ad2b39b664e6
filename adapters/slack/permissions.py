"""What the app may do and hears of: the scopes and events that it uses, no more, and what each is for."""

from __future__ import annotations

from collections.abc import Collection, Mapping

SCOPES: Mapping[str, str] = {
    "commands": "the command `/quiz`",
    "chat:write": "post the question, and edit it with its results",
    "app_mentions:read": "answer whoever mentions the bot",
    "channels:history": "look whether a question was posted before posting it again",
    "groups:history": "the same in private channels",
    "channels:read": "see whether a channel is there, and whether the bot is in it",
    "groups:read": "the same for private channels",
    "users:read": "people’s names and time zones, and who is an admin",
    "usergroups:read": "let the members of a user group be admins or a team, where `/quiz settings` or `/quiz team bind` names one",
    "reactions:read": "take reactions as answers",
    "reactions:write": "offer reactions as answers",
    "files:write": "show a card’s picture, and hand over a file of what is kept about somebody",
    "files:read": "see when a picture is ready to be shown",
    "im:write": "write to an admin when something needs their hand, and hand over a file",
    "team:read": "hear when the workspace gets another name",
}
"""Of the bot's token."""

_CHANNEL = ("archive", "unarchive", "deleted", "rename", "left")
EVENTS: tuple[str, ...] = (
    "app_home_opened",
    "app_mention",
    "app_uninstalled",
    "tokens_revoked",
    "reaction_added",
    "reaction_removed",
    "member_joined_channel",
    "member_left_channel",
    *(f"channel_{what}" for what in _CHANNEL),
    *(f"group_{what}" for what in _CHANNEL),
    "team_rename",
)


def lacking(held: Collection[str]) -> list[str]:
    """The scopes that are needed and not among `held`."""
    return [scope for scope in SCOPES if scope not in held]
