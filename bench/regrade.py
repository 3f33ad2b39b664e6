"""What a corrected key costs, and how long presses wait meanwhile. `python -m bench.regrade [--quick]`.

A card was answered a hundred thousand times, and an admin corrects its key. While every answer is graded anew, people go on
pressing, fifty a second, on a post of that very card; the same presses are timed before, on a quiet database. It fails unless
everybody's answer is graded by the new key afterwards and the kept boards are what `rebuild-scores` makes of the answers.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import tempfile
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlalchemy import func, insert, select

from bench._machine import machine, table
from bench._postgresql import beside_postgresql
from bench.ballots import cast
from bot.events import Place
from bot.examiner import Examiner
from bot.features.desk import Desk, graded
from bot.library.shelf import Shelf
from bot.quiz.cards import Level, Option, SingleChoice, to_json
from bot.quiz.corrections import Extent
from bot.store import cards as kept_cards
from bot.store import corrections, posts
from bot.store.ballots import Account, Ballot, Ballots
from bot.store.corrections import State
from bot.store.database import Database
from bot.store.rebuild import rebuild_scores
from bot.store.tables import answers, cards, communities
from bot.store.tables import posts as post_rows
from bot.world import World
from tests.postgres import Server
from tests.store.town import kept

FIRST = date(2026, 1, 5)
OPENS = datetime(2026, 1, 5, 9, tzinfo=UTC)
DAYS = 5
"""Days on which everybody answered; on the next one they are answering while the key is corrected."""

PACE = 0.02
"""Seconds between two presses."""

CARD = SingleChoice(
    id="ring",
    kind="single_choice",
    level=Level.ADVANCED,
    prompt="How many bytes does each rank send?",
    options=(Option(text="S / N"), Option(text="2(N−1)/N · S", correct=True), Option(text="N · S"), Option(text="S")),
)


@dataclass(frozen=True)
class Figures:
    """Seconds: that regrading took, and that presses waited before and meanwhile."""

    seconds: float
    before: list[float]
    meanwhile: list[float]


async def prepare(database: Database) -> None:
    """A community whose card is asked day after day."""
    here = {
        "community_id": 1,
        "platform": "bench",
        "workspace": "g",
        "channel": "c",
        "mode": "buttons",
        "feedback": "now",
    }
    async with database.write() as tx:
        await tx.execute(insert(communities).values(id=1, name="Bench", zone="UTC", created_at=OPENS))
        kept_as = {"deck": "d", "deck_title": "D", "card": CARD.id, "version": "1", "body": to_json(CARD)}
        await tx.execute(insert(cards).values(id=1, community_id=1, **kept_as))
        each = [
            {"id": at + 1, "card_id": 1, "key": f"k{at}", "message_id": f"m{at}", "day": FIRST + timedelta(days=at)}
            | {"day_number": at + 1, "opens_at": OPENS, "closes_at": OPENS + timedelta(days=400), "claimed_at": OPENS}
            for at in range(DAYS + 1)
        ]
        await tx.execute(insert(post_rows), [{**here, **row, "seeded": True, "state": "open"} for row in each])


async def fill(database: Database, people: int) -> None:
    """Everybody answers on every day."""
    box = Ballots(database)
    for number in range(1, DAYS + 1):
        async with database.read() as tx:
            post = await posts.by_id(tx, number)
        assert post is not None
        some: list[Ballot] = [
            graded(post, person(each), "ABCD"[(each + number) % 4], OPENS + timedelta(milliseconds=each))[0]
            for each in range(people)
        ]
        await cast(box, some, 1000)
    await box.stop()


def person(each: int) -> Account:
    return Account("bench", "", str(10**17 + each), f"Person {each}")


async def press(desk: Desk, who: Iterator[int], until: asyncio.Event) -> list[float]:
    """Somebody presses every now and then; how long each waited for the verdict."""
    waits: list[float] = []

    async def one(each: int) -> None:
        began = time.perf_counter()
        post = await desk.post(DAYS + 1)
        assert post is not None
        await desk.answer(post, person(each), "ABCD"[each % 4], OPENS)
        waits.append(time.perf_counter() - began)

    async with asyncio.TaskGroup() as tasks:
        while not until.is_set():
            tasks.create_task(one(next(who)))
            await asyncio.sleep(PACE)
    return waits


async def correct(database: Database) -> int:
    async with database.write() as tx:
        card = (await kept_cards.by_ids(tx, [1]))[1]
        number = await corrections.propose(tx, 1, card, 1, "C", Extent.ONLY, OPENS, Place("discord", "g", "c"))
        await corrections.confirm(tx, number, 1, Extent.ONLY, OPENS)
    return number


async def measure(database: Database, people: int) -> Figures:
    await prepare(database)
    await fill(database, people)
    ballots = Ballots(database)
    desk = Desk(database, ballots, "UTC")
    examiner = Examiner(World(database, desk, Shelf(), {}))
    who = itertools.count()
    quiet, done = asyncio.Event(), asyncio.Event()
    asyncio.get_running_loop().call_later(3, quiet.set)
    before = await press(desk, who, quiet)
    number = await correct(database)
    pressing = asyncio.create_task(press(desk, who, done))
    began = time.perf_counter()
    await examiner.regrade(number)
    seconds = time.perf_counter() - began
    done.set()
    meanwhile = await pressing
    await ballots.stop()
    await check(database, number, people * DAYS + len(before) + len(meanwhile))
    return Figures(seconds, before, meanwhile)


async def check(database: Database, number: int, expected: int) -> None:
    """Nothing is lost, and nothing counted twice."""
    as_kept = await kept(database)
    async with database.write() as tx:
        made = await corrections.by_id(tx, number)
        assert made is not None
        assert made.state is State.TELLING
        right = (answers.c.correct == (answers.c.given == "C")) & (answers.c.correction == number)
        found = (await tx.execute(select(func.count()).where(right))).scalar_one()
        assert found == expected, f"{found} of {expected} answers go by the new key"
        await rebuild_scores(tx, 1, FIRST)
    assert await kept(database) == as_kept


def milliseconds(waits: list[float], share: float) -> str:
    return f"{1000 * sorted(waits)[int(share * (len(waits) - 1))]:.1f}"


async def run(people: int, server: Server) -> list[list[str]]:
    rows: list[list[str]] = []
    for kind in ("SQLite", "PostgreSQL"):
        async with AsyncExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="studybot-bench-")))
            url = f"sqlite:///{folder / 'studybot.db'}" if kind == "SQLite" else await server.fresh()
            database = await Database.open(url)
            stack.push_async_callback(database.close)
            found = await measure(database, people)
        each = [milliseconds(waits, share) for waits in (found.before, found.meanwhile) for share in (0.5, 0.99)]
        number = people * DAYS
        rows.append([kind, f"{number:,}", f"{found.seconds:.1f}", f"{number / found.seconds:,.0f}", *each])
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="ten thousand answers")
    people = 2000 if parser.parse_args().quick else 20_000
    rows = beside_postgresql(lambda server: run(people, server))
    print(machine())
    print()
    head = ["database", "answers", "seconds", "answers/s", "p50 ms before", "p99 ms before", "p50 ms meanwhile"]
    print(table([*head, "p99 ms meanwhile"], rows))


if __name__ == "__main__":
    main()
