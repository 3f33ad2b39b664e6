"""Discord as a platform: signs in, keeps the connection, and says what the bot says, through discord.py."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any, TypeVar

import discord

from adapters.discord import access, errors, keys, limits, parse, permissions, render, views
from adapters.discord.gateway import Gateway
from adapters.discord.names import Names
from adapters.discord.pace import Pace
from adapters.discord.render import Drawing
from adapters.discord.shards import Shards
from bot.events import Actor, MessageRef, Place
from bot.messages import Message
from bot.platform import Forbidden, Groups, Handle, Missing, PlatformError, SignedOut, Unavailable
from bot.words import N_

log = logging.getLogger(__name__)

UNREAD = N_(
    "I may not read the channel’s history: in its settings, under Permissions, allow Read Message History to my role."
)

T = TypeVar("T")

API = "https://discord.com/api/v10"

SIGN_IN = 20.0
"""Seconds that the first posts after a start wait for the bot to have signed in."""

EXPLAINING = 5.0
"""Seconds for finding out why something is refused."""

LONGEST_WAIT = 60.0
"""Seconds between attempts to connect, at most."""


class DiscordPlatform:
    """A `Platform`. One process speaks to one Discord: the library keeps the addresses for all of its clients.

    `token` is the bot's; `api_url` the API's base, also of a proxy or of an emulator, whose gateway is found from there;
    `shards` as `Shards.parse` reads it.
    """

    name = parse.NAME

    def __init__(self, token: str, api_url: str = API, shards: str = "") -> None:
        self._token = token
        self._api_url = api_url.rstrip("/")
        self._shards = Shards.parse(shards)
        self._names = Names()
        self._pace = Pace(self._shards.share)
        self._client: Gateway | None = None
        self._signed_in = asyncio.Event()
        self._signed_out: SignedOut | None = None

    async def run(self, handle: Handle) -> None:
        """As `Platform.run`; SignedOut when Discord refuses the token or the connection for good. Everything else passes."""
        self._signed_out = None
        wait = 1.0
        while True:
            client = Gateway(handle, self._names, self._shards, self._pace, self._api_url)
            try:
                await client.login(self._token)
                self._client = client
                self._signed_in.set()
                wait = 1.0
                await client.connect()
            except errors.FAILURES as error:
                problem = errors.to_problem(error)
                if isinstance(problem, SignedOut):
                    self._signed_out = problem
                log.warning("not connected to Discord: %s", problem)
            except PlatformError as problem:
                log.warning("not connected to Discord: %s", problem)
            finally:
                await client.drain()
                self._signed_in.clear()
                self._client = None
                await client.close()
            if self._signed_out is not None:
                raise self._signed_out
            await asyncio.sleep(wait)
            wait = min(2 * wait, LONGEST_WAIT)

    # ------------------------------------------------ what the bot says

    async def post(self, place: Place, message: Message, key: str) -> MessageRef:
        drawing = render.to_components(message, keys.marks(key))
        posting = self._send(lambda client: _own(client, place), drawing, keys.nonce(key))
        return MessageRef(place, str((await self._in(place, posting)).id))

    async def edit(self, ref: MessageRef, message: Message) -> None:
        drawing = render.to_components(message)

        async def attempt(client: Gateway) -> None:
            old = _channel(client, ref.place).get_partial_message(_snowflake(ref.message))
            await old.edit(
                view=views.Layout(drawing), attachments=views.files(drawing), allowed_mentions=views.NO_PINGS
            )

        await self._in(ref.place, self._ask(attempt))

    async def find(self, place: Place, key: str, since: datetime) -> Sequence[MessageRef]:
        """As `Platform.find`. Without the permission to read the history Discord shows an empty one: Forbidden then."""
        marks = keys.marks(key)

        async def attempt(client: Gateway) -> Sequence[MessageRef]:
            if not place.direct:
                held = await permissions.in_channel(client, place.workspace, place.channel)
                if not (held.view_channel and held.read_message_history):
                    raise Forbidden(UNREAD)
            history = _channel(client, place).history(limit=None, after=since, oldest_first=True)
            return [
                MessageRef(place, str(message.id))
                async for message in history
                if client.user is not None and message.author.id == client.user.id and _marks(message) == marks
            ]

        return await self._ask(attempt)

    async def delete(self, ref: MessageRef) -> None:
        async def attempt(client: Gateway) -> None:
            await _channel(client, ref.place).get_partial_message(_snowflake(ref.message)).delete()

        with contextlib.suppress(Missing):
            await self._in(ref.place, self._ask(attempt))

    async def reactors(self, ref: MessageRef, emoji: str) -> Sequence[Actor]:
        """As `Platform.reactors`; Discord's order is that of the people's ids."""
        channel, message = _snowflake(_where(ref.place)), _snowflake(ref.message)
        people: list[Actor] = []
        last: int | None = None
        while True:
            page = partial(self._reactors, channel, message, emoji, last)
            users = await self._ask(page)
            people += [parse.to_person(user, self._names.of(user["id"])) for user in users if not user.get("bot")]
            if len(users) < limits.HISTORY:
                return people
            last = int(users[-1]["id"])

    async def react(self, ref: MessageRef, emoji: str) -> None:
        """As `Platform.react`. Discord counts an emoji of the same person once, however often it is put there."""

        async def attempt(client: Gateway) -> None:
            message = _channel(client, ref.place).get_partial_message(_snowflake(ref.message))
            await message.add_reaction(emoji)

        await self._in(ref.place, self._ask(attempt))

    async def check(self, place: Place) -> None:
        """As `Platform.check`. In private messages nothing can be forbidden to the bot but by the person, which nobody sees."""
        if not place.direct:
            server, channel = _snowflake(place.workspace), _snowflake(place.channel)
            thread = None if place.thread is None else _snowflake(place.thread)
            await self._ask(lambda client: access.look(client, server, channel, thread))

    async def groups(self, workspace: str) -> Groups | None:
        """As `Platform.groups`: the roles of a server of which this connection is told. Who has them, Discord tells only of
        people who do something, unless a bot has the intent for members, which it has to ask Discord for.
        """
        client = self._client
        guild = None if client is None else client.get_guild(_snowflake(workspace))
        if guild is None or guild.unavailable:
            return None
        return Groups({str(role.id): role.name for role in guild.roles if not role.is_default()})

    async def tell(self, actor: Actor, message: Message) -> None:
        drawing = render.to_components(message)

        async def attempt(client: Gateway) -> discord.DMChannel:
            return await client.create_dm(discord.Object(_snowflake(actor.id)))

        direct = await self._ask(attempt)
        await self._send(lambda _: direct, drawing, secrets.token_hex(12))

    # ------------------------------------------------ inside

    async def _reactors(
        self, channel: int, message: int, emoji: str, after: int | None, client: Gateway
    ) -> Sequence[Mapping[str, Any]]:
        return await client.http.get_reaction_users(channel, message, emoji, limits.HISTORY, after)

    async def _send(
        self, channel: Callable[[Gateway], discord.abc.Messageable], drawing: Drawing, nonce: str
    ) -> discord.Message:
        """Every attempt has the same nonce, so that one which arrived unheard is not doubled by the next."""

        async def attempt(client: Gateway) -> discord.Message:
            return await channel(client).send(view=views.Layout(drawing), files=views.files(drawing), nonce=nonce)

        return await self._ask(attempt)

    async def _in(self, place: Place, asking: Awaitable[T]) -> T:
        """What comes of `asking`. Where Discord refuses it, an admin is told what to mend rather than Discord's number for it."""
        try:
            return await asking
        except (Forbidden, Missing):
            with contextlib.suppress(Unavailable, TimeoutError):
                async with asyncio.timeout(EXPLAINING):
                    await self.check(place)
            raise

    async def _ask(self, attempt: Callable[[Gateway], Awaitable[T]]) -> T:
        """One request by the one policy. A refused token ends it all: Discord bans who goes on with one."""
        client = await self._connected()
        try:
            return await errors.insist(lambda: attempt(client))
        except SignedOut as problem:
            self._signed_out = problem
            await client.close()
            raise

    async def _connected(self) -> Gateway:
        if self._signed_out is not None:
            raise self._signed_out
        if not self._signed_in.is_set():
            try:
                await asyncio.wait_for(self._signed_in.wait(), SIGN_IN)
            except TimeoutError:
                raise Unavailable(N_("The bot has not signed in to Discord yet.")) from None
        assert self._client is not None
        return self._client


def _where(place: Place) -> str:
    return place.thread or place.channel


def _own(client: Gateway, place: Place) -> discord.PartialMessageable:
    """The channel, if it is one of its server: Discord knows channels by their ids alone, and takes any that the bot is in."""
    if not place.direct and access.elsewhere(client, _snowflake(place.workspace), _snowflake(place.channel)):
        raise Missing(access.GONE)
    return _channel(client, place)


def _channel(client: Gateway, place: Place) -> discord.PartialMessageable:
    return client.get_partial_messageable(_snowflake(_where(place)))


def _snowflake(text: str) -> int:
    if not text.isdecimal() or len(text) > 20:
        raise Missing(N_("Discord has nothing with the id {number}."), number=repr(text))
    return int(text)


def _marks(message: discord.Message) -> tuple[int | None, int | None] | None:
    """The ids of the container and of its first part."""
    first = message.components[0] if message.components else None
    if not isinstance(first, discord.components.Container) or not first.children:
        return None
    return first.id, getattr(first.children[0], "id", None)
