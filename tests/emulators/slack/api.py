"""One HTTP request to the Web API or a response address: its arguments, token, pace, answer, and what is remembered."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias
from urllib.parse import parse_qsl

import orjson

from tests.emulators.slack import hooks
from tests.emulators.slack.calls import Call, Method, read
from tests.emulators.slack.errors import MISUSE, Json, Refusal
from tests.emulators.slack.installs import BOT, Token
from tests.emulators.slack.methods import METHODS
from tests.emulators.slack.world import World

PREFIX = "/api/"
Answer: TypeAlias = tuple[int, dict[str, str], bytes]
"""Status, headers, body."""
_JSON = {"Content-Type": "application/json; charset=utf-8"}


@dataclass(slots=True)
class Asked:
    """A request as it came. `given` are its arguments as written, the token among them."""

    name: str
    path: str
    headers: Mapping[str, str]
    given: Json = field(default_factory=dict)
    as_json: bool = False
    wrong: Refusal | None = None


def asked(path: str, query: str, headers: Mapping[str, str], body: bytes) -> Asked:
    """Read a request. `headers` have lower-case names."""
    if path.startswith(hooks.PREFIX):
        one = Asked(hooks.METHOD, path, headers)
        try:
            one.given = hooks.parsed(body)
        except Refusal as why:
            one.wrong = why
        return one
    one = Asked(path.removeprefix(PREFIX), path, headers)
    kind = headers.get("content-type", "")
    if query:
        one.given.update(parse_qsl(query, keep_blank_values=True))
    if kind.startswith("application/json"):
        one.as_json = True
        try:
            found = orjson.loads(body or b"{}")
        except orjson.JSONDecodeError:
            found = None
        if isinstance(found, dict):
            one.given.update({name: value for name, value in found.items() if name != "token"})
        else:
            one.wrong = Refusal("invalid_json")
    elif kind.startswith("multipart/"):
        one.wrong = Refusal("invalid_form_data")
    elif body:
        one.given.update(parse_qsl(body.decode(errors="replace"), keep_blank_values=True))
    return one


def perform(world: World, one: Asked, failing: str | None = None) -> Answer:
    """Run a request. With `failing` its effect stays, and the answer is that error."""
    headers: dict[str, str] = {}
    try:
        answer = _run(world, one, headers)
    except Refusal as why:
        _judge(world, one, why)
        answer = refused(why, headers)
    except Exception as bug:
        world.violate(f"the emulator broke: {bug!r}", one.name)
        raise
    if failing is not None:
        answer = refused(Refusal(failing), headers)
    remember(world, one, answer)
    return answer


def _run(world: World, one: Asked, headers: dict[str, str]) -> Answer:
    if one.wrong is not None:
        raise one.wrong
    if one.name == hooks.METHOD:
        hooks.perform(world, one.path, one.given)
        return 200, {"Content-Type": "text/plain; charset=utf-8"}, b"ok"
    said = orjson.dumps(_call(world, one, headers))
    return 200, {**_JSON, **headers}, said


def refused(why: Refusal, headers: Mapping[str, str] | None = None) -> Answer:
    pause = {} if why.retry_after is None else {"Retry-After": str(why.retry_after)}
    return why.status, {**_JSON, **(headers or {}), **pause}, orjson.dumps(why.body)


def _judge(world: World, one: Asked, why: Refusal) -> None:
    """Keep what a well-made app would not have asked for."""
    lacks = why.error == "missing_scope" and not set(why.body["needed"].split(",")) & set(world.app.scopes)
    if why.error in MISUSE or lacks:
        world.violate(str(why), one.name, why.body)


def remember(world: World, one: Asked, answer: Answer) -> None:
    world.counts[one.name] += 1
    if not world.settings.record_requests:
        return
    token = _bearer(one)
    found = world.tokens.get(token or "")
    kept = {
        "method": one.name,
        "args": {name: value for name, value in one.given.items() if name != "token"},
        "headers": dict(one.headers),
        "status": answer[0],
        "answer": orjson.loads(answer[2]) if answer[1]["Content-Type"].startswith("application/json") else None,
        "team": None if found is None or found.installation is None else found.installation.team.id,
        "at": world.clock.now(),
    }
    world.requests.append(kept)


def _bearer(one: Asked) -> str | None:
    kind, _, value = one.headers.get("authorization", "").partition(" ")
    if kind.lower() == "bearer":
        return value.strip()
    return None if one.as_json else one.given.get("token")


def _call(world: World, one: Asked, headers: dict[str, str]) -> Json:
    method = METHODS.get(one.name)
    if method is None:
        raise Refusal("unknown_method", req_method=one.name)
    token = _authorized(world, one, method, headers)
    if token is not None and token.kind == BOT and token.installation is not None:
        wait = world.pace.wait(one.name, token.installation.id, world.clock.now())
        if wait is not None:
            raise Refusal("ratelimited", status=429, retry_after=wait)
    usable = one.given if method.json or not one.as_json else {}
    args, unknown = read(method, usable)
    for name in unknown:
        world.violate("an argument that there isn't", f"{one.name}: {name}")
    call = Call(world, args, token, _basic(one))
    if method.needs:
        call.need(*method.needs)
    said = method.run(call)
    if one.as_json and "charset" not in one.headers.get("content-type", ""):
        call.warnings.append("missing_charset")
    if call.warnings:
        metadata = said.setdefault("response_metadata", {})
        metadata["warnings"] = call.warnings
        said["warning"] = ",".join(call.warnings)
    return {"ok": True, **said}


def _authorized(world: World, one: Asked, method: Method, headers: dict[str, str]) -> Token | None:
    """The token, good and of the right kind. Refusal otherwise."""
    if not method.tokens:
        return None
    value = _bearer(one)
    if not value:
        raise Refusal("not_authed")
    token = world.tokens.get(value) or (Token(value, "app") if value == world.app.app_token else None)
    if token is None:
        raise Refusal("invalid_auth")
    if token.dead is not None:
        raise Refusal(token.dead)
    if token.expires is not None and token.expires <= world.clock.now():
        raise Refusal("token_expired")
    if token.kind not in method.tokens:
        raise Refusal("not_allowed_token_type")
    if token.installation is not None:
        headers["x-oauth-scopes"] = ",".join(token.installation.scopes)
        headers["x-accepted-oauth-scopes"] = ",".join(method.needs)
    return token


def _basic(one: Asked) -> tuple[str, str] | None:
    kind, _, value = one.headers.get("authorization", "").partition(" ")
    if kind.lower() != "basic":
        return None
    name, _, secret = base64.b64decode(value).decode().partition(":")
    return name, secret
