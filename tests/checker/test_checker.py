"""A quarter of a year of daily questions and weekly recaps in bad weather: none missed, none doubled, none outside its time,
every question closed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import date, datetime, timedelta
from multiprocessing import get_context
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot import herald
from bot.events import MessageRef
from bot.features import claims
from bot.features.kin import Kin
from bot.herald import Herald
from bot.messages import Message
from bot.postman import Postman
from bot.quiz import due, weeks
from bot.store import post_claims, recaps
from bot.store.post_claims import Wanted
from bot.store.posts import PostRow
from bot.store.recaps import RecapRow
from bot.store.schedules import Plan, Schedule
from bot.store.tables import posts as posts_table
from bot.store.tables import recaps as recaps_table
from bot.teller import Teller
from tests.checker.memory import OnServer
from tests.checker.storm import ROUGH, Storm
from tests.checker.trial import Size, trial
from tests.checker.verdict import Fault
from tests.postgres import Server

SMALL = Size(schedules=16, days=5, zones=8)


@pytest.mark.parametrize("seed", [1, *(pytest.param(seed, marks=pytest.mark.slow) for seed in (2, 3))])
def test_every_question_comes_once_and_in_its_time(seed: int) -> None:
    found = trial(seed, SMALL, ROUGH)
    assert not found.verdict.breaches, str(found)
    assert found.verdict.owed > 0.8 * found.verdict.windows > 0, str(found)
    assert found.verdict.weeks_owed > 1, str(found)
    assert found.record.kills > 10, str(found)
    assert not found.verdict.left, str(found)


def test_a_seed_tells_the_same_story_twice() -> None:
    size = Size(schedules=16, days=2, zones=5)
    first, second = trial(5, size, ROUGH), trial(5, size, ROUGH)
    assert first.record == second.record
    assert first.record.standing


# ---------------------------------------------------------------- the checker itself, with a bot that is broken


OFTEN_AWAY = replace(ROUGH, name="often away", lives=timedelta(hours=2), restarts=0.1)
OFTEN_STOPPED = replace(ROUGH, name="often stopped", held=0.05, lost_after=0.1)
OFTEN_LOST = replace(ROUGH, name="often lost", lost_after=0.4)
WIDER = Size(schedules=60, days=5, zones=8)


SEEDS = range(1, 7)
"""For what is broken on purpose: it need not come into play in each story."""


def faults(seed: int, storm: Storm, size: Size) -> set[Fault]:
    return {breach.fault for breach in trial(seed, size, storm).verdict.breaches}


def sees(*wanted: Fault, storm: Storm = ROUGH, size: Size = SMALL) -> bool:
    """Whether each of these is found in one of some stories."""
    found: set[Fault] = set()
    for seed in SEEDS:
        found |= faults(seed, storm, size)
        if found.issuperset(wanted):
            return True
    return False


@pytest.mark.parametrize(
    ("storm", "size"),
    [
        pytest.param(OFTEN_AWAY, SMALL, marks=pytest.mark.slow),
        pytest.param(OFTEN_LOST, SMALL, marks=pytest.mark.slow),
        pytest.param(OFTEN_STOPPED, WIDER, marks=pytest.mark.slow),
    ],
    ids=[OFTEN_AWAY.name, OFTEN_LOST.name, OFTEN_STOPPED.name],
)
def test_it_finds_no_fault_with_the_bot_as_it_is(storm: Storm, size: Size) -> None:
    """In the very weather in which it finds those below; for rough weather see above."""
    assert not any(faults(seed, storm, size) for seed in SEEDS[:2])


@pytest.mark.slow
def test_it_sees_a_date_that_two_may_claim(monkeypatch: pytest.MonkeyPatch) -> None:
    claim = post_claims.claim

    async def for_anyone(tx: AsyncConnection, wanted: Sequence[Wanted], now: datetime) -> dict[int, PostRow]:
        for each in wanted:
            mine = (posts_table.c.schedule_id == each.schedule.id) & (posts_table.c.local_date == each.slot)
            other = posts_table.c.key.concat("/").concat(posts_table.c.id)
            await tx.execute(update(posts_table).where(mine).values(local_date=None, key=other))
        return await claim(tx, wanted, now)

    monkeypatch.setattr(post_claims, "claim", for_anyone)
    assert sees(Fault.DOUBLED)


def test_it_sees_lines_of_a_question_that_ask_different_cards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Kin, "agreed", lambda *_: None)
    assert sees(Fault.TORN)


def test_it_sees_a_bot_that_does_not_look_before_it_posts_again(monkeypatch: pytest.MonkeyPatch) -> None:
    async def sees_nothing(self: Postman, post: PostRow) -> list[MessageRef]:
        return []

    monkeypatch.setattr(Postman, "_find", sees_nothing)
    assert sees(Fault.DOUBLED)


@pytest.mark.slow
def test_it_sees_a_bot_that_gives_up_what_another_claimed_and_did_not_finish(monkeypatch: pytest.MonkeyPatch) -> None:
    async def gives_up(self: Postman, post: PostRow) -> None:
        await self._fail(post, "whoever claimed it is dead")

    monkeypatch.setattr(Postman, "settle", gives_up)
    assert sees(Fault.MISSED)


@pytest.mark.slow
def test_it_sees_a_bot_that_leaves_out_what_came_due_while_it_was_away(monkeypatch: pytest.MonkeyPatch) -> None:
    latest_due = claims.latest_due

    def on_time(plan: Plan, at: datetime) -> tuple[date, datetime] | None:
        found = latest_due(plan, at)
        return found if found is not None and at - found[1] < timedelta(seconds=5) else None

    monkeypatch.setattr(claims, "latest_due", on_time)
    assert sees(Fault.MISSED, storm=OFTEN_AWAY)


@pytest.mark.slow
def test_it_sees_twins_that_nobody_takes_away(monkeypatch: pytest.MonkeyPatch) -> None:
    async def leaves(self: Postman, post: PostRow, twins: list[MessageRef]) -> bool:
        return True

    monkeypatch.setattr(Postman, "_delete", leaves)
    monkeypatch.setattr(Postman, "_held_up", lambda self, post: False)  # with it there are hardly any
    assert sees(Fault.DOUBLED, storm=OFTEN_STOPPED, size=WIDER)


@pytest.mark.slow
def test_it_sees_a_question_that_comes_however_late_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(due, "closing", lambda opens, following, wanted: following)
    assert sees(Fault.OUTSIDE, Fault.UNCLOSED, storm=OFTEN_AWAY)


@pytest.mark.slow
def test_it_sees_a_question_that_comes_an_hour_early(monkeypatch: pytest.MonkeyPatch) -> None:
    instant = due.instant

    def early(*what: Any) -> datetime | None:
        return None if (at := instant(*what)) is None else at - timedelta(hours=1)

    monkeypatch.setattr(due, "instant", early)
    assert sees(Fault.OUTSIDE, Fault.EARLY)


@pytest.mark.slow
def test_it_sees_a_question_on_the_wrong_days(monkeypatch: pytest.MonkeyPatch) -> None:
    next_due = claims.next_due
    monkeypatch.setattr(claims, "next_due", lambda plan, after: next_due(plan, after + timedelta(days=1)))
    assert sees(Fault.MISSED)


def test_it_sees_a_question_that_never_closes(monkeypatch: pytest.MonkeyPatch) -> None:
    async def shows_nothing(self: Teller, post: PostRow, results: Message) -> str:
        return ""

    monkeypatch.setattr(Teller, "_shown", shows_nothing)
    assert sees(Fault.UNCLOSED)


# ---------------------------------------------------------------- the same with recaps


def sees_of_recaps(fault: Fault, storm: Storm = ROUGH, size: Size = SMALL) -> bool:
    """Whether it is found with a recap, and with no question anything at all."""
    for seed in SEEDS:
        breaches = trial(seed, size, storm).verdict.breaches
        assert all(each.key.startswith("recap:") for each in breaches), breaches
        if fault in {each.fault for each in breaches}:
            return True
    return False


@pytest.mark.slow
def test_it_sees_a_week_that_two_may_tell_of(monkeypatch: pytest.MonkeyPatch) -> None:
    """As each of the channel's schedules would."""
    claim = recaps.claim

    async def for_anyone(
        tx: AsyncConnection, schedule: Schedule, first: date, due_at: datetime, now: datetime
    ) -> RecapRow | None:
        mine = (recaps_table.c.channel == schedule.place.channel) & (recaps_table.c.first == first)
        other = recaps_table.c.key.concat("/").concat(recaps_table.c.id)
        await tx.execute(update(recaps_table).where(mine).values(key=other))
        return await claim(tx, schedule, first, due_at, now)

    monkeypatch.setattr(recaps, "claim", for_anyone)
    assert sees_of_recaps(Fault.DOUBLED)


