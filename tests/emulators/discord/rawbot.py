"""A bot without an SDK: one gateway connection and plain requests, for trying what no SDK would send."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import orjson

from tests.emulators.discord.client import Discord
from tests.emulators.discord.errors import Json
from tests.emulators.discord.people import Person
from tests.emulators.discord.seen import Answer
from tests.emulators.discord.servers import Channel

GUILDS_AND_MESSAGES = 1 << 0 | 1 << 9 | 1 << 10


class RawBot:
    """`payloads` keeps what the gateway said; `closed` is its close code."""

    def __init__(self, discord: Discord, socket: aiohttp.ClientWebSocketResponse, http: aiohttp.ClientSession) -> None:
        self.discord = discord
        self.socket = socket
        self.http = http
        self.payloads: list[Json] = []
        self.closed: int | None = None
        self._zlib = zlib.decompressobj()
        self._news = asyncio.Condition()
        self.task = asyncio.create_task(self._listen())

    async def _listen(self) -> None:
        async for message in self.socket:
            data = message.data
            payload = orjson.loads(self._zlib.decompress(data) if isinstance(data, bytes) else data)
            async with self._news:
                self.payloads.append(payload)
                self._news.notify_all()
        async with self._news:
            self.closed = self.socket.close_code
            self._news.notify_all()

    async def send(self, op: int, data: Any = None) -> None:
        await self.socket.send_str(orjson.dumps({"op": op, "d": data}).decode())

    async def identify(
        self, intents: int = GUILDS_AND_MESSAGES, shard: tuple[int, int] = (0, 1), **change: Any
    ) -> None:
        data = {"token": self.discord.token, "intents": intents, "shard": shard, "properties": {}}
        await self.send(2, data | change)

    async def resume(self, session: str, sequence: int) -> None:
        await self.send(6, {"token": self.discord.token, "session_id": session, "seq": sequence})

    async def payload(self, *, op: int = 0, event: str | None = None, skip: int = 0) -> Json:
        """The first payload of this kind after `skip` of them. TimeoutError when it doesn't come."""
        async with asyncio.timeout(10), self._news:
            while True:
                found = [one for one in self.payloads if one["op"] == op and event in (None, one["t"])]
                if len(found) > skip:
                    return found[skip]
                assert self.closed is None, f"closed with {self.closed}"
                await self._news.wait()

    async def event(self, name: str, skip: int = 0) -> Json:
        data: Json = (await self.payload(event=name, skip=skip))["d"]
        return data

    async def close_code(self) -> int | None:
        async with asyncio.timeout(10):
            await self.task
        return self.closed

    def events(self) -> list[str]:
        return [one["t"] for one in self.payloads if one["op"] == 0]

    async def request(self, method: str, path: str, body: Any = None, **more: Any) -> tuple[int, Any]:
        """Status and JSON of a request to the API."""
        given = {} if body is None else {"json": body}
        async with self.http.request(method, path.lstrip("/"), **given, **more) as response:
            return response.status, await response.json() if response.content_type == "application/json" else None

    async def respond(self, interaction: Json, kind: int, data: Any = None) -> tuple[int, Any]:
        body = {"type": kind} if data is None else {"type": kind, "data": data}
        path = f"/interactions/{interaction['id']}/{interaction['token']}/callback?with_response=true"
        return await self.request("POST", path, body)

    def webhook(self, interaction: Json, rest: str = "") -> str:
        return f"/webhooks/{self.discord.application_id}/{interaction['token']}{rest}"


@asynccontextmanager
async def raw_bot(
    discord: Discord, *, identify: bool = True, compress: bool = False, version: int = 10, **identity: Any
) -> AsyncIterator[RawBot]:
    """A raw bot that has been greeted, and identified unless told otherwise."""
    query = f"?v={version}&encoding=json" + ("&compress=zlib-stream" if compress else "")
    headers = {"Authorization": f"Bot {discord.token}"}
    async with aiohttp.ClientSession(f"{discord.api}/", headers=headers) as http:
        socket = await http.ws_connect(discord.gateway + query, max_msg_size=0)
        bot = RawBot(discord, socket, http)
        if version == 10:
            await bot.payload(op=10)
        if identify:
            await bot.identify(**identity)
            await bot.event("READY")
        try:
            yield bot
        finally:
            await socket.close()
            await bot.task


GO: Json = {"name": "go", "type": 1, "description": "Go"}


class Deeds:
    """A person whose deeds a raw bot answers by hand: each runs until the bot has answered."""

    def __init__(self, bot: RawBot, person: Person, channel: Channel) -> None:
        self.bot = bot
        self.person = person
        self.channel = channel
        self._count = 0
        self._tasks: list[asyncio.Task[Answer]] = []

    async def _next(self, deed: Any) -> Json:
        self._tasks.append(asyncio.create_task(deed))
        self._count += 1
        waiting = asyncio.create_task(self.bot.event("INTERACTION_CREATE", self._count - 1))
        await asyncio.wait([waiting, self._tasks[-1]], return_when=asyncio.FIRST_COMPLETED)
        if not waiting.done() and self._tasks[-1].exception():
            waiting.cancel()
            await self._tasks[-1]
        return await waiting

    async def command(self) -> Json:
        """`/go`; the INTERACTION_CREATE."""
        await self.bot.request("PUT", f"/applications/{self.bot.discord.application_id}/commands", [GO])
        return await self._next(self.person.command(self.channel, "/go"))

    async def press(self, label: str) -> Json:
        """A button of the channel's last message."""
        return await self._next(self.person.press((await self.channel.messages())[-1], label))

    async def submit(self, values: Json) -> Json:
        (opened,) = await self.person.open_modals()
        return await self._next(self.person.submit(opened, values))

    async def answer(self) -> Answer:
        """What the person sees of the last deed."""
        return await self._tasks[-1]
