"""`python -m tests.emulators.slack --port 0`: prints one JSON line when ready, and runs until it is told to stop."""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import os
import signal
import threading
from contextlib import suppress

from tests.emulators.slack.server import Server
from tests.emulators.slack.world import World, new_app


async def run(host: str, port: int, *, with_parent: bool) -> None:
    world = World(new_app())
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
    app = world.app
    ready = {
        "url": base,
        "api": f"{base}/api/",
        "control": f"{base}/control",
        "app_id": app.id,
        "app_token": app.app_token,
        "client_id": app.client_id,
        "client_secret": app.client_secret,
        "signing_secret": app.signing_secret,
        "verification_token": app.verification_token,
    }
    print(json.dumps(ready), flush=True)
    await stop.wait()
    await server.close()


def _await_end_of_input(loop: asyncio.AbstractEventLoop, stop: asyncio.Event) -> None:
    os.read(0, 1)
    with suppress(RuntimeError):
        loop.call_soon_threadsafe(stop.set)


def main() -> None:
    options = argparse.ArgumentParser(prog="python -m tests.emulators.slack", description=__doc__)
    options.add_argument("--host", default="127.0.0.1")
    options.add_argument("--port", type=int, default=0)
    options.add_argument("--with-parent", action="store_true", help="end when standard input does")
    given = options.parse_args()
    asyncio.run(run(given.host, given.port, with_parent=given.with_parent))


if __name__ == "__main__":
    main()
