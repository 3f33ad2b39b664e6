"""Permission bits, and who has which in a channel.

Source: Permissions (bitwise flags; the algorithm for overwrites).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.emulators.discord.members import Member
    from tests.emulators.discord.places import Channel, Guild

BITS: dict[str, int] = {
    "KICK_MEMBERS": 1 << 1,
    "ADMINISTRATOR": 1 << 3,
    "MANAGE_CHANNELS": 1 << 4,
    "MANAGE_GUILD": 1 << 5,
    "ADD_REACTIONS": 1 << 6,
    "VIEW_CHANNEL": 1 << 10,
    "SEND_MESSAGES": 1 << 11,
    "SEND_TTS_MESSAGES": 1 << 12,
    "MANAGE_MESSAGES": 1 << 13,
    "EMBED_LINKS": 1 << 14,
    "ATTACH_FILES": 1 << 15,
    "READ_MESSAGE_HISTORY": 1 << 16,
    "MENTION_EVERYONE": 1 << 17,
    "USE_EXTERNAL_EMOJIS": 1 << 18,
    "CHANGE_NICKNAME": 1 << 26,
    "MANAGE_ROLES": 1 << 28,
    "USE_APPLICATION_COMMANDS": 1 << 31,
    "MANAGE_THREADS": 1 << 34,
    "CREATE_PUBLIC_THREADS": 1 << 35,
    "SEND_MESSAGES_IN_THREADS": 1 << 38,
    "SEND_POLLS": 1 << 49,
}
EVERYTHING = (1 << 53) - 1
TIMED_OUT = BITS["VIEW_CHANNEL"] | BITS["READ_MESSAGE_HISTORY"]
"""What a time-out leaves to a member who is no administrator."""


def bits(names: Iterable[str]) -> int:
    """The bit set of these names. KeyError for one that is none."""
    return sum({BITS[name] for name in names})


EVERYONE = bits(
    [
        "ADD_REACTIONS",
        "VIEW_CHANNEL",
        "SEND_MESSAGES",
        "EMBED_LINKS",
        "ATTACH_FILES",
        "READ_MESSAGE_HISTORY",
        "USE_EXTERNAL_EMOJIS",
        "USE_APPLICATION_COMMANDS",
        "CREATE_PUBLIC_THREADS",
        "SEND_MESSAGES_IN_THREADS",
        "CHANGE_NICKNAME",
    ]
)
"""What a new server lets everybody do."""


def in_guild(guild: Guild, member: Member) -> int:
    if guild.owner_id == member.user.id:
        return EVERYTHING
    granted = guild.roles[guild.id].permissions
    for role_id in member.roles:
        granted |= guild.roles[role_id].permissions
    return EVERYTHING if granted & BITS["ADMINISTRATOR"] else granted


def in_channel(guild: Guild, channel: Channel, member: Member) -> int:
    """Overwrites in the documented order: everyone, the roles together, the member. A thread has its parent's."""
    granted = in_guild(guild, member)
    if granted == EVERYTHING:
        return granted
    overwrites = (guild.channels[channel.parent_id] if channel.is_thread and channel.parent_id else channel).overwrites
    if (everyone := overwrites.get(guild.id)) is not None:
        granted = granted & ~everyone.deny | everyone.allow
    allow = deny = 0
    for role_id in member.roles:
        if (role := overwrites.get(role_id)) is not None:
            allow, deny = allow | role.allow, deny | role.deny
    granted = granted & ~deny | allow
    if (own := overwrites.get(member.user.id)) is not None:
        granted = granted & ~own.deny | own.allow
    return granted
