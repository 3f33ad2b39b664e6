"""The apps that Studybot's presses on Slack are measured beside: `python -m bench._slack_bare KIND API SECRET TOKEN APP_TOKEN`.

`first` and `late` are Bolt over HTTP with its own adapter for Starlette, with and without `process_before_response`; `socket`
is its own handler for Socket Mode. Each acknowledges and does nothing else. `nothing` reads no request at all, so it tells how
much the loopback Slack itself can send.
"""

from __future__ import annotations

import asyncio
import re
import sys

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from adapters.slack.ways import EVENTS_PATH
from bot import server

ANSWER = re.compile("answer:.*")
OK = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"


def application(api: str, secret: str, token: str, *, first: bool) -> AsyncApp:
    client = AsyncWebClient(token=token, base_url=api)
    app = AsyncApp(client=client, signing_secret=secret, process_before_response=first)

    @app.action(ANSWER)
    async def answered(ack: AsyncAck) -> None:
        await ack()

    return app


async def over_http(app: AsyncApp) -> None:
    """On the very server that our bot uses."""
    handler = AsyncSlackRequestHandler(app)

    async def events(request: Request) -> Response:
        return await handler.handle(request)

    async def ready() -> bool:
        return True

    bound = server.listen("127.0.0.1", 0)
    serving = server.Server(server.application(ready, [Route(EVENTS_PATH, events, methods=["POST"])]))
    task = asyncio.create_task(serving.serve(sockets=[bound]))
    while not serving.started:
        await asyncio.sleep(0.01)
    print(f"http://127.0.0.1:{bound.getsockname()[1]}", flush=True)
    await task


async def over_socket(app: AsyncApp, app_token: str) -> None:
    print("ready", flush=True)
    await AsyncSocketModeHandler(app, app_token).start_async()  # type: ignore[no-untyped-call]


class Nothing(asyncio.Protocol):
    """Says yes to every request; those of a burst come one at a time on each connection."""

    def __init__(self) -> None:
        self._left = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, part: bytes) -> None:
        if not self._left:
            head, _, body = part.partition(b"\r\n\r\n")
            self._left = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
            part = body
        self._left -= len(part)
        if not self._left:
            self._transport.write(OK)


async def nothing() -> None:
    listening = await asyncio.get_running_loop().create_server(Nothing, "127.0.0.1", 0, backlog=4096)
    print(f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}", flush=True)
    await listening.serve_forever()


async def main(kind: str, api: str, secret: str, token: str, app_token: str) -> None:
    if kind == "nothing":
        await nothing()
    elif kind == "socket":
        await over_socket(application(api, secret, token, first=False), app_token)
    else:
        await over_http(application(api, secret, token, first=kind == "first"))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
