"""A live round of one question in a town, from its lobby to its end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import count

from bot.events import Place
from bot.store import live, live_answers
from bot.store.ballots import Account
from bot.store.database import Database
from bot.store.live import Ending, LiveRound, State, Wish
from bot.store.live_answers import Buzz, Receipt
from bot.store.people import among, person_of

KEYS = count()


async def asked(
    database: Database, community: int, place: Place, card: int, host: Account, day: date, now: datetime
) -> LiveRound:
    """A round whose question can be answered from `now` on."""
    async with database.write() as tx:
        who = await person_of(tx, community, host, now)
        wish = Wish(community, place, who.account_id, "D", [card], 20, day, f"{place}{next(KEYS)}")
        begun = await live.begin(tx, wish, now)
        assert begun is not None
        await live.stand(tx, begun, "m1", now)
        ends_at = now + timedelta(seconds=20)
        moved = await live.move(tx, begun, now, state=State.ASKING, begins_at=now, ends_at=ends_at)
    assert moved is not None
    return moved


async def pressed(
    database: Database, row: LiveRound, presses: Sequence[tuple[Account, str, datetime]]
) -> list[Receipt]:
    every = [Buzz(row.id, row.position, row.place, who, given, at) for who, given, at in presses]
    async with database.write() as tx:
        return await live_answers.take(tx, every)


async def over(database: Database, row: LiveRound) -> None:
    """The question is closed, and with it the round."""
    async with database.write() as tx:
        await among(tx)
        current = (await live.locked(tx, [row.id]))[row.id]
        await live_answers.close(tx, current)
        ended = await live.move(tx, current, row.ends_at, state=State.OVER, ending=Ending.FINISHED)
        assert ended is not None
        await live.shown(tx, replace(ended, state=State.OVER), row.ends_at)
