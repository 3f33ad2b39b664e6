"""The HTTP server: Web API, response addresses, uploads, Socket Mode and control on one port."""

from __future__ import annotations

import asyncio
from typing import Any

from aiohttp import web

from tests.emulators.slack import api, control, files_methods, hooks, sockets
from tests.emulators.slack.errors import Refusal
from tests.emulators.slack.faults import Fate, Fault
from tests.emulators.slack.lane import Lane
from tests.emulators.slack.world import World

LARGEST_REQUEST = 128 * 1024 * 1024


class Server:
    """Serves a world on `host:port` until closed; port 0 lets the system pick."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._full = web.Server(self._serve, request_factory=_request)
        self._listening: asyncio.Server | None = None

    async def start(self, host: str, port: int) -> str:
        """The base URL."""
        loop = asyncio.get_running_loop()
        self._listening = await loop.create_server(lambda: Lane(self.world, self._full), host, port, backlog=4096)
        self.world.base_url = f"http://{host}:{self._listening.sockets[0].getsockname()[1]}"
        return self.world.base_url

    async def close(self) -> None:
        await self.world.close()
        if self._listening is not None:
            self._listening.close()
        await self._full.shutdown(0.5)

    async def _serve(self, request: web.BaseRequest) -> web.StreamResponse:
        path = request.rel_url.raw_path
        if path.startswith((api.PREFIX, hooks.PREFIX)):
            return await self._ask(request, path)
        if path.startswith(control.PREFIX):
            return await control.serve(self.world, request)
        if path.startswith(sockets.PREFIX):
            return await sockets.serve(self.world, request)
        if path.startswith(files_methods.PREFIX):
            return await self._upload(request, path)
        if path.startswith("/files/"):
            file = self.world.files.get(path.split("/")[2])
            if file is not None and file.content is not None:
                return web.Response(body=file.content)
        return web.Response(status=404)

    async def _ask(self, request: web.BaseRequest, path: str) -> web.StreamResponse:
        headers = {name.lower(): value for name, value in request.headers.items()}
        asked = api.asked(path, request.rel_url.raw_query_string, headers, await request.read())
        fault = self.world.faults.take(asked.name, asked.given)
        early = await self._meet(fault, request)
        if early is not None:
            api.remember(self.world, asked, early)
            return _response(early)
        answer = api.perform(self.world, asked, fault.error if fault and fault.fate is Fate.ERROR_AFTER else None)
        return await self._let_go(fault, request, answer)

    async def _upload(self, request: web.BaseRequest, path: str) -> web.StreamResponse:
        parts = request.content_type.startswith("multipart/")
        content = await (_first_part(request) if parts else request.read())
        fault = self.world.faults.take("upload", {})
        early = await self._meet(fault, request)
        self.world.counts["upload"] += 1
        if early is not None:
            return _response(early)
        status, said = files_methods.receive(self.world, path, content)
        return await self._let_go(fault, request, (status, {"Content-Type": "text/plain; charset=utf-8"}, said))

    async def _meet(self, fault: Fault | None, request: web.BaseRequest) -> api.Answer | None:
        """What a fault does before any effect: an answer, a pause, or a cut."""
        if fault is None:
            return None
        if fault.fate is Fate.DROP_BEFORE:
            _cut(request)
        if fault.fate is Fate.LIMIT:
            return api.refused(Refusal("ratelimited", status=429, retry_after=int(fault.seconds)))
        if fault.fate is Fate.STATUS:
            return fault.status, {"Content-Type": "text/html"}, b"<html>loopback trouble</html>"
        if fault.fate is Fate.ERROR:
            return api.refused(Refusal(fault.error))
        if fault.fate is Fate.DELAY:
            await asyncio.sleep(fault.seconds)
        if fault.fate is Fate.HOLD_BEFORE and not await self.world.faults.hold():
            _cut(request)
        return None

    async def _let_go(self, fault: Fault | None, request: web.BaseRequest, answer: api.Answer) -> web.Response:
        """Send the answer, late or not at all if the fault says so."""
        if fault is not None and fault.fate is Fate.DROP_AFTER:
            _cut(request)
        if fault is not None and fault.fate is Fate.DELAY_AFTER:
            await asyncio.sleep(fault.seconds)
        if fault is not None and fault.fate is Fate.HOLD_AFTER and not await self.world.faults.hold():
            _cut(request)
        return _response(answer)


def _response(answer: api.Answer) -> web.Response:
    status, headers, body = answer
    return web.Response(status=status, headers=headers, body=body)


def _cut(request: web.BaseRequest) -> None:
    """Lose the connection."""
    if request.transport is not None:
        request.transport.abort()
    raise asyncio.CancelledError


async def _first_part(request: web.BaseRequest) -> bytes:
    reader = await request.multipart()
    part = await reader.next()
    return b"" if part is None else bytes(await part.read())  # type: ignore[union-attr]


def _request(message: Any, payload: Any, protocol: Any, writer: Any, task: Any) -> web.BaseRequest:
    loop = protocol._loop
    return web.BaseRequest(message, payload, protocol, writer, task, loop, client_max_size=LARGEST_REQUEST)
