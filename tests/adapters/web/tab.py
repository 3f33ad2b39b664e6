"""An open page's live stream."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias

from tests.adapters.web.bench import WebBench


class Tab:
    """One open stream, read event by event through ASGI as a server would send it."""

    def __init__(self, bench: WebBench, query: str, cookie: str) -> None:
        self._sent: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._gone = asyncio.Event()
        scope = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "method": "GET",
            "path": "/stream",
            "raw_path": b"/stream",
            "root_path": "",
            "query_string": query.encode(),
            "headers": [(b"host", b"127.0.0.1:8080"), (b"cookie", cookie.encode())],
        }
        self._task = asyncio.ensure_future(bench.platform.app(scope, self._receive, self._send))
        self.buffer = b""

    async def _receive(self) -> dict[str, Any]:
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Any) -> None:
        self._sent.put_nowait(message)

    async def event(self) -> tuple[str, Any] | None:
        """The next event's name and value; None when the stream has ended."""
        while b"\n\n" not in self.buffer:
            message = await self._sent.get()
            if message["type"] == "http.response.body":
                self.buffer += message["body"]
                if not message.get("more_body"):
                    return None
        event, _, self.buffer = self.buffer.partition(b"\n\n")
        fields = dict(line.split(": ", 1) for line in event.decode().splitlines())
        return fields["event"], json.loads(fields["data"])

    async def change(self) -> dict[str, Any]:
        """The next change that the page hears of."""
        event = await self.event()
        assert event is not None
        assert event[0] == "change"
        return dict(event[1])

    async def close(self) -> None:
        self._gone.set()
        await self._task


Tabs: TypeAlias = Callable[..., Awaitable[Tab]]
"""Opens a stream for a person, by their id, from a change's number on (`since`)."""
