"""The adapter with the real slack-bolt on the loopback Slack, by any of its ways in, and two people who use it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Sequence

import httpx

from adapters.slack.client import SlackPlatform
from adapters.slack.emoji import to_emoji, to_name
from adapters.slack.manifest import manifest
from adapters.slack.ways import INSTALL_PATH, Credentials, Way
from bot import server
from bot.events import Event, Happening, MessageRef, Place, Roster, WorkspaceChanged, WorkspaceLeft
from bot.messages import Answer
from bot.platform import SignedOut
from tests.adapters.contract import ADA, GRACE, Deed, Seen
from tests.emulators.slack.client import Slack
from tests.emulators.slack.people import Person
from tests.emulators.slack.seen import Answer as Answered
from tests.emulators.slack.seen import Message

SECRET_KEY = "c3R1ZHlib3Qtc3R1ZHlib3Qtc3R1ZHlib3QtISEhISE="


class Vault:
    """As `bot.platform.Vault`, in memory."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    async def get(self, key: str) -> bytes | None:
        return self.kept.get(key)

    async def put(self, key: str, value: bytes) -> None:
        self.kept[key] = value

    async def take(self, key: str) -> bytes | None:
        return self.kept.pop(key, None)

    async def keys(self, prefix: str) -> Sequence[str]:
        return sorted(key for key in self.kept if key.startswith(prefix))


