"""What the connection hears of servers: which there are, who runs them, and what the bot may do in them."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

import discord

from adapters.discord.lifecycle import Lifecycle
from adapters.discord.shards import shard_of
from bot.platform import Handle

log = logging.getLogger(__name__)

COMPLETE = 2.0
"""Seconds without another server after which a session is taken to have told of all of them."""


class Servers(discord.AutoShardedClient):
    """The part of the client that knows the servers. `tell` takes what the bot is to know of them."""

    def __init__(self, tell: Handle, **options: Any) -> None:  # noqa: ANN401 - the library's own
        super().__init__(guild_ready_timeout=COMPLETE, **options)
        self._lifecycle = Lifecycle(tell, self.get_guild)
        self._begun: set[int] = set()
        self._told: set[int] = set()
        self._connection.parsers["READY"] = self._begins

    def hears(self, server: int) -> bool:
        """Whether a server is in this process's share."""
        return shard_of(server, self.shard_count or 1) in self._shards

    def knows(self, server: int) -> bool:
        """Whether the bot is not in a server that the library does not have: a session begins with the list of all."""
        return shard_of(server, self.shard_count or 1) in self._begun

    @property
    def _shards(self) -> frozenset[int]:
        return frozenset(self.shard_ids or range(self.shard_count or 1))

    # ------------------------------------------------ which there are

    def _begins(self, ready: Mapping[str, Any]) -> None:
        """A shard's session begins anew and all its servers will be told. The library would keep those that are gone by now."""
        shard = ready["shard"][0]
        self._told.discard(shard)
        there = {int(each["id"]) for each in ready["guilds"]}
        for guild in self.guilds:
            if guild.shard_id == shard and guild.id not in there:
                self._connection._remove_guild(guild)  # noqa: SLF001 - it has no other way to forget one
        self._connection.parse_ready(ready)  # type: ignore[arg-type]
        self._begun.add(shard)

    async def on_shard_ready(self, shard: int) -> None:
        self._told.add(shard)
        if self._told < self._shards:
            return
        count, shards = self.shard_count or 1, self._shards
        present = [guild for guild in self.guilds if not guild.unavailable]
        out = {guild.id for guild in self.guilds if guild.unavailable}

        def covers(workspace: str) -> bool:
            """Of one whose machines at Discord are down, nothing is known: it is told of when they are up."""
            if not (workspace.isascii() and workspace.isdecimal() and len(workspace) <= 20):
                return False
            return shard_of(int(workspace), count) in shards and int(workspace) not in out

        log.info("connected to Discord, and in %d of its servers", len(self.guilds))
        self._lifecycle.present(present, covers)
        for guild in present:
            self._await_end(self._me(guild))

    async def on_guild_join(self, guild: discord.Guild) -> None:
        if guild.shard_id in self._told:  # else it is in the roster to come
            log.info("added to the server %s (%s)", guild.name, guild.id)
            self._lifecycle.changed(guild.id)

    async def on_guild_available(self, guild: discord.Guild) -> None:
        if guild.shard_id in self._told:
            self._lifecycle.changed(guild.id)

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        log.warning("removed from the server %s (%s)", guild.name, guild.id)
        self._lifecycle.left(guild.id)

    # ------------------------------------------------ what changes in them

    async def on_guild_update(self, before: discord.Guild, after: discord.Guild) -> None:
        if before.name != after.name:
            log.info("the server %s (%s) is now called %s", before.name, after.id, after.name)
        if (before.name, before.owner_id) != (after.name, after.owner_id):
            self._lifecycle.changed(after.id)

    async def on_guild_channel_create(self, channel: discord.abc.GuildChannel) -> None:
        self._lifecycle.changed(channel.guild.id)

    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        log.info("the channel #%s (%s) of %s is gone", channel.name, channel.id, channel.guild.id)
        self._lifecycle.changed(channel.guild.id)

    async def on_guild_channel_update(self, before: discord.abc.GuildChannel, after: discord.abc.GuildChannel) -> None:
        if (before.overwrites, before.category_id, before.type) != (after.overwrites, after.category_id, after.type):
            self._lifecycle.changed(after.guild.id)

    async def on_thread_update(self, before: discord.Thread, after: discord.Thread) -> None:
        """A thread that is archived opens by itself when something is said in it, unless it is locked."""
        if before.locked != after.locked:
            self._lifecycle.changed(after.guild.id)

    async def on_thread_join(self, thread: discord.Thread) -> None:
        """The library had not known of it: it was archived, or the bot was not let in."""
        self._lifecycle.changed(thread.guild.id)

    async def on_raw_thread_delete(self, raw: discord.RawThreadDeleteEvent) -> None:
        self._lifecycle.changed(raw.guild_id)

    async def on_guild_role_update(self, before: discord.Role, after: discord.Role) -> None:
        me = self._me(after.guild)
        own = after.is_default() or (me is not None and after in me.roles)
        if own and before.permissions != after.permissions:
            self._lifecycle.changed(after.guild.id)

    async def on_guild_role_delete(self, role: discord.Role) -> None:
        """Whose it was is no longer known."""
        self._lifecycle.changed(role.guild.id)

    async def on_member_update(self, before: discord.Member, after: discord.Member) -> None:
        """The bot itself: it is told of no other member."""
        if (before.roles, before.timed_out_until) == (after.roles, after.timed_out_until):
            return
        self._lifecycle.changed(after.guild.id)
        self._await_end(after)

    def _me(self, guild: discord.Guild) -> discord.Member | None:
        """The bot in a server; None as long as the server has not been told of."""
        return None if self.user is None else guild.get_member(self.user.id)

    def _await_end(self, me: discord.Member | None) -> None:
        """Discord does not tell when a time-out is over."""
        if me is not None and me.timed_out_until is not None and me.is_timed_out():
            left = (me.timed_out_until - discord.utils.utcnow()).total_seconds()
            self._lifecycle.changes_in(me.guild.id, left + 1)
