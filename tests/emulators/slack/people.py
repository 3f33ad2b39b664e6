"""A person of the loopback Slack: what they do, and what they alone see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.emulators.slack.errors import Json
from tests.emulators.slack.seen import Answer, Message, Reply, View

if TYPE_CHECKING:
    from tests.emulators.slack.client import Slack
    from tests.emulators.slack.workspaces import Channel


@dataclass(frozen=True)
class Person:
    """Someone in a workspace. In deeds, `channel` None is the direct messages with the app.

    A deed returns when the person sees something: `wait` (real seconds) bounds that. `until='acked'` returns at the
    acknowledgment, `until='message'` at a message. `may_stay_unanswered` makes silence no violation.
    """

    slack: Slack
    id: str
    name: str

    @property
    def mention(self) -> str:
        return f"<@{self.id}>"

    async def command(self, channel: Channel | None, typed: str, **wait: Any) -> Answer:
        """Type a line that begins with a slash, and send it."""
        return await self.deed("command", channel, typed=typed, **wait)

    async def press(self, where: Message | View, button: str, **wait: Any) -> Answer:
        """Press the button with this label, value or action_id."""
        if isinstance(where, View):
            return await self.deed("use_in_view", None, view=where.id, element=button, **wait)
        return await self.deed("press", where.channel_id, message=where.ts, button=button, **wait)

    async def choose(self, where: Message | View, menu: str, given: Any, **wait: Any) -> Answer:
        """Choose by label or value (ids of people and channels, dates) in the menu of this placeholder or action_id."""
        if isinstance(where, View):
            return await self.deed("use_in_view", None, view=where.id, element=menu, given=given, **wait)
        return await self.deed("choose", where.channel_id, message=where.ts, menu=menu, given=given, **wait)

    async def complete(self, where: Message | View, menu: str, typed: str) -> list[str]:
        """The suggestions of a menu that asks the app."""
        if isinstance(where, View):
            return (await self.deed("suggest", None, view=where.id, menu=menu, typed=typed)).options
        return (await self.deed("suggest", where.channel_id, message=where.ts, menu=menu, typed=typed)).options

    async def submit(self, opened: Answer | View, values: Json | None = None, **wait: Any) -> Answer:
        """Send a modal, filled in by label, block_id or action_id."""
        view = opened.view if isinstance(opened, Answer) else opened
        return await self.deed("submit", None, view=view.id, values=values or {}, **wait)

    async def close(self, opened: Answer | View, *, everything: bool = False, **wait: Any) -> Answer:
        """Close a modal by Cancel, or its whole stack by the cross."""
        view = opened.view if isinstance(opened, Answer) else opened
        return await self.deed("close", None, view=view.id, everything=everything, **wait)

    async def shortcut(self, callback_id: str, message: Message | None = None, **wait: Any) -> Answer:
        where = None if message is None else message.channel_id
        source = None if message is None else message.ts
        return await self.deed("shortcut", where, callback_id=callback_id, message=source, **wait)

    async def open_home(self, *, tab: str = "home", **wait: Any) -> Answer:
        """Look at the app's Home tab (or 'messages'); returns when the app has published something."""
        return await self.deed("open_home", None, tab=tab, **wait)

    async def react(self, message: Message, emoji: str) -> None:
        await self.slack.call("react", user=self.id, channel=message.channel_id, message=message.ts, emoji=emoji)

    async def unreact(self, message: Message, emoji: str) -> None:
        ask = {"channel": message.channel_id, "message": message.ts, "emoji": emoji}
        await self.slack.call("react", user=self.id, added=False, **ask)

    async def say(self, channel: Channel | None, text: str, *, thread: Message | None = None) -> Message:
        where = None if channel is None else channel.id
        ask = {"text": text, "thread_ts": None if thread is None else thread.ts}
        return Message(await self.slack.call("say", user=self.id, channel=where, **ask))

    async def forge_press(
        self,
        channel: Channel,
        action_id: str,
        *,
        value: str = "",
        block_id: str = "forged",
        message: Message | None = None,
    ) -> Answer:
        """Press what isn't there."""
        text = {"type": "plain_text", "text": "Forged", "emoji": True}
        action = {"type": "button", "action_id": action_id, "block_id": block_id, "value": value, "text": text}
        ts = "1.000001" if message is None else message.ts
        ask = {"action": action, "ts": ts, "message": None if message is None else message.ts}
        return await self.deed("forge_press", channel, **ask)

    async def forge_submit(self, callback_id: str, values: Json, *, private_metadata: str = "") -> Answer:
        """Send a modal that was never opened; `values` by block_id and action_id, as `state.values` has them."""
        ask = {"callback_id": callback_id, "values": values, "private_metadata": private_metadata}
        return await self.deed("forge_submit", None, **ask)

    async def redeliver(self, answer: Answer) -> Reply:
        """Let Slack deliver the same deed once more."""
        return Reply(**await self.slack.call("redeliver", interaction=answer.id))

    async def replay(self, answer: Answer, **change: Any) -> Reply:
        """Send the same bytes over HTTP again: as they were, signed `age` seconds ago, with other `headers` or `body`."""
        return Reply(**await self.slack.call("replay", interaction=answer.id, **change))

    async def look(self, answer: Answer) -> Answer:
        """The same exchange as it stands now."""
        return Answer(await self.slack.call("wait", interaction=answer.id, wait=0))

    async def settled(self, answer: Answer, *, until: str = "settled", wait: float = 10.0) -> Answer:
        """The same exchange when the person sees something of it, or with 'message' a message."""
        return Answer(await self.slack.call("wait", interaction=answer.id, until=until, wait=wait))

    async def private_messages(self, channel: Channel) -> list[Message]:
        """The ephemeral messages that this person has in a channel, oldest first, each as it stands now."""
        found = await self.slack.call("messages", user=self.id, channel=channel.id, private=True)
        return [Message(one) for one in found]

    async def direct_messages(self) -> list[Message]:
        """Those between this person and the app."""
        return [Message(one) for one in await self.slack.call("messages", user=self.id)]

    async def modal(self) -> View | None:
        """The modal on top."""
        found = await self.slack.call("modal", user=self.id)
        return None if found is None else View(found)

    async def home(self) -> View | None:
        found = await self.slack.call("home", user=self.id)
        return None if found is None else View(found)

    async def reload(self) -> None:
        """Start the client anew, which loses every ephemeral message."""
        await self.slack.call("reload", user=self.id)

    async def change(self, **about: Any) -> None:
        """`real_name`, `display_name`, `tz`, `locale`, `is_admin`, `is_owner`, `is_primary_owner`, `guest`, `deleted`."""
        await self.slack.call("change_person", user=self.id, **about)

    async def authorize(self, url: str, *, agrees: bool = True, org_wide: bool = False) -> str:
        """Follow the app's link to Slack and agree to what it asks; the URL that Slack sends the person back to."""
        ask = {"url": url, "agrees": agrees, "org_wide": org_wide}
        return str(await self.slack.call("authorize", user=self.id, **ask))

    async def deed(self, verb: str, where: Channel | str | None, /, **ask: Any) -> Answer:
        """Any verb that ends in an answer."""
        channel = where if where is None or isinstance(where, str) else where.id
        return Answer(await self.slack.call(verb, user=self.id, channel=channel, **ask))
