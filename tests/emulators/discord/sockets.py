"""The gateway's WebSocket: hello, identify or resume, heartbeats, and the close codes for who breaks the rules.

Source: Gateway (lifecycle), Opcodes and Status Codes (opcodes, close event codes).
"""

from __future__ import annotations

import asyncio
import secrets
from contextlib import suppress
from typing import Any

import orjson
from aiohttp import WSCloseCode, WSMsgType, web

from tests.emulators.discord import gateway as g
from tests.emulators.discord import limits
from tests.emulators.discord.errors import Json
from tests.emulators.discord.gateway import Connection, Session
from tests.emulators.discord.world import World

HEARTBEAT, IDENTIFY, PRESENCE, VOICE_STATE, RESUME, REQUEST_MEMBERS = 1, 2, 3, 4, 6, 8
RECONNECT, INVALID_SESSION, HELLO, HEARTBEAT_ACK = 7, 9, 10, 11

UNKNOWN_OPCODE, DECODE_ERROR, NOT_AUTHENTICATED, WRONG_TOKEN, ALREADY = 4001, 4002, 4003, 4004, 4005
INVALID_SEQUENCE, TOO_FAST, INVALID_SHARD, WRONG_VERSION = 4007, 4008, 4010, 4012
INVALID_INTENTS, DISALLOWED_INTENTS = 4013, 4014


