"""Socket Mode: tickets, WebSocket connections, envelopes and their acknowledgments. Source: Using Socket Mode."""

from __future__ import annotations

import asyncio
import secrets
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import orjson
from aiohttp import WSMsgType, web

from tests.emulators.slack import limits
from tests.emulators.slack.envelopes import Delivery, Reply, Undelivered
from tests.emulators.slack.errors import Json, Refusal

if TYPE_CHECKING:
    from tests.emulators.slack.world import World

PREFIX = "/link/"
_TICKET_LIFE = 30.0
_GRACE = 10.0


@dataclass(slots=True, eq=False)
class Connection:
    """`leaving`: Slack has said goodbye, and sends there only what it can send nowhere else."""

    socket: web.WebSocketResponse
    transport: asyncio.Transport
    number: int
    leaving: bool = False

    async def tell(self, frame: Json) -> None:
        """Say it, unless the other side has gone."""
        with suppress(ConnectionError):
            await self.socket.send_str(orjson.dumps(frame).decode())


@dataclass(slots=True)
class Sockets:
    """`pending` by envelope; `known` also holds those whose time is over. `cut` so many connections mid-envelope."""

    connections: list[Connection] = field(default_factory=list)
    tickets: dict[str, float] = field(default_factory=dict)
    pending: dict[str, Delivery] = field(default_factory=dict)
    carried_by: dict[str, Connection] = field(default_factory=dict)
    known: set[str] = field(default_factory=set)
    opened: int = 0
    turn: int = 0
    cut: int = 0
    refuses_until: float = 0.0

    def pick(self) -> Connection | None:
        """The connection whose turn it is."""
        usable = [one for one in self.connections if not one.leaving] or self.connections
        if not usable:
            return None
        self.turn += 1
        return usable[self.turn % len(usable)]

    def drop(self) -> int:
        """Cut every connection without a word."""
        for one in self.connections:
            one.transport.abort()
        return len(self.connections)


def open_url(world: World) -> str:
    """A WebSocket address that is good once."""
    if world.clock.now() < world.sockets.refuses_until:
        raise Refusal("internal_error")
    ticket = secrets.token_hex(16)
    world.sockets.tickets[ticket] = world.clock.now() + _TICKET_LIFE
    return f"{world.base_url.replace('http', 'ws', 1)}{PREFIX}?ticket={ticket}&app_id={world.app.id}"


def frame(one: Delivery) -> bytes:
    """The envelope."""
    envelope: Json = {
        "envelope_id": one.id,
        "payload": one.payload,
        "type": one.kind,
        "accepts_response_payload": one.accepts_response,
    }
    if one.kind == "events_api":
        envelope |= {"retry_attempt": one.attempt, "retry_reason": one.reason}
    return orjson.dumps(envelope)


async def send(world: World, one: Delivery) -> None:
    """Send it over the next connection. Undelivered when there is none."""
    found = world.sockets
    connection = found.pick()
    if connection is None:
        raise Undelivered("no_connection")
    found.pending[one.id] = one
    found.carried_by[one.id] = connection
    found.known.add(one.id)
    with suppress(ConnectionError):
        await connection.socket.send_str(frame(one).decode())
    if found.cut:
        found.cut -= 1
        connection.transport.abort()


def forget(world: World, one: Delivery) -> None:
    world.sockets.pending.pop(one.id, None)
    world.sockets.carried_by.pop(one.id, None)


async def serve(world: World, request: web.BaseRequest) -> web.StreamResponse:
    """One connection, from its ticket to its end."""
    found, now = world.sockets, world.clock.now()
    expires = found.tickets.pop(request.query.get("ticket", ""), 0.0)
    if expires < now or now < found.refuses_until:
        return web.Response(status=408 if now < found.refuses_until else 404)
    socket = web.WebSocketResponse(compress=False)
    await socket.prepare(request)
    assert isinstance(request.transport, asyncio.Transport)
    found.opened += 1
    connection = Connection(socket, request.transport, found.opened)
    if len(found.connections) >= limits.SOCKETS:
        await connection.tell(goodbye("too_many_websockets"))
        await socket.close()
        return socket
    found.connections.append(connection)
    await connection.tell(_hello(world, connection))
    pings = asyncio.ensure_future(_ping(world, connection))
    try:
        async for message in socket:
            if message.type in (WSMsgType.TEXT, WSMsgType.BINARY):
                heard(world, message.data)
    finally:
        pings.cancel()
        found.connections.remove(connection)
        _lose(world, connection)
    return socket


def _lose(world: World, connection: Connection) -> None:
    for envelope, carrier in list(world.sockets.carried_by.items()):
        one = world.sockets.pending.get(envelope)
        if carrier is connection and one is not None and one.answered is not None and not one.answered.done():
            one.answered.set_exception(Undelivered("disconnected"))


def heard(world: World, data: Any) -> None:
    """An acknowledgment."""
    try:
        said = orjson.loads(data)
        envelope = said["envelope_id"]
    except (orjson.JSONDecodeError, KeyError, TypeError):
        world.violate("not an acknowledgment", "Socket Mode", {"said": str(data)[:500]})
        return
    one = world.sockets.pending.pop(envelope, None)
    if one is None:
        if envelope not in world.sockets.known:
            world.violate("an acknowledgment of nothing that was sent", "Socket Mode", said)
        return
    payload = said.get("payload") or None
    if payload is not None and not one.accepts_response:
        world.violate("a payload where none is taken", one.said, said)
    if one.answered is not None and not one.answered.done():
        one.answered.set_result(Reply(body=payload))


def goodbye(reason: str) -> Json:
    """`disconnect`, for 'warning', 'refresh_requested', 'too_many_websockets' or 'link_disabled'."""
    return {"type": "disconnect", "reason": reason, "debug_info": {"host": "applink-loopback"}}


async def close_after_goodbye(world: World, connections: list[Connection]) -> None:
    """Slack closes what it has asked to leave, if the app has not."""
    await world.clock.until(world.clock.now() + _GRACE)
    for one in connections:
        await one.socket.close()


def _hello(world: World, connection: Connection) -> Json:
    return {
        "type": "hello",
        "num_connections": len(world.sockets.connections),
        "debug_info": {
            "host": "applink-loopback",
            "build_number": connection.number,
            "approximate_connection_time": 18060,
        },
        "connection_info": {"app_id": world.app.id},
    }


async def _ping(world: World, connection: Connection) -> None:
    with suppress(ConnectionError):
        while True:
            await asyncio.sleep(world.settings.ping_seconds)
            await connection.socket.ping(b"Ping from applink-loopback")
