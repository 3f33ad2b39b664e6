"""A bot that does nothing but regrade, until it is killed: `python -m tests.store.regrader FILE CORRECTION`.

It prints a line after each part.
"""

from __future__ import annotations

import asyncio
import os
import sys

from bot.store import regrading
from bot.store.database import Database
from bot.store.regrading import Mark, Waiting

PART, MOST = 2, 20
"""Answers in a part, and parts that one such bot gets done at most, however late it is killed."""


def mark(answer: Waiting) -> Mark:
    """What was wrong is right, and the other way round."""
    right = answer.given == "A"
    return Mark(answer.id, float(right), right, 10 * right, 10)


async def part(database: Database, number: int) -> bool:
    """Regrade some answers; False when none is left."""
    async with database.read() as tx:
        found = await regrading.waiting(tx, number, PART)
    async with database.write() as tx:
        return bool(found) and await regrading.regrade(tx, number, [mark(each) for each in found])


async def regrade_on(file: str, number: int) -> None:
    database = await Database.open(f"sqlite:///{file}")
    for _ in range(MOST):
        if await part(database, number):
            os.write(1, b".\n")
    await asyncio.sleep(60)


if __name__ == "__main__":
    asyncio.run(regrade_on(sys.argv[1], int(sys.argv[2])))
