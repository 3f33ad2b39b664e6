"""What the matrix asks of a loopback platform, in the same words for each."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, Self

from bot.events import Place
from tests.emulators.discord.client import Discord
from tests.emulators.discord.people import Person
from tests.emulators.discord.seen import Message
from tests.emulators.discord.servers import Channel


class Deed(StrEnum):
    """What a bot asks of a platform."""

    POST = "post"
    EDIT = "edit"


@dataclass(frozen=True, slots=True)
class Shown:
    """A message in the channel; `version` is 1 as posted, and one more for every change."""

    id: str
    text: str
    version: int


class Chat(Protocol):
    """A channel on a loopback platform, and people in it."""

    place: Place

    def settings(self, worker: int, workers: int) -> dict[str, str]:
        """With which one of several workers connects. People's doings reach the last of them at the latest."""

    async def until_connected(self, workers: int) -> None: ...

    async def advance(self, seconds: float) -> None:
        """Let the platform's clock go on."""

    async def forget_keys(self) -> None:
        """The platform's own means against doubles is of no use from now on."""

    async def shown(self) -> list[Shown]: ...

    async def press(self, name: str, message: str, label: str) -> str:
        """Somebody presses a button; what they are told."""

    async def hold(self, deed: Deed, *, after_effect: bool) -> None:
        """The next deed waits, before or after its effect."""

    async def until_held(self) -> None: ...

    async def let_go(self, *, go_on: bool) -> None:
        """Let the held deed go on, or lose it, whether its sender lives or not."""

    async def assert_no_violations(self) -> None: ...


ROUTES = {
    Deed.POST: ("POST", "/channels/{channel_id}/messages"),
    Deed.EDIT: ("PATCH", "/channels/{channel_id}/messages/{message_id}"),
}


class DiscordChat:
    """Several workers share the shards; the server is the last one's."""

    def __init__(self, discord: Discord, channel: Channel, people: dict[str, Person]) -> None:
        assert channel.guild is not None
        self._discord = discord
        self._channel = channel
        self.place = Place("discord", channel.guild, channel.id)
        self._people = people

    @classmethod
    async def made(cls, discord: Discord, names: tuple[str, ...]) -> Self:
        await discord.reset()
        await discord.settings(first_response=60)
        guild = await discord.guild(number=str((2**40 + 1) << 22))  # the second shard's, of two
        channel = await guild.channel("daily")
        people = {name: await guild.person(name) for name in names}
        return cls(discord, channel, people)

    def settings(self, worker: int, workers: int) -> dict[str, str]:
        shards = {"STUDYBOT_DISCORD_SHARDS": f"{worker}/{workers}"} if workers > 1 else {}
        return {"STUDYBOT_DISCORD_TOKEN": self._discord.token, "STUDYBOT_DISCORD_API_URL": self._discord.api, **shards}

    async def until_connected(self, workers: int) -> None:
        async with asyncio.timeout(60):
            while sum(one["connected"] for one in (await self._discord.sessions())["sessions"]) != workers:
                await asyncio.sleep(0.02)

    async def advance(self, seconds: float) -> None:
        await self._discord.advance(seconds)

    async def forget_keys(self) -> None:
        await self._discord.settings(nonce_window=-1.0)

    async def shown(self) -> list[Shown]:
        return [Shown(each.id, each.text, each.version) for each in await self._messages()]

    async def press(self, name: str, message: str, label: str) -> str:
        found = next(each for each in await self._messages() if each.id == message)
        return (await self._people[name].press(found, label)).text

    async def hold(self, deed: Deed, *, after_effect: bool) -> None:
        await self._discord.holding(*ROUTES[deed], after_effect=after_effect)

    async def until_held(self) -> None:
        await self._discord.until_held()

    async def let_go(self, *, go_on: bool) -> None:
        assert await self._discord.let_go(go_on=go_on) == 1

    async def assert_no_violations(self) -> None:
        await self._discord.assert_no_violations()

    async def _messages(self) -> list[Message]:
        return await self._channel.messages()
