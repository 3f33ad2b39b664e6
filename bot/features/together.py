"""Writing together what comes in the same moment: the first of a batch starts it, the others join the next."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")


class Together(Generic[T, R]):
    """`write_all` takes a whole batch; each who waits for one of it gets what it returns, or the error that it raises."""

    def __init__(self, write_all: Callable[[list[T]], Awaitable[R]]) -> None:
        self._write_all = write_all
        self._waiting: list[T] = []
        self._next: asyncio.Task[R] | None = None
        self._turn = asyncio.Lock()

    async def write(self, one: T) -> R:
        """Back when `one` is written. Once it waits it is written even when the caller is cancelled."""
        self._waiting.append(one)
        if self._next is None:
            self._next = asyncio.get_running_loop().create_task(self._batch())
        return await asyncio.shield(self._next)

    async def _batch(self) -> R:
        async with self._turn:  # while the batch before is written, this one grows
            batch, self._waiting = self._waiting, []
            self._next = None
            return await self._write_all(batch)
