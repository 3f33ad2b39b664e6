"""Where the bots of the matrix come from: a process that has loaded what a bot is made of, and forks one when it is asked.

Loading takes two seconds of work, and the matrix starts three hundred bots. Each is a process of its own, and meets
its end as one. `python -m tests.crash.nursery` reads an order a line, as JSON, and answers each with a line. When nobody is left to
give orders it ends, and all its bots with it.
"""

from __future__ import annotations

import ctypes
import importlib
import json
import os
import signal
import subprocess
import sys
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

ROOT = Path(__file__).parents[2]

LOADED = (
    "adapters.discord.client",
    "adapters.slack.client",
    "adapters.slack.ways",
    "alembic.command",
    "asyncpg",
    "bot.pictures",
    "tests.crash.bot",
    "uvicorn.lifespan.off",
    "uvicorn.protocols.http.auto",
)
"""What a bot would load one after the other as it starts, connects, and draws its first picture."""


class Nursery:
    """The test's side of it."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def start(self, folder: Path, environment: Mapping[str, str]) -> int:
        """The process id of a new bot, which works in `folder`, prints into `said` there and logs into `log`."""
        return int(self._ask({"do": "start", "folder": str(folder), "environment": dict(environment)}))

    def ended(self, pid: int) -> int | None:
        """What a bot ended with, as in `subprocess`: the negative number of a signal; None while it lives."""
        status = self._ask({"do": "look", "pid": pid})
        return None if status is None else int(status)

    def _ask(self, order: dict[str, Any]) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        assert answer, "the nursery has ended: why, it says where the tests do"
        return json.loads(answer)


@contextmanager
def started() -> Iterator[Nursery]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.crash.nursery"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        with process:  # closes the pipes, upon which it ends, and waits
            yield Nursery(process)
    finally:
        process.kill()


def main() -> None:
    for name in LOADED:
        importlib.import_module(name)
    bots: dict[int, int | None] = {}
    for line in sys.stdin:
        order = json.loads(line)
        if order["do"] == "start":
            pid = _fork(Path(order["folder"]), order["environment"])
            bots[pid] = None
            print(pid, flush=True)
        else:
            print(json.dumps(_ended(order["pid"], bots)), flush=True)
    for bot in bots:
        if _ended(bot, bots) is None:
            os.kill(bot, signal.SIGKILL)
            os.waitpid(bot, 0)


def _ended(pid: int, bots: dict[int, int | None]) -> int | None:
    if bots[pid] is None:
        found, status = os.waitpid(pid, os.WNOHANG)
        bots[pid] = os.waitstatus_to_exitcode(status) if found else None
    return bots[pid]


def _fork(folder: Path, environment: Mapping[str, str]) -> int:
    """A new process, which never comes back from here."""
    pid = os.fork()
    if not pid:
        _be_a_bot(folder, environment)
    return pid


def _be_a_bot(folder: Path, environment: Mapping[str, str]) -> NoReturn:
    status = 1
    try:
        if sys.platform == "linux":  # also where the nursery itself is killed
            ctypes.CDLL(None).prctl(1, signal.SIGKILL)
        for number, name, way in ((0, os.devnull, "r"), (1, folder / "said", "w"), (2, folder / "log", "w")):
            with open(name, way) as file:  # noqa: PTH123 - one of them is no path
                os.dup2(file.fileno(), number)
        os.chdir(folder)
        os.environ.clear()
        os.environ.update(environment)
        importlib.import_module("tests.crash.bot").main()
        status = 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


if __name__ == "__main__":
    main()
