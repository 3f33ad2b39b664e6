"""The composition root: opens what the bot is made of, runs it together, and stops it in order."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import signal
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import select
from starlette.routing import BaseRoute

from bot import history, server
from bot.app import App
from bot.config import Settings
from bot.events import Place
from bot.export import Format, written
from bot.features import claims, recap
from bot.features.desk import Desk
from bot.features.prose import count
from bot.library.faults import DeckError
from bot.library.shelf import Shelf, open_shelf, shipped
from bot.platform import Handle, Platform, PlatformError, SignedOut
from bot.problem import Problem
from bot.steward import Steward
from bot.store import dossier, rebuild, schedules
from bot.store.ballots import Account, Ballots
from bot.store.database import Database, DatabaseProblem
from bot.store.schedules import Plan
from bot.store.tables import communities
from bot.store.tombstones import Ledger
from bot.store.vault import KeptVault
from bot.studio import Studio
from bot.timetable import Timetable
from bot.world import World

log = logging.getLogger(__name__)

MIDNIGHT = "00:00"
FIRST_LOOK = 5.0
"""Seconds that the start waits for what is due to be posted; a platform that is slow to sign in gets it later."""
ALL_DAY = 25 * 60  # minutes; a post closes at the latest when the next one comes, also after a day of 25 hours
GARBAGE = (50_000, 20, 50)
"""When the collector looks for cycles. At Python's own 700 objects it is an eighth of what a burst of presses costs."""


def shelf_of(settings: Settings) -> Shelf:
    """The shipped decks, unless they are switched off, and the operator's own."""
    try:
        return open_shelf([*([shipped()] if settings.shipped_decks == "on" else []), *settings.decks])
    except DeckError as error:
        raise Problem(str(error)) from None


def data_folder(settings: Settings) -> Path:
    """The data folder, made if missing."""
    try:
        settings.data.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise Problem(f"can't make the data folder {settings.data}: {reason}. Set STUDYBOT_DATA to another") from None
    return settings.data


async def open_database(settings: Settings) -> Database:
    if not settings.database_url:
        data_folder(settings)
    try:
        return await Database.open(settings.database)
    except DatabaseProblem as error:
        raise Problem(str(error)) from None


@dataclass(slots=True)
class Connected:
    """The platforms in use, by name; what they mount on the server; what to do before it stops; why it must."""

    platforms: dict[str, Platform] = field(default_factory=dict)
    routes: Sequence[BaseRoute] = ()
    before_stop: list[Callable[[], None]] = field(default_factory=list)
    problem: Problem | None = None


async def run(settings: Settings, ready: Callable[[str], None]) -> None:
    """Run the bot until SIGINT or SIGTERM. `ready` is called once with the address of the page, or of `/healthz`.

    What is opened first is closed last: the server goes before the ballots' queue, so that everyone who was told that
    their answer is recorded has it recorded.
    """
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with AsyncExitStack() as stack:
        shelf = shelf_of(settings)
        bound = stack.enter_context(server.listen(settings.host, settings.port))
        port = bound.getsockname()[1]
        database = await open_database(settings)
        stack.push_async_callback(database.close)
        ballots = Ballots(database)
        stack.push_async_callback(ballots.stop)
        desk = Desk(database, ballots, settings.zone)
        connected = await _connect(settings, database, desk, port)
        studio = Studio()
        stack.push_async_callback(studio.close)
        ledger = Ledger(data_folder(settings) / "forgotten")
        world = World(database, desk, shelf, connected.platforms, draw=studio.draw, ledger=ledger)
        steward = Steward(world)
        app = App(world, steward)
        timetable = Timetable(world, steward)

        async def is_ready() -> bool:
            async with database.read() as tx:
                await schedules.next_due(tx, connected.platforms)
            return True

        http = server.Server(server.application(is_ready, connected.routes))
        async with asyncio.TaskGroup() as tasks:
            running = [
                tasks.create_task(_kept(each, app.handle, connected, stop)) for each in connected.platforms.values()
            ]
            running.append(tasks.create_task(timetable.run()))
            await _at_most(FIRST_LOOK, timetable.looked.wait())
            serving = tasks.create_task(http.serve(sockets=[bound]))
            while not http.started:  # noqa: ASYNC110 - uvicorn has no event for it
                await asyncio.sleep(0.01)
            gc.collect()
            gc.enable()
            gc.set_threshold(*GARBAGE)
            gc.freeze()  # what start-up made lives as long as the bot: later collections need not look at it
            ready(f"http://{_reachable(settings.host)}:{port}" + ("" if settings.web == "on" else "/healthz"))
            await stop.wait()
            log.info("stopping")
            for each in connected.before_stop:
                each()
            http.should_exit = True
            await serving
            for task in running:
                task.cancel()
        if connected.problem is not None:
            raise connected.problem


