"""All that the emulator knows, and the few verbs that every part of it needs."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING
from urllib.parse import quote

from tests.emulators.discord import limits, permissions
from tests.emulators.discord.attachments import Attachment
from tests.emulators.discord.clock import Clock
from tests.emulators.discord.errors import ApiError, Json
from tests.emulators.discord.faults import Faults
from tests.emulators.discord.gateway import Gateway
from tests.emulators.discord.members import User
from tests.emulators.discord.messages import Message
from tests.emulators.discord.openapi import Published
from tests.emulators.discord.places import DM, Channel, Guild
from tests.emulators.discord.ratelimits import RateLimits

if TYPE_CHECKING:
    from tests.emulators.discord.interactions import Interaction


@dataclass(slots=True)
class Settings:
    """What a test may change. Times are seconds."""

    first_response: float = limits.FIRST_RESPONSE
    token_life: float = limits.TOKEN_LIFE
    nonce_window: float = 180.0
    heartbeat_ms: int = limits.HEARTBEAT_MS
    shards: int = 1
    privileged_intents: int = 0
    """Which of the privileged intents the application may ask for."""
    validate: bool = True
    """Whether bodies are held to the documented rules; off for benchmarks."""
    openapi_every: int = 1
    """One body in so many is also held to the published schema, where there is one; 0 is none."""
    record_requests: bool = True


@dataclass(frozen=True, slots=True)
class Violation:
    """Something that a well-made bot never does."""

    what: str
    where: str
    details: Json | None = None


@dataclass(slots=True)
class World:
    token: str
    clock: Clock
    bot: User
    base_url: str = ""
    settings: Settings = field(default_factory=Settings)
    gateway: Gateway = field(default_factory=Gateway)
    faults: Faults = field(default_factory=Faults)
    rate_limits: RateLimits = field(default_factory=RateLimits)
    published: Published = field(default_factory=Published)
    guilds: dict[str, Guild] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    dms: dict[str, Channel] = field(default_factory=dict)
    """By the id of the person."""
    files: dict[str, Attachment] = field(default_factory=dict)
    """By path."""
    commands: dict[str | None, list[Json]] = field(default_factory=dict)
    """By guild; the global ones under None."""
    interactions: dict[str, Interaction] = field(default_factory=dict)
    """By token."""
    unanswered: deque[Interaction] = field(default_factory=deque)
    """Those whose first response may still come, oldest first."""
    nonces: dict[tuple[str, str], tuple[float, Message]] = field(default_factory=dict)
    violations: list[Violation] = field(default_factory=list)
    requests: deque[Json] = field(default_factory=lambda: deque(maxlen=5000))

    @property
    def application_id(self) -> str:
        """A modern application has its bot user's id."""
        return self.bot.id

    def reset(self) -> None:
        """Forget everything but the token, the bot and the address."""
        self.gateway.drop()
        self.clock.ahead = 0.0
        fresh = World(self.token, self.clock, self.bot, self.base_url, users={self.bot.id: self.bot})
        for one in fields(self):
            setattr(self, one.name, getattr(fresh, one.name))

    def violate(self, what: str, where: str, details: Json | None = None) -> None:
        self.violations.append(Violation(what, where, details))

    def sweep(self) -> None:
        """Note every interaction whose 3 seconds are over."""
        now, life = self.clock.now(), self.settings.first_response
        while self.unanswered and (self.unanswered[0].answered or self.unanswered[0].made + life < now):
            late = self.unanswered.popleft()
            if not late.answered and not late.may_stay_unanswered:
                self.violate("interaction left unanswered", f"{late.said} by {late.user.name}")

    def store_file(self, place: str, name: str, content: bytes, description: str | None = None) -> Attachment:
        number = self.clock.snowflake()
        path = f"/attachments/{place}/{number}/{name}"
        attachment = Attachment(number, name, content, f"{self.base_url}{quote(path)}", description)
        self.files[path] = attachment
        return attachment

    def guild_of(self, channel: Channel) -> Guild | None:
        return None if channel.guild_id is None else self.guilds[channel.guild_id]

    def dm(self, user: User) -> Channel:
        """The channel between the bot and a person; made when there is none."""
        if user.id not in self.dms:
            channel = Channel(self.clock.snowflake(), DM, user.name, recipient=user, made=self.clock.now())
            self.dms[user.id] = self.channels[channel.id] = channel
        return self.dms[user.id]

    def may(self, user: User, channel: Channel) -> int:
        """The permissions of a user in a channel; in a DM its two people may do everything."""
        guild = self.guild_of(channel)
        if guild is None:
            return permissions.EVERYTHING if user is self.bot or user is channel.recipient else 0
        granted = guild.may(user.id, channel)
        member = guild.members.get(user.id)
        silent = member is not None and (member.timed_out_until or 0) > self.clock.now()
        return granted & permissions.TIMED_OUT if silent and granted != permissions.EVERYTHING else granted

    def channel_for_bot(self, number: str, *needed: str) -> Channel:
        """A channel that the bot asks for. ApiError 10003, 50001 or 50013 when it may not."""
        channel = self.channels.get(number)
        if channel is None:
            raise ApiError(10003)
        guild = self.guild_of(channel)
        if guild is not None and not guild.has_bot:
            raise ApiError(50001)
        granted = self.may(self.bot, channel)
        if not granted & permissions.BITS["VIEW_CHANNEL"]:
            raise ApiError(50001)
        if any(not granted & permissions.BITS[name] for name in needed):
            raise ApiError(50013)
        return channel
