"""The loopback Slack from a test's side: start it, people its workspaces, act as a person, look at what they see.

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

from tests.emulators.slack.errors import Impossible, Json
from tests.emulators.slack.faults import Fate
from tests.emulators.slack.seen import Reply, Violation
from tests.emulators.slack.workspaces import Workspace

ROOT = Path(__file__).parents[3]


class Slack:
    """The control interface of a running emulator. `api` and the secrets are what the app under test is given."""

    def __init__(self, ready: Json, session: aiohttp.ClientSession) -> None:
        self.url: str = ready["url"]
        self.api: str = ready["api"]
        self.app_id: str = ready["app_id"]
        self.app_token: str = ready["app_token"]
        self.client_id: str = ready["client_id"]
        self.client_secret: str = ready["client_secret"]
        self.signing_secret: str = ready["signing_secret"]
        self.authorize_url = f"{self.url}/oauth/v2/authorize"
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
        """Back to the beginning: no workspace, no people, no manifest, no connection, no fault, the clock on time."""
        await self.call("reset")

    # ------------------------------------------------------------ places

    async def manifest(self, manifest: Json) -> None:
        """The app becomes what this says. ValueError naming its faults."""
        await self.call("manifest", manifest=manifest)

    async def verify_url(self) -> bool:
        """Whether the app answers Slack's challenge at its events URL."""
        return bool(await self.call("verify_url"))

    async def enterprise(self, name: str = "Grid") -> str:
        """The id of an organisation."""
        return str((await self.call("make_enterprise", name=name))["id"])

    async def workspace(
        self, name: str = "Study Hall", *, enterprise: str | None = None, number: str | None = None
    ) -> Workspace:
        made = await self.call("make_team", name=name, enterprise=enterprise, id=number)
        return Workspace(self, made["id"])

    # ------------------------------------------------------------ what was seen

    async def requests(self, method: str | None = None) -> list[Json]:
        """The app's requests so far: method, args, headers, status, answer, team, at. 'response_url' is one method."""
        return [one for one in await self.call("requests") if method in (None, one["method"])]

    async def counts(self) -> dict[str, int]:
        """How many requests each method has had."""
        found: dict[str, int] = await self.call("counts")
        return found

    async def events(self, kind: str | None = None) -> list[Json]:
        """The events sent so far: payload, attempts, reason, replies."""
        found: list[Json] = await self.call("events", event=kind)
        return found

    async def until_event(self, kind: str, *, seconds: float = 10.0) -> Json:
        """The payload of the last event of a type, once it has been acknowledged. TimeoutError otherwise."""
        async with asyncio.timeout(seconds):
            while not (found := await self.events(kind)) or not found[-1]["replies"]:
                await asyncio.sleep(0.02)
        payload: Json = found[-1]["payload"]
        return payload

    async def redeliver(self, event: str) -> Reply:
        """The last event of a type once more, with the same event_id."""
        return Reply(**await self.call("redeliver_event", event=event))

    async def post_raw(self, target: str, body: str, **how: Any) -> Reply:
        """Any body to the app's URL for 'events', 'interactivity' or a command; signed unless `headers` say otherwise."""
        return Reply(**await self.call("post_raw", target=target, body=body, **how))

    async def violations(self, *, clear: bool = False) -> list[Violation]:
        return [Violation(**one) for one in await self.call("violations", clear=clear)]

    async def assert_no_violations(self) -> None:
        """AssertionError naming everything that a well-made app wouldn't have done."""
        found = await self.violations(clear=True)
        assert not found, "\n".join(f"{one.where}: {one.what} {one.details or ''}" for one in found)

    async def advice(self) -> list[Violation]:
        """What Slack let pass and recommends against."""
        return [Violation(**one) for one in await self.call("advice")]

    async def sockets(self) -> Json:
        """`connected` and `opened` WebSockets, `pending` envelopes."""
        found: Json = await self.call("sockets")
        return found

    async def until_connected(self, connections: int = 1, *, opened: int = 0, seconds: float = 20.0) -> None:
        """Wait until so many WebSockets are connected, and so many ever were. TimeoutError otherwise."""
        async with asyncio.timeout(seconds):
            while (now := await self.sockets())["connected"] < connections or now["opened"] < opened:
                await asyncio.sleep(0.02)

    # ------------------------------------------------------------ time, settings, faults

    async def advance(self, seconds: float) -> None:
        """Let the emulator's clock jump forward."""
        await self.call("advance", seconds=seconds)

    async def settings(self, **change: Any) -> Json:
        """Change and read `world.Settings`."""
        now: Json = await self.call("settings", **change)
        return now

    async def rate_limit(self, method: str, *, limit: int, window: float) -> None:
        """Give a method a limit of so many requests per `window` seconds and installation."""
        await self.call("rate_limit", method=method, limit=limit, window=window)

    async def fault(self, method: str, fate: Fate, *, times: int = 1, where: Json | None = None, **how: Any) -> None:
        """The next `times` requests of a method, with `where` of those arguments, meet this fate."""
        await self.call("fault", method=method, fate=fate, times=times, where=where or {}, **how)

    async def limited(self, method: str, *, seconds: int, times: int = 1, where: Json | None = None) -> None:
        """429 with Retry-After."""
        await self.fault(method, Fate.LIMIT, times=times, where=where, seconds=seconds)

    async def failing(self, method: str, status: int, *, times: int = 1, where: Json | None = None) -> None:
        """An HTTP error, without effect."""
        await self.fault(method, Fate.STATUS, times=times, where=where, status=status)

    async def refused(
        self, method: str, error: str, *, after_effect: bool = False, times: int = 1, where: Json | None = None
    ) -> None:
        """`ok: false` with this error, without effect or after it (fatal_error, internal_error)."""
        fate = Fate.ERROR_AFTER if after_effect else Fate.ERROR
        await self.fault(method, fate, times=times, where=where, error=error)

    async def dropped(
        self, method: str, *, after_effect: bool = False, times: int = 1, where: Json | None = None
    ) -> None:
        """The connection is cut, before or after the effect."""
        fate = Fate.DROP_AFTER if after_effect else Fate.DROP_BEFORE
        await self.fault(method, fate, times=times, where=where)

    async def delayed(
        self, method: str, *, seconds: float, after_effect: bool = False, times: int = 1, where: Json | None = None
    ) -> None:
        fate = Fate.DELAY_AFTER if after_effect else Fate.DELAY
        await self.fault(method, fate, times=times, where=where, seconds=seconds)

    async def holding(
        self, method: str, *, after_effect: bool = False, times: int = 1, where: Json | None = None
    ) -> None:
        """The next `times` requests wait, before or after they had their effect, until they are let go."""
        await self.fault(method, Fate.HOLD_AFTER if after_effect else Fate.HOLD_BEFORE, times=times, where=where)

    async def until_held(self, *, seconds: float = 20.0) -> None:
        """Wait until a request is held."""
        async with asyncio.timeout(seconds):
            while not await self.call("held"):
                await asyncio.sleep(0.02)

    async def let_go(self, *, go_on: bool = True) -> int:
        """Let the held requests go on, even those whose sender is gone, or lose them; how many there were."""
        return int(await self.call("let_go", go_on=go_on))

    async def clear_faults(self) -> None:
        await self.call("clear_faults")

    async def drop_sockets(self) -> int:
        """Cut every WebSocket without a word."""
        return int(await self.call("trouble", deed="drop"))

    async def cut_mid_envelope(self, times: int = 1) -> None:
        """The next envelopes are sent, and their connections cut at once."""
        await self.call("trouble", deed="cut", times=times)

    async def say_goodbye(self, reason: str = "refresh_requested") -> int:
        """`disconnect`: 'warning', 'refresh_requested' or 'link_disabled'."""
        return int(await self.call("trouble", deed="goodbye", reason=reason))

    async def refuse_sockets(self, seconds: float) -> None:
        """No new WebSocket for so long."""
        await self.call("trouble", deed="refuse", seconds=seconds)


@contextmanager
def started(*arguments: str) -> Iterator[Json]:
    """An emulator in a process of its own; what it says when it is ready."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.emulators.slack", "--port", "0", "--with-parent", *arguments],
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
async def connected(ready: Json) -> AsyncIterator[Slack]:
    """The control interface of an emulator that has been started."""
    async with aiohttp.ClientSession() as session:
        yield Slack(ready, session)


@asynccontextmanager
async def running(*arguments: str) -> AsyncIterator[Slack]:
    """An emulator of one's own, started and stopped."""
    with started(*arguments) as ready:
        async with connected(ready) as slack:
            yield slack
