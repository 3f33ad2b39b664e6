"""Platforms that make trouble when they are told to, in the same words for each."""

from __future__ import annotations

from typing import Protocol

from adapters.discord.client import DiscordPlatform
from adapters.slack.client import SlackPlatform
from adapters.slack.pace import Pace
from adapters.slack.ways import Credentials
from bot.events import Actor
from bot.platform import Platform
from tests.adapters.slack.bench import Vault
from tests.crash.chats import ROUTES, Chat, Deed, DiscordChat
from tests.crash.slack import METHODS, SlackChat

ANN, BOB, OLGA = "Ann", "Bob", "Olga"

LONG = 300
"""Seconds of a pause: longer than an adapter waits for by itself."""


LOOKS = 4
"""How often either adapter tries to read a history."""


class Troubled(Chat, Protocol):
    """A channel on a loopback platform. Olga is told of trouble."""

    attempts: int
    """How often the adapter asks for a post before it says that the platform is unavailable."""

    edits: int
    """The same for a change."""

    def platform(self) -> Platform:
        """The adapter, not yet connected, with the token that is good now."""

    def olga(self) -> Actor: ...

    async def told(self) -> list[str]:
        """What Olga was told in private."""

    async def asked(self, deed: Deed) -> int:
        """How often the bot has asked for it."""

    async def limited(self, deed: Deed, *, times: int) -> None:
        """429, and a long pause."""

    def pause_is_over(self, platform: Platform) -> None:
        """The pause that the platform has asked for has gone by."""

    async def failing(self, deed: Deed, status: int, *, times: int) -> None: ...

    async def dropped(self, deed: Deed, *, times: int, after_effect: bool) -> None: ...

    async def blind(self, *, ticks: int) -> None:
        """The channel's history can't be read, by who has just posted and for so many ticks."""

    async def forbid(self) -> None:
        """Take from the bot what it needs in the channel."""

    async def allow(self) -> None:
        """Give it back."""

    async def delete(self) -> None:
        """Delete the channel."""

    async def revoke(self) -> None:
        """The bot's token is good no more, and nobody says so."""

    async def mend(self) -> None:
        """The operator gets a new token."""


class TroubledDiscord(DiscordChat):
    attempts = 4
    edits = 4

    def platform(self) -> Platform:
        return DiscordPlatform(self._discord.token, self._discord.api)

    def olga(self) -> Actor:
        return Actor("discord", "", self._people[OLGA].id, OLGA)

    async def told(self) -> list[str]:
        return [each.text for each in await self._people[OLGA].direct_messages()]

    async def asked(self, deed: Deed) -> int:
        return sum(self.place.channel in each["path"] for each in await self._discord.requests(*ROUTES[deed]))

    async def limited(self, deed: Deed, *, times: int) -> None:
        await self._discord.limited(*ROUTES[deed], seconds=LONG, times=times, via=False)

    async def limits_changes_of_old_messages(self, *, times: int) -> None:
        """As Discord does with those of over an hour."""
        await self._discord.limited(*ROUTES[Deed.EDIT], seconds=900, times=times, code=30046, via=False)

    def pause_is_over(self, platform: Platform) -> None:
        """The adapter asks again whenever it is asked to."""

    async def failing(self, deed: Deed, status: int, *, times: int) -> None:
        await self._discord.failing(*ROUTES[deed], status, times=times)

    async def dropped(self, deed: Deed, *, times: int, after_effect: bool) -> None:
        await self._discord.dropped(*ROUTES[deed], times=times, after_effect=after_effect)

    async def blind(self, *, ticks: int) -> None:
        await self._discord.failing("GET", "/channels/{channel_id}/messages", 503, times=ticks * LOOKS)

    async def forbid(self) -> None:
        await self._channel.permit(deny=["SEND_MESSAGES"])

    async def allow(self) -> None:
        await self._channel.permit()

    async def delete(self) -> None:
        await self._channel.delete()

    async def revoke(self) -> None:
        await self._discord.failing(*ROUTES[Deed.POST], 401)

    async def mend(self) -> None:
        """The one refusal is over."""


class TroubledSlack(SlackChat):
    attempts = 3
    edits = 4

    def platform(self) -> Platform:
        given = Credentials(bot_token=self._token, app_token=self._slack.app_token, api_url=self._slack.api)
        return SlackPlatform(given, Vault())

    def olga(self) -> Actor:
        return Actor("slack", self.place.workspace, self._people[OLGA].id, OLGA)

    async def told(self) -> list[str]:
        return [each.text for each in await self._people[OLGA].direct_messages()]

    async def asked(self, deed: Deed) -> int:
        here = await self._slack.requests(METHODS[deed])
        return sum(each["args"].get("channel") == self.place.channel for each in here)

    async def limited(self, deed: Deed, *, times: int) -> None:
        await self._slack.limited(METHODS[deed], seconds=LONG, times=times)

    def pause_is_over(self, platform: Platform) -> None:
        assert isinstance(platform, SlackPlatform)
        platform._posts._pace = Pace()

    async def failing(self, deed: Deed, status: int, *, times: int) -> None:
        await self._slack.failing(METHODS[deed], status, times=times)

    async def dropped(self, deed: Deed, *, times: int, after_effect: bool) -> None:
        await self._slack.dropped(METHODS[deed], times=times, after_effect=after_effect)

    async def blind(self, *, ticks: int) -> None:
        await self._slack.failing("conversations.history", 503, times=(1 + ticks) * LOOKS)

    async def forbid(self) -> None:
        await self._channel.kick_bot()

    async def allow(self) -> None:
        await self._channel.invite_bot()

    async def delete(self) -> None:
        await self._channel.delete()

    async def archive(self) -> None:
        await self._channel.archive()

    async def unarchive(self) -> None:
        await self._channel.unarchive()

    async def revoke(self) -> None:
        await self._workspace.revoke_tokens(quietly=True)

    async def mend(self) -> None:
        self._token = (await self._workspace.install()).token
        await self._channel.invite_bot()
