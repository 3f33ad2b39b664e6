"""What the bot may do, what it needs for which of its works, and the invitation that asks for exactly that."""

from __future__ import annotations

from collections.abc import Mapping

import discord

from bot.events import display_name
from bot.words import N_

NEEDED: Mapping[str, str] = {
    "view_channel": "see the channel",
    "send_messages": "post the question",
    "send_messages_in_threads": "post in threads",
    "attach_files": "show pictures",
    "read_message_history": "look whether a question was posted before posting it again",
    "add_reactions": "offer reactions as answers",
}
"""The library's names, and what each is for."""

TITLES: Mapping[str, str] = {
    # For translators: permissions, as Discord’s settings write them in your language
    "view_channel": N_("View Channel"),
    "send_messages": N_("Send Messages"),
    "send_messages_in_threads": N_("Send Messages in Threads"),
    "attach_files": N_("Attach Files"),
    "read_message_history": N_("Read Message History"),
    "add_reactions": N_("Add Reactions"),
}
"""The same, as Discord's settings write them in English."""

SCOPES = ("bot", "applications.commands")

INTENTS = discord.Intents(guilds=True, guild_reactions=True)


_ELSEWHERE = {True: "send_messages", False: "send_messages_in_threads"}
"""Whether it is in a thread that something is said, and what is not needed for that."""


def lacking(held: discord.Permissions, *, thread: bool) -> list[str]:
    """What is needed in a channel, or in a `thread` of it, and not among `held`, by Discord's names for people."""
    return [TITLES[name] for name in NEEDED if name != _ELSEWHERE[thread] and not getattr(held, name)]


def invite_url(application_id: int | str) -> str:
    """Where an admin adds the bot to a server."""
    asked = discord.Permissions(**dict.fromkeys(NEEDED, True))
    return discord.utils.oauth_url(int(application_id), permissions=asked, scopes=SCOPES)


async def in_channel(client: discord.Client, workspace: str, channel: str) -> discord.Permissions:
    """What the bot may do in a server's channel, asked of Discord and not of any memory."""
    _, held = await seen(client, workspace, channel)
    return held


async def seen(client: discord.Client, workspace: str, channel: str) -> tuple[str, discord.Permissions]:
    """A server's channel by its name, `#daily of Study Hall`, and what the bot may do there; asked of Discord."""
    assert client.user is not None
    guild = await client.fetch_guild(int(workspace), with_counts=False)
    member = await guild.fetch_member(client.user.id)
    found = await guild.fetch_channel(int(channel))
    return f"#{display_name(found.name)} of {display_name(guild.name)}", found.permissions_for(member)
