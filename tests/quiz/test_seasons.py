"""Seasons: each day is in exactly one, they come in order, and closing one takes no day from another."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.quiz.seasons import QUARTERS, Seasons, begins, end, quarter

DAY = timedelta(days=1)
NEAR = st.dates(date(2026, 8, 1), date(2027, 6, 30))
EVER = st.dates(date(2, 1, 1), date(9999, 12, 30))


@st.composite
def seasons(draw: st.DrawFn) -> Seasons:
    return Seasons(tuple(draw(st.lists(NEAR, max_size=6))))


def test_a_season_is_a_quarter_unless_one_was_closed() -> None:
    assert QUARTERS.key(date(2026, 11, 23)) == "s2026-10-01"
    assert QUARTERS.days("s2026-10-01") == (date(2026, 10, 1), date(2026, 12, 31))
    closed = QUARTERS.and_on(date(2026, 11, 24))
    assert closed.days("s2026-10-01") == (date(2026, 10, 1), date(2026, 11, 23))
    assert closed.days("s2026-11-24") == (date(2026, 11, 24), date(2026, 12, 31))
    assert closed.key(date(2027, 1, 1)) == "s2027-01-01"
    assert QUARTERS.last(date(9999, 12, 31)) == date(9999, 12, 31)


@pytest.mark.parametrize(
    "key", ["", "s", "s2026-4", "s2026-13-01", "s2026-09-31", "s2026-10-01x", "d2026-10-01", "s0000-01-01"]
)
def test_what_names_no_day_names_no_season(key: str) -> None:
    assert begins(key) is None
    assert QUARTERS.days(key) is None


def test_a_day_on_which_no_season_begins_names_none() -> None:
    assert begins("s2026-11-24") == date(2026, 11, 24)
    assert QUARTERS.days("s2026-11-24") is None


@given(seasons(), NEAR)
def test_each_day_is_in_exactly_one_season(some: Seasons, day: date) -> None:
    first, last = some.first(day), some.last(day)
    assert first <= day <= last
    assert some.days(some.key(day)) == (first, last)
    for other in (first, last):
        assert some.key(other) == some.key(day)
    for other in (first - DAY, last + DAY):
        assert some.key(other) != some.key(day)


@given(seasons(), EVER, EVER)
def test_keys_sort_as_their_seasons_pass(some: Seasons, left: date, right: date) -> None:
    earlier, later = sorted((left, right))
    assert some.key(earlier) <= some.key(later)
    assert (some.key(earlier) == some.key(later)) == (later <= some.last(earlier))


@given(seasons(), NEAR)
def test_no_season_is_longer_than_its_quarter(some: Seasons, day: date) -> None:
    assert quarter(day) <= some.first(day)
    assert some.last(day) <= end(day)
    assert some.first(quarter(day)) == quarter(day)
    assert some.last(end(day)) == end(day)


@given(seasons(), NEAR, NEAR)
def test_closing_a_season_ends_it_with_that_day_and_changes_no_other(some: Seasons, today: date, other: date) -> None:
    after = some.and_on(today + DAY)
    assert after.last(today) == today
    assert after.first(today) == some.first(today)
    assert after.key(today + DAY) == f"s{today + DAY}"
    assert after.and_on(today + DAY) == after
    if some.key(other) != some.key(today):
        assert after.days(after.key(other)) == some.days(some.key(other))
    if some.last(today) > today:
        assert after.last(today + DAY) == some.last(today)
        assert after != some
    else:  # it would have ended by itself
        assert after == some


@given(seasons(), NEAR)
def test_a_closing_can_be_undone_before_its_day_has_come(some: Seasons, today: date) -> None:
    known = some.until(today)
    assert known.and_on(today + DAY).until(today) == known
    assert known.and_on(today + DAY).until(today + DAY) == known.and_on(today + DAY)
    assert known.key(today) == some.key(today)


@given(seasons())
def test_seasons_are_the_same_after_they_were_kept(some: Seasons) -> None:
    assert Seasons.read(str(some)) == some
    assert list(some.begun) == sorted({*some.begun})
    assert all(some.first(day) == day for day in some.begun)


@given(seasons(), seasons(), NEAR, NEAR)
def test_of_two_communities_that_join_each_season_goes_on_as_one_of_those_that_it_is_divided_into(
    ours: Seasons, theirs: Seasons, today: date, day: date
) -> None:
    one = ours | theirs
    assert one == theirs | ours == one | ours
    for each in (ours, theirs):
        before = each.key(day)
        now = each.standing(before, today, one)
        days, its = each.days(before), one.days(now)
        assert days is not None
        assert its is not None
        assert days[0] <= its[0] <= its[1] <= days[1]
        if before == each.key(today):  # what is on stays on
            assert now == one.key(today)
        if days[1] < today:  # what is past stays past
            assert its[1] < today
            assert its[1] == days[1]


@given(seasons(), seasons(), NEAR, st.lists(NEAR, min_size=2, max_size=2, unique=True))
def test_two_seasons_of_a_community_stay_two_and_in_their_order(
    ours: Seasons, theirs: Seasons, today: date, days: list[date]
) -> None:
    one = ours | theirs
    left, right = sorted(ours.key(day) for day in days)
    after = [ours.standing(key, today, one) for key in (left, right)]
    assert after == sorted(after)
    assert (after[0] == after[1]) == (left == right)
