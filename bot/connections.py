"""The platforms that the settings name, each by its adapter. No SDK is imported that is not in use."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from starlette.routing import BaseRoute

from adapters.slack.ways import Credentials
from bot.config import Settings
from bot.events import Place
from bot.features import claims, recap
from bot.features.desk import Desk
from bot.platform import Platform
from bot.problem import Problem
from bot.resources import data_folder
from bot.store import schedules
from bot.store.database import Database
from bot.store.schedules import Plan
from bot.store.vault import KeptVault

MIDNIGHT = "00:00"
ALL_DAY = 25 * 60  # minutes; a post closes at the latest when the next one comes, also after a day of 25 hours


@dataclass(slots=True)
class Connected:
    """The platforms in use, by name; what they mount on the server; what to do before it stops; why it must."""

    platforms: dict[str, Platform] = field(default_factory=dict)
    routes: Sequence[BaseRoute] = ()
    before_stop: list[Callable[[], None]] = field(default_factory=list)
    problem: Problem | None = None


async def connect(settings: Settings, database: Database, desk: Desk, port: int) -> Connected:
    """Every platform that is set, ready to run. Problem when one is set by half."""
    connected = Connected()
    if settings.web == "on":
        await _connect_web(connected, settings, database, desk, port)
    if settings.discord_token:
        _connect_discord(connected, settings)
    if slack_credentials(settings).used:
        _connect_slack(connected, settings, database)
    return connected


async def _connect_web(connected: Connected, settings: Settings, database: Database, desk: Desk, port: int) -> None:
    from adapters.web.client import WebChannel
    from adapters.web.parse import PLACE

    web = WebChannel(data_folder(settings) / "web.db", port=port)
    connected.platforms[web.name] = web
    connected.routes = [*connected.routes, *web.routes]
    connected.before_stop.append(web.end_streams)  # an open page would hold the server for the whole of its grace
    await _local_schedule(database, desk, PLACE)


def _connect_discord(connected: Connected, settings: Settings) -> None:
    from adapters.discord.client import DiscordPlatform

    try:
        discord = DiscordPlatform(settings.discord_token, settings.discord_api_url, settings.discord_shards)
    except ValueError as error:
        raise Problem(f"STUDYBOT_DISCORD_SHARDS: {error}") from None
    connected.platforms[discord.name] = discord


def _connect_slack(connected: Connected, settings: Settings, database: Database) -> None:
    try:
        from adapters.slack.client import SlackPlatform

        slack = SlackPlatform(slack_credentials(settings), slack_vault(database))
    except ValueError as error:
        raise Problem(str(error)) from None
    connected.platforms[slack.name] = slack
    connected.routes = [*connected.routes, *slack.routes]


def slack_vault(database: Database) -> KeptVault:
    return KeptVault(database, "slack", lambda: datetime.now(UTC))


def slack_credentials(settings: Settings) -> Credentials:
    """What is set for Slack."""
    return Credentials(
        bot_token=settings.slack_bot_token,
        app_token=settings.slack_app_token,
        signing_secret=settings.slack_signing_secret,
        client_id=settings.slack_client_id,
        client_secret=settings.slack_client_secret,
        secret_key=settings.secret_key,
        public_url=settings.public_url,
        api_url=settings.slack_api_url,
    )


async def _local_schedule(database: Database, desk: Desk, place: Place) -> None:
    """The local channel's question of the day: posted at midnight, open all day, so the first one comes at start."""
    now = datetime.now(UTC)
    community = await desk.community(place, now)
    plan = Plan(place, MIDNIGHT, community.zone)
    first = claims.latest_due(plan, now) or claims.next_due(plan, now)
    async with database.write() as tx:
        told = recap.following(plan, ZoneInfo(community.zone), now)
        await schedules.ensure(tx, community.id, place, MIDNIGHT, community.zone, ALL_DAY, first, now, told)