@pytest.mark.slow
def test_it_sees_a_recap_that_is_not_looked_for_before_it_is_posted_again(monkeypatch: pytest.MonkeyPatch) -> None:
    async def sees_nothing(self: Herald, recap: RecapRow) -> list[MessageRef]:
        return []

    monkeypatch.setattr(Herald, "_find", sees_nothing)
    assert sees_of_recaps(Fault.DOUBLED, storm=OFTEN_LOST)


@pytest.mark.slow
def test_it_sees_a_recap_that_is_given_up_when_its_worker_dies(monkeypatch: pytest.MonkeyPatch) -> None:
    async def gives_up(self: Herald, recap: RecapRow) -> None:
        await self._fail(recap, "whoever claimed it is dead")

    monkeypatch.setattr(Herald, "settle", gives_up)
    assert sees_of_recaps(Fault.MISSED, storm=OFTEN_LOST)


@pytest.mark.slow
def test_it_sees_a_recap_that_is_left_out_because_nobody_was_there_at_its_minute(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(herald, "LATE", timedelta(seconds=5))
    assert sees_of_recaps(Fault.MISSED, storm=OFTEN_AWAY)


@pytest.mark.slow
def test_it_sees_a_recap_that_comes_an_hour_early(monkeypatch: pytest.MonkeyPatch) -> None:
    told_at = weeks.told_at
    monkeypatch.setattr(weeks, "told_at", lambda *what: told_at(*what) - timedelta(hours=1))
    assert sees_of_recaps(Fault.OUTSIDE)


# ---------------------------------------------------------------- each heartbeat, and a server


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_workers_that_run_the_timetable_itself_keep_to_it_too() -> None:
    """`Timetable.run` with APScheduler's alarm, and every heartbeat: half a day of them."""
    storm = replace(ROUGH, dies=0.0008, held=0.0004, restarts=0.7, lives=timedelta(hours=2))  # for there are many steps
    found = trial(3, Size(schedules=220, days=0.5, zones=40), storm, whole=True)
    print(found)
    assert not found.verdict.breaches, str(found)
    assert found.verdict.owed > 0.8 * found.verdict.windows > 15, str(found)
    assert found.record.ticks > 2000, str(found)
    assert found.record.kills > 10, str(found)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_two_workers_on_postgresql_post_every_question_once(postgres: Server) -> None:
    """Here two transactions are really open at the same time."""
    found = trial(4, Size(schedules=60, days=4, zones=20), ROUGH, OnServer(asyncio.run(postgres.fresh())))
    print(found)
    assert not found.verdict.breaches, str(found)
    assert found.verdict.owed > 0.7 * found.verdict.windows > 25, str(found)
    assert found.record.kills > 20, str(found)


# ---------------------------------------------------------------- the whole quarter


HALVES = 2
HALF = Size(schedules=250, days=90, zones=40)


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_five_hundred_schedules_through_ninety_days() -> None:
    """In two halves, each with two workers and a file of its own, side by side: a processor for each."""
    with ProcessPoolExecutor(HALVES, mp_context=get_context("spawn")) as pool:
        found = list(pool.map(trial, range(2026, 2026 + HALVES), [HALF] * HALVES))
    told = "\n".join(map(str, found))
    print(told)
    assert not any(each.verdict.breaches for each in found), told
    for each in found:
        assert each.verdict.owed > 0.9 * each.verdict.windows > 4000, told
        assert each.verdict.weeks_owed > 1000, told
        assert each.record.kills > 400, told
        assert each.verdict.twins >= 10 * each.verdict.left, told
