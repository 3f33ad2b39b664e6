"""The loopback Discord from a test's side: start it, people its servers, act as a person, look at what they see.

`Impossible` is raised for what the real client would not let a person do.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import aiohttp

from tests.emulators.discord.errors import Impossible, Json
from tests.emulators.discord.faults import Fate
from tests.emulators.discord.people import Person
from tests.emulators.discord.seen import Violation
from tests.emulators.discord.servers import Guild

ROOT = Path(__file__).parents[3]


class Discord:
    """The control interface of a running emulator. `api` and `gateway` are what the bot under test is pointed at."""

    def __init__(self, ready: Json, session: aiohttp.ClientSession) -> None:
        self.url: str = ready["url"]
        self.api: str = ready["api"]
        self.gateway: str = ready["gateway"]
        self.token: str = ready["token"]
        self.application_id: str = ready["application_id"]
        self._session = session

    async def call(self, verb: str, **ask: Any) -> Any:
        """One verb of the control interface, as `control` lists them."""
        async with self._session.post(f"{self.url}/control/{verb}", json=ask) as response:
            answer = await response.json()
        if response.status == 409:
            raise Impossible(answer["error"])
        if response.status != 200:
            raise ValueError(answer["error"])
        return answer

    async def reset(self) -> None:
        """Back to the beginning: no server, no people, no session, no fault, the clock on time."""
        await self.call("reset")

    # ------------------------------------------------------------ places

    async def guild(self, name: str = "Study Hall", *, locale: str = "en-US", number: str | None = None) -> Guild:
        made = await self.call("make_guild", name=name, locale=locale, id=number)
        return Guild(self, made["id"])

    async def person(self, name: str, *, takes_dms: bool = True) -> Person:
        """Someone who is in no server."""
        made = await self.call("make_person", name=name, takes_dms=takes_dms)
        return Person(self, made["id"], name)

    # ------------------------------------------------------------ what was seen

    async def commands(self, guild: Guild | None = None) -> list[Json]:
        """What the bot has registered, globally or for one server."""
        found: list[Json] = await self.call("commands", guild=None if guild is None else guild.id)
        return found

    async def requests(self, method: str | None = None, template: str | None = None) -> list[Json]:
        """The requests of the bot so far, as method, template, path, status, body and time."""
        found = await self.call("requests")
        return [one for one in found if method in (None, one["method"]) and template in (None, one["template"])]

    async def violations(self, *, clear: bool = False) -> list[Violation]:
        return [Violation(**one) for one in await self.call("violations", clear=clear)]

    async def assert_no_violations(self) -> None:
        """AssertionError naming everything that a well-made bot wouldn't have done."""
        found = await self.violations(clear=True)
        assert not found, "\n".join(f"{one.where}: {one.what} {one.details or ''}" for one in found)

    async def sessions(self) -> Json:
        found: Json = await self.call("sessions")
        return found

    async def until_connected(self, sessions: int = 1, *, seconds: float = 20.0) -> None:
        """Wait until so many gateway sessions are open. TimeoutError otherwise."""
        async with asyncio.timeout(seconds):
            while sum(one["connected"] for one in (await self.sessions())["sessions"]) < sessions:
                await asyncio.sleep(0.02)

    async def redeliver(self, event: str) -> int:
        """The last event of this name (MESSAGE_REACTION_ADD …) once more; to how many sessions."""
        return int(await self.call("redeliver_event", event=event))

    # ------------------------------------------------------------ time, settings, faults

    async def advance(self, seconds: float) -> None:
        """Let the emulator's clock jump forward."""
        await self.call("advance", seconds=seconds)

    async def settings(self, **change: Any) -> Json:
        """Change and read `world.Settings`."""
        now: Json = await self.call("settings", **change)
        return now

    async def limited(
        self,
        method: str,
        path: str,
        *,
        seconds: float,
        times: int = 1,
        via: bool = True,
        everywhere: bool = False,
        code: int = 0,
    ) -> None:
        """The next `times` requests get 429. Without `via` they look like the host's ban; 30046 is an old message's edit."""
        ask = {"method": method, "path": path, "times": times, "seconds": seconds, "via": via, "code": code}
        await self.call("fault", fate=Fate.LIMIT, everywhere=everywhere, **ask)

    async def failing(
        self, method: str, path: str, status: int, *, times: int = 1, code: int = 0, message: str = ""
    ) -> None:
        """The next `times` requests fail with `status` and have no effect."""
        ask = {"method": method, "path": path, "times": times, "status": status}
        await self.call("fault", fate=Fate.STATUS, code=code, message=message, **ask)

    async def dropped(self, method: str, path: str, *, times: int = 1, after_effect: bool = False) -> None:
        """The next `times` requests lose their connection, before or after they had their effect."""
        fate = Fate.DROP_AFTER if after_effect else Fate.DROP_BEFORE
        await self.call("fault", fate=fate, method=method, path=path, times=times)

    async def delayed(self, method: str, path: str, *, seconds: float, times: int = 1) -> None:
        await self.call("fault", fate=Fate.DELAY, method=method, path=path, times=times, seconds=seconds)

    async def holding(self, method: str, path: str, *, times: int = 1, after_effect: bool = False) -> None:
        """The next `times` requests wait, before or after they had their effect, until they are let go."""
        fate = Fate.HOLD_AFTER if after_effect else Fate.HOLD_BEFORE
        await self.call("fault", fate=fate, method=method, path=path, times=times)

    async def until_held(self, *, seconds: float = 20.0) -> None:
        """Wait until a request is held."""
        async with asyncio.timeout(seconds):
            while not await self.call("held"):
                await asyncio.sleep(0.02)

    async def let_go(self, *, go_on: bool = True) -> int:
        """Let the held requests go on, even those whose sender is gone, or lose them; how many there were."""
        return int(await self.call("let_go", go_on=go_on))

    async def rate_limit(self, method: str, path: str, *, limit: int, window: float) -> None:
        """Give a route a bucket of `limit` requests per `window` seconds."""
        await self.call("rate_limit", method=method, path=path, limit=limit, window=window)

    async def limit_together(self, limit: int) -> None:
        """Let the bot make `limit` requests in a second, of whatever kind; Discord documents 50."""
        await self.call("limit_together", limit=limit)

    async def turned_away(self) -> int:
        """How many requests were answered with 429 for being too many."""
        return int(await self.call("turned_away"))

    async def drop_gateway(self) -> int:
        """Cut every gateway connection without a word."""
        return int(await self.call("gateway", deed="drop"))

    async def close_gateway(self, code: int, *, forget: bool = False) -> int:
        """Close every gateway connection with a code; `forget` its session too."""
        return int(await self.call("gateway", deed="close", code=code, forget=forget))

    async def ask_to_reconnect(self) -> int:
        return int(await self.call("gateway", deed="reconnect"))

    async def invalidate_sessions(self, *, resumable: bool = False) -> int:
        return int(await self.call("gateway", deed="invalidate", resumable=resumable))

    async def refuse_gateway(self, seconds: float) -> None:
        """No new gateway connection for so long."""
        await self.call("gateway", deed="refuse", seconds=seconds)


@contextmanager
def started(*arguments: str) -> Iterator[Json]:
    """An emulator in a process of its own; what it says when it is ready."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.emulators.discord", "--port", "0", "--with-parent", *arguments],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        yield json.loads(process.stdout.readline())
    finally:
        process.terminate()
        try:
            process.wait(10)
        finally:
            process.kill()
            process.wait()
            process.stdin.close()
            process.stdout.close()


@asynccontextmanager
async def connected(ready: Json) -> AsyncIterator[Discord]:
    """The control interface of an emulator that has been started."""
    async with aiohttp.ClientSession() as session:
        yield Discord(ready, session)


@asynccontextmanager
async def running(*arguments: str) -> AsyncIterator[Discord]:
    """An emulator of one's own, started and stopped."""
    with started(*arguments) as ready:
        async with connected(ready) as discord:
            yield discord
