"""One run from one seed: schedules drawn at random, weather, workers that die and come back; then the verdict.

`python -m tests.checker.trial STORM SEED SCHEDULES DAYS ZONES` runs it again and prints what was found.
"""

from __future__ import annotations

import asyncio
import itertools
import logging
import random
import sys
import time
import zoneinfo
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Self
from unittest.mock import patch
from zoneinfo import ZoneInfo

from sqlalchemy import text, update

from bot.events import Place
from bot.features import claims, recap
from bot.store import people, questions, schedules
from bot.store.database import Database
from bot.store.schedules import Mode, Pause, Plan
from bot.store.tables import schedules as schedules_table
from tests.checker.clockwork import Clockwork
from tests.checker.crowd import Crowd, first_answers, person_of
from tests.checker.exchange import Exchange, Manner
from tests.checker.memory import WORKERS, InFile, Memory
from tests.checker.model import Window, weeks, windows
from tests.checker.record import Record
from tests.checker.spans import Span
from tests.checker.storm import FAIR, STORMS, STORMY, Storm
from tests.checker.verdict import History, Verdict, judge
from tests.checker.worker import Town, always
from tests.decks import shelf

START = datetime(2026, 2, 13, tzinfo=UTC)
"""A Friday: a few days from here hold a recap. Ninety hold the clock changes of both hemispheres, and Morocco's two."""

HOMES = ("UTC", "Europe/Berlin", "America/New_York", "Pacific/Auckland", "Asia/Kathmandu", "Pacific/Pago_Pago")
"""Zones that communities live in."""

NAMED = (
    "Europe/Berlin",
    "America/New_York",
    "Asia/Beirut",
    "Australia/Lord_Howe",
    "Pacific/Auckland",
    "Pacific/Chatham",
    "Africa/Casablanca",
    "Africa/Cairo",
    "America/Havana",
    "America/Nuuk",
    "America/Santiago",
    "America/St_Johns",
    "Antarctica/Troll",
    "Asia/Kathmandu",
    "Asia/Gaza",
    "Pacific/Apia",
    "Pacific/Kiritimati",
    "Pacific/Pago_Pago",
    "UTC",
)
"""Zones that something happens in, or that lie at the rim."""

PLATFORMS = {
    "nonces": Manner(remembers=timedelta(minutes=3), behind=timedelta(minutes=4)),
    "none": Manner(remembers=timedelta(), behind=timedelta(minutes=-1)),
}
"""Discord's way to take a key twice, and Slack's."""

SHARED = 0.25
"""How many schedules are another line of the question before them."""

AFTER = timedelta(days=2)
"""Fair weather at the end, in which nothing new comes, for the last ones to close."""

SHELF = shelf("ring", "zero", "sync")


@dataclass(frozen=True)
class Size:
    schedules: int
    days: float
    zones: int


@dataclass
class Trial:
    storm: Storm
    seed: int
    size: Size
    history: History
    verdict: Verdict
    seconds: float

    @property
    def record(self) -> Record:
        return self.history.record

    def __str__(self) -> str:
        verdict, record = self.verdict, self.record
        faults = dict(sorted(record.faults.items()))
        faults["outages"] = sum(map(len, record.outages.values()))
        faults["channels closed to the bot"] = sum(map(len, record.revoked.values()))
        shared = len(self.history.question) - len({*self.history.question.values()})
        lines = [
            (
                f"{self.storm.name} {self.seed}, {self.size}: {verdict.windows:,} windows, {verdict.owed:,} owed, {verdict.posted:,} posted, {shared:,} schedules of another's question;"
                f" {record.kills:,} kills, {', '.join(f'{number:,} {what}' for what, number in faults.items())};"
                f" {verdict.weeks:,} recaps possible, {verdict.weeks_owed:,} owed, {verdict.told:,} told;"
                f" {len(record.standing):,} messages, {verdict.twins:,} twins, the longest for {verdict.longest_twin},"
                f" {verdict.left} left until the last look; {record.ticks:,} ticks, {record.requests:,} requests; {self.seconds:.1f} s"
            ),
            *map(str, verdict.breaches[:20]),
        ]
        if verdict.breaches:
            size = self.size
            again = (
                f"python -m tests.checker.trial {self.storm.name} {self.seed} {size.schedules} {size.days} {size.zones}"
            )
            lines.append(f"{len(verdict.breaches)} breaches; to run it again: {again}")
        return "\n".join(lines)


