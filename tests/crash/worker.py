"""A bot in a process of its own, with the clock and the end that the test gives it."""

from __future__ import annotations

import asyncio
import itertools
import os
import signal
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import psutil

from tests.crash.bot import LOOKED, Point
from tests.crash.nursery import Nursery
from tests.running import environment

PATIENCE = 60.0
"""Seconds after which a bot that does nothing fails the test."""

_NUMBERS = itertools.count()


class Worker:
    """Runs from the start until `kill`. `now` is the time for it, and stands still until it is told another."""

    def __init__(
        self, nursery: Nursery, folder: Path, settings: dict[str, str], now: datetime, at: Point | None, by: str
    ) -> None:
        self._nursery = nursery
        self._folder = folder / f"worker{next(_NUMBERS)}"
        self._folder.mkdir()
        self._clock = self._folder / "clock"
        self._ended: int | None = None
        self.set(now)
        crash = {"CRASH_CLOCK": str(self._clock), "CRASH_AT": at or "", "CRASH_BY": by}
        self._pid = nursery.start(self._folder, {**environment(folder, **settings), **crash})

    def set(self, now: datetime) -> None:
        """Put its clock to a time, without its noticing."""
        fresh = self._clock.with_suffix(".new")
        fresh.write_text(now.isoformat())
        fresh.replace(self._clock)

    def ring(self) -> None:
        """Let it look what is due."""
        assert self.ended is None, self.log
        os.kill(self._pid, signal.SIGUSR1)

    async def looks(self) -> None:
        """Wait until it has seen to all that is due by now: the look that is under way may have begun before."""
        await self._look()
        await self._look()

    async def up(self) -> None:
        """Wait until it has looked for the first time."""
        await self._until(lambda: self._looks() > 0, "looked")

    async def _look(self) -> None:
        before = self._looks()
        self.ring()
        await self._until(lambda: self._looks() > before, "looked")

    async def dies(self) -> None:
        """Wait until it has ended itself."""
        try:
            async with asyncio.timeout(PATIENCE):
                while self.ended is None:
                    await asyncio.sleep(0.01)
        except TimeoutError:
            raise AssertionError(f"it has not ended\n{self.log}") from None
        assert self.ended == -signal.SIGKILL, self.log

    async def stops(self) -> None:
        """Wait until it has stopped itself."""
        itself = psutil.Process(self._pid)
        await self._until(lambda: itself.status() == psutil.STATUS_STOPPED, "stopped")

    def goes_on(self) -> None:
        assert self.ended is None, self.log
        os.kill(self._pid, signal.SIGCONT)

    async def kill(self) -> None:
        """SIGKILL, and wait for its end."""
        assert self.ended is None, self.log
        os.kill(self._pid, signal.SIGKILL)
        await self.dies()

    @property
    def ended(self) -> int | None:
        """What it ended with, None while it lives. Its process id may be another's after that."""
        if self._ended is None:
            self._ended = self._nursery.ended(self._pid)
        return self._ended

    @property
    def log(self) -> str:
        return (self._folder / "log").read_text()

    def _looks(self) -> int:
        said = self._folder / "said"
        return said.read_text().count(LOOKED) if said.exists() else 0

    async def _until(self, true: Callable[[], bool], what: str) -> None:
        try:
            async with asyncio.timeout(PATIENCE):
                while not true():
                    assert self.ended is None, f"it ended instead\n{self.log}"
                    await asyncio.sleep(0.01)
        except TimeoutError:
            raise AssertionError(f"it has not {what}\n{self.log}") from None
