"""A bot that does nothing but cast ballots, until it is killed: `python -m tests.store.caster FILE SEED`.

It prints the id of an answer once that has been acknowledged.
"""

from __future__ import annotations

import asyncio
import os
import random
import sys

from bot.store.ballots import Ballots, Standing
from bot.store.database import Database
from tests.store.town import Town, account

CASTERS, PEOPLE, NUMBERS, QUESTIONS = 24, 4000, 6, 3


async def cast_on(file: str, chance: random.Random) -> None:
    database = await Database.open(f"sqlite:///{file}")
    ballots = Ballots(database)
    town = Town.numbered(NUMBERS, QUESTIONS)

    async def caster() -> None:
        while True:
            user = f"u{chance.randrange(PEOPLE)}"
            number, card = chance.randint(1, NUMBERS), chance.randint(1, QUESTIONS)
            points = chance.choice([0, 10, 15])
            named = account(user, user + chance.choice(["", "", "!"]))
            receipt = await ballots.cast(town.ballot(user, number, card, account=named, points=points))
            if receipt.standing is Standing.RECORDED:
                os.write(1, f"{receipt.answer_id}\n".encode())

    await asyncio.gather(*(caster() for _ in range(CASTERS)))


if __name__ == "__main__":
    asyncio.run(cast_on(sys.argv[1], random.Random(int(sys.argv[2]))))
