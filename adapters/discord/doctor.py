"""What keeps the bot from working on Discord, found without connecting to the gateway, and how to mend it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

import discord
from discord.http import Route

from adapters.discord import errors, permissions
from adapters.discord.client import API
from bot.events import Place
from bot.platform import Forbidden, Missing, PlatformError, SignedOut

FEW_STARTS = 50
"""Sign-ins left of the day's 1,000, below which something seems to restart the bot over and over."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at. `mend` is empty when all is well."""

    what: str
    mend: str = ""

    @property
    def well(self) -> bool:
        return not self.mend


async def examine(token: str, api_url: str = API, places: Sequence[Place] = ()) -> list[Finding]:
    """The token, the application, and the permissions in each of `places`."""
    try:
        async with _signed_in(token, api_url) as client:
            found = [Finding(f"Signed in to Discord as {client.user}."), *await _application(client)]
            return found + [await _place(client, place) for place in places]
    except SignedOut as problem:
        return [
            Finding(
                str(problem),
                "On the application’s page in the developer portal, open Bot, press Reset Token, and put the new one into STUDYBOT_DISCORD_TOKEN.",
            )
        ]
    except PlatformError as problem:
        return [Finding(str(problem), f"See whether this machine reaches {api_url}, and try again later.")]


async def invitation(token: str, api_url: str = API) -> str:
    """The address at which an admin adds this bot to a server. PlatformError when Discord can't be asked who it is."""
    async with _signed_in(token, api_url) as client:
        assert client.application_id is not None
        return permissions.invite_url(client.application_id)


@asynccontextmanager
async def _signed_in(token: str, api_url: str) -> AsyncIterator[discord.Client]:
    Route.BASE = api_url.rstrip("/")
    async with discord.Client(intents=permissions.INTENTS, max_ratelimit_timeout=errors.WITHIN) as client:
        try:
            await client.login(token)
        except errors.FAILURES as error:
            raise errors.to_problem(error) from error
        yield client


async def _application(client: discord.Client) -> list[Finding]:
    assert client.application is not None
    if client.application.interactions_endpoint_url:
        endpoint = Finding(
            "The application sends commands and presses to a web address, so none reaches the bot.",
            "On the application’s page in the developer portal, empty the field Interactions Endpoint URL.",
        )
    else:
        endpoint = Finding("Commands and presses come to the bot.")
    shards, _, starts = await errors.insist(client.http.get_bot_gateway)
    left = starts["remaining"]
    gateway = Finding(
        f"Discord suggests {shards} shard{'s' * (shards != 1)}; {left} sign-ins are left today. No privileged intent is needed.",
        "Something restarts the bot over and over: look at its log." if left < FEW_STARTS else "",
    )
    return [endpoint, gateway]


async def _place(client: discord.Client, place: Place) -> Finding:
    """The permissions in a channel. A private conversation has none."""
    if place.direct:
        return Finding("A private conversation needs no permissions.")
    try:
        named, held = await errors.insist(lambda: permissions.seen(client, place.workspace, place.channel))
    except (Missing, Forbidden) as problem:
        return Finding(
            f"Channel {place.channel} of server {place.workspace} can’t be seen: {problem}",
            "Add the bot to the server again with `studybot discord invite`, or let it see the channel; if the channel is gone, remove its schedule.",
        )
    if lacking := permissions.lacking(held, thread=place.thread is not None):
        return Finding(
            f"In {named} ({place.channel}) the bot lacks {', '.join(lacking)}.",
            "In the channel’s settings, under Permissions, allow these to the bot’s role.",
        )
    return Finding(f"In {named} ({place.channel}) the bot may do all that it needs.")
