"""`python -m tests.emulators.discord --port 0`: prints one JSON line when ready, and runs until it is told to stop."""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import os
import signal
import threading
from contextlib import suppress

from tests.emulators.discord.clock import Clock
from tests.emulators.discord.members import User
from tests.emulators.discord.server import Server
from tests.emulators.discord.sockets import gateway_url
from tests.emulators.discord.world import World


async def run(host: str, port: int, token: str, name: str, *, with_parent: bool) -> None:
    clock = Clock()
    bot = User(clock.snowflake(), name, bot=True)
    world = World(token, clock, bot, users={bot.id: bot})
    server = Server(world)
    base = await server.start(host, port)
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    if with_parent:
        threading.Thread(target=_await_end_of_input, args=(asyncio.get_running_loop(), stop), daemon=True).start()
    # What is kept here is kept on purpose; looking for cycles in it would be most of the work in a burst.
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)
    ready = {
        "url": base,
        "api": f"{base}/api/v10",
        "gateway": gateway_url(world),
        "control": f"{base}/control",
        "token": token,
        "application_id": world.application_id,
    }
    print(json.dumps(ready), flush=True)
    await stop.wait()
    await server.close()


def _await_end_of_input(loop: asyncio.AbstractEventLoop, stop: asyncio.Event) -> None:
    os.read(0, 1)
    with suppress(RuntimeError):
        loop.call_soon_threadsafe(stop.set)


def main() -> None:
    options = argparse.ArgumentParser(prog="python -m tests.emulators.discord", description=__doc__)
    options.add_argument("--host", default="127.0.0.1")
    options.add_argument("--port", type=int, default=0)
    options.add_argument("--token", default="loopback.token.of-no-worth")
    options.add_argument("--name", default="Loopback Bot")
    options.add_argument("--with-parent", action="store_true", help="end when standard input does")
    given = options.parse_args()
    asyncio.run(run(given.host, given.port, given.token, given.name, with_parent=given.with_parent))


if __name__ == "__main__":
    main()
