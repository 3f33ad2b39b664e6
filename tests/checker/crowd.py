"""Those who answer: in most channels somebody, some time after a question has come. Their answers are what recaps tell of."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Mapping
from datetime import date, datetime, timedelta

from sqlalchemy import false, insert, literal, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.events import Place
from bot.store import people
from bot.store.ballots import Account
from bot.store.database import Database
from bot.store.tables import Moment, accounts, answers, posts
from tests.checker.worker import Town

ANSWERED = 0.85
"""How many questions are answered at all."""

LATEST = 4 * 3600.0
"""Seconds after which whoever answers has done so."""


class Crowd:
    """One person for each channel, whose answers are written as they would be by a worker that never fails."""

    def __init__(self, town: Town, persons: Mapping[Place, int], chance: random.Random) -> None:
        self._town = town
        self._persons = {(place.platform, place.workspace, place.channel): number for place, number in persons.items()}
        self._chance = chance
        self._answering: list[asyncio.Task[None]] = []

    def heard(self, key: str) -> None:
        """A message has come."""
        if key.startswith("daily:") and self._chance.random() < ANSWERED:
            after = self._chance.uniform(60, LATEST)
            self._answering.append(asyncio.get_running_loop().create_task(self._answer(key, after)))

    async def ended(self) -> None:
        await asyncio.gather(*self._answering)

    async def _answer(self, key: str, after: float) -> None:
        await asyncio.sleep(after)
        now = self._town.loop.now()
        with self._town.asking():
            async with self._town.databases[0].write() as tx:
                post = (await tx.execute(select(posts).where((posts.c.key == key) & (posts.c.closes_at > now)))).first()
                if post is None:
                    return
                known = select(answers.c.id).where(answers.c.post_id == post.id)
                if (await tx.execute(known)).first() is None:
                    await self._kept(tx, post.id, self._persons[post.platform, post.workspace, post.channel], now)

    async def _kept(self, tx: AsyncConnection, post: int, person: int, now: datetime) -> None:
        wrong = (literal("B"), literal(0.0), false(), literal(0), literal(10), literal(now, Moment()))
        account = select(accounts.c.id).where(accounts.c.person_id == person).scalar_subquery()
        who = (literal(person), account)
        mine = select(posts.c.community_id, posts.c.id, *who, posts.c.card_id, posts.c.day, *wrong)
        columns = [
            "community_id",
            "post_id",
            "person_id",
            "account_id",
            "card_id",
            "day",
            "given",
            "fraction",
            "correct",
            "points",
            "on_offer",
            "answered_at",
        ]
        await tx.execute(insert(answers).from_select(columns, mine.where(posts.c.id == post)))


async def person_of(database: Database, community_id: int, place: Place, now: datetime) -> int:
    """Somebody whom the community has met."""
    async with database.write() as tx:
        account = Account(place.platform, place.workspace, f"Ada of {place.channel}", "Ada")
        return (await people.person_of(tx, community_id, account, now)).id


async def first_answers(tx: AsyncConnection) -> dict[tuple[Place, date], datetime]:
    """When a channel's week, by its Monday, had its first answer to a question that stood."""
    query = select(posts.c.platform, posts.c.workspace, posts.c.channel, posts.c.day, answers.c.answered_at)
    stood = query.join(answers, answers.c.post_id == posts.c.id).where(posts.c.state != "failed")
    found: dict[tuple[Place, date], datetime] = {}
    for *place, day, at in await tx.execute(stood):
        week = Place(*place), day - timedelta(days=day.weekday())
        found[week] = min(at, found.get(week, at))
    return found
