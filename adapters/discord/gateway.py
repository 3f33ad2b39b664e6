"""The library's client, set up for us: what arrives, and nothing kept that is not needed."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import OrderedDict
from functools import partial
from typing import Any

import aiohttp
import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from adapters.discord import buckets, errors, parse, permissions, tree, views
from adapters.discord.arrival import Arrival
from adapters.discord.callbacks import Callbacks
from adapters.discord.names import Names
from adapters.discord.pace import Pace
from adapters.discord.reply import Reply
from adapters.discord.servers import Servers
from adapters.discord.shards import Shards
from bot.commands import TREE
from bot.events import Event
from bot.messages import Answer
from bot.platform import Handle, Rejected

log = logging.getLogger(__name__)

discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # nobody speaks here, so nothing is missing

CONNECTIONS = 32
"""Open at most besides the shards' own, for all but the first responses to interactions."""

AT_ONCE = 250
"""Events that are handled side by side. When a thousand press at once, the first need not wait until the last is through;
with fewer the store's batches are small, and each answer costs more."""

REMEMBERED = 10_000
"""Interactions that are known again when Discord delivers them a second time: they have their reply, or are getting it."""

DRAIN = 4.0
"""Seconds that replies are given when the bot stops, those to what arrives meanwhile too."""

GIVEN_UP = 1.0
"""Seconds that those which are late then have to let go of what they hold."""


class Gateway(Servers):
    """One connection to Discord; a new one is made after each failure. Make it inside the running loop."""

    def __init__(self, handle: Handle, names: Names, shards: Shards, pace: Pace, api_url: str) -> None:
        Route.BASE = api_url
        super().__init__(
            self._handle,
            intents=permissions.INTENTS,
            connector=aiohttp.TCPConnector(limit=CONNECTIONS + len(shards.ids or ())),
            allowed_mentions=views.NO_PINGS,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_messages=None,
            max_ratelimit_timeout=errors.WITHIN,
            enable_raw_presences=False,
            http_trace=pace.traces(),
            shard_count=shards.count,
        )
        self.shard_ids = None if shards.ids is None else list(shards.ids)
        buckets.sweep_seldom(self.http)
        self._bot = handle
        self._callbacks = Callbacks(api_url, self.http.user_agent)
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._names = names
        self._replies: set[asyncio.Task[None]] = set()
        self._draining = self._over = False
        self._taken: OrderedDict[int, None] = OrderedDict()
        self._library_reads = self._connection.parsers["INTERACTION_CREATE"]
        self._connection.parsers["INTERACTION_CREATE"] = self._read

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
        told = Route(
            "GET", "/applications/{application_id}/commands?with_localizations=true", application_id=self.application_id
        )  # the library's own request leaves the other languages out, and each overwrite counts
        registered = await self.http.request(told)
        if not tree.same(registered, wanted):
            await self.http.bulk_upsert_global_commands(self.application_id, wanted)
            log.info("registered /%s with Discord", tree.QUIZ)

    async def drain(self) -> None:
        """Let the replies come out, and the reactions that have come be kept; later ones stand at Discord.

        Discord sends on until the connection is closed. Who presses then is answered, or nothing of theirs is kept.
        """
        self._draining = True
        await self._lifecycle.close()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(DRAIN):
                while self._replies:
                    await asyncio.wait(self._replies)
        self._over = True
        if self._replies:
            log.warning("replies that did not come out before the end: %d", len(self._replies))
            for late in self._replies:
                late.cancel()
            await asyncio.wait(self._replies, timeout=GIVEN_UP)
        await self._callbacks.close()

    # ------------------------------------------------ what arrives

    async def _handle(self, event: Event) -> Answer:
        async with self._turns:
            return await self._bot(event)

    def _read(self, sent: Any) -> None:  # noqa: ANN401 - JSON, of which the library knows the type
        """An interaction. Presses in servers are read here, past the library's objects; for all else it calls `on_interaction`.

        It is the one place where we reach into the library. A press is read in a tenth of the library's time, which is an
        eighth of all that it costs. Should the library no longer ask this table, presses go the long way, and
        tests/adapters/discord/test_presses.py fails.
        """
        press = parse.to_press(sent)
        if press is None:
            self._library_reads(sent)
        elif self._take(int(press.id)):
            make = partial(discord.Interaction, data=sent, state=self._connection)
            self._names.learn(press.actor.id, press.actor.name)
            task = self.loop.create_task(self._reply(Arrival.pressed(press, sent, make)))
            self._replies.add(task)
            task.add_done_callback(self._replies.discard)

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        if not self._take(interaction.id):
            return
        task = asyncio.current_task()
        assert task is not None
        self._replies.add(task)
        task.add_done_callback(self._replies.discard)
        self._names.learn(str(interaction.user.id), interaction.user.display_name)
        await self._reply(Arrival.read(interaction))

    async def _reply(self, arrival: Arrival) -> None:
        await Reply(arrival, self._callbacks).run(self._handle)

    def _take(self, interaction: int) -> bool:
        """Note an interaction. False when it has been delivered before, or comes when nothing can be said any more."""
        if self._over or interaction in self._taken:
            return False
        self._taken[interaction] = None
        if len(self._taken) > REMEMBERED:
            self._taken.popitem(last=False)
        return True

    async def on_raw_reaction_add(self, raw: discord.RawReactionActionEvent) -> None:
        """Of a bot, this one included, a reaction is no answer; nor is one under what somebody else wrote."""
        if raw.member is not None and not raw.member.bot:
            self._names.learn(str(raw.user_id), raw.member.display_name)
            if self.user is not None and raw.message_author_id in (None, self.user.id):
                await self._reacted(raw, added=True)

    async def on_raw_reaction_remove(self, raw: discord.RawReactionActionEvent) -> None:
        """Discord tells neither the name of who took it away nor who wrote the message."""
        if self.user is not None and raw.user_id != self.user.id:
            await self._reacted(raw, added=False)

    async def _reacted(self, raw: discord.RawReactionActionEvent, *, added: bool) -> None:
        if raw.guild_id is None or self._draining:
            return
        task = asyncio.current_task()
        assert task is not None
        self._replies.add(task)
        task.add_done_callback(self._replies.discard)
        guild = self.get_guild(raw.guild_id)
        channel = guild.get_channel_or_thread(raw.channel_id) if guild is not None else None
        where = parse.place(str(raw.guild_id), channel or discord.Object(raw.channel_id))
        name = self._names.of(str(raw.user_id)) or ""
        await self._handle(parse.to_reaction(raw, where, name, added=added))

    async def on_error(self, event_method: str, /, *args: object, **kwargs: object) -> None:
        log.exception("error in %s", event_method)  # noqa: LOG004 - the library calls this while it handles one