async def _connect(settings: Settings, database: Database, desk: Desk, port: int) -> Connected:
    """The platforms that the settings name. No SDK is imported that is not in use."""
    connected = Connected()
    if settings.web == "on":
        from adapters.web.client import WebChannel
        from adapters.web.parse import PLACE

        web = WebChannel(data_folder(settings) / "web.db", port=port)
        connected.platforms[web.name] = web
        connected.routes = [*connected.routes, *web.routes]
        connected.before_stop.append(web.end_streams)  # an open page would hold the server for the whole of its grace
        await _local_schedule(database, desk, PLACE, settings)
    if settings.discord_token:
        from adapters.discord.client import DiscordPlatform

        try:
            discord = DiscordPlatform(settings.discord_token, settings.discord_api_url, settings.discord_shards)
        except ValueError as error:
            raise Problem(f"STUDYBOT_DISCORD_SHARDS: {error}") from None
        connected.platforms[discord.name] = discord
    _connect_slack(connected, settings, database)
    return connected


def _connect_slack(connected: Connected, settings: Settings, database: Database) -> None:
    """Slack, if anything of it is set. Problem when half is."""
    from adapters.slack.ways import Credentials

    credentials = Credentials(**_of_slack(settings))
    if not credentials.used:
        return
    try:
        from adapters.slack.client import SlackPlatform

        slack = SlackPlatform(credentials, _vault(database))
    except ValueError as error:
        raise Problem(str(error)) from None
    connected.platforms[slack.name] = slack
    connected.routes = [*connected.routes, *slack.routes]


def _vault(database: Database) -> KeptVault:
    return KeptVault(database, "slack", lambda: datetime.now(UTC))


def _of_slack(settings: Settings) -> dict[str, str]:
    """The settings that `adapters.slack.ways.Credentials` is made of."""
    return {
        "bot_token": settings.slack_bot_token,
        "app_token": settings.slack_app_token,
        "signing_secret": settings.slack_signing_secret,
        "client_id": settings.slack_client_id,
        "client_secret": settings.slack_client_secret,
        "secret_key": settings.secret_key,
        "public_url": settings.public_url,
        "api_url": settings.slack_api_url,
    }


def slack_manifest(settings: Settings, way: str | None) -> str:
    """The manifest of the Slack app, for Slack's pages. `way` is socket, http or many; None: what the settings say."""
    import json

    from adapters.slack.manifest import manifest
    from adapters.slack.ways import Credentials, Way

    credentials = Credentials(**_of_slack(settings))
    try:
        return json.dumps(manifest(Way(way) if way else credentials.wanted, credentials), indent=2)
    except ValueError as error:
        raise Problem(str(error)) from None


async def _kept(platform: Platform, handle: Handle, connected: Connected, stop: asyncio.Event) -> None:
    """Run a platform. When it is signed out for good the others go on; the last one takes the bot with it."""
    try:
        await platform.run(handle)
    except SignedOut as error:
        del connected.platforms[platform.name]
        if connected.platforms:
            log.error("%s is left out until the next start: %s", platform.name, error)  # noqa: TRY400 - the operator's to mend
            return
        connected.problem = Problem(str(error))
        stop.set()


async def _at_most(seconds: float, awaited: Awaitable[object]) -> None:
    """Wait for something, but not for long."""
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(awaited, seconds)


def _reachable(host: str) -> str:
    """The host as a browser on this machine names it."""
    if host in ("0.0.0.0", "::"):  # noqa: S104 - compared, not bound
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host


