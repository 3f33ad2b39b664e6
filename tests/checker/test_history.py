"""The checker itself: whatever is done to the history of a run, it sees, at each of its questions and recaps."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from datetime import date, timedelta
from functools import cache

import pytest

from tests.checker.model import Week, Window
from tests.checker.record import Record, Standing
from tests.checker.storm import FAIR, ROUGH
from tests.checker.trial import Size, Trial, trial
from tests.checker.verdict import RECONCILIATION, Fault, judge

SECOND = timedelta(seconds=1)


@cache
def calm() -> Trial:
    """A few days in which nothing goes wrong."""
    return trial(2, Size(schedules=16, days=5, zones=8), FAIR)


def seen(of: Trial, window: Window | Week, change: Callable[[Record, Standing], None]) -> set[tuple[Fault, str]]:
    """What is seen after a change of one question's message."""
    record = deepcopy(of.record)
    mine = next(each for each in record.standing if each.key == window.key)
    change(record, mine)
    return {(breach.fault, breach.key) for breach in judge(replace(of.history, record=record)).breaches}


def test_in_fair_weather_every_question_is_owed_and_nothing_is_seen() -> None:
    verdict = calm().verdict
    assert verdict.owed == verdict.posted == verdict.windows > 15, str(calm())
    assert verdict.weeks_owed == verdict.told > 3, str(calm())
    assert not verdict.breaches, str(calm())


def _gone(record: Record, mine: Standing) -> None:
    record.standing.remove(mine)


def _twice(record: Record, mine: Standing) -> None:
    record.standing.append(replace(mine, id="twin", came=mine.came + SECOND, sent=mine.sent + SECOND))


def _early(record: Record, mine: Standing) -> None:
    mine.sent -= timedelta(minutes=1)


def _late(record: Record, mine: Standing) -> None:
    mine.sent += RECONCILIATION
    mine.came += RECONCILIATION


def _astray(record: Record, mine: Standing) -> None:
    mine.channel = (mine.channel[0], "elsewhere")


def _renamed(record: Record, mine: Standing) -> None:
    record.standing.append(replace(mine, key="daily:0:2026-01-01"))


def _open(record: Record, mine: Standing) -> None:
    mine.results = None


def _told(record: Record, mine: Standing) -> None:
    mine.results = mine.came + SECOND


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (_gone, Fault.MISSED),
        (_twice, Fault.DOUBLED),
        (_early, Fault.OUTSIDE),
        (_late, Fault.LATE),
        (_astray, Fault.ASTRAY),
        (_open, Fault.UNCLOSED),
        (_told, Fault.EARLY),
    ],
)
def test_one_thing_that_is_wrong_is_seen_wherever_it_is(
    change: Callable[[Record, Standing], None], fault: Fault
) -> None:
    for window in calm().history.windows:
        assert seen(calm(), window, change) == {(fault, window.key)}


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (_gone, Fault.MISSED),
        (_twice, Fault.DOUBLED),
        (_early, Fault.OUTSIDE),
        (_late, Fault.LATE),
        (_astray, Fault.ASTRAY),
    ],
)
def test_one_thing_that_is_wrong_with_a_recap_is_seen_wherever_it_is(
    change: Callable[[Record, Standing], None], fault: Fault
) -> None:
    told = [week for week in calm().history.weeks if any(each.key == week.key for each in calm().record.standing)]
    assert len(told) == calm().verdict.told
    for week in told:
        assert seen(calm(), week, change) == {(fault, week.key)}


def test_a_recap_of_a_week_in_which_nobody_answered_is_seen() -> None:
    quiet = judge(replace(calm().history, answered={}))
    empty = {breach.key for breach in quiet.breaches if breach.fault is Fault.EMPTY}
    assert len(empty) == calm().verdict.told


def test_a_message_after_its_time_is_seen_wherever_it_is() -> None:
    for window in calm().history.windows:

        def after(record: Record, mine: Standing, window: Window = window) -> None:
            mine.sent = mine.came = window.closes + SECOND
            mine.results = mine.came + SECOND

        assert seen(calm(), window, after) == {(Fault.OUTSIDE, window.key), (Fault.MISSED, window.key)}


def test_another_card_than_its_question_has_elsewhere_is_seen_wherever_it_is() -> None:
    """The date's first line is what the others are held against."""
    history, seen_before = calm().history, set[tuple[int, date]]()
    lines = 0
    for window in history.windows:
        on = history.question[window.schedule], window.on
        others = [w for w in history.windows if (history.question[w.schedule], w.on) == on and w is not window]
        verdict = judge(replace(history, given={**history.given, window.key: 0}))
        torn = {breach.key for breach in verdict.breaches if breach.fault is Fault.TORN}
        assert torn == ({window.key} if on in seen_before else {other.key for other in others})
        lines += bool(others)
        seen_before.add(on)
    assert lines > 3, "some questions stand in several channels"


def test_a_message_of_no_schedule_is_seen() -> None:
    window = calm().history.windows[0]
    assert seen(calm(), window, _renamed) == {(Fault.UNKNOWN, "daily:0:2026-01-01")}


def test_what_is_left_unfinished_is_seen() -> None:
    window = calm().history.windows[0]
    assert seen(calm(), window, lambda record, _: record.unfinished.append("it is open")) == {
        (Fault.UNCLOSED, "it is open")
    }


def test_one_that_is_missed_in_a_storm_is_seen_wherever_it_was_owed() -> None:
    stormy = trial(2, Size(schedules=16, days=5, zones=8), ROUGH)
    assert not stormy.verdict.breaches, str(stormy)
    record = deepcopy(stormy.record)
    record.standing.clear()
    verdict = judge(replace(stormy.history, record=record))
    missed = {breach.key for breach in verdict.breaches if breach.fault is Fault.MISSED}
    assert len(missed) == verdict.owed + verdict.weeks_owed
    assert verdict.owed == stormy.verdict.owed > 10
    assert verdict.weeks_owed == stormy.verdict.weeks_owed > 1
