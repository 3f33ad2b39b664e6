"""A short way through HTTP for the API and response addresses, of which a burst brings thousands.

It reads just enough of HTTP/1.1 to know that a request is a plain POST and nothing is wrong on purpose;
a connection that brings anything else is handed over to the full server, with all that it has brought.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from http import HTTPStatus

from tests.emulators.slack import api, hooks
from tests.emulators.slack.world import World

_BEGINNINGS = (f"POST {api.PREFIX}".encode(), f"POST {hooks.PREFIX}".encode())
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
            if not _begins(self._buffer) or self._world.faults.waiting:
                return self._hand_over(self._transport)
            if end < 0:
                return self._hand_over(self._transport) if len(self._buffer) > _LONGEST_HEAD else None
            line, headers = _head(self._buffer[:end].decode("latin-1"))
            length = _length(headers)
            if length is None:
                return self._hand_over(self._transport)
            if len(self._buffer) < end + 4 + length:
                return None
            body = self._buffer[end + 4 : end + 4 + length]
            self._buffer = self._buffer[end + 4 + length :]
            path, _, query = line.split(" ", 2)[1].partition("?")
            self._transport.write(_written(api.perform(self._world, api.asked(path, query, headers, body))))
            if headers.get("connection", "").lower() == "close":
                self._transport.close()
        return None

    def _hand_over(self, transport: asyncio.Transport) -> None:
        protocol = self._full()
        transport.set_protocol(protocol)
        protocol.connection_made(transport)
        if self._buffer:
            protocol.data_received(self._buffer)


def _begins(buffer: bytes) -> bool:
    return any(buffer.startswith(one[: len(buffer)]) for one in _BEGINNINGS)


def _head(text: str) -> tuple[str, dict[str, str]]:
    line, *rest = text.split("\r\n")
    headers = {}
    for one in rest:
        name, _, value = one.partition(":")
        headers[name.lower()] = value.strip()
    return line, headers


def _length(headers: dict[str, str]) -> int | None:
    """The size of the body; None when the request is no plain one."""
    if "transfer-encoding" in headers or "expect" in headers:
        return None
    size = headers.get("content-length", "0")
    return int(size) if size.isdecimal() else None


def _written(answer: api.Answer) -> bytes:
    status, headers, body = answer
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    head = f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\n{lines}Content-Length: {len(body)}\r\n\r\n"
    return head.encode("latin-1") + body
