"""The adapter with the real discord.py on the loopback Discord, and two people who use it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from typing import Any

from adapters.discord.client import DiscordPlatform
from bot import commands
from bot.events import Event, Happening, MessageRef, Place, Roster, WorkspaceChanged, WorkspaceLeft
from bot.messages import Answer
from bot.platform import Forbidden, Missing, SignedOut, Unavailable
from tests.adapters.contract import ADA, GRACE, Deed, Seen
from tests.adapters.discord.reader import read
from tests.emulators.discord import seen as screen
from tests.emulators.discord.client import Discord
from tests.emulators.discord.people import Person

TEXT_DISPLAY, SELECT = 10, 3


def text(message: screen.Message) -> str:
    """What a person reads of a message: its markdown as the client shows it, pictures by their words."""
    parts = [read(each["content"]).text for each in message.components if each["type"] == TEXT_DISPLAY]
    parts += [item["description"] for each in message.components for item in each.get("items", ())]
    return "\n".join(parts)


class DiscordBench:
    """`start` connects. `answer` and `events` as in the contract; `slow` seconds pass before `handle` answers.

    `happened` is what reached `handle` that nobody did.
    """

    def __init__(self, discord: Discord) -> None:
        self.discord = discord
        self.events: list[Deed] = []
        self.happened: list[Happening] = []
        self.answer: Callable[[Event], Answer] = lambda _: None
        self.slow = 0.0
        self._messages: dict[str, screen.Message] = {}
        self._last: tuple[Person, screen.Answer] | None = None

    async def start(self) -> None:
        self.guild = await self.discord.guild("Study Hall")
        self.channel = await self.guild.channel("daily")
        # Discord tells who reacted in the order of their ids: Grace is the elder.
        self.people = {name: await self.guild.person(name) for name in (GRACE, ADA)}
        self.place = Place("discord", self.guild.id, self.channel.id)
        self.gone = MessageRef(self.place, "123456789012345678")
        await self.connect()

    async def connect(self) -> None:
        self.platform = DiscordPlatform(self.discord.token, self.discord.api)
        self.running = asyncio.create_task(self.platform.run(self.handle))
        await self.discord.until_connected()
        await self.until_told()

    async def until_told(self) -> None:
        """Wait until the bot knows of the place."""
        async with asyncio.timeout(20):
            while True:
                try:
                    with contextlib.suppress(Forbidden, Missing):
                        await self.platform.check(self.place)
                except Unavailable:
                    await asyncio.sleep(0.01)
                else:
                    return

    async def stop(self) -> None:
        self.running.cancel()
        with contextlib.suppress(asyncio.CancelledError, SignedOut):
            await self.running

    async def restart(self) -> None:
        await self.stop()
        await self.connect()

    async def handle(self, event: Event) -> Answer:
        if isinstance(event, Roster | WorkspaceChanged | WorkspaceLeft):
            self.happened.append(event)
            return None
        self.events.append(event)
        if self.slow:
            await asyncio.sleep(self.slow)
        return self.answer(event)

    # ------------------------------------------------ what the contract asks

    async def seen(self, person: str) -> list[Seen]:
        who = self.people[person]
        direct = await who.direct_messages()
        private = [*await who.private_messages(self.channel), *direct]
        found = sorted([*await self.channel.messages(), *private], key=lambda message: int(message.id))
        self._messages |= {message.id: message for message in found}
        mine = {message.id for message in private}
        return [Seen(each.id, each.id in mine, text(each), tuple(each.buttons)) for each in found]

    async def form(self, person: str) -> str | None:
        modals = await self.people[person].open_modals()
        return str(modals[-1].modal["title"]) if modals else None

    async def command(self, person: str, text: str) -> None:
        path, typed = commands.read(text)
        entry = commands.BY_PATH[path]
        options: dict[str, Any] = {}
        for name, value in typed.items():
            option = entry.option(name)
            assert option is not None
            options[name] = option.type(value)
        ask = {"command": entry.spelled, "options": options, "until": "answered"}
        self._keep(person, await self.people[person].deed("command", self.channel, **ask))
        await self._until_said(person)

    async def press(self, person: str, message: str, label: str) -> None:
        there = await self._message(person, message)
        self._keep(person, await self.people[person].press(there, label, until="answered"))
        await self._until_said(person)

    async def forge(self, person: str, message: str, action: str) -> None:
        there = await self._message(person, message)
        self._keep(person, await self.people[person].forge_press(self.channel, action, message=there))

    async def choose(self, person: str, message: str, label: str) -> None:
        there = await self._message(person, message)
        menu = next(each["placeholder"] for each in there.components if each["type"] == SELECT)
        self._keep(person, await self.people[person].choose(there, menu, label, until="answered"))

    async def fill(self, person: str, fields: dict[str, str]) -> None:
        opened = (await self.people[person].open_modals())[-1]
        self._keep(person, await self.people[person].submit(opened, fields, until="answered"))
        await self._until_said(person)

    async def react(self, person: str, message: str, emoji: str) -> None:
        await self.people[person].react(await self._message(person, message), emoji)

    async def unreact(self, person: str, message: str, emoji: str) -> None:
        await self.people[person].unreact(await self._message(person, message), emoji)

    async def emojis(self, person: str, message: str) -> tuple[str, ...]:
        return tuple(await self.channel.reactions(await self._message(person, message)))

    async def redeliver(self) -> None:
        assert self._last is not None
        person, answer = self._last
        assert await person.redeliver(answer) == 1
        before = list(self.events)
        await self.command(GRACE, "/quiz help")  # events come in order: when this one is through, so is the other
        self.events = before + self.events[len(before) : -1]

    # ------------------------------------------------ inside

    @property
    def last(self) -> screen.Answer:
        """What came of the last deed."""
        assert self._last is not None
        return self._last[1]

    def _keep(self, person: str, answer: screen.Answer) -> None:
        self._last = (self.people[person], answer)

    async def _until_said(self, person: str) -> None:
        """Wait until nothing on someone's screen says that the bot thinks: what it had to say, if anything, is there."""
        async with asyncio.timeout(20):
            while any(each.thinking for each in await self.people[person].private_messages(self.channel)):
                await asyncio.sleep(0.01)

    async def _message(self, person: str, message: str) -> screen.Message:
        await self.seen(person)
        return self._messages[message]
