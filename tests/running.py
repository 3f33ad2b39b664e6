"""The real program in a process of its own, as an operator starts it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx


def environment(folder: Path, **settings: str) -> dict[str, str]:
    """The machine's environment with no setting of ours but these; the system picks the port."""
    bare = {name: value for name, value in os.environ.items() if not name.startswith("STUDYBOT_")}
    return {**bare, "STUDYBOT_DATA": str(folder / "data"), "STUDYBOT_PORT": "0", "STUDYBOT_ZONE": "UTC", **settings}


def studybot(folder: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run `studybot …` in `folder` to its end."""
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        cwd=folder,
        env=environment(folder, **settings),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@dataclass
class Bot:
    """A running bot: where its page is, and the process."""

    url: str
    process: subprocess.Popen[str]

    @property
    def headers(self) -> dict[str, str]:
        return {"Origin": self.url}

    def client(self) -> httpx.Client:
        return httpx.Client(base_url=self.url, headers=self.headers, follow_redirects=True, timeout=20)

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(20)


@contextmanager
def running(folder: Path, **settings: str) -> Iterator[Bot]:
    """A bot that is ready; stopped with SIGTERM, and killed if that doesn't stop it."""
    with (folder / "log.txt").open("a") as log:
        process = subprocess.Popen(
            [sys.executable, "-u", "-m", "bot", "run"],
            cwd=folder,
            env=environment(folder, **settings),
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
        assert process.stdout is not None
        try:
            line = process.stdout.readline()
            address = re.search(r"http://[^\s/]+", line)
            assert address, f"not ready: {line!r}\n{(folder / 'log.txt').read_text()}"
            yield Bot(address[0], process)
        finally:
            process.terminate()
            try:
                process.wait(20)
            finally:
                process.kill()
                process.stdout.close()
