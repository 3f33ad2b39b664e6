"""The bot's own web server: is it alive, is it ready; and whatever the adapters mount beside it."""

from __future__ import annotations

import contextlib
import errno
import socket
from collections.abc import Awaitable, Callable, Iterator, Sequence

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from bot.problem import Problem

GRACE = 3
"""Seconds that running requests get when the bot stops."""


def application(ready: Callable[[], Awaitable[bool]], mounts: Sequence[BaseRoute]) -> Starlette:
    """Health, readiness, and the adapters' own routes."""

    async def healthz(_: Request) -> Response:
        return PlainTextResponse("alive\n")

    async def readyz(_: Request) -> Response:
        return PlainTextResponse("ready\n") if await ready() else PlainTextResponse("not ready\n", 503)

    return Starlette(routes=[Route("/healthz", healthz), Route("/readyz", readyz), *mounts])


def listen(host: str, port: int) -> socket.socket:
    """A bound socket. Problem when the address can't be had."""
    bound = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((host, port))
    except OSError as error:
        bound.close()
        taken = error.errno in (errno.EADDRINUSE, errno.EACCES)
        mend = "STUDYBOT_PORT to a free port, or to 0" if taken else "STUDYBOT_HOST to an address of this machine"
        reason = (error.strerror or str(error)).lower()
        raise Problem(f"can't listen on {host} port {port} ({reason}): set {mend}") from None
    return bound


class Server(uvicorn.Server):
    """Uvicorn, without its hold on the signals: `bot.runtime` stops everything in order."""

    def __init__(self, app: Starlette) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                log_config=None,
                access_log=False,
                lifespan="off",
                ws="none",
                server_header=False,
                timeout_graceful_shutdown=GRACE,
            )
        )

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield
