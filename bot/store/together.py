"""Writing together what comes in the same moment: the first of a batch starts it, the others join the next."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")


class Together(Generic[T, R]):
    """`write_all` takes a whole batch; each who waits for one of it gets what it returns, or the error that it raises.

    A batch grows while the one before is written, and before that for `linger` seconds, to `most` items.
    """

    def __init__(
        self, write_all: Callable[[list[T]], Awaitable[R]], *, linger: float = 0.0, most: int = sys.maxsize
    ) -> None:
        self._write_all = write_all
        self._linger = linger
        self._most = most
        self._waiting: list[T] = []
        self._next: asyncio.Task[R] | None = None
        self._turn = asyncio.Lock()

    async def write(self, one: T) -> R:
        """Back when `one` is written. Once it waits it is written even when the caller is cancelled."""
        if self._next is None or len(self._waiting) == self._most:
            self._waiting = []
            self._next = asyncio.get_running_loop().create_task(self._batch(self._waiting))
        self._waiting.append(one)
        return await asyncio.shield(self._next)

    async def _batch(self, batch: list[T]) -> R:
        if self._linger:
            await asyncio.sleep(self._linger)
        async with self._turn:  # while the batch before is written, this one grows
            if batch is self._waiting:
                self._next = None
            return await self._write_all(batch)


class Apiece(Generic[T, R]):
    """The same where each has a result of its own, in the batch's order. Where a batch fails, each is written by itself, so
    that what is wrong with one is nobody else's trouble.
    """

    def __init__(
        self, write_all: Callable[[list[T]], Awaitable[Sequence[R]]], *, linger: float = 0.0, most: int = sys.maxsize
    ) -> None:
        self._write_all = write_all
        self._together: Together[tuple[T, asyncio.Future[R]], None] = Together(self._written, linger=linger, most=most)

    async def write(self, one: T) -> R:
        """As `Together.write`."""
        result: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        await self._together.write((one, result))
        return await result

    async def _written(self, batch: list[tuple[T, asyncio.Future[R]]]) -> None:
        try:
            results = await self._write_all([one for one, _ in batch])
        except Exception as error:
            if len(batch) == 1:
                batch[0][1].set_exception(error)
                return
            for each in batch:
                await self._written([each])
        else:
            for (_, result), found in zip(batch, results, strict=True):
                result.set_result(found)
