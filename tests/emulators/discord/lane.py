"""A short way through HTTP for interaction callbacks, of which a burst brings thousands.

It reads just enough of HTTP/1.1 to know that a request is a plain JSON callback and nothing is wrong on purpose;
a connection that brings anything else is handed over to the full server, with all that it has brought.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from http import HTTPStatus

from tests.emulators.discord import api
from tests.emulators.discord.errors import ApiError
from tests.emulators.discord.router import Answer, Call
from tests.emulators.discord.world import World

_BEGINNING = f"POST {api.PREFIX}/interactions/".encode()
_LONGEST_HEAD = 16_384


class Lane(asyncio.Protocol):
    """One connection. `full` makes the protocol of the full server."""

    def __init__(self, world: World, full: Callable[[], asyncio.Protocol]) -> None:
        self._world = world
        self._full = full
        self._buffer = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        assert self._transport is not None
        self._buffer += data
        while self._buffer:
            end = self._buffer.find(b"\r\n\r\n")
            if not self._buffer.startswith(_BEGINNING[: len(self._buffer)]) or self._world.faults.waiting:
                return self._hand_over(self._transport)
            if end < 0:
                return self._hand_over(self._transport) if len(self._buffer) > _LONGEST_HEAD else None
            head = self._buffer[:end].decode("latin-1")
            length = _length(head)
            if length is None:
                return self._hand_over(self._transport)
            if len(self._buffer) < end + 4 + length:
                return None
            body = self._buffer[end + 4 : end + 4 + length]
            self._buffer = self._buffer[end + 4 + length :]
            self._transport.write(_callback(self._world, head, body))
        return None

    def _hand_over(self, transport: asyncio.Transport) -> None:
        protocol = self._full()
        transport.set_protocol(protocol)
        protocol.connection_made(transport)
        if self._buffer:
            protocol.data_received(self._buffer)


def _length(head: str) -> int | None:
    """The size of a JSON body; None when the request is no plain one."""
    lines = head.lower().split("\r\n")[1:]
    if "content-type: application/json" not in lines or any(line.startswith(("transfer", "expect")) for line in lines):
        return None
    sizes = [line[15:].strip() for line in lines if line.startswith("content-length:")]
    return int(sizes[0]) if len(sizes) == 1 and sizes[0].isdecimal() else None


def _callback(world: World, head: str, body: bytes) -> bytes:
    target = head.split(" ", 2)[1]
    path, _, written = target.partition("?")
    route, ids, _ = api.ROUTER.find("POST", path[len(api.PREFIX) :])
    if route is None:
        return _response((404, b'{"message":"404: Not Found","code":0}'), "")
    headers, _ = world.rate_limits.take(f"{route.method} {route.template}", "", world.clock.now())
    query = dict(pair.partition("=")[::2] for pair in written.split("&")) if written else {}
    try:
        parsed = api.parsed(body)
    except ApiError as refusal:
        answer = api.refused(world, route, refusal)
    else:
        answer = api.perform(world, route, path, Call(world, ids, query, parsed, {}))
    return _response(answer, "".join(f"{name}: {value}\r\n" for name, value in headers.items()))


def _response(answer: Answer, headers: str) -> bytes:
    status, body = answer
    kind = f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n" if body else ""
    head = f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\nVia: 1.1 google\r\n{headers}{kind}\r\n"
    return head.encode("latin-1") + body
