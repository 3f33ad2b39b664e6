"""The keys of the periods that boards rank."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.quiz.periods import Period, before, kept, keys, team_keys
from bot.quiz.periods import key as counted
from bot.quiz.seasons import QUARTERS

DATES = st.dates(date(1000, 1, 8), date(9999, 12, 20))


def key(period: Period, day: date) -> str:
    return counted(period, day, QUARTERS)


@pytest.mark.parametrize(
    ("day", "written"),
    [
        (date(2026, 11, 22), ("d2026-11-22", "w2026-47", "m2026-11", "s2026-10-01", "all")),
        (
            date(2027, 1, 1),
            ("d2027-01-01", "w2026-53", "m2027-01", "s2027-01-01", "all"),
        ),  # the ISO week of the year before
        (date(2024, 12, 30), ("d2024-12-30", "w2025-01", "m2024-12", "s2024-10-01", "all")),
        (date(2026, 3, 31), ("d2026-03-31", "w2026-14", "m2026-03", "s2026-01-01", "all")),
        (date(2026, 4, 1), ("d2026-04-01", "w2026-14", "m2026-04", "s2026-04-01", "all")),
    ],
)
def test_a_day_counts_under_its_five_keys(day: date, written: tuple[str, ...]) -> None:
    assert keys(day, QUARTERS.key(day)) == written


@given(DATES)
def test_an_answer_counts_for_a_team_under_all_but_all_time(day: date) -> None:
    assert (*team_keys(day, "s2026-10-01"), "all") == keys(day, "s2026-10-01")


@given(DATES, st.sampled_from([Period.TODAY, Period.WEEK, Period.MONTH]))
def test_the_period_before_is_the_one_of_the_last_day_before(day: date, period: Period) -> None:
    earlier = day
    while key(period, earlier) == key(period, day):
        earlier -= timedelta(days=1)
    assert before(period, day) == key(period, earlier)
    assert before(Period.SEASON, day) is before(Period.ALL, day) is None


@given(st.sampled_from(Period), DATES, DATES)
def test_keys_sort_by_time(period: Period, left: date, right: date) -> None:
    earlier, later = sorted((left, right))
    assert key(period, earlier) <= key(period, later)


@given(DATES)
def test_a_week_is_seven_days_from_monday(day: date) -> None:
    monday = day - timedelta(days=day.weekday())
    assert len({key(Period.WEEK, monday + timedelta(days=i)) for i in range(7)}) == 1
    assert key(Period.WEEK, monday - timedelta(days=1)) < key(Period.WEEK, monday)


@given(DATES)
def test_the_current_and_the_previous_of_each_period_are_kept(day: date) -> None:
    ours = kept(day)
    assert len(set(ours)) == 6
    assert {key(period, day) for period in (Period.TODAY, Period.WEEK, Period.MONTH)} <= set(ours)
    assert key(Period.MONTH, day.replace(day=1) - timedelta(days=1)) in ours
    assert key(Period.WEEK, day - timedelta(days=7)) in ours
