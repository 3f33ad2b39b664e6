"""The composition root: opens what the bot is made of, runs it together, and stops it in order."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import signal
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime

from bot import connections, server
from bot.app import App
from bot.config import Settings
from bot.connections import Connected
from bot.features.desk import Desk
from bot.platform import Handle, Platform, SignedOut
from bot.problem import Problem
from bot.resources import data_folder, open_database, shelf_of
from bot.steward import Steward
from bot.store import schedules
from bot.store.ballots import Ballots
from bot.store.tombstones import Ledger
from bot.studio import Studio
from bot.timetable import Timetable
from bot.world import World

log = logging.getLogger(__name__)

FIRST_LOOK = 5.0
"""Seconds that the start waits for what is due to be posted; a platform that is slow to sign in gets it later."""
GARBAGE = (50_000, 20, 50)
"""When the collector looks for cycles. At Python's own 700 objects it is an eighth of what a burst of presses costs."""


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
        connected = await connections.connect(settings, database, desk, port)
        studio = Studio()
        stack.push_async_callback(studio.close)
        ledger = Ledger(data_folder(settings) / "forgotten")
        world = World(database, desk, shelf, connected.platforms, draw=studio.draw, ledger=ledger)
        steward = Steward(world)
        app = App(world, steward)
        timetable = Timetable(world, steward)

        async def is_ready() -> bool:
            async with database.read() as tx:
                await schedules.next_due(tx, connected.platforms, datetime.now(UTC))
            return True

        http = server.Server(server.application(is_ready, connected.routes))
        async with asyncio.TaskGroup() as tasks:
            running = [
                tasks.create_task(_kept(each, app.handle, connected, stop)) for each in connected.platforms.values()
            ]
            running.append(tasks.create_task(timetable.run()))
            running.append(tasks.create_task(app.examiner.run()))
            running.append(tasks.create_task(app.quizmaster.run()))
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
