"""The library's client, set up for us: what arrives, and nothing kept that is not needed."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict

import aiohttp
import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from adapters.discord import errors, parse, permissions, tree, views
from adapters.discord.callbacks import Callbacks
from adapters.discord.names import Names
from adapters.discord.reply import Reply
from adapters.discord.shards import Shards
from bot.commands import TREE
from bot.events import Event
from bot.messages import Answer
from bot.platform import Handle, Rejected

log = logging.getLogger(__name__)

discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # nobody speaks here, so nothing is missing

CONNECTIONS = 32
"""Open at most besides the shards' own, for all but the first responses to interactions."""

AT_ONCE = 100
"""Events that are handled side by side. When a thousand press at once, the first need not wait until the last is through."""

REMEMBERED = 10_000
"""Interactions that are known again when Discord delivers them a second time: they have their reply, or are getting it."""

DRAIN = 4.0
"""Seconds that replies under way are given when the bot stops."""


class Gateway(discord.AutoShardedClient):
    """One connection to Discord; a new one is made after each failure. Make it inside the running loop."""

    def __init__(self, handle: Handle, names: Names, shards: Shards, api_url: str) -> None:
        Route.BASE = api_url
        super().__init__(
            intents=permissions.INTENTS,
            connector=aiohttp.TCPConnector(limit=CONNECTIONS + len(shards.ids or ())),
            allowed_mentions=views.NO_PINGS,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_messages=None,
            max_ratelimit_timeout=errors.WITHIN,
            enable_raw_presences=False,
            shard_count=shards.count,
        )
        self.shard_ids = None if shards.ids is None else list(shards.ids)
        self._bot = handle
        self._callbacks = Callbacks(api_url, self.http.user_agent)
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._names = names
        self._replies: set[asyncio.Task[None]] = set()
        self._taken: OrderedDict[int, None] = OrderedDict()

    async def setup_hook(self) -> None:
        """After signing in: where the gateway is, and what `/quiz` is."""
        needed, address, _ = await self.http.get_bot_gateway()
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(address)  # else it is Discord's own after every lost session
        self.shard_count = self.shard_count or needed
        try:
            await errors.insist(self._register)
        except Rejected:  # the commands of before still work
            log.exception("Discord does not take the commands")

    async def _register(self) -> None:
        """Put our commands in the place of Discord's where they differ: each overwrite counts towards a daily limit."""
        assert self.application_id is not None
        wanted = tree.to_commands(TREE)
        registered = await self.http.get_global_commands(self.application_id)
        if not tree.same(registered, wanted):
            await self.http.bulk_upsert_global_commands(self.application_id, wanted)
            log.info("registered /%s with Discord", tree.QUIZ)

    async def drain(self) -> None:
        """Let the replies under way come out."""
        if self._replies:
            await asyncio.wait(self._replies, timeout=DRAIN)
        await self._callbacks.close()

    # ------------------------------------------------ what arrives

    async def _handle(self, event: Event) -> Answer:
        async with self._turns:
            return await self._bot(event)

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        if interaction.id in self._taken:
            return
        self._taken[interaction.id] = None
        if len(self._taken) > REMEMBERED:
            self._taken.popitem(last=False)
        task = asyncio.current_task()
        assert task is not None
        self._replies.add(task)
        task.add_done_callback(self._replies.discard)
        self._names.learn(str(interaction.user.id), interaction.user.display_name)
        await Reply(interaction, self._callbacks).run(self._handle)

    async def on_raw_reaction_add(self, raw: discord.RawReactionActionEvent) -> None:
        if raw.member is not None and not raw.member.bot:
            self._names.learn(str(raw.user_id), raw.member.display_name)
            if self.user is not None and raw.message_author_id in (None, self.user.id):
                await self._reacted(raw, added=True)

    async def on_raw_reaction_remove(self, raw: discord.RawReactionActionEvent) -> None:
        if self.user is not None and raw.user_id != self.user.id:
            await self._reacted(raw, added=False)

    async def _reacted(self, raw: discord.RawReactionActionEvent, *, added: bool) -> None:
        guild = self.get_guild(raw.guild_id) if raw.guild_id is not None else None
        channel = guild.get_channel_or_thread(raw.channel_id) if guild is not None else None
        where = parse.place(str(raw.guild_id), channel or discord.Object(raw.channel_id))
        name = self._names.of(str(raw.user_id)) or ""
        await self._handle(parse.to_reaction(raw, where, name, added=added))

    # ------------------------------------------------ what changes

    async def on_guild_join(self, guild: discord.Guild) -> None:
        log.info("added to the server %s (%s)", guild.name, guild.id)

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        log.warning("removed from the server %s (%s)", guild.name, guild.id)

    async def on_guild_update(self, before: discord.Guild, after: discord.Guild) -> None:
        if before.name != after.name:
            log.info("the server %s (%s) is now called %s", before.name, after.id, after.name)

    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        log.info("the channel #%s (%s) of %s is gone", channel.name, channel.id, channel.guild.id)

    async def on_error(self, event_method: str, /, *args: object, **kwargs: object) -> None:
        log.exception("error in %s", event_method)  # noqa: LOG004 - the library calls this while it handles one
