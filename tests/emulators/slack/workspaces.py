"""The loopback Slack's workspaces and channels: what is made, changed and seen there."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.emulators.slack.errors import Json
from tests.emulators.slack.people import Person
from tests.emulators.slack.seen import BurstReport, Message, Waits

if TYPE_CHECKING:
    from tests.emulators.slack.client import Slack


@dataclass(frozen=True)
class Installed:
    """The app in a workspace. `access` is what oauth.v2.access would have said."""

    token: str
    bot: str
    bot_id: str
    team: str
    scopes: list[str]
    enterprise: str | None
    access: Json

    @property
    def mention(self) -> str:
        return f"<@{self.bot}>"


@dataclass(frozen=True)
class Workspace:
    slack: Slack
    id: str

    async def channel(
        self,
        name: str = "daily",
        *,
        private: bool = False,
        members: Iterable[Person] = (),
        shared_with: Iterable[Workspace] = (),
    ) -> Channel:
        """A channel; shared through Slack Connect if with others."""
        teams = [self.id, *(one.id for one in shared_with)]
        ask = {"teams": teams, "private": private, "members": [one.id for one in members]}
        made = await self.slack.call("make_channel", name=name, **ask)
        return Channel(self.slack, made["id"])

    async def person(self, name: str, *, channels: Iterable[Channel] = (), **about: Any) -> Person:
        """Someone here; `about` as in `Person.change`."""
        made = await self.slack.call("make_person", team=self.id, name=name, **about)
        person = Person(self.slack, made["id"], name)
        for channel in channels:
            await channel.admit(person)
        return person

    async def people(self, count: int, name: str = "Person", *, channels: Iterable[Channel] = ()) -> list[Person]:
        """Many members at once, silently put into these channels."""
        ask = {"count": count, "name": name, "channels": [one.id for one in channels]}
        ids = await self.slack.call("make_people", team=self.id, **ask)
        return [Person(self.slack, number, f"{name} {n + 1}") for n, number in enumerate(ids)]

    async def usergroup(self, handle: str, people: Iterable[Person], name: str = "") -> str:
        """The id of a user group."""
        ask = {"handle": handle, "name": name or handle, "users": [one.id for one in people]}
        return str((await self.slack.call("make_usergroup", team=self.id, **ask))["id"])

    async def change_usergroup(self, number: str, people: Iterable[Person]) -> None:
        ask = {"usergroup": number, "users": [one.id for one in people]}
        await self.slack.call("change_usergroup", team=self.id, **ask)

    async def disable_usergroup(self, number: str) -> None:
        await self.slack.call("change_usergroup", team=self.id, usergroup=number, disabled=True)

    async def dm(self, one: Person, other: Person) -> Channel:
        """The direct messages of two people."""
        return Channel(self.slack, (await self.slack.call("make_dm", user=one.id, other=other.id))["id"])

    async def install(
        self, by: Person | None = None, *, scopes: Sequence[str] | None = None, org_wide: bool = False
    ) -> Installed:
        """Install the app with the manifest's scopes, or these; by an admin made for it when nobody is named."""
        by = by or await self.person("Installer", is_admin=True)
        ask = {"scopes": scopes, "org_wide": org_wide}
        return Installed(**await self.slack.call("install", user=by.id, **ask))

    async def uninstall(self) -> None:
        await self.slack.call("uninstall", team=self.id)

    async def revoke_tokens(self, *, quietly: bool = False) -> None:
        """The tokens are good no more; `quietly` without the event."""
        await self.slack.call("revoke_tokens", team=self.id, quietly=quietly)

    async def change_scopes(self, *, drop: Sequence[str] = (), grant: Sequence[str] = ()) -> None:
        await self.slack.call("change_scopes", team=self.id, drop=drop, grant=grant)

    async def rename(self, name: str) -> None:
        await self.slack.call("change_team", team=self.id, name=name)

    async def add_emoji(self, *names: str) -> None:
        await self.slack.call("change_team", team=self.id, emoji=names)


@dataclass(frozen=True)
class Channel:
    slack: Slack
    id: str

    @property
    def mention(self) -> str:
        return f"<#{self.id}>"

    async def messages(self, *, thread: Message | None = None) -> list[Message]:
        """Every public message, oldest first; or the replies in a thread."""
        ask = {} if thread is None else {"thread": thread.ts}
        return [Message(one) for one in await self.slack.call("messages", channel=self.id, **ask)]

    async def message(self, ts: str) -> Message:
        return Message(await self.slack.call("message", channel=self.id, message=ts))

    async def until_messages(self, count: int, *, seconds: float = 10.0) -> list[Message]:
        """Wait for so many messages. TimeoutError otherwise."""
        async with asyncio.timeout(seconds):
            while len(found := await self.messages()) < count:
                await asyncio.sleep(0.02)
        return found

    async def reactions(self, message: Message) -> dict[str, list[str]]:
        """The ids of who reacted, by emoji."""
        found: dict[str, list[str]] = await self.slack.call("reactions", channel=self.id, message=message.ts)
        return found

    async def look(self) -> Json:
        """`name`, `kind`, `archived`, `members`."""
        found: Json = await self.slack.call("channel", channel=self.id)
        return found

    async def admit(self, person: Person, *, by: Person | None = None) -> None:
        await self.slack.call("join", channel=self.id, user=person.id, inviter=None if by is None else by.id)

    async def part(self, person: Person) -> None:
        await self.slack.call("leave", channel=self.id, user=person.id)

    async def invite_bot(self, *, by: Person | None = None) -> None:
        await self.slack.call("join", channel=self.id, user="bot", inviter=None if by is None else by.id)

    async def kick_bot(self) -> None:
        await self.slack.call("leave", channel=self.id, user="bot")

    async def rename(self, name: str) -> None:
        await self.slack.call("change_channel", channel=self.id, name=name)

    async def archive(self) -> None:
        await self.slack.call("change_channel", channel=self.id, archived=True)

    async def unarchive(self) -> None:
        await self.slack.call("change_channel", channel=self.id, archived=False)

    async def delete(self) -> None:
        await self.slack.call("change_channel", channel=self.id, deleted=True)

    async def delete_message(self, message: Message) -> None:
        await self.slack.call("delete_message", channel=self.id, message=message.ts)

    async def burst(
        self,
        message: Message,
        buttons: Sequence[str],
        people: Sequence[Person],
        *,
        seconds: float = 0.0,
        connections: int = 50,
        responds: bool = True,
        wait: float = 10.0,
        waiting: int | None = None,
        apart: bool = False,
    ) -> BurstReport:
        """All these people press within `seconds`: the n-th of them the n-th of the action ids `buttons`, in turn.

        Over HTTP there are so many `connections`. With `responds` the burst also waits for a message to each. With
        `waiting` there are always so many not acknowledged yet, and `seconds` is of no account; with `apart` nobody presses
        before those ahead have their whole answer.
        """
        ids = [person.id for person in people]
        ask = {"buttons": buttons, "people": ids, "seconds": seconds, "connections": connections}
        found = await self.slack.call(
            "press_in_a_burst",
            channel=self.id,
            message=message.ts,
            responds=responds,
            wait=wait,
            waiting=waiting,
            apart=apart,
            **ask,
        )
        acked, answered = Waits(**found.pop("acked")), Waits(**found.pop("answered"))
        return BurstReport(**found, acked=acked, answered=answered)
