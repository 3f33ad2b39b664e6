"""A channel on the loopback Slack, by Socket Mode."""

from __future__ import annotations

import asyncio
from typing import Self

from adapters.slack.manifest import manifest
from adapters.slack.ways import Credentials, Way
from bot.events import Place
from tests.crash.chats import Deed, Shown
from tests.emulators.slack.client import Slack
from tests.emulators.slack.people import Person
from tests.emulators.slack.seen import Message
from tests.emulators.slack.workspaces import Channel, Workspace

METHODS = {Deed.POST: "chat.postMessage", Deed.EDIT: "chat.update"}


class SlackChat:
    """Several workers have a connection each, and Slack sends to any of them."""

    def __init__(
        self, slack: Slack, workspace: Workspace, channel: Channel, token: str, people: dict[str, Person]
    ) -> None:
        self._slack = slack
        self._workspace = workspace
        self._channel = channel
        self.place = Place("slack", workspace.id, channel.id)
        self._token = token
        self._people = people

    @classmethod
    async def made(cls, slack: Slack, names: tuple[str, ...]) -> Self:
        await slack.reset()
        await slack.settings(acknowledge=60, trigger_life=60)
        await slack.manifest(manifest(Way.SOCKET, Credentials()))
        workspace = await slack.workspace("Study Hall")
        token = (await workspace.install()).token
        people = {name: await workspace.person(name) for name in names}
        channel = await workspace.channel("daily", members=list(people.values()))
        await channel.invite_bot()
        return cls(slack, workspace, channel, token, people)

    def settings(self, worker: int, workers: int) -> dict[str, str]:
        return {
            "STUDYBOT_SLACK_BOT_TOKEN": self._token,
            "STUDYBOT_SLACK_APP_TOKEN": self._slack.app_token,
            "STUDYBOT_SLACK_API_URL": self._slack.api,
        }

    async def until_connected(self, workers: int) -> None:
        async with asyncio.timeout(60):
            while (await self._slack.sockets())["connected"] != workers:
                await asyncio.sleep(0.02)

    async def advance(self, seconds: float) -> None:
        await self._slack.advance(seconds)

    async def forget_keys(self) -> None:
        """It knows of none."""

    async def shown(self) -> list[Shown]:
        return [Shown(each.ts, each.text, each.version) for each in await self._messages()]

    async def press(self, name: str, message: str, label: str) -> str:
        found = next(each for each in await self._messages() if each.ts == message)
        return (await self._people[name].press(found, label)).message.text

    async def hold(self, deed: Deed, *, after_effect: bool) -> None:
        await self._slack.holding(METHODS[deed], after_effect=after_effect)

    async def until_held(self) -> None:
        await self._slack.until_held()

    async def let_go(self, *, go_on: bool) -> None:
        assert await self._slack.let_go(go_on=go_on) == 1

    async def assert_no_violations(self) -> None:
        await self._slack.assert_no_violations()

    async def _messages(self) -> list[Message]:
        return [each for each in await self._channel.messages() if not each.gone]
