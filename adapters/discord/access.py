"""Whether the bot can do its work in a channel; when not, what an admin does about it, in words."""

from __future__ import annotations

import discord

from adapters.discord import permissions
from adapters.discord.servers import Servers
from bot.events import display_name
from bot.marked import Marked, Value
from bot.platform import Forbidden, Missing, Unavailable
from bot.words import N_

LEFT = N_("I am not in that server any more. Invite me again: `studybot discord invite` prints the address.")
GONE = N_("The channel is gone. Choose another one for the question, or remove its schedule.")
THREAD_GONE = N_("The thread is gone. Choose another place for the question, or remove its schedule.")
# For translators: as Discord’s settings write it in your language; so are all names of permissions
HIDDEN = N_(
    "I can’t see the channel. In its settings, under Permissions, allow View Channel to my role; if it is gone, choose "
    "another one."
)
OUT = N_("Discord has trouble with that server, so I can’t see what I may do there.")
_UNKNOWN_SERVER = 10004


async def look(client: Servers, server: int, channel: int, thread: int | None) -> None:
    """As `Platform.check`. Nothing is asked of Discord but of what this connection is not told: another process's server,
    and a thread that is archived.
    """
    if not client.hears(server):
        await _asked(client, server, channel, thread)
        return
    guild = client.get_guild(server)
    if guild is None and client.knows(server):
        raise Forbidden(LEFT)
    if guild is None or guild.unavailable or guild.me is None:
        raise Unavailable(OUT)
    found = guild.get_channel(channel)
    if found is None:
        raise Missing(GONE)
    if thread is None and not isinstance(found, discord.abc.Messageable):
        raise Forbidden(
            N_("Nobody can write into {channel} itself. Choose another channel for the question."),
            channel=_named(found),
        )
    if guild.me.is_timed_out():
        raise Forbidden(
            N_("I am timed out in {server}. An admin can end that in the list of members."),
            server=display_name(guild.name),
        )
    # without what one permission takes along with it when it lacks, so that only what is to be allowed is named
    held = discord.abc.GuildChannel.permissions_for(found, guild.me)
    _enough(held, _named(found), thread=thread is not None)
    if thread is not None:
        await _open(client, guild.get_thread(thread), thread, held)


def elsewhere(client: Servers, server: int, channel: int) -> bool:
    """Whether a channel is none of a server whose channels this connection has been told: gone, or another server's."""
    guild = client.get_guild(server)
    return guild is not None and not guild.unavailable and guild.get_channel(channel) is None


async def _asked(client: Servers, server: int, channel: int, thread: int | None) -> None:
    """The same, asked of Discord."""
    try:
        held = await permissions.in_channel(client, str(server), str(channel))
    except discord.NotFound as error:
        raise (Forbidden(LEFT) if error.code == _UNKNOWN_SERVER else Missing(GONE)) from None
    except discord.Forbidden:
        raise Forbidden(HIDDEN) from None
    _enough(held, None, thread=thread is not None)
    if thread is not None:
        await _open(client, None, thread, held)


async def _open(client: Servers, found: discord.Thread | None, number: int, held: discord.Permissions) -> None:
    """Whether something can be said in a thread. One that is archived opens by itself then, if it is not locked."""
    if found is None:
        try:
            asked = await client.fetch_channel(number)
        except discord.NotFound:
            raise Missing(THREAD_GONE) from None
        except discord.Forbidden:
            raise Forbidden(HIDDEN) from None
        if not isinstance(asked, discord.Thread):
            raise Missing(THREAD_GONE)
        found = asked
    if found.locked and not held.manage_threads:
        raise Forbidden(
            N_("The thread {thread} is locked. Unlock it, or choose another place."), thread=display_name(found.name)
        )


def _enough(held: discord.Permissions, channel: str | None, *, thread: bool) -> None:
    if not (lacking := permissions.lacking(held, thread=thread)):
        return
    given: dict[str, Value] = {
        "permissions": tuple(map(Marked, lacking)),
        **({} if channel is None else {"channel": channel}),
    }
    if channel is None:
        said = N_("I lack {permissions} in the channel. In its settings, under Permissions, allow that to my role.")
    else:
        said = N_(
            "I lack {permissions} in {channel}. In the channel’s settings, under Permissions, allow that to my role."
        )
    raise Forbidden(Marked(said, given))


def _named(channel: discord.abc.GuildChannel) -> str:
    return f"#{display_name(channel.name)}"
