"""Pictures drawn in another process: the same ones, and the process never outlives its use or its bot."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
import subprocess
import sys
from concurrent.futures import BrokenExecutor
from datetime import date

import pytest

from bot import studio
from bot.pictures import Recap, draw
from bot.studio import Studio

SHEET = Recap(date(2026, 11, 16), date(2026, 11, 22), 12, 5, 34)

KILLED = """
import asyncio, os, signal
from datetime import date
from bot.pictures import Recap
from bot.studio import Studio

async def main():
    await Studio().draw(Recap(date(2026, 11, 16), date(2026, 11, 22), 12, 5, 34))
    print("drawn", flush=True)
    os.kill(os.getpid(), signal.SIGKILL)

if __name__ == "__main__":
    asyncio.run(main())
"""


async def test_a_picture_is_the_same_and_the_process_goes_when_none_is_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    place = Studio()
    assert not multiprocessing.active_children(), "there is none before the first picture"
    first, second = await asyncio.gather(place.draw(SHEET), place.draw(SHEET))
    assert first == second == draw(SHEET)
    (child,) = multiprocessing.active_children()
    assert child.pid is not None
    os.kill(child.pid, signal.SIGKILL)
    child.join()
    with pytest.raises(BrokenExecutor):
        await place.draw(SHEET)
    monkeypatch.setattr(studio, "IDLE", 0.0)
    assert await place.draw(SHEET) == first
    while multiprocessing.active_children():
        await asyncio.sleep(0.01)
    await place.close()


async def test_closing_lets_the_process_go() -> None:
    place = Studio()
    await place.draw(SHEET)
    await place.close()
    assert not multiprocessing.active_children()


def test_the_process_ends_with_a_bot_that_is_killed() -> None:
    """Both have the same output: it ends when the last of them is gone."""
    done = subprocess.run([sys.executable, "-c", KILLED], stdout=subprocess.PIPE, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout) == (-signal.SIGKILL, "drawn\n")
