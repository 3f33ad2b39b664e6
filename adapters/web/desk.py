"""The one thread that reads and writes the channel's memory, a call at a time."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from adapters.web.channel import Channel
from bot.platform import Unavailable
from bot.words import N_

P = ParamSpec("P")
T = TypeVar("T")


class Desk:
    def __init__(self, path: Path | str, now: Callable[[], datetime]) -> None:
        self._path = path
        self._channel = Channel(path, now)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="web-channel")

    async def ask(self, what: Callable[Concatenate[Channel, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """What a method of `Channel` returns. Unavailable when its file can't be read or written."""
        call = partial(what, self._channel, *args, **kwargs)
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, call)
        except sqlite3.Error as error:
            raise Unavailable(
                N_("The browser channel’s file {path} can’t be used: {error}"), path=str(self._path), error=str(error)
            ) from error