def plans(size: Size, chance: random.Random) -> list[Plan]:
    """Schedules on both platforms: mostly at full hours and quarters, many in the small hours, in which clocks change."""
    every = sorted(zoneinfo.available_timezones() - {"localtime", "Factory"})
    zones = (
        [*NAMED, *chance.sample(every, 40)][: size.zones]
        if size.zones >= len(NAMED)
        else chance.sample(NAMED, size.zones)
    )
    found: dict[tuple[object, ...], Plan] = {}
    while len(found) < size.schedules:
        number = len(found)
        channel = number - chance.randrange(2)  # so that some have two
        place = Place(list(PLATFORMS)[channel % 7 % 2], f"w{channel % 50}", f"c{channel}")
        hour = chance.choice([0, 1, 2, 3, 23]) if chance.random() < 0.3 else chance.randrange(24)
        minute = chance.randrange(60) if chance.random() < 0.05 else chance.choice([0, 0, 0, 0, 15, 30, 30, 45])
        days = frozenset(chance.sample(range(7), chance.choice([*[1] * 9, 2, 3, 7])))
        plan = Plan(
            place,
            f"{hour:02}:{minute:02}",
            chance.choice(zones),
            days,
            mode=chance.choice([Mode.BUTTONS] * 9 + [Mode.REACTIONS]),
            open_minutes=chance.choice([None, None, 15, 30, 60, 240, 720, 1380, 2160]),
        )
        found[place, plan.time, plan.zone, plan.days] = plan
    return list(found.values())


def grouped(every: list[Plan], chance: random.Random) -> list[tuple[Plan, int | None]]:
    """Some of the plans stand in a channel of their own as what an earlier one is, whose place in the list is beside them."""
    found: list[tuple[Plan, int | None]] = []
    first = 0
    for number, plan in enumerate(every):
        if number and chance.random() < SHARED:
            leader = every[first]
            place = Place(leader.place.platform, leader.place.workspace, f"g{number}")
            found.append((replace(leader, place=place), first))
        else:
            first = number
            found.append((plan, None))
    return found


async def _run(loop: Clockwork, memory: Memory, seed: int, size: Size, storm: Storm, *, whole: bool) -> History:
    chance, weather = random.Random(seed), random.Random(f"weather {seed}")
    record = Record()
    ids = itertools.count(1)
    exchanges = {name: Exchange(name, loop, record, manner, ids) for name, manner in PLATFORMS.items()}
    homes: dict[int, tuple[str, str]] = {}
    question: dict[int, int] = {}
    promised: list[Window] = []
    of_place: defaultdict[Place, list[Plan]] = defaultdict(list)
    persons: dict[Place, int] = {}
    end = START + timedelta(days=size.days)
    async with memory.opened(loop, weather) as (databases, peek):
        town = Town(loop, databases, peek, SHELF, exchanges, record, storm, weather, memory.outside, whole)
        numbers: list[int] = []
        for plan, leader in grouped(plans(size, chance), random.Random(f"lines {seed}")):
            with town.asking():
                of = None if leader is None else numbers[leader]
                number, community = await _planned(databases[0], plan, of)
                numbers.append(number)
                question[number] = number if of is None else of
                if plan.place not in persons:
                    persons[plan.place] = await person_of(databases[0], community, plan.place, START)
            homes[number] = (plan.place.platform, plan.place.channel)
            promised += windows(number, plan, START, end)
            of_place[plan.place].append(plan)
        told = [week for place, every in of_place.items() for week in weeks(place, every, home_of(place), START, end)]
        crowd = Crowd(town, persons, random.Random(f"crowd {seed}"))
        for exchange in exchanges.values():
            exchange.heard = crowd.heard
        storm.spans(
            record, list(PLATFORMS), sorted({channel for _, channel in homes.values()}), size.days, START, weather
        )
        async with asyncio.TaskGroup() as tasks:
            for number in range(WORKERS):
                tasks.create_task(always(town, number, 60.0 * number, size.days * 86400.0))
        for spans in (record.outages, record.revoked):
            for name in spans:
                spans[name] = [Span(span.since, min(span.until, end)) for span in spans[name] if span.since < end]
        with town.asking():
            async with databases[0].write() as tx:
                await tx.execute(update(schedules_table).values(paused=Pause.ADMIN))
        town.storm, town.whole = FAIR, False  # for a last worker
        await always(town, 0, 0.0, (size.days + AFTER.days) * 86400.0)
        await crowd.ended()
        with town.asking():
            async with databases[0].read() as tx:
                left = await tx.execute(text(UNFINISHED))
                record.unfinished = [f"{row.key} is {row.state}" for row in left]
                answered = await first_answers(tx)
                given = {row.key: row.card_id for row in await tx.execute(text(GIVEN))}
    return History(promised, told, record, homes, question, given, answered, end, end + AFTER)


