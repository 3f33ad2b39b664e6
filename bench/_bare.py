"""The bots that Studybot's presses are measured beside. `python -m bench._bare dynamic|raw API GATEWAY TOKEN`.

`dynamic` is what the library's documentation shows: a `DynamicItem` that says 'ok', everything else left as the library has
it. `raw` has no library at all: it reads as little of the frame as it can and posts a fixed body, so it tells how much the
emulator itself can take.
"""

from __future__ import annotations

import asyncio
import re
import sys
import warnings
import zlib
from typing import Any

import aiohttp
import orjson
import yarl

with warnings.catch_warnings():
    warnings.filterwarnings("ignore", "'audioop' is deprecated", DeprecationWarning)
    import discord

from discord.gateway import DiscordWebSocket
from discord.http import Route

READY = "ready"
EPHEMERAL = 1 << 6
GUILDS = 1
CONNECTIONS = 100


class Letter(discord.ui.DynamicItem[discord.ui.Button[Any]], template=r"answer:(?P<post>[0-9]+):(?P<letter>[A-E])"):
    """A button of the question, whichever it is."""

    @classmethod
    async def from_custom_id(
        cls, _: discord.Interaction[Any], item: discord.ui.Item[Any], _match: re.Match[str]
    ) -> Letter:
        assert isinstance(item, discord.ui.Button)
        return cls(item)

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        await interaction.response.send_message("ok", ephemeral=True)


class Bare(discord.Client):
    async def setup_hook(self) -> None:
        self.add_dynamic_items(Letter)

    async def on_ready(self) -> None:
        print(READY, flush=True)


async def dynamic(api: str, gateway: str, token: str) -> None:
    Route.BASE = api
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway)
    async with Bare(intents=discord.Intents(guilds=True)) as bot:
        await bot.start(token)


async def raw(api: str, gateway: str, token: str) -> None:
    """One connection to the gateway, `CONNECTIONS` for the answers."""
    body = orjson.dumps({"type": 4, "data": {"content": "ok", "flags": EPHEMERAL}})
    headers = {"Content-Type": "application/json"}
    inflate = zlib.decompressobj()
    answering: set[asyncio.Task[None]] = set()
    connector = aiohttp.TCPConnector(limit=CONNECTIONS)
    async with aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar()) as http:

        async def answer(path: str) -> None:
            async with http.post(f"{api}/interactions/{path}/callback", data=body, headers=headers):
                pass

        async with http.ws_connect(f"{gateway}?v=10&encoding=json&compress=zlib-stream", max_msg_size=0) as socket:
            about = {"token": token, "intents": GUILDS, "properties": {}}
            await socket.send_str(orjson.dumps({"op": 2, "d": about}).decode())
            async for frame in socket:
                told = orjson.loads(inflate.decompress(frame.data))
                if told["t"] == "READY":
                    print(READY, flush=True)
                elif told["t"] == "INTERACTION_CREATE":
                    task = asyncio.create_task(answer(f"{told['d']['id']}/{told['d']['token']}"))
                    answering.add(task)
                    task.add_done_callback(answering.discard)


if __name__ == "__main__":
    asyncio.run({"dynamic": dynamic, "raw": raw}[sys.argv[1]](*sys.argv[2:]))