class Server:
    """The bot's own web server with a platform's routes, for the ways over HTTP."""

    def __init__(self) -> None:
        self._bound = server.listen("127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._bound.getsockname()[1]}"
        self._serving: asyncio.Task[None] | None = None

    async def start(self, platform: SlackPlatform) -> None:
        async def ready() -> bool:
            return True

        if self._bound.fileno() < 0:
            self._bound = server.listen("127.0.0.1", int(self.url.rpartition(":")[2]))
        self._server = server.Server(server.application(ready, platform.routes))
        self._serving = asyncio.create_task(self._server.serve(sockets=[self._bound]))
        while not self._server.started:
            await asyncio.sleep(0.01)

    async def stop(self) -> None:
        if self._serving is not None:
            self._server.should_exit = True
            await self._serving
            self._serving = None
        self._bound.close()


class SlackBench:
    """`start` connects. `answer` and `events` as in the contract; `slow` seconds pass before `handle` answers.

    `happened` is what reached `handle` that nobody did.
    """

    def __init__(self, slack: Slack, way: Way = Way.SOCKET) -> None:
        self.slack = slack
        self.way = way
        self.events: list[Deed] = []
        self.happened: list[Happening] = []
        self.answer: Callable[[Event], Answer] = lambda _: None
        self.slow = 0.0
        self.vault = Vault()
        self._server = Server() if way is not Way.SOCKET else None
        self._messages: dict[str, Message] = {}
        self._last: tuple[Person, Answered] | None = None

    async def start(self) -> None:
        url = self._server.url if self._server else ""
        await self.slack.manifest(manifest(self.way, Credentials(public_url=url)))
        self.workspace = await self.slack.workspace("Study Hall")
        self.people = {name: await self.workspace.person(name) for name in (GRACE, ADA)}
        self.channel = await self.workspace.channel("daily", members=self.people.values())
        self.credentials = Credentials(public_url=url, api_url=self.slack.api)
        self.place = Place("slack", self.workspace.id, self.channel.id)
        self.gone = MessageRef(self.place, "1234567890.123456")
        if self.way is Way.MANY:
            self.credentials = Credentials(
                signing_secret=self.slack.signing_secret,
                client_id=self.slack.client_id,
                client_secret=self.slack.client_secret,
                secret_key=SECRET_KEY,
                public_url=url,
                api_url=self.slack.api,
            )
            await self.connect()
            await self.agree(await self.workspace.person("Ingrid", is_admin=True))
        else:
            await self.install()
            await self.connect()
        await self.channel.invite_bot()
        await self.slack.until_event("member_joined_channel")

    async def install(self) -> None:
        """Let the app into the workspace, and give the bot what its operator gets for it."""
        installed = await self.workspace.install()
        more = (
            {"app_token": self.slack.app_token}
            if self.way is Way.SOCKET
            else {"signing_secret": self.slack.signing_secret}
        )
        self.credentials = Credentials(
            bot_token=installed.token, api_url=self.slack.api, public_url=self.credentials.public_url, **more
        )

    async def agree(self, person: Person, *, org_wide: bool = False) -> tuple[int, str]:
        """Someone follows the link to install the app, agrees, and comes back: status and text of what they see."""
        async with httpx.AsyncClient() as browser:
            link = await browser.get(self.credentials.address(INSTALL_PATH))
            cookie = link.headers["set-cookie"].partition(";")[0]
            back = await person.authorize(link.headers["location"], org_wide=org_wide)
            page = await browser.get(back, headers={"Cookie": cookie})
        return page.status_code, page.text

    async def connect(self) -> None:
        self.platform = SlackPlatform(self.credentials, self.vault)
        if self._server is not None:
            await self._server.start(self.platform)
        known = len(self.happened)
        self.running = asyncio.create_task(self.platform.run(self.handle))
        async with asyncio.timeout(20):
            while len(self.happened) == known and not self.running.done():
                await asyncio.sleep(0.01)
        if self.way is Way.SOCKET and not self.running.done():
            await self.slack.until_connected()

    async def stop(self) -> None:
        if self._server is not None:
            await self._server.stop()
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
        private = [*await who.private_messages(self.channel), *await who.direct_messages()]
        found = sorted([*await self.channel.messages(), *private], key=lambda message: message.ts)
        self._messages |= {message.ts: message for message in found}
        mine = {message.ts for message in private}
        return [Seen(each.ts, each.ts in mine, each.text, tuple(each.buttons)) for each in found if not each.gone]

    async def form(self, person: str) -> str | None:
        modal = await self.people[person].modal()
        return None if modal is None else modal.title

    async def command(self, person: str, text: str) -> None:
        await self._keep(person, await self.people[person].command(self.channel, text, until="acked"))

    async def press(self, person: str, message: str, label: str) -> None:
        there = await self._message(person, message)
        await self._keep(person, await self.people[person].press(there, label, until="acked"))

    async def forge(self, person: str, message: str, action: str) -> None:
        there = await self._message(person, message)
        forged = await self.people[person].forge_press(self.channel, action, value=action, message=there)
        await self._keep(person, forged)

    async def choose(self, person: str, message: str, label: str) -> None:
        there = await self._message(person, message)
        await self._keep(person, await self.people[person].choose(there, there.menus[0], label, until="acked"))

    async def fill(self, person: str, fields: dict[str, str]) -> None:
        opened = await self.people[person].modal()
        assert opened is not None
        await self._keep(person, await self.people[person].submit(opened, fields, until="acked"))

    async def react(self, person: str, message: str, emoji: str) -> None:
        await self.people[person].react(await self._message(person, message), to_name(emoji))

    async def unreact(self, person: str, message: str, emoji: str) -> None:
        await self.people[person].unreact(await self._message(person, message), to_name(emoji))

    async def emojis(self, person: str, message: str) -> tuple[str, ...]:
        standing = await self.channel.reactions(await self._message(person, message))
        return tuple(to_emoji(name) for name in standing)

    async def redeliver(self) -> None:
        assert self._last is not None
        person, answer = self._last
        again = await person.redeliver(answer)
        assert again.status == 200
        assert not again.body
        await self.quiet()

    # ------------------------------------------------ inside

    @property
    def last(self) -> Answered:
        """What came of the last deed."""
        assert self._last is not None
        return self._last[1]

    async def quiet(self) -> None:
        """Wait until the bot has no answer under way."""
        async with asyncio.timeout(20):
            while self.platform._arrivals is not None and self.platform._arrivals._under_way:
                await asyncio.sleep(0.01)

    async def _keep(self, person: str, answer: Answered) -> None:
        await self.quiet()
        self._last = (self.people[person], await self.people[person].look(answer))

    async def _message(self, person: str, message: str) -> Message:
        await self.seen(person)
        return self._messages[message]
