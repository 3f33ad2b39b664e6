"""Settings: `STUDYBOT_*` from the environment or `.env`, read once into a frozen value, or refused with the mend."""

from __future__ import annotations

import difflib
import os
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, available_timezones

from dotenv import dotenv_values
from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.problem import Problem

PREFIX = "STUDYBOT_"
LOOPBACK = ("127.0.0.1", "::1", "localhost")


def local_zone() -> str:
    """The machine's own zone, UTC where it has none."""
    from tzlocal import get_localzone_name

    name = get_localzone_name()
    return name if name in available_timezones() else "UTC"


class Settings(BaseSettings):
    """Everything that can be set. The name of the variable is `STUDYBOT_` and the field's name in capitals."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=".env",
        env_file_encoding="utf-8",
        frozen=True,
        extra="ignore",
        env_ignore_empty=True,
    )

    data: Path = Field(
        default=Path("data"), description="Folder for the database and the local channel; made if missing."
    )
    database_url: str = Field(
        default="",
        description="Where answers are kept: `sqlite:////folder/studybot.db` or `postgresql://user:password@host/name`. "
        "Default: `studybot.db` in the data folder.",
        repr=False,
    )
    decks: Annotated[tuple[Path, ...], NoDecode] = Field(
        default=(), description="Folders with decks of your own, divided by commas, beside the shipped ones."
    )
    shipped_decks: Literal["on", "off"] = Field(
        default="on",
        description="Whether the decks that come with Studybot are on offer; `off` wants `STUDYBOT_DECKS`.",
    )
    zone: str = Field(
        default_factory=local_zone,
        description="Time zone of new communities, such as `Europe/Berlin`. Default: the machine's.",
    )
    discord_token: str = Field(default="", description="The Discord bot's token; empty leaves Discord out.", repr=False)
    discord_api_url: str = Field(
        default="https://discord.com/api/v10",
        description="Base of Discord's API: that of a proxy, or of an emulator. The gateway's address is asked there.",
    )
    discord_shards: str = Field(
        default="", description="Which shards this process takes, such as `0-7/16`. Empty: all that Discord asks for."
    )
    slack_bot_token: str = Field(
        default="", description="The Slack app's Bot User OAuth Token, for one workspace.", repr=False
    )
    slack_app_token: str = Field(
        default="",
        description="The app-level token for Socket Mode, in which Slack needs no address of ours.",
        repr=False,
    )
    slack_signing_secret: str = Field(
        default="", description="The secret that Slack's requests are signed with, for HTTP.", repr=False
    )
    slack_client_id: str = Field(
        default="", description="The Slack app's client id, to be installed in many workspaces."
    )
    slack_client_secret: str = Field(default="", description="The secret of that client.", repr=False)
    slack_api_url: str = Field(
        default="https://slack.com/api/", description="Base of Slack's API: that of a proxy, or of an emulator."
    )
    secret_key: str = Field(
        default="",
        description="Seals what is kept of others' secrets, such as Slack's tokens: 16 characters or more.",
        repr=False,
    )
    public_url: str = Field(
        default="",
        description="The address at which this bot is reached from outside, such as `https://quiz.example.org`.",
    )
    web: Literal["on", "off"] = Field(default="on", description="Whether the local browser channel is served.")
    host: str = Field(
        default="127.0.0.1",
        description="Address to listen on. The browser channel has no sign-in yet, so it takes loopback alone.",
    )
    behind_loopback: Literal["yes", "no"] = Field(
        default="no",
        description="`yes` says that the address in `STUDYBOT_HOST` can be reached from this machine alone, as in a container "
        "whose port is published on 127.0.0.1; the browser channel then takes it.",
    )
    port: int = Field(default=8080, ge=0, le=65535, description="Port to listen on; 0 lets the system pick one.")
    log_level: Literal["debug", "info", "warning", "error"] = Field(default="info", description="How much is logged.")

    @field_validator("decks", mode="before")
    @classmethod
    def _folders(cls, value: object) -> object:
        return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value

    @field_validator("zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        if value not in available_timezones():
            close = difflib.get_close_matches(value, available_timezones(), n=1)
            raise ValueError(
                "there is no such time zone"
                + (f"; did you mean {close[0]}?" if close else ": write one such as Europe/Berlin")
            )
        return value

    @property
    def database(self) -> str:
        """The database's URL."""
        return self.database_url or f"sqlite:///{(self.data / 'studybot.db').absolute()}"

    @property
    def slack_by_http(self) -> bool:
        """Whether Slack sends to this bot's own server."""
        return bool(self.slack_signing_secret)

    @property
    def own_zone(self) -> ZoneInfo:
        return ZoneInfo(self.zone)


def load() -> Settings:
    """The settings in force. Problem, naming each variable and its mend, when one can't be used."""
    try:
        settings = Settings()
    except ValidationError as error:
        lines = [
            f"{PREFIX}{'_'.join(str(part) for part in fault['loc'][:1]).upper()}: {_plain(fault['type'], fault['msg'])} (it is {_short(fault['input'])})"
            for fault in error.errors()
        ]
        raise Problem("\n".join(lines)) from None
    except UnicodeDecodeError:
        raise Problem(".env is not UTF-8 text: save it as UTF-8") from None
    if settings.shipped_decks == "off" and not settings.decks:
        raise Problem(
            f"{PREFIX}SHIPPED_DECKS is off, so there are no decks: name a folder of your own in {PREFIX}DECKS"
        )
    if settings.web == "on" and settings.host not in LOOPBACK and settings.behind_loopback == "no":
        raise Problem(
            f"{PREFIX}HOST is {settings.host}, but the browser channel has no sign-in, so anyone who reaches it could act "
            f"as anybody: leave it at 127.0.0.1, or set {PREFIX}WEB=off. In a container whose port is published on 127.0.0.1 "
            f"alone, set {PREFIX}BEHIND_LOOPBACK=yes"
        )
    if settings.web == "on" and settings.slack_by_http:
        raise Problem(
            f"Slack's requests ({PREFIX}SLACK_SIGNING_SECRET) come from outside to the server that has the browser channel, "
            f"which has no sign-in, so anyone could act as anybody: set {PREFIX}WEB=off, or use Socket Mode"
        )
    return settings


def unknown() -> list[str]:
    """A sentence for each variable that looks like a setting and is none: most are slips of the pen."""
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    written = dotenv_values(".env", encoding="utf-8") if Path(".env").is_file() else {}
    found = {name for name in (*os.environ, *written) if name.startswith(PREFIX)} - known
    sentences = []
    for name in sorted(found):
        close = difflib.get_close_matches(name, known, n=1, cutoff=0.8)
        if close:
            sentences.append(f"{name} is not a setting; did you mean {close[0]}?")
    return sentences


_WORDS = {
    "int_parsing": "a whole number from 0 to 65535 belongs here",
    "greater_than_equal": "a whole number from 0 to 65535 belongs here",
    "less_than_equal": "a whole number from 0 to 65535 belongs here",
}
"""The validation library's words, in ours; the port is the one number among the settings."""


def _plain(kind: str, message: str) -> str:
    return _WORDS.get(kind, message.removeprefix("Value error, "))


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:59] + "…"