class Closed(Exception):
    """The gateway ends the connection with this close code."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


async def serve(world: World, request: web.BaseRequest) -> web.StreamResponse:
    """One gateway connection, from its handshake to its end."""
    if world.clock.now() < world.gateway.refuses_until:
        return web.Response(status=503)
    socket = web.WebSocketResponse(timeout=0.5, max_msg_size=2**16, compress=False)
    await socket.prepare(request)
    transport = request.transport
    if transport is None:
        return socket
    closing: set[asyncio.Task[Any]] = set()

    def close(code: int, reason: bytes) -> None:
        connection.flush()
        closing.add(asyncio.get_running_loop().create_task(socket.close(code=code, message=reason)))

    connection = Connection(transport, close, compressed=request.query.get("compress") == "zlib-stream")
    world.gateway.connections.add(connection)
    try:
        _check_query(request)
        connection.tell(HELLO, {"heartbeat_interval": world.settings.heartbeat_ms, "_trace": []})
        await _listen(world, connection, socket)
    except Closed as why:
        connection.flush()
        await socket.close(code=why.code, message=why.reason.encode())
    finally:
        world.gateway.connections.discard(connection)
        session = connection.session
        if session is not None and session.connection is connection:
            session.connection = None
            # A client that says goodbye with 1000 or 1001 ends its session (Gateway, Initiating a Disconnect).
            if socket.close_code in (WSCloseCode.OK, WSCloseCode.GOING_AWAY) and not closing:
                world.gateway.sessions.pop(session.id, None)
        with suppress(ConnectionError):
            await asyncio.gather(*closing)
    return socket


def _check_query(request: web.BaseRequest) -> None:
    if request.query.get("v") != "10":
        raise Closed(WRONG_VERSION, "Invalid API version.")
    if request.query.get("encoding", "json") != "json" or request.query.get("compress") not in (None, "zlib-stream"):
        raise Closed(DECODE_ERROR, "Only JSON, plain or as zlib-stream, is spoken here.")


async def _listen(world: World, connection: Connection, socket: web.WebSocketResponse) -> None:
    window, sent = world.clock.now(), 0
    async for message in socket:
        if message.type not in (WSMsgType.TEXT, WSMsgType.BINARY):
            continue
        now = world.clock.now()
        if now - window >= 60:
            window, sent = now, 0
        sent += 1
        if sent > limits.GATEWAY_EVENTS_A_MINUTE:
            raise Closed(TOO_FAST, "Rate limited.")
        try:
            payload = orjson.loads(message.data)
            op, data = payload["op"], payload.get("d")
        except (ValueError, KeyError, TypeError):
            raise Closed(DECODE_ERROR, "Error while decoding payload.") from None
        _obey(world, connection, op, data)


def _obey(world: World, connection: Connection, op: Any, data: Any) -> None:
    if op == HEARTBEAT:
        connection.tell(HEARTBEAT_ACK)
    elif op == IDENTIFY:
        _identify(world, connection, data)
    elif op == RESUME:
        _resume(world, connection, data)
    elif connection.session is None:
        raise Closed(NOT_AUTHENTICATED, "Not authenticated.")
    elif op == REQUEST_MEMBERS:
        _members(world, connection.session, data)
    elif op not in (PRESENCE, VOICE_STATE):
        raise Closed(UNKNOWN_OPCODE, "Unknown opcode.")


def _identify(world: World, connection: Connection, data: Any) -> None:
    if connection.session is not None:
        raise Closed(ALREADY, "Already authenticated.")
    if not isinstance(data, dict) or not isinstance(data.get("properties"), dict):
        raise Closed(DECODE_ERROR, "Error while decoding payload.")
    if data.get("token") != world.token:
        raise Closed(WRONG_TOKEN, "Authentication failed.")
    shard, shards = data.get("shard") or (0, 1)
    if not 0 <= shard < shards:
        raise Closed(INVALID_SHARD, "Invalid shard.")
    intents = data.get("intents")
    if not isinstance(intents, int) or intents < 0 or intents & ~g.ALL_INTENTS:
        raise Closed(INVALID_INTENTS, "Invalid intent(s).")
    if intents & g.PRIVILEGED & ~world.settings.privileged_intents:
        raise Closed(DISALLOWED_INTENTS, "Disallowed intent(s).")
    session = Session(secrets.token_hex(16), intents, shard, shards, connection)
    connection.session = session
    world.gateway.sessions[session.id] = session
    world.gateway.identified += 1
    guilds = [one for one in world.guilds.values() if one.has_bot and session.hears(one.id)]
    session.tell("READY", orjson.dumps(_ready(world, session, [one.id for one in guilds])))
    if intents & g.GUILDS:
        for guild in filter(lambda one: one.available, guilds):
            session.tell("GUILD_CREATE", orjson.dumps(guild.create_event(world.bot.id, returns=True)))


def _ready(world: World, session: Session, guild_ids: list[str]) -> Json:
    return {
        "v": 10,
        "user": world.bot.json() | {"verified": True, "mfa_enabled": True, "email": None, "flags": 0},
        "user_settings": {},
        "session_type": "normal",
        "session_id": session.id,
        "resume_gateway_url": gateway_url(world),
        "relationships": [],
        "private_channels": [],
        "presences": [],
        "guild_join_requests": [],
        "geo_ordered_rtc_regions": [],
        "guilds": [{"id": one, "unavailable": True} for one in guild_ids],
        "application": {"id": world.application_id, "flags": 0},
        "shard": [session.shard, session.shards],
        "_trace": [],
    }


def gateway_url(world: World) -> str:
    return world.base_url.replace("http://", "ws://") + "/gateway"


def _resume(world: World, connection: Connection, data: Any) -> None:
    if connection.session is not None:
        raise Closed(ALREADY, "Already authenticated.")
    if not isinstance(data, dict) or data.get("token") != world.token:
        raise Closed(WRONG_TOKEN, "Authentication failed.")
    session = world.gateway.sessions.get(str(data.get("session_id")))
    sequence = data.get("seq") or 0
    missing = session is not None and session.sent and sequence < session.sent[0][0] - 1
    if session is None or missing:
        connection.tell(INVALID_SESSION, data=False)
        return
    if not isinstance(sequence, int) or sequence > session.sequence:
        raise Closed(INVALID_SEQUENCE, "Invalid seq.")
    if session.connection is not None:
        session.connection.transport.abort()
    connection.session, session.connection = session, connection
    world.gateway.resumed += 1
    for number, payload in list(session.sent):
        if number > sequence:
            connection.send(payload)
    session.tell("RESUMED", b'{"_trace":[]}')


def _members(world: World, session: Session, data: Any) -> None:
    guild = world.guilds.get(str(data.get("guild_id")))
    if guild is None:
        return
    wanted = data.get("user_ids")
    ids = {str(wanted)} if isinstance(wanted, str | int) else set(map(str, wanted or ()))
    query = (data.get("query") or "").lower()
    if not ids and not query and not session.intents & g.GUILD_MEMBERS:
        return
    found = [
        member.json()
        for member in guild.members.values()
        if (member.user.id in ids if ids else member.user.name.lower().startswith(query))
    ]
    if data.get("limit"):
        found = found[: data["limit"]]
    chunk: Json = {"guild_id": guild.id, "members": found, "chunk_index": 0, "chunk_count": 1}
    if ids:
        chunk["not_found"] = sorted(ids - {member["user"]["id"] for member in found})
    if data.get("nonce"):
        chunk["nonce"] = data["nonce"]
    session.tell("GUILD_MEMBERS_CHUNK", orjson.dumps(chunk))
