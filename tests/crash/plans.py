"""What the channel of a scene is to be told, as the workers find it in the database when they start."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

from bot.events import Place
from bot.features import claims, recap
from bot.features.desk import graded
from bot.library.shelf import open_shelf
from bot.quiz import weeks
from bot.store import cards, people, post_claims, posts, schedules
from bot.store.ballots import Account, Ballots
from bot.store.database import Database
from bot.store.post_claims import Wanted
from bot.store.posts import PostRow
from bot.store.schedules import Feedback, Plan
from bot.store.stood import Stood

DECK = """\
deck: {id: own, title: Our own}
cards:
- {id: one, kind: true_false, prompt: It works., answer: true, explanation: It does., source: This test}
"""

ANN, BOB = "Ann", "Bob"

AHEAD = timedelta(hours=1)
"""From the beginning of a scene to its question, less the seconds of a minute."""

OPEN = timedelta(hours=2)

UTC = ZoneInfo("UTC")


class Ground(Protocol):
    """Where it is to happen: a folder for the deck, the database by its address, and the time."""

    folder: Path
    url: str
    now: datetime

    @property
    def place(self) -> Place: ...


async def question(town: Ground, feedback: Feedback = Feedback.NOW) -> float:
    """A question a day, open for two hours; seconds until the first is due."""
    at = (town.now + AHEAD).replace(second=0, microsecond=0)
    minutes = int(OPEN.total_seconds() // 60)
    plan = Plan(town.place, f"{at:%H:%M}", "UTC", feedback=feedback, open_minutes=minutes)
    _lay_out(town)
    database = await Database.open(town.url)
    try:
        async with database.write() as tx:
            here = await people.found_community(tx, plan.place.platform, plan.place.workspace, "UTC", town.now)
            assert await schedules.make(tx, here.id, plan, (at.date(), at), town.now)
    finally:
        await database.close()
    return (at - town.now).total_seconds()


async def recap_of_a_week(town: Ground) -> float:
    """A week with a question on its Wednesday, which Ann and Bob got right; seconds until the channel is told of it.

    The channel’s questions come on Sundays, so none comes along.
    """
    plan = Plan(town.place, f"{town.now + AHEAD:%H:%M}", "UTC", frozenset({6}), open_minutes=60)
    at = recap.following(plan, UTC, town.now)
    _lay_out(town)
    database = await Database.open(town.url)
    ballots = Ballots(database)
    try:
        async with database.write() as tx:
            here = await people.found_community(tx, plan.place.platform, plan.place.workspace, "UTC", town.now)
            made = await schedules.make(tx, here.id, plan, claims.next_due(plan, at), town.now, recap_at=at)
            assert made is not None
        asked = await _asked(database, town, made, at - weeks.WEEK + timedelta(days=2))
        for name in (ANN, BOB):
            who = Account(plan.place.platform, "", f"the id of {name}", name)
            await ballots.cast(graded(asked, who, "true", asked.opens_at)[0])
        async with database.write() as tx:
            await posts.end(tx, asked, asked.closes_at)
            await posts.close(tx, asked, asked.closes_at, "2 answered")
    finally:
        await ballots.stop()
        await database.close()
    return (at - town.now).total_seconds()


async def _asked(database: Database, town: Ground, schedule_id: int, at: datetime) -> PostRow:
    """A question of an earlier day, open still."""
    ((deck, card),) = open_shelf([town.folder / "decks"]).cards()
    async with database.write() as tx:
        schedule = await schedules.by_id(tx, schedule_id)
        assert schedule is not None
        (kept,) = await cards.keep(tx, schedule.community_id, [(deck, card)])
        asked = await post_claims.claim(tx, [Wanted(schedule, at.date(), kept, at.date(), at + OPEN)], at)
        standing = await posts.stand(tx, [Stood(asked[schedule_id], "long ago")], at)
    return standing[asked[schedule_id].id]


def _lay_out(town: Ground) -> None:
    decks = town.folder / "decks"
    decks.mkdir()
    (decks / "own.yaml").write_text(DECK)
