"""One call of a Web API method: its arguments, whose token it bears, what that token may do and see."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias, TypeVar

import orjson

from tests.emulators.slack import limits
from tests.emulators.slack.channels import FAMILY, PUBLIC, Channel
from tests.emulators.slack.errors import Json, Refusal
from tests.emulators.slack.installs import BOT, Installation, Token
from tests.emulators.slack.messages import Message
from tests.emulators.slack.teams import Team, User
from tests.emulators.slack.world import World

_T = TypeVar("_T")


@dataclass(slots=True)
class Call:
    """`basic` are the client's credentials where the request brought any. `team` is the workspace that is meant."""

    world: World
    args: Json
    token: Token | None = None
    basic: tuple[str, str] | None = None
    warnings: list[str] = field(default_factory=list)

    @property
    def installation(self) -> Installation:
        assert self.token is not None
        assert self.token.installation is not None
        return self.token.installation

    @property
    def me(self) -> User:
        return self.installation.bot

    @property
    def team(self) -> Team:
        """Refusal unless an organisation's token says which."""
        found = self.installation
        named = self.args.get("team_id")
        if not found.org_wide:
            return found.team
        team = next((one for one in found.teams if one.id == named), None)
        if team is None:
            raise Refusal("team_not_found" if named else "missing_argument")
        return team

    def need(self, *scopes: str) -> None:
        """Refusal unless the token has one of these scopes."""
        if not self.installation.may(*scopes):
            raise Refusal("missing_scope", needed=",".join(scopes), provided=",".join(self.installation.scopes))

    def channel(self, number: str | None = None, *, scope: str = "", names: bool = False) -> Channel:
        """A channel that the app can see, and with `scope` (such as 'read') has that scope for. By its id, or its name."""
        number = number or str(self.args["channel"])
        found = self.world.channels.get(number) or (self._by_name(number) if names else None)
        inside = found is not None and self.me.id in found.members
        teams = self.installation.teams
        if found is None or found.deleted or not (inside or any(one in teams for one in found.teams)):
            raise Refusal("channel_not_found")
        if not inside and found.kind != PUBLIC:
            raise Refusal("channel_not_found")
        if scope:
            self.need(f"{FAMILY[found.kind]}:{scope}")
        return found

    def _by_name(self, name: str) -> Channel | None:
        wanted = name.removeprefix("#")
        return next(
            (
                one
                for one in self.world.channels.values()
                if not one.direct and one.name == wanted and self.installation.team in one.teams
            ),
            None,
        )

    def member_of(self, channel: Channel) -> Channel:
        """Refusal unless the app's bot is in it."""
        if self.me.id not in channel.members:
            raise Refusal("not_in_channel")
        return channel

    def user(self, number: str | None = None) -> User:
        """A person that the app can see: of its workspaces, or beside it in a shared channel."""
        found = self.world.users.get(number or str(self.args["user"]))
        if found is None:
            raise Refusal("user_not_found")
        mine = found.team in self.installation.teams
        if not mine and not any({found.id, self.me.id} <= one.members.keys() for one in self.world.channels.values()):
            raise Refusal("user_not_found")
        return found

    def message(self, channel: Channel, ts: str) -> Message:
        """A public message that is there."""
        found = channel.messages.get(ts)
        if found is None or found.deleted or found.ephemeral:
            raise Refusal("message_not_found")
        return found


Run: TypeAlias = Callable[[Call], Json]


@dataclass(frozen=True, slots=True)
class Method:
    """`takes`: names of arguments, each with `!` if required and `:kind` (str, int, bool, json, ts) where not text.

    `needs` are scopes of which one must be had; `tokens` the kinds that may call it, none for anybody.
    """

    run: Run
    takes: str = ""
    needs: tuple[str, ...] = ()
    json: bool = False
    tokens: tuple[str, ...] = (BOT,)

    @property
    def arguments(self) -> dict[str, tuple[str, bool]]:
        """Kind and necessity by name."""
        found = {}
        for one in self.takes.split():
            name, _, kind = one.partition(":")
            found[name.rstrip("!")] = (kind or "str", name.endswith("!"))
        return found


_WRONG_JSON = {
    "blocks": "invalid_blocks_format",
    "attachments": "invalid_attachments",
    "metadata": "invalid_metadata_format",
}


def read(method: Method, given: Json) -> tuple[Json, list[str]]:
    """The arguments in their kinds, and the names that the method doesn't have. Refusal for a wrong or missing one."""
    args: Json = {}
    unknown = []
    known = method.arguments
    for name, value in given.items():
        if name in known:
            if value is not None:
                args[name] = _value(name, known[name][0], value)
        elif name not in ("token", "team_id"):
            unknown.append(name)
    if given.get("team_id"):
        args["team_id"] = given["team_id"]
    missing = [name for name, (_, required) in known.items() if required and args.get(name) in (None, "")]
    if missing:
        raise Refusal("invalid_arguments", [f"missing required field: {name}" for name in missing])
    return args, unknown


def _value(name: str, kind: str, value: Any) -> Any:
    if kind == "bool":
        return value if isinstance(value, bool) else str(value).lower() in ("1", "true")
    if kind == "int":
        if isinstance(value, bool) or not str(value).lstrip("-").isdecimal():
            raise Refusal("invalid_arguments", [f"must provide an integer [json-pointer:/{name}]"])
        return int(value)
    if kind == "json":
        if not isinstance(value, str):
            return value
        try:
            return orjson.loads(value) if value else None
        except orjson.JSONDecodeError:
            raise Refusal(_WRONG_JSON.get(name, "invalid_arguments")) from None
    if not isinstance(value, str):
        if isinstance(value, list) and all(isinstance(one, str) for one in value):
            return ",".join(value)
        raise Refusal("invalid_arguments", [f"must provide a string [json-pointer:/{name}]"])
    return value


def page(call: Call, found: Sequence[_T], *, default: int = 100, most: int = limits.PAGE) -> tuple[list[_T], Json]:
    """The part of a list that `limit` and `cursor` ask for, and the `response_metadata` that goes with it."""
    limit = call.args.get("limit", default)
    if limit == 0:
        limit = default
    if not 0 < limit <= most:
        raise Refusal("invalid_limit")
    start = 0
    if cursor := call.args.get("cursor"):
        try:
            start = int(base64.b64decode(cursor, validate=True).decode().removeprefix("next:"))
        except ValueError:
            raise Refusal("invalid_cursor") from None
    left = start + limit < len(found)
    following = base64.b64encode(f"next:{start + limit}".encode()).decode() if left else ""
    return list(found[start : start + limit]), {"response_metadata": {"next_cursor": following}}


def kinds(call: Call, default: str = PUBLIC) -> list[str]:
    """The kinds of channel in `types`, each with its scope."""
    asked = str(call.args.get("types") or default).replace(" ", "").split(",")
    if any(one not in FAMILY for one in asked):
        raise Refusal("invalid_types")
    for one in asked:
        call.need(f"{FAMILY[one]}:read")
    return asked
