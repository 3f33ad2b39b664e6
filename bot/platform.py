"""The port: what the bot asks of a chat platform. Small, complete, nothing optional."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeAlias

from bot.events import Actor, Event, MessageRef, Place
from bot.marked import Marked, Value
from bot.messages import Answer, File, Message

Handle: TypeAlias = Callable[[Event], Awaitable[Answer]]
"""The one callable that an adapter gets. It answers every event and never raises: failures become a private sentence."""


class PlatformError(Exception):
    """A platform did not do what was asked. One of the kinds below.

    `reason` is a sentence for whoever mends it, marked and with `given` in its places, to be said in their language; `str` is
    the same in English, for the log.
    """

    def __init__(self, reason: str | Marked, **given: Value) -> None:
        self.reason = reason if isinstance(reason, Marked) else Marked(reason, given)
        super().__init__(str(self.reason))


class Unavailable(PlatformError):
    """For now: rate limit, outage, dropped connection. The effect may have happened all the same.

    `retry_after`: seconds to wait where the platform told them.
    """

    def __init__(self, reason: str | Marked, retry_after: float | None = None, **given: Value) -> None:
        super().__init__(reason, **given)
        self.retry_after = retry_after


class Forbidden(PlatformError):
    """The bot lacks a permission in this place; an admin can mend it."""


class Missing(PlatformError):
    """The channel, message or person is gone."""


class Rejected(PlatformError):
    """The platform will never take this message; another one may pass."""


class SignedOut(PlatformError):
    """The token is refused or revoked: nothing will work until the operator mends it."""


@dataclass(frozen=True, slots=True)
class Groups:
    """The roles or user groups of a workspace: their names by their ids, and the ids of the users in each.

    `members` is None where the platform doesn't tell; `realm` is that of the users, as in `events.Actor`.
    """

    names: Mapping[str, str]
    members: Mapping[str, frozenset[str]] | None = None
    realm: str = ""

    def of(self, user: str) -> tuple[str, ...] | None:
        """Those that somebody is in, if that is told."""
        if self.members is None:
            return None
        return tuple(number for number, users in self.members.items() if user in users)


class Platform(Protocol):
    """One chat platform. Every method may raise the kinds of PlatformError above and no other exception on purpose."""

    name: str
    """As in `Place.platform`: `discord`, `slack` or `web`."""

    async def run(self, handle: Handle) -> None:
        """Connect, give every event to `handle` and show its answer to the actor alone; until cancelled.

        An answer to a press on a private message replaces that message; any other answer is a private message.
        """

    async def post(self, place: Place, message: Message, key: str) -> MessageRef:
        """Put `message` in `place` for all to see. `key` names it for ever: the platform's own means against doubles
        (a nonce, metadata) carries it, and `find` looks for it. A second `post` with a key that the platform still
        remembers returns the first message's ref.
        """

    async def edit(self, ref: MessageRef, message: Message) -> None:
        """Put `message` in the place of a public one of ours. Missing when it is gone."""

    async def find(self, place: Place, key: str, since: datetime) -> Sequence[MessageRef]:
        """Our messages posted with `key` in `place` at `since` (aware) or later, the oldest first; none when there
        certainly is none. More than one only where two workers posted at once, or one was stopped in the middle.
        """

    async def delete(self, ref: MessageRef) -> None:
        """Take a public message of ours away. One that is gone already is no error."""

    async def reactors(self, ref: MessageRef, emoji: str) -> Sequence[Actor]:
        """Who put `emoji` under a message, bots left out, in the platform's order."""

    async def react(self, ref: MessageRef, emoji: str) -> None:
        """Put `emoji` under a message, for people to press. Once more changes nothing."""

    async def check(self, place: Place) -> None:
        """Nothing, when the bot can do all its work in a channel. Forbidden or Missing, with the mend in words, when not.

        It is asked often, so it costs little: what the connection has told before will do.
        """

    async def groups(self, workspace: str) -> Groups | None:
        """The roles or user groups of a workspace; None where that can't be told now. It is asked often, as `check` is."""

    async def tell(self, actor: Actor, message: Message) -> None:
        """A private message outside any exchange. Forbidden when the person does not take any."""


class Vault(Protocol):
    """What an adapter must remember beyond a restart, shared by all workers: small values by key. It encrypts what is secret."""

    async def get(self, key: str) -> bytes | None: ...

    async def put(self, key: str, value: bytes) -> None: ...

    async def take(self, key: str) -> bytes | None:
        """The value, which is gone afterwards: of many who ask at once, one gets it."""

    async def keys(self, prefix: str) -> Sequence[str]:
        """Every key that begins with `prefix`, in order."""


def _for_all(message: Message) -> None:
    """ValueError for what belongs in a private answer alone."""
    if any(isinstance(block, File) for block in message.blocks):
        raise ValueError("a file is for one person, and this message is for all")


@dataclass(frozen=True, slots=True)
class Post:
    """Say `message` in `place`, once under `key`."""

    place: Place
    message: Message
    key: str

    def __post_init__(self) -> None:
        _for_all(self.message)


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace a public message of ours."""

    ref: MessageRef
    message: Message

    def __post_init__(self) -> None:
        _for_all(self.message)


@dataclass(frozen=True, slots=True)
class Tell:
    """Say `message` to `actor` alone."""

    actor: Actor
    message: Message


Delivery: TypeAlias = Post | Edit | Tell
