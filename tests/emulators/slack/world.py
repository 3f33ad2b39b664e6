"""All that the emulator knows, and the few verbs that every part of it needs."""

from __future__ import annotations

import asyncio
import secrets
from collections import Counter, deque
from collections.abc import Coroutine
from dataclasses import dataclass, field, fields
from typing import Any

import aiohttp

from tests.emulators.slack import limits
from tests.emulators.slack.apps import App
from tests.emulators.slack.channels import IM, Channel
from tests.emulators.slack.clock import Clock
from tests.emulators.slack.envelopes import Delivery
from tests.emulators.slack.errors import Json
from tests.emulators.slack.faults import Faults
from tests.emulators.slack.installs import Installation, Token
from tests.emulators.slack.interactions import Interaction, ResponseUrl, Trigger
from tests.emulators.slack.modals import View
from tests.emulators.slack.pace import Pace
from tests.emulators.slack.sockets import Sockets
from tests.emulators.slack.teams import Enterprise, Team, User
from tests.emulators.slack.uploads import File


@dataclass(slots=True)
class Settings:
    """What a test may change. Times are seconds."""

    acknowledge: float = limits.ACKNOWLEDGE
    trigger_life: float = limits.TRIGGER_LIFE
    response_url_life: float = limits.RESPONSE_URL_LIFE
    retries: tuple[float, ...] = limits.RETRIES
    token_life: int = limits.TOKEN_LIFE
    ping_seconds: float = 10.0
    post_per_second: float = 1.0
    post_burst: int = 20
    """Messages that a channel takes at once before its pace holds. Slack allows 'short bursts' and gives no number."""
    file_delay: float = 0.2
    """Between the completion of an upload and the moment when a block may show it."""
    validate: bool = True
    """Whether bodies are held to the documented rules; off for benchmarks."""
    record_requests: bool = True


@dataclass(frozen=True, slots=True)
class Violation:
    """Something that a well-made app never does."""

    what: str
    where: str
    details: Json | None = None


@dataclass(slots=True)
class Code:
    """What an authorised installation is exchanged for."""

    installer: User
    scopes: list[str]
    redirect_uri: str | None
    made: float
    org_wide: bool = False
    used: bool = False


def new_app() -> App:
    """An app with fresh secrets and nothing in its manifest."""
    number = str(10**12 + secrets.randbelow(10**12))
    return App(
        id="A0LOOPBACK1",
        client_id=f"{number}.{number[::-1]}",
        client_secret=secrets.token_hex(16),
        signing_secret=secrets.token_hex(16),
        verification_token=secrets.token_urlsafe(18),
        app_token=f"xapp-1-A0LOOPBACK1-{number}-{secrets.token_hex(32)}",
    )


@dataclass(slots=True)
class World:
    app: App
    clock: Clock = field(default_factory=Clock)
    base_url: str = ""
    settings: Settings = field(default_factory=Settings)
    sockets: Sockets = field(default_factory=Sockets)
    faults: Faults = field(default_factory=Faults)
    pace: Pace = field(default_factory=Pace)
    enterprises: dict[str, Enterprise] = field(default_factory=dict)
    teams: dict[str, Team] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    ims: dict[frozenset[str], Channel] = field(default_factory=dict)
    """Direct messages by the ids of who is in them."""
    installations: dict[str, Installation] = field(default_factory=dict)
    tokens: dict[str, Token] = field(default_factory=dict)
    codes: dict[str, Code] = field(default_factory=dict)
    triggers: dict[str, Trigger] = field(default_factory=dict)
    response_urls: dict[str, ResponseUrl] = field(default_factory=dict)
    modals: dict[str, View] = field(default_factory=dict)
    """By person: the view on top of their stack."""
    homes: dict[str, View] = field(default_factory=dict)
    files: dict[str, File] = field(default_factory=dict)
    interactions: dict[str, Interaction] = field(default_factory=dict)
    latest: dict[str, Interaction] = field(default_factory=dict)
    """By person: their last deed, which what they see next answers."""
    events: deque[Delivery] = field(default_factory=lambda: deque(maxlen=500))
    violations: list[Violation] = field(default_factory=list)
    advice: list[Violation] = field(default_factory=list)
    """What Slack lets pass and recommends against."""
    requests: deque[Json] = field(default_factory=lambda: deque(maxlen=5000))
    counts: Counter[str] = field(default_factory=Counter)
    tasks: set[asyncio.Task[None]] = field(default_factory=set)
    session: aiohttp.ClientSession | None = None

    async def reset(self) -> None:
        """Forget everything but the app's secrets and the address."""
        await self.close()
        app = App(**{name: getattr(self.app, name) for name in _KEPT})
        fresh = World(app, base_url=self.base_url)
        for one in fields(self):
            setattr(self, one.name, getattr(fresh, one.name))

    async def close(self) -> None:
        self.sockets.drop()
        for task in list(self.tasks):
            task.cancel()
        if self.session is not None:
            await self.session.close()
            self.session = None

    def http(self) -> aiohttp.ClientSession:
        """The client that carries deliveries over HTTP."""
        if self.session is None or self.session.closed:
            self.session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
        return self.session

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Let it run by itself. A bug in it is a violation."""
        task = asyncio.get_running_loop().create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self.tasks.discard(task)
        if not task.cancelled() and (bug := task.exception()) is not None:
            self.violate(f"the emulator broke: {bug!r}", str(task.get_coro()))

    def violate(self, what: str, where: str, details: Json | None = None) -> None:
        self.violations.append(Violation(what, where, details))

    def advise(self, what: str, where: str) -> None:
        self.advice.append(Violation(what, where))

    def installation(self, team: Team) -> Installation | None:
        """The app's installation that serves a workspace."""
        return next((one for one in self.installations.values() if one.covers(team)), None)

    def dm(self, one: User, other: User) -> Channel:
        """The direct messages of two; made when there are none."""
        pair = frozenset((one.id, other.id))
        if pair not in self.ims:
            teams = list({user.team.id: user.team for user in (one, other)}.values())
            channel = Channel(self.clock.id("D"), "directmessage", IM, teams, one.id, int(self.clock.now()))
            channel.members = {one.id: one, other.id: other}
            self.ims[pair] = self.channels[channel.id] = channel
        return self.ims[pair]

    def file_ready(self, named: str) -> bool:
        """Whether a block may show the file of this id or URL."""
        for file in self.files.values():
            if named in (file.id, file.json(0.0, self.base_url)["url_private"]):
                return file.shows(self.clock.now())
        return False


_KEPT = ("id", "client_id", "client_secret", "signing_secret", "verification_token", "app_token")