GIVEN = "SELECT key, card_id FROM posts WHERE state != 'failed' AND local_date IS NOT NULL"


UNFINISHED = """
    SELECT key, state FROM posts WHERE state NOT IN ('closed', 'failed')
    UNION ALL SELECT key, state FROM recaps WHERE state = 'claimed'
"""


def home_of(place: Place) -> str:
    """The zone that a channel's community lives in."""
    return HOMES[int(place.workspace[1:]) % len(HOMES)]


async def _planned(database: Database, plan: Plan, question: int | None) -> tuple[int, int]:
    """The numbers of its schedule and its community. With `question` it is another line of that."""
    home = home_of(plan.place)
    async with database.write() as tx:
        known = await people.community_of(tx, plan.place.platform, plan.place.workspace)
        community = known or await people.found_community(tx, plan.place.platform, plan.place.workspace, home, START)
        told = recap.following(plan, ZoneInfo(home), START)
        due = claims.next_due(plan, START)
        if question is not None:
            await questions.be_one(tx, question)
        number = await schedules.make(tx, community.id, plan, due, START, recap_at=told, question_id=question)
    assert number is not None
    return number, community.id


# ---------------------------------------------------------------- a run


def trial(seed: int, size: Size, storm: Storm = STORMY, memory: Memory | None = None, *, whole: bool = False) -> Trial:
    """`whole`: workers run `Timetable.run` itself, with every heartbeat."""
    began = time.perf_counter()
    loops: list[Clockwork] = []

    def make() -> Clockwork:
        loops.append(Clockwork(START))
        return loops[0]

    with _silence(), asyncio.Runner(loop_factory=make) as runner:
        runner.get_loop()
        with _apscheduler(loops[0]):
            found = runner.run(_run(loops[0], memory or InFile(), seed, size, storm, whole=whole))
    return Trial(storm, seed, size, found, judge(found), time.perf_counter() - began)


@contextmanager
def _apscheduler(loop: Clockwork) -> Iterator[None]:
    """APScheduler reads the machine's clock: here it reads the loop's."""

    class Clock(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Self:
            now = loop.now().astimezone(tz)
            return cls.combine(now.date(), now.timetz())

    with patch("apscheduler.schedulers.base.datetime", Clock), patch("apscheduler.triggers.interval.datetime", Clock):
        yield


@contextmanager
def _silence() -> Iterator[None]:
    """The bot's log of a stormy quarter is long."""
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)


if __name__ == "__main__":
    weather, number, *shape = sys.argv[1:]
    print(trial(int(number), Size(int(shape[0]), float(shape[1]), int(shape[2])), STORMS[weather]))
