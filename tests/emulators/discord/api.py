"""One HTTP request to the API: faults, token, rate limit, body, schema, answer, and what is remembered of it."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Mapping
from typing import Any, TypeAlias

import orjson
from aiohttp import BodyPartReader, web

from tests.emulators.discord import limits
from tests.emulators.discord.compose import Upload
from tests.emulators.discord.errors import MISUSE, ApiError, Json
from tests.emulators.discord.faults import Fate, Fault
from tests.emulators.discord.resources import NOT_ALLOWED, NOT_FOUND, ROUTES
from tests.emulators.discord.router import Answer, Call, Route, Router
from tests.emulators.discord.world import World

PREFIX = "/api/v10"
ROUTER = Router(ROUTES)
_JSON = "application/json"
"""Exactly so: discord.py reads a body as JSON for no other value."""

Body: TypeAlias = tuple[Any, Mapping[int, Upload]]
"""What came as JSON, and the uploaded files by their number."""


async def serve(world: World, request: web.BaseRequest) -> web.StreamResponse:
    """Answer one request under `/api/v10`."""
    route, ids, known = ROUTER.find(request.method, request.rel_url.raw_path[len(PREFIX) :])
    if route is None:
        world.violate("a route that this Discord doesn't have", f"{request.method} {request.path}")
        return _response(405 if known else 404, orjson.dumps(NOT_ALLOWED if known else NOT_FOUND), {})
    fault = world.faults.take(request.method, route.template) if world.faults.waiting else None
    arrived: asyncio.Task[Body] | None = None
    if fault is not None:
        if fault.fate is Fate.DROP_BEFORE:
            return _cut(request)
        if fault.fate in (Fate.LIMIT, Fate.STATUS):
            await request.read()
            return _faulty(fault)
        if fault.fate is Fate.DELAY:
            await asyncio.sleep(fault.seconds)
        if fault.fate is Fate.HOLD_BEFORE:
            arrived = asyncio.create_task(_read(request))
            await asyncio.wait([arrived])  # all of it is here before its sender may go
            if not await world.faults.hold():
                return _cut(request)
    if not route.bare and (wait := world.rate_limits.take_together(world.clock.now())):
        world.rate_limits.turned_away += 1
        return _limited(wait, {}, scope="global", everywhere=True)
    major = ids[0] if ids and not route.template.startswith("/interactions") else ""
    headers, wait = world.rate_limits.take(f"{route.method} {route.template}", major, world.clock.now())
    if wait:
        world.rate_limits.turned_away += 1
        return _limited(wait, headers, scope="user")
    status, answer = await _answer(world, request, route, ids, arrived)
    if fault is not None and fault.fate is Fate.DROP_AFTER:
        return _cut(request)
    if fault is not None and fault.fate is Fate.HOLD_AFTER and not await world.faults.hold():
        return _cut(request)
    return _response(status, answer, headers)


async def _answer(
    world: World, request: web.BaseRequest, route: Route, ids: tuple[str, ...], arrived: asyncio.Task[Body] | None
) -> Answer:
    try:
        _authorize(world, request, route)
        body, uploads = await (arrived or _read(request))
    except ApiError as refusal:
        answer = refused(world, route, refusal)
        remember(world, route, request.path, answer[0], None)
        return answer
    query = request.rel_url.query if request.rel_url.raw_query_string else {}
    return perform(world, route, request.path, Call(world, ids, query, body, uploads))


def perform(world: World, route: Route, path: str, call: Call) -> Answer:
    """Run a request that has been read, hold its body to the published schema, and remember it."""
    try:
        answer = route.run(call)
        if world.settings.validate and call.body is not None:
            fault = world.published.fault(route.method, route.template, call.body, world.settings.openapi_every)
            if fault is not None:
                world.violate("not as published", f"{route.method} {route.template}: {fault}")
    except ApiError as refusal:
        answer = refused(world, route, refusal)
    except Exception as bug:
        world.violate(f"the emulator broke: {bug!r}", f"{route.method} {route.template}")
        raise
    remember(world, route, path, answer[0], call.body)
    return answer


def refused(world: World, route: Route, refusal: ApiError) -> Answer:
    if refusal.code in MISUSE:
        world.violate(str(refusal), f"{route.method} {route.template}", refusal.body)
    return refusal.status, orjson.dumps(refusal.body)


def remember(world: World, route: Route, path: str, status: int, body: Any) -> None:
    if world.settings.record_requests:
        one = {"method": route.method, "template": route.template, "path": path, "status": status, "body": body}
        world.requests.append({**one, "at": world.clock.now()})


def _authorize(world: World, request: web.BaseRequest, route: Route) -> None:
    if not route.bare and request.headers.get("Authorization") != f"Bot {world.token}":
        raise ApiError(0)


async def _read(request: web.BaseRequest) -> Body:
    """The JSON body and the uploaded files by their number."""
    if request.content_type.startswith("multipart/"):
        return await _read_multipart(request)
    raw = await request.read()
    if not raw:
        return None, {}
    if request.content_type != _JSON:
        raise ApiError(50035, {"_errors": [{"code": "CONTENT_TYPE_INVALID", "message": "Expected application/json"}]})
    return parsed(raw), {}


def parsed(raw: bytes | bytearray) -> Any:
    try:
        return orjson.loads(raw)
    except ValueError:
        raise ApiError(50109) from None


async def _read_multipart(request: web.BaseRequest) -> Body:
    body: Any = None
    uploads: dict[int, Upload] = {}
    async for part in await request.multipart():
        assert isinstance(part, BodyPartReader)
        name = part.name or ""
        content = bytes(await part.read(decode=True))
        if name == "payload_json":
            body = parsed(content)
        elif name.startswith("files[") and name.endswith("]") and name[6:-1].isdecimal():
            uploads[int(name[6:-1])] = Upload(part.filename or "file", content)
        else:
            raise ApiError(50035, {name: {"_errors": [{"code": "UNKNOWN_FIELD", "message": "No such part"}]}})
    if len(uploads) > limits.FILES:
        raise ApiError(50035, {"files": {"_errors": [{"code": "BASE_TYPE_MAX_LENGTH", "message": "Too many files"}]}})
    if any(len(upload.content) > limits.FILE_BYTES for upload in uploads.values()):
        raise ApiError(40005, status=413, message="Request entity too large")
    return body, uploads


def _response(status: int, body: bytes, headers: Mapping[str, str]) -> web.Response:
    return web.Response(
        status=status, body=body or None, content_type=_JSON if body else None, headers={"Via": "1.1 google", **headers}
    )


def _faulty(fault: Fault) -> web.Response:
    if fault.fate is Fate.LIMIT:
        scope = "global" if fault.everywhere else "shared"
        return _limited(fault.seconds, {}, scope=scope, via=fault.via, everywhere=fault.everywhere, code=fault.code)
    body: Json = {"message": fault.message or f"{fault.status}: as told", "code": fault.code}
    return _response(fault.status, orjson.dumps(body), {})


def _limited(
    seconds: float,
    headers: Mapping[str, str],
    *,
    scope: str,
    via: bool = True,
    everywhere: bool = False,
    code: int = 0,
) -> web.Response:
    """429. Without `Via` it is the host's ban, not Discord's own limit."""
    body: Json = {"message": "You are being rate limited.", "retry_after": round(seconds, 3), "global": everywhere}
    told = {**headers, "Retry-After": str(math.ceil(seconds)), "X-RateLimit-Scope": scope}
    if code:
        body["code"] = code
    if everywhere:
        told["X-RateLimit-Global"] = "true"
    response = _response(429, orjson.dumps(body), told)
    if not via:
        del response.headers["Via"]
        response.headers["Server"] = "cloudflare"
    return response


def _cut(request: web.BaseRequest) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=500)
