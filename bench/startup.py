"""How long `studybot --help` and a start take, and what the bot weighs at rest. `python -m bench.startup`.

Whole processes, timed from outside: interpreter, imports, decks, database and the first question included.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

RUNS = 5
SETTLE = 5.0
"""Seconds between 'ready' and the reading of the memory."""


def help_seconds() -> float:
    began = time.perf_counter()
    subprocess.run([sys.executable, "-m", "bot", "--help"], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


def start(folder: Path) -> tuple[float, float]:
    """Seconds until the bot says that it is ready, and its resident MiB when it has settled."""
    environment = {**os.environ, "STUDYBOT_DATA": str(folder), "STUDYBOT_PORT": "0"}
    began = time.perf_counter()
    bot = subprocess.Popen(
        [sys.executable, "-u", "-m", "bot", "run"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert bot.stdout is not None
        line = bot.stdout.readline()
        ready = time.perf_counter() - began
        if "ready" not in line:
            raise RuntimeError(f"the bot did not start: {line!r}")
        time.sleep(SETTLE)
        return ready, psutil.Process(bot.pid).memory_info().rss / 2**20
    finally:
        bot.terminate()
        bot.wait(20)


def main() -> None:
    subprocess.run(
        [sys.executable, "-m", "bot", "--help"], check=True, stdout=subprocess.DEVNULL
    )  # writes the bytecode
    helps = [help_seconds() for _ in range(RUNS)]
    with tempfile.TemporaryDirectory() as name:
        first = start(Path(name))
        starts = [start(Path(name)) for _ in range(RUNS)]
    ready, memory = ([run[i] for run in starts] for i in (0, 1))
    print("| what | median | min to max | wanted |")
    print("|---|---|---|---|")
    for what, values, unit, wanted in (
        ("`studybot --help`", helps, "s", "under 0.4 s"),
        ("`studybot run`, ready (existing database)", ready, "s", "under 2 s"),
        ("`studybot run`, ready (empty folder, migrations and first question)", [first[0]], "s", "under 2 s"),
        ("resident at rest", memory, "MiB", "under 120 MiB"),
    ):
        spread = f"{min(values):.2f} to {max(values):.2f}"
        print(f"| {what} | {statistics.median(values):.2f} {unit} | {spread} | {wanted} |")


if __name__ == "__main__":
    main()
