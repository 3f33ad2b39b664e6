"""The HTTP server: API, gateway, files and control on one port."""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import unquote

from aiohttp import web

from tests.emulators.discord import api, control, sockets
from tests.emulators.discord.lane import Lane
from tests.emulators.discord.world import World

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
        self.world.gateway.drop()
        if self._listening is not None:
            self._listening.close()
        await self._full.shutdown(0.5)

    async def _serve(self, request: web.BaseRequest) -> web.StreamResponse:
        path = request.rel_url.raw_path
        if path.startswith(api.PREFIX):
            return await api.serve(self.world, request)
        if path.startswith(control.PREFIX):
            return await control.serve(self.world, request)
        if path.startswith("/gateway"):
            return await sockets.serve(self.world, request)
        file = self.world.files.get(unquote(path))
        if file is None:
            return web.Response(status=404)
        return web.Response(body=file.content, content_type=file.media_type)


def _request(message: Any, payload: Any, protocol: Any, writer: Any, task: Any) -> web.BaseRequest:
    loop = protocol._loop
    return web.BaseRequest(message, payload, protocol, writer, task, loop, client_max_size=LARGEST_REQUEST)