async def _local_schedule(database: Database, desk: Desk, place: Place, settings: Settings) -> None:
    """The local channel's question of the day: posted at midnight, open all day, so the first one comes at start."""
    now = datetime.now(UTC)
    community = await desk.community(place, now)
    plan = Plan(place, MIDNIGHT, community.zone)
    first = claims.latest_due(plan, now) or claims.next_due(plan, now)
    async with database.write() as tx:
        told = recap.following(plan, ZoneInfo(community.zone), now)
        await schedules.ensure(tx, community.id, place, MIDNIGHT, community.zone, ALL_DAY, first, now, told)


async def rebuild_scores(settings: Settings) -> str:
    """Derive every community's boards, days and streaks anew; what was done, in words."""
    database = await open_database(settings)
    lines = []
    try:
        async with database.read() as tx:
            every = (await tx.execute(select(communities.c.id, communities.c.name, communities.c.zone))).all()
        for community in every:
            today = datetime.now(UTC).astimezone(ZoneInfo(community.zone)).date()
            async with database.write() as tx:
                rebuilt = await rebuild.rebuild_scores(tx, community.id, today)
            lines.append(
                f"{community.name}: {rebuilt.scores} board lines from {rebuilt.answers} answers of {rebuilt.people} people"
            )
    finally:
        await database.close()
    return "\n".join(lines) or "There is no community yet, so there is nothing to rebuild."


async def explain(settings: Settings, schedule_id: int) -> str:
    """What became of a daily question; it may be asked while the bot is running."""
    try:
        async with Database.beside(settings.database) as tx:
            told = await history.explain(tx, schedule_id, datetime.now(UTC))
    except DatabaseProblem as error:
        raise Problem(str(error)) from None
    if told is None:
        raise Problem(f"there is no daily question {schedule_id}: /quiz schedule list shows those that there are")
    return told


async def about(settings: Settings, who: Account, form: Format) -> str:
    """All that is kept about somebody, as a file; it may be asked while the bot is running."""
    try:
        async with Database.beside(settings.database) as tx:
            kept = await dossier.collect(tx, who)
    except DatabaseProblem as error:
        raise Problem(str(error)) from None
    if not any(kept.sections.values()):
        raise Problem(f"nothing is kept about {who.user_id} on {who.platform}; a Slack id wants its --workspace, too")
    return written(kept, form)


async def discord_invitation(settings: Settings) -> str:
    """The address at which an admin adds the bot to a Discord server."""
    from adapters.discord import doctor

    if not settings.discord_token:
        raise Problem("STUDYBOT_DISCORD_TOKEN is empty: docs/discord.md says where to get a token")
    try:
        return await doctor.invitation(settings.discord_token, settings.discord_api_url)
    except PlatformError as error:
        raise Problem(f"Discord: {error}") from None


async def examine(settings: Settings) -> tuple[str, bool]:
    """What works and what doesn't, a line each with its mend, and whether all is well."""
    shelf = shelf_of(settings)
    found: list[tuple[str, str]] = [(f"{count(len(shelf.cards()), 'card')} in {count(len(shelf.decks), 'deck')}.", "")]
    async with AsyncExitStack() as stack:
        database: Database | None = None
        scheduled: list[Place] = []
        try:
            database = await open_database(settings)
        except Problem as problem:
            found.append((str(problem), "Nothing works without the database."))
        else:
            stack.push_async_callback(database.close)
            found.append(("The database opens and is up to date.", ""))
            async with database.read() as tx:
                scheduled = await schedules.places(tx)
        found += await _examine_discord(settings, [place for place in scheduled if place.platform == "discord"])
        found += await _examine_slack(settings, database, [place for place in scheduled if place.platform == "slack"])
    lines = [f"❌ {what}\n   {mend}" if mend else f"✅ {what}" for what, mend in found]
    return "\n".join(lines), not any(mend for _, mend in found)


async def _examine_discord(settings: Settings, places: Sequence[Place]) -> list[tuple[str, str]]:
    if not settings.discord_token:
        return []
    from adapters.discord import doctor

    findings = await doctor.examine(settings.discord_token, settings.discord_api_url, places)
    return [(finding.what, finding.mend) for finding in findings]


async def _examine_slack(
    settings: Settings, database: Database | None, places: Sequence[Place]
) -> list[tuple[str, str]]:
    from adapters.slack.ways import Credentials

    credentials = Credentials(**_of_slack(settings))
    if not credentials.used or database is None:
        return []
    from adapters.slack import doctor

    return [(each.what, each.mend) for each in await doctor.examine(credentials, _vault(database), places)]
