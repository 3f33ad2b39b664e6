"""Connections to the app that carry a burst: as little of HTTP/1.1 as signed presses need."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from tests.emulators.slack.errors import Impossible
from tests.emulators.slack.outgoing import FORM, signature


@dataclass(slots=True)
class Post:
    """One signed request. `done` is told whether it was answered with 2xx."""

    body: bytes
    done: Callable[[bool], None]


class Line(asyncio.Protocol):
    """One connection, which carries one request at a time."""

    def __init__(self, lines: Lines) -> None:
        self._lines = lines
        self._buffer = b""
        self._post: Post | None = None
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def send(self, post: Post) -> None:
        assert self._transport is not None
        self._post = post
        self._transport.write(self._lines.written(post.body))

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0 or self._post is None:
            return
        head = self._buffer[:end].lower()
        if b"\r\ntransfer-encoding: chunked" in head:
            if not self._buffer.endswith(b"0\r\n\r\n"):
                return
        else:
            _, _, after = head.partition(b"\r\ncontent-length:")
            if len(self._buffer) < end + 4 + int(after.partition(b"\r\n")[0] or 0):
                return
        post, self._post, self._buffer = self._post, None, b""
        post.done(head[9:10] == b"2")
        self._lines.free(self)

    def connection_lost(self, _why: Exception | None) -> None:
        self._lines.lost(self)
        if self._post is not None:
            self._post.done(False)
            self._post = None

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()


@dataclass(slots=True)
class Lines:
    """All connections to one URL; what finds none free waits its turn."""

    url: str
    secret: str
    waiting: deque[Post] = field(default_factory=deque)
    idle: list[Line] = field(default_factory=list)
    every: list[Line] = field(default_factory=list)
    _head: str = ""

    async def open(self, count: int) -> None:
        """Connect so many times. Impossible where the app doesn't listen."""
        parts = urlsplit(self.url)
        if parts.scheme != "http" or parts.hostname is None:
            raise Impossible(f"a burst goes to plain HTTP, not to {self.url}")
        host = parts.netloc
        self._head = f"POST {parts.path or '/'} HTTP/1.1\r\nHost: {host}\r\nContent-Type: {FORM}\r\nAccept: */*\r\n"
        loop = asyncio.get_running_loop()
        try:
            for _ in range(count):
                _, line = await loop.create_connection(lambda: Line(self), parts.hostname, parts.port or 80)
                self.every.append(line)
        except OSError as why:
            raise Impossible(f"nobody listens at {self.url}") from why
        self.idle = list(self.every)

    def written(self, body: bytes) -> bytes:
        timestamp = str(int(time.time()))
        signed = signature(self.secret, timestamp, body)
        rest = f"X-Slack-Request-Timestamp: {timestamp}\r\nX-Slack-Signature: {signed}\r\nContent-Length: {len(body)}\r\n\r\n"
        return (self._head + rest).encode() + body

    def send(self, post: Post) -> None:
        if not self.every:
            post.done(False)
        elif self.idle:
            self.idle.pop().send(post)
        else:
            self.waiting.append(post)

    def free(self, line: Line) -> None:
        if self.waiting:
            line.send(self.waiting.popleft())
        else:
            self.idle.append(line)

    def lost(self, line: Line) -> None:
        for among in (self.every, self.idle):
            if line in among:
                among.remove(line)
        if not self.every:
            while self.waiting:
                self.waiting.popleft().done(False)

    def close(self) -> None:
        for line in list(self.every):
            line.close()
