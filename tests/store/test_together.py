"""What is written together."""

from __future__ import annotations

import asyncio

import pytest

from bot.store.together import Apiece, Together

Batches = list[list[int]]


async def test_what_comes_while_a_batch_is_written_is_the_next_batch() -> None:
    batches: Batches = []
    go = asyncio.Event()

    async def write(batch: list[int]) -> int:
        batches.append(list(batch))
        await go.wait()
        return sum(batch)

    together = Together(write)
    first = asyncio.gather(*map(together.write, (1, 2)))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    second = asyncio.gather(*map(together.write, (3, 4, 5)))
    await asyncio.sleep(0)
    go.set()
    assert await first == [3, 3]
    assert await second == [12, 12, 12]
    assert batches == [[1, 2], [3, 4, 5]]


async def test_a_batch_holds_no_more_than_it_may_and_all_are_written_in_order() -> None:
    batches: Batches = []

    async def write(batch: list[int]) -> list[int]:
        batches.append(list(batch))
        await asyncio.sleep(0)
        return [10 * each for each in batch]

    apiece = Apiece(write, most=4)
    assert await asyncio.gather(*map(apiece.write, range(10))) == [10 * each for each in range(10)]
    assert batches == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]]


async def test_who_comes_soon_after_is_waited_for_where_that_is_wished() -> None:
    batches: Batches = []

    async def write(batch: list[int]) -> int:
        batches.append(list(batch))
        return len(batch)

    together = Together(write, linger=0.5)
    first = asyncio.create_task(together.write(1))
    await asyncio.sleep(0.001)
    assert await together.write(2) == 2
    assert await first == 2
    assert batches == [[1, 2]]


async def test_where_one_is_wrong_only_its_own_caller_is_told() -> None:
    async def write(batch: list[int]) -> list[int]:
        if 3 in batch:
            raise ValueError("three")
        return batch

    results = await asyncio.gather(*map(Apiece(write).write, range(5)), return_exceptions=True)
    assert [each if isinstance(each, int) else str(each) for each in results] == [0, 1, 2, "three", 4]


async def test_what_waits_is_written_though_its_caller_is_gone() -> None:
    written: list[int] = []
    go = asyncio.Event()

    async def write(batch: list[int]) -> None:
        await go.wait()
        written.extend(batch)

    together = Together(write)
    leaving = asyncio.create_task(together.write(1))
    await asyncio.sleep(0)
    leaving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await leaving
    go.set()
    await together.write(2)
    assert written == [1, 2]
