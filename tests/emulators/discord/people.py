"""A person of the loopback Discord: what they do, and what they alone see."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.emulators.discord.errors import Json
from tests.emulators.discord.seen import Answer, Message

if TYPE_CHECKING:
    from tests.emulators.discord.client import Discord
    from tests.emulators.discord.servers import Channel


@dataclass(frozen=True)
class Person:
    """One of Discord's people. In deeds, `channel` None is the direct messages with the bot.

    A deed returns when the person sees something: `wait` (real seconds) bounds that. `until='answered'` returns at the
    bot's first response, a deferral too. `may_stay_unanswered` makes silence no violation.
    """

    discord: Discord
    id: str
    name: str

    @property
    def mention(self) -> str:
        return f"<@{self.id}>"

    async def command(self, channel: Channel | None, typed: str, /, **options: Any) -> Answer:
        """Type `/…` and send it. A file option is bytes, named after the option, or `File`."""
        return await self.deed("command", channel, command=typed, options=_sent(options))

    async def complete(
        self, channel: Channel | None, typed: str, focused: str, text: str, /, **options: Any
    ) -> list[Json]:
        """The suggestions while `text` stands in the option `focused`."""
        ask = {"command": typed, "focused": focused, "options": {**_sent(options), focused: text}}
        return (await self.deed("complete", channel, **ask)).choices

    async def press(self, message: Message, button: str, **wait: Any) -> Answer:
        """Press the button with this label, emoji or custom_id."""
        return await self.deed("press", message.channel_id, message=message.id, button=button, **wait)

    async def choose(self, message: Message, select: str, *values: str, **wait: Any) -> Answer:
        """Choose by label or value (ids of people, roles, channels) in the menu of this placeholder or custom_id."""
        ask = {"message": message.id, "select": select, "values": values}
        return await self.deed("choose", message.channel_id, **ask, **wait)

    async def submit(self, opened: Answer, values: Json | None = None, **wait: Any) -> Answer:
        """Send the modal that `opened` brought, filled in by custom_id or label."""
        ask = {"interaction": opened.id, "values": values or {}}
        return await self.deed("submit", opened.channel_id, **ask, **wait)

    async def forge_press(
        self, channel: Channel, custom_id: str, *, message: Message | None = None, values: Sequence[str] | None = None
    ) -> Answer:
        """Press what isn't there."""
        data: Json = {"component_type": 2 if values is None else 3, "custom_id": custom_id, "id": 1}
        if values is not None:
            data["values"] = values
        return await self.deed("forge", channel, kind=3, data=data, message=None if message is None else message.id)

    async def forge_submit(self, channel: Channel, custom_id: str, fields: dict[str, str]) -> Answer:
        """Send a form that was never opened."""
        inputs = [
            {"type": 18, "id": 2 * n + 1, "component": {"type": 4, "id": 2 * n + 2, "custom_id": name, "value": value}}
            for n, (name, value) in enumerate(fields.items())
        ]
        return await self.deed("forge", channel, kind=5, data={"custom_id": custom_id, "components": inputs})

    async def redeliver(self, answer: Answer) -> int:
        """Let Discord deliver the same interaction once more; to how many sessions."""
        return int(await self.discord.call("redeliver", interaction=answer.id))

    async def look(self, answer: Answer) -> Answer:
        """The same exchange as it stands now."""
        return Answer(await self.discord.call("wait", interaction=answer.id, wait=0))

    async def settled(self, answer: Answer, *, wait: float = 10.0) -> Answer:
        """The same exchange when the bot has said more than that it thinks."""
        return Answer(await self.discord.call("wait", interaction=answer.id, wait=wait))

    async def react(self, message: Message, emoji: str) -> None:
        await self.discord.call("react", user=self.id, channel=message.channel_id, message=message.id, emoji=emoji)

    async def unreact(self, message: Message, emoji: str) -> None:
        ask = {"channel": message.channel_id, "message": message.id, "emoji": emoji}
        await self.discord.call("react", user=self.id, added=False, **ask)

    async def say(self, channel: Channel | None, content: str) -> Message:
        where = None if channel is None else channel.id
        return Message(await self.discord.call("say", user=self.id, channel=where, content=content))

    async def private_messages(self, channel: Channel) -> list[Message]:
        """The ephemeral messages that this person has in a channel, oldest first, each as it stands now."""
        return [Message(one) for one in await self.discord.call("messages", user=self.id, channel=channel.id)]

    async def direct_messages(self) -> list[Message]:
        return [Message(one) for one in await self.discord.call("messages", user=self.id)]

    async def open_modals(self) -> list[Answer]:
        return [Answer(one) for one in await self.discord.call("modals", user=self.id)]

    async def change(self, *, takes_dms: bool | None = None, name: str | None = None) -> None:
        change = {"takes_dms": takes_dms, "name": name}
        given = {key: value for key, value in change.items() if value is not None}
        await self.discord.call("change_person", user=self.id, **given)

    async def deed(self, verb: str, where: Channel | str | None, /, **ask: Any) -> Answer:
        """Any verb that ends in an interaction."""
        channel = where if where is None or isinstance(where, str) else where.id
        return Answer(await self.discord.call(verb, user=self.id, channel=channel, **ask))


@dataclass(frozen=True)
class File:
    name: str
    content: bytes

    def sent(self) -> Json:
        return {"name": self.name, "content": base64.b64encode(self.content).decode()}


def _sent(options: dict[str, Any]) -> dict[str, Any]:
    """Options as JSON: people, channels and files by what stands for them."""
    sent: dict[str, Any] = {}
    for name, value in options.items():
        if hasattr(value, "mention"):
            sent[name] = value.id
        elif isinstance(value, bytes):
            sent[name] = File(name, value).sent()
        else:
            sent[name] = value.sent() if isinstance(value, File) else value
    return sent
