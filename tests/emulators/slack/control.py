"""The control interface: `POST /control/<verb>` with a JSON object; 409 with a sentence for what people can't do."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from inspect import isfunction
from types import ModuleType
from typing import Any, TypeAlias

import orjson
from aiohttp import web

from tests.emulators.slack import verbs_doing, verbs_making, verbs_ruling, verbs_seeing
from tests.emulators.slack.errors import Impossible, Json, Refusal
from tests.emulators.slack.world import World

PREFIX = "/control/"
Verb: TypeAlias = Callable[[World, Json], Any]


async def serve(world: World, request: web.BaseRequest) -> web.StreamResponse:
    verb = VERBS.get(request.path.removeprefix(PREFIX))
    if verb is None:
        return _answer(404, {"error": f"no such verb: {request.path}; there are {', '.join(VERBS)}"})
    try:
        result = verb(world, orjson.loads(await request.read() or b"{}"))
        if isinstance(result, Awaitable):
            result = await result
    except (Impossible, Refusal) as why:
        return _answer(409, {"error": str(why)})
    except (KeyError, TypeError, ValueError) as why:
        return _answer(400, {"error": f"{type(why).__name__}: {why}"})
    return _answer(200, result)


def _answer(status: int, body: Any) -> web.Response:
    return web.Response(status=status, body=orjson.dumps(body), content_type="application/json")


def _verbs_of(module: ModuleType) -> Iterator[tuple[str, Verb]]:
    """The public functions that a module defines."""
    for name, found in vars(module).items():
        if isfunction(found) and found.__module__ == module.__name__ and not name.startswith("_"):
            yield name, found


VERBS = {
    name: verb for module in (verbs_making, verbs_doing, verbs_seeing, verbs_ruling) for name, verb in _verbs_of(module)
}
