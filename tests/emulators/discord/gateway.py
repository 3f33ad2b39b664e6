"""The gateway's sessions: who listens to what, and every event that each was sent.

Source: Gateway (connections, resuming, intents, sharding) and Gateway Events.
"""

from __future__ import annotations

import asyncio
import zlib
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

import orjson

from tests.emulators.discord.errors import Json

GUILDS = 1 << 0
GUILD_MEMBERS = 1 << 1
GUILD_PRESENCES = 1 << 8
GUILD_MESSAGES = 1 << 9
GUILD_MESSAGE_REACTIONS = 1 << 10
DIRECT_MESSAGES = 1 << 12
DIRECT_MESSAGE_REACTIONS = 1 << 13
MESSAGE_CONTENT = 1 << 15
PRIVILEGED = GUILD_MEMBERS | GUILD_PRESENCES | MESSAGE_CONTENT
ALL_INTENTS = (1 << 17) - 1 | 1 << 20 | 1 << 21 | 1 << 24 | 1 << 25
KEPT_EVENTS = 20_000
"""How many a session can be replayed."""


class Transport(Protocol):
    """Where bytes for a peer go."""

    def write(self, data: bytes, /) -> None: ...

    def is_closing(self) -> bool: ...

    def abort(self) -> None: ...


class Connection:
    """One WebSocket. Events are compressed and framed as they come; those of one turn of the loop leave together."""

    def __init__(self, transport: Transport, close: Callable[[int, bytes], None], *, compressed: bool) -> None:
        self.transport = transport
        self.close = close
        self.session: Session | None = None
        self._waiting: list[bytes] = []
        self._zlib = zlib.compressobj(1) if compressed else None

    def send(self, payload: bytes) -> None:
        if self.transport.is_closing():
            return
        opcode = 0x81
        if self._zlib is not None:
            opcode, payload = 0x82, self._zlib.compress(payload) + self._zlib.flush(zlib.Z_SYNC_FLUSH)
        size = len(payload)
        if size < 126:
            head = bytes((opcode, size))
        elif size < 65_536:
            head = bytes((opcode, 126)) + size.to_bytes(2, "big")
        else:
            head = bytes((opcode, 127)) + size.to_bytes(8, "big")
        if not self._waiting:
            asyncio.get_running_loop().call_soon(self.flush)
        self._waiting += (head, payload)

    def flush(self) -> None:
        waiting, self._waiting = self._waiting, []
        if waiting and not self.transport.is_closing():
            self.transport.write(b"".join(waiting))

    def tell(self, op: int, data: object = None) -> None:
        """A payload that is no event."""
        self.send(orjson.dumps({"op": op, "d": data, "s": None, "t": None}))


@dataclass(slots=True, eq=False)
class Session:
    """What one shard of one client has been told. It outlives its connection until it is invalidated."""

    id: str
    intents: int
    shard: int
    shards: int
    connection: Connection | None = None
    sequence: int = 0
    sent: deque[tuple[int, bytes]] = field(default_factory=lambda: deque(maxlen=KEPT_EVENTS))

    def tell(self, event: str, data: bytes) -> None:
        self.sequence += 1
        payload = b'{"t":"%s","s":%d,"op":0,"d":%s}' % (event.encode(), self.sequence, data)
        self.sent.append((self.sequence, payload))
        if self.connection is not None:
            self.connection.send(payload)

    def hears(self, guild_id: str | None) -> bool:
        """Guilds go to their shard, everything else to shard 0."""
        return self.shard == (0 if guild_id is None else (int(guild_id) >> 22) % self.shards)


@dataclass(slots=True)
class Gateway:
    sessions: dict[str, Session] = field(default_factory=dict)
    connections: set[Connection] = field(default_factory=set)
    refuses_until: float = 0.0
    identified: int = 0
    resumed: int = 0
    last: dict[str, tuple[bytes, str | None, int, Json | None]] = field(default_factory=dict)
    """By event: what `dispatch` was last asked for."""

    def dispatch(
        self,
        event: str,
        data: Json | bytes,
        guild_id: str | None = None,
        intents: int = 0,
        redacted: Json | None = None,
    ) -> int:
        """Tell every session of the shard that has one of `intents` (0: every session). How many were told.

        `redacted` is for those without the message-content intent.
        """
        plain = data if isinstance(data, bytes) else orjson.dumps(data)
        self.last[event] = plain, guild_id, intents, redacted
        told = 0
        for session in self.sessions.values():
            if session.hears(guild_id) and (not intents or session.intents & intents):
                hidden = redacted is not None and not session.intents & MESSAGE_CONTENT
                session.tell(event, orjson.dumps(redacted) if hidden else plain)
                told += 1
        return told

    def drop(self) -> int:
        """Cut every connection without a close frame. How many there were."""
        dropped = list(self.connections)
        for connection in dropped:
            connection.transport.abort()
        return len(dropped)
