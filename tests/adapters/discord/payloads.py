"""Interactions as Discord sends them, after the examples of its documentation (Interactions: Receiving and Responding)."""

from __future__ import annotations

from typing import Any

import discord

GUILD, CHANNEL, THREAD, ADA, MESSAGE = (
    "41771983423143937",
    "645027906669510667",
    "900000000000000001",
    "53908232506183680",
    "111",
)

MANAGE_GUILD = 1 << 5


def user(**more: Any) -> dict[str, Any]:
    return {"id": ADA, "username": "ada.l", "global_name": "Ada L.", "avatar": None, "discriminator": "0", **more}


def channel(kind: int = 0, **more: Any) -> dict[str, Any]:
    return {
        "id": CHANNEL, "type": kind, "name": "general", "guild_id": GUILD, "position": 0, "nsfw": False,
        "permissions": "2147483647", **more,
    }  # fmt: skip


def thread() -> dict[str, Any]:
    meta = {
        "archived": False,
        "auto_archive_duration": 60,
        "archive_timestamp": "2026-01-01T00:00:00+00:00",
        "locked": False,
    }
    return channel(
        11, id=THREAD, parent_id=CHANNEL, owner_id=ADA, thread_metadata=meta, message_count=1, member_count=1
    )


def message(**more: Any) -> dict[str, Any]:
    return {
        "id": MESSAGE, "channel_id": CHANNEL, "type": 0, "content": "", "author": {**user(), "bot": True, "id": "1"},
        "timestamp": "2026-11-23T09:00:00+00:00", "edited_timestamp": None, "tts": False, "mention_everyone": False,
        "mentions": [], "mention_roles": [], "attachments": [], "embeds": [], "pinned": False, "flags": 1 << 15,
        "components": [], **more,
    }  # fmt: skip


def sent(kind: int, data: dict[str, Any], *, guild: bool = True, permissions: int = 0, **more: Any) -> dict[str, Any]:
    """INTERACTION_CREATE as Discord sends it."""
    payload: dict[str, Any] = {
        "id": "846462639134605312", "application_id": "845027738276462632", "type": kind, "token": "t", "version": 1,
        "channel": channel(), "channel_id": CHANNEL, "data": data, "locale": "de", "app_permissions": "442368",
        "entitlements": [], "authorizing_integration_owners": {"0": GUILD}, "context": 0, "attachment_size_limit": 524288,
        **more,
    }  # fmt: skip
    if guild:
        member = {
            "user": user(), "nick": "Ada", "roles": [], "joined_at": "2026-01-01T00:00:00+00:00", "deaf": False, "mute": False,
            "flags": 0, "permissions": str(permissions), "avatar": None,
        }  # fmt: skip
        payload |= {"guild_id": GUILD, "guild": {"id": GUILD, "locale": "en-US", "features": []}, "member": member}
    else:
        direct = {"id": CHANNEL, "type": 1, "recipients": [user()], "last_message_id": None}
        payload |= {"user": user(), "channel": direct, "context": 1}
    return payload


def interaction(
    kind: int, data: dict[str, Any], *, guild: bool = True, permissions: int = 0, **more: Any
) -> discord.Interaction:
    """As the library makes it of Discord's payload."""
    return read(sent(kind, data, guild=guild, permissions=permissions, **more))


def read(payload: Any) -> discord.Interaction:
    state = discord.Client(intents=discord.Intents(guilds=True))._connection
    me: Any = {**user(id="1"), "bot": True}
    state.user = discord.ClientUser(state=state, data=me)
    return discord.Interaction(data=payload, state=state)
