"""The studio: where pictures are drawn, in a process of its own, so that the bot goes on meanwhile.

Drawing holds the interpreter's lock for as long as it takes. The process comes with the first picture, which takes a second
more, and goes when none has been wanted for a while: for a recap a week its 40 MB are too much.
"""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from concurrent.futures import BrokenExecutor, Executor
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.messages import Picture
    from bot.pictures import Sheet

IDLE = 60.0
"""Seconds without a picture after which the process goes."""


class Studio:
    def __init__(self) -> None:
        self._pool: Executor | None = None
        self._drawing = 0
        self._leaving: asyncio.TimerHandle | None = None

    async def draw(self, sheet: Sheet, dark: bool = False) -> Picture:
        """The sheet drawn, for a dark screen or a light one. RuntimeError or OSError when the renderer or its process gives up."""
        from bot.pictures import Theme, drawn

        if self._leaving is not None:
            self._leaving.cancel()
            self._leaving = None
        if self._pool is None:
            self._pool = _pool()
        pool = self._pool
        self._drawing += 1
        try:
            return await drawn(sheet, Theme.DARK if dark else Theme.LIGHT, pool)
        except BrokenExecutor:
            if self._pool is pool:
                self._pool = None  # the next picture gets a new one
            raise
        finally:
            self._drawing -= 1
            if not self._drawing and self._pool is not None:
                self._leaving = asyncio.get_running_loop().call_later(IDLE, self._leave)

    async def close(self) -> None:
        """Let the process go; a picture that is being drawn is waited for."""
        if self._leaving is not None:
            self._leaving.cancel()
        pool, self._pool = self._pool, None
        if pool is not None:
            await asyncio.to_thread(pool.shutdown, cancel_futures=True)

    def _leave(self) -> None:
        pool, self._pool, self._leaving = self._pool, None, None
        if pool is not None:
            pool.shutdown(wait=False)


def _pool() -> Executor:
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor

    fresh = multiprocessing.get_context("spawn")  # a fork would take the bot's threads and files along
    return ProcessPoolExecutor(1, fresh, initializer=_prepare)


def _prepare() -> None:
    """In the new process: Ctrl-C is the bot's to hear, and when the bot is killed nobody is left waiting for work."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    import multiprocessing

    parent = multiprocessing.parent_process()
    assert parent is not None
    parent.join()
    os._exit(0)
