"""The loopback Discord's servers and channels: what is made, changed and seen there."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.emulators.discord.people import Person
from tests.emulators.discord.seen import BurstReport, Message

if TYPE_CHECKING:
    from tests.emulators.discord.client import Discord


@dataclass(frozen=True)
class Guild:
    discord: Discord
    id: str

    async def channel(self, name: str = "general", *, kind: str = "text") -> Channel:
        """`kind` is `text` or `category`."""
        made = await self.discord.call("make_channel", guild=self.id, name=name, kind=kind)
        return Channel(self.discord, made["id"], self.id)

    async def person(
        self,
        name: str,
        *,
        manage_server: bool = False,
        permissions: Iterable[str] = (),
        bot: bool = False,
        locale: str = "en-US",
        takes_dms: bool = True,
    ) -> Person:
        granted = [*permissions, *(["MANAGE_GUILD"] if manage_server else [])]
        ask = {"bot": bot, "locale": locale, "takes_dms": takes_dms, "permissions": granted}
        made = await self.discord.call("make_person", guild=self.id, name=name, **ask)
        return Person(self.discord, made["id"], name)

    async def people(self, count: int, name: str = "Person") -> list[Person]:
        """Many members at once."""
        ids = await self.discord.call("make_people", guild=self.id, count=count, name=name)
        return [Person(self.discord, number, f"{name} {n + 1}") for n, number in enumerate(ids)]

    async def admit(self, person: Person) -> None:
        await self.discord.call("join", guild=self.id, user=person.id)

    async def part(self, person: Person) -> None:
        await self.discord.call("leave", guild=self.id, user=person.id)

    async def grant(self, person: Person | None, *permissions: str) -> None:
        """Exactly these permissions beside everybody's, for a person, or for the bot (None)."""
        user = "bot" if person is None else person.id
        await self.discord.call("grant", guild=self.id, user=user, permissions=permissions)

    async def permit_everyone(self, *permissions: str) -> None:
        """Exactly these permissions for everybody, where no channel says otherwise."""
        await self.discord.call("change_role", guild=self.id, role=self.id, permissions=permissions)

    async def delete_roles(self, person: Person | None) -> None:
        """Delete the roles by which a person, or the bot (None), was granted something."""
        await self.discord.call("delete_roles", guild=self.id, user="bot" if person is None else person.id)

    async def time_out(self, person: Person | None, seconds: float | None) -> None:
        """Silence a person, or the bot (None), for so long; None ends it."""
        user = "bot" if person is None else person.id
        await self.discord.call("time_out", guild=self.id, user=user, seconds=seconds)

    async def hand_over(self, person: Person) -> None:
        """Make a person the owner."""
        await self.discord.call("change_guild", guild=self.id, owner=person.id)

    async def rename(self, name: str) -> None:
        await self.discord.call("change_guild", guild=self.id, name=name)

    async def remove_bot(self) -> None:
        await self.discord.call("change_guild", guild=self.id, has_bot=False)

    async def add_bot(self) -> None:
        await self.discord.call("change_guild", guild=self.id, has_bot=True)

    async def outage(self, *, over: bool = False) -> None:
        await self.discord.call("change_guild", guild=self.id, available=over)


@dataclass(frozen=True)
class Channel:
    discord: Discord
    id: str
    guild: str | None = None

    @property
    def mention(self) -> str:
        return f"<#{self.id}>"

    async def messages(self) -> list[Message]:
        """Every public message, oldest first."""
        return [Message(one) for one in await self.discord.call("messages", channel=self.id)]

    async def message(self, number: str) -> Message:
        return Message(await self.discord.call("message", channel=self.id, message=number))

    async def until_messages(self, count: int, *, seconds: float = 10.0) -> list[Message]:
        """Wait for so many messages. TimeoutError otherwise."""
        async with asyncio.timeout(seconds):
            while len(found := await self.messages()) < count:
                await asyncio.sleep(0.02)
        return found

    async def reactions(self, message: Message) -> dict[str, list[str]]:
        """The ids of who reacted, by emoji."""
        found: dict[str, list[str]] = await self.discord.call("reactions", channel=self.id, message=message.id)
        return found

    async def thread(self, name: str, owner: Person) -> Channel:
        made = await self.discord.call("make_thread", channel=self.id, name=name, user=owner.id)
        return Channel(self.discord, made["id"], self.guild)

    async def permit(self, *, allow: Sequence[str] = (), deny: Sequence[str] = (), to: Person | None = None) -> None:
        """The permission overwrite of a person, or of the bot; nothing at all takes it away."""
        target = "bot" if to is None else to.id
        await self.discord.call("overwrite", channel=self.id, target=target, allow=allow, deny=deny)

    async def permit_everyone(self, *, allow: Sequence[str] = (), deny: Sequence[str] = ()) -> None:
        await self.discord.call("overwrite", channel=self.id, target=self.guild, allow=allow, deny=deny)

    async def rename(self, name: str) -> None:
        await self.discord.call("change_channel", channel=self.id, name=name)

    async def archive(self, *, locked: bool = False) -> None:
        """Archive a thread."""
        await self.discord.call("change_channel", channel=self.id, archived=True, locked=locked)

    async def unlock(self) -> None:
        """Open a thread again."""
        await self.discord.call("change_channel", channel=self.id, archived=False, locked=False)

    async def move(self, category: Channel) -> None:
        await self.discord.call("change_channel", channel=self.id, parent=category.id)

    async def delete(self) -> None:
        await self.discord.call("delete_channel", channel=self.id)

    async def delete_message(self, message: Message) -> None:
        await self.discord.call("delete_message", channel=self.id, message=message.id)

    async def burst(
        self, message: Message, buttons: Sequence[str], people: Sequence[Person], *, seconds: float, wait: float = 10.0
    ) -> BurstReport:
        """All these people press within `seconds`: the n-th of them the n-th of the custom ids `buttons`, in turn."""
        ids = [person.id for person in people]
        ask = {"message": message.id, "custom_ids": buttons, "people": ids, "seconds": seconds, "wait": wait}
        return BurstReport(**await self.discord.call("press_in_a_burst", channel=self.id, **ask))
