"""When a daily question is due, through clock changes and moved date lines."""

from __future__ import annotations

import datetime as dt
import itertools
import zoneinfo
from collections.abc import Mapping
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.quiz.due import closing, instant, latest_due, next_due

EVERY_DAY = frozenset(range(7))
DAY = dt.timedelta(days=1)
ZONES = sorted(
    name for name in zoneinfo.available_timezones() if "/" in name and not name.startswith(("posix", "right"))
)


def utc(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("zone", "date", "time", "expected"),
    [
        ("Europe/Berlin", "2026-07-01", "09:00", "2026-07-01 07:00"),
        ("Europe/Berlin", "2026-03-29", "02:30", "2026-03-29 01:30"),  # the gap: 03:30 summer time
        ("Europe/Berlin", "2026-10-25", "02:30", "2026-10-25 00:30"),  # comes twice: the first
        ("America/New_York", "2026-03-08", "02:30", "2026-03-08 07:30"),
        ("America/New_York", "2026-11-01", "01:30", "2026-11-01 05:30"),
        ("Asia/Beirut", "2025-03-30", "00:00", "2025-03-29 22:00"),  # no midnight: 01:00 summer time
        ("Australia/Lord_Howe", "2026-10-04", "02:15", "2026-10-03 15:45"),  # a gap of half an hour
        ("Australia/Lord_Howe", "2026-04-05", "01:45", "2026-04-04 14:45"),
        ("Pacific/Apia", "2011-12-29", "09:00", "2011-12-29 19:00"),
        ("Pacific/Apia", "2011-12-31", "09:00", "2011-12-30 19:00"),
    ],
)
def test_a_local_time_comes_at_one_instant(zone: str, date: str, time: str, expected: str) -> None:
    found = instant(dt.date.fromisoformat(date), dt.time.fromisoformat(time), ZoneInfo(zone))
    assert found == utc(expected)


@pytest.mark.parametrize("time", ["00:00", "09:00", "23:59"])
def test_samoa_has_no_question_on_the_day_that_it_left_out(time: str) -> None:
    at, apia = dt.time.fromisoformat(time), ZoneInfo("Pacific/Apia")
    assert instant(dt.date(2011, 12, 30), at, apia) is None
    eve = instant(dt.date(2011, 12, 29), at, apia)
    assert eve is not None
    date, moment = next_due(at, apia, EVERY_DAY, eve)
    assert (date, moment - eve) == (dt.date(2011, 12, 31), DAY)
    assert latest_due(at, apia, EVERY_DAY, moment - dt.timedelta(seconds=1)) == (dt.date(2011, 12, 29), eve)


def test_samoas_fridays_skip_the_friday_that_never_was() -> None:
    friday = frozenset({4})
    found = next_due(dt.time(9), ZoneInfo("Pacific/Apia"), friday, utc("2011-12-24 00:00"))
    assert found[0] == dt.date(2012, 1, 6)


def test_a_question_is_not_due_again_in_the_hour_that_comes_twice() -> None:
    zone, first = ZoneInfo("Europe/Berlin"), utc("2026-10-25 00:30")
    assert latest_due(dt.time(2, 30), zone, EVERY_DAY, first + dt.timedelta(hours=1)) == (dt.date(2026, 10, 25), first)
    assert next_due(dt.time(2, 30), zone, EVERY_DAY, first)[0] == dt.date(2026, 10, 26)


def test_a_clock_that_goes_back_over_midnight_does_not_hide_what_has_been_due() -> None:
    zone, midnight = ZoneInfo("America/St_Johns"), utc("2010-11-07 02:30")
    later = midnight + dt.timedelta(minutes=31)
    assert later.astimezone(zone).date() == dt.date(2010, 11, 6), "it is the evening before again"
    assert latest_due(dt.time(0), zone, EVERY_DAY, later) == (dt.date(2010, 11, 7), midnight)


def test_a_time_that_is_moved_past_midnight_still_comes() -> None:
    nuuk, after = ZoneInfo("America/Nuuk"), utc("2024-03-31 01:15")
    assert after.astimezone(nuuk).date() == dt.date(2024, 3, 31)
    found = next_due(dt.time(23, 30), nuuk, EVERY_DAY, after)
    assert found == (dt.date(2024, 3, 30), utc("2024-03-31 01:30")), "the clock went from 23:00 to midnight"


def test_what_is_due_at_this_instant_is_the_latest_and_not_the_next() -> None:
    now = utc("2026-07-01 07:00")
    berlin = ZoneInfo("Europe/Berlin")
    assert latest_due(dt.time(9), berlin, EVERY_DAY, now) == (dt.date(2026, 7, 1), now)
    assert next_due(dt.time(9), berlin, EVERY_DAY, now) == (dt.date(2026, 7, 2), now + DAY)


def test_weekdays_are_the_local_dates() -> None:
    monday = frozenset({0})
    found = next_due(dt.time(9), ZoneInfo("Pacific/Auckland"), monday, utc("2026-06-30 00:00"))
    assert found == (dt.date(2026, 7, 6), utc("2026-07-05 21:00"))


@pytest.mark.parametrize("days", [frozenset(), frozenset({7}), frozenset({-1, 0})])
def test_days_that_are_no_weekdays_are_refused(days: frozenset[int]) -> None:
    with pytest.raises(ValueError, match="days of the week"):
        next_due(dt.time(9), ZoneInfo("UTC"), days, utc("2026-07-01 07:00"))


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="without a zone"):
        latest_due(dt.time(9), ZoneInfo("UTC"), EVERY_DAY, dt.datetime(2026, 7, 1))  # noqa: DTZ001 - that is the point


@settings(max_examples=150)
@given(
    st.sampled_from(ZONES),
    st.integers(0, 21 * 365 * 24 * 60).map(lambda minutes: utc("2010-01-01 00:00") + dt.timedelta(minutes=minutes)),
    st.times().map(lambda time: time.replace(second=0, microsecond=0, fold=0)),
    st.frozensets(st.integers(0, 6), min_size=1),
)
def test_due_times_follow_each_other_without_a_gap_or_a_double(
    name: str, start: dt.datetime, time: dt.time, days: frozenset[int]
) -> None:
    zone = ZoneInfo(name)
    at = start
    dates: list[dt.date] = []
    for _ in range(10):
        date, moment = next_due(time, zone, days, at)
        assert moment > at
        assert date.weekday() in days
        assert latest_due(time, zone, days, moment) == (date, moment)
        before = latest_due(time, zone, days, moment - dt.timedelta(microseconds=1))
        assert before is not None
        assert before[1] <= at or at == start
        shown = moment.astimezone(zone).replace(tzinfo=None)
        assert dt.timedelta() <= shown - dt.datetime.combine(date, time) < DAY
        dates.append(date)
        at = moment
    wanted = [date for date in _days(dates[0], dates[-1]) if date.weekday() in days]
    assert set(wanted) - set(dates) <= {dt.date(2011, 12, 30)}, "which two zones left out"
    assert dates == sorted(set(dates))


def _days(first: dt.date, last: dt.date) -> list[dt.date]:
    return [first + i * DAY for i in range((last - first).days + 1)]


@pytest.mark.parametrize(
    ("name", "year"),
    [
        ("Europe/Berlin", 2026),
        ("America/New_York", 2026),
        ("Asia/Beirut", 2025),
        ("Pacific/Apia", 2011),
        ("Australia/Lord_Howe", 2026),
        ("America/Havana", 2026),
        ("Africa/Casablanca", 2026),
    ],
)
@pytest.mark.parametrize("time", ["00:00", "00:30", "01:30", "02:00", "02:30", "23:30"])
def test_a_year_has_one_question_for_each_of_its_dates(name: str, year: int, time: str) -> None:
    zone, at = ZoneInfo(name), dt.datetime(year - 1, 12, 25, tzinfo=dt.UTC)
    dates: list[dt.date] = []
    moments: list[dt.datetime] = []
    while not dates or dates[-1] < dt.date(year + 1, 1, 3):
        date, at = next_due(dt.time.fromisoformat(time), zone, EVERY_DAY, at)
        dates.append(date)
        moments.append(at)
    missing = {dt.date(2011, 12, 30)} if name == "Pacific/Apia" else set()
    assert set(_days(dates[0], dates[-1])) - set(dates) == missing
    assert len(set(dates)) == len(dates) == len(set(moments))


# ---------------------------------------------------------------- every zone, 2020 to 2030

FIRST, AFTER_LAST = dt.date(2020, 1, 1), dt.date(2031, 1, 1)
EVERY_ZONE = sorted(zoneinfo.available_timezones())


@lru_cache(maxsize=1)
def changes() -> Mapping[tuple[dt.datetime, dt.timedelta, dt.timedelta], str]:
    """Every change of a clock in these years: the instant, the offsets before and after, and a zone that has it."""
    found: dict[tuple[dt.datetime, dt.timedelta, dt.timedelta], str] = {}
    for name in EVERY_ZONE:
        for before, after in itertools.pairwise(offsets(name)):
            found.setdefault((after[0], before[1], after[1]), name)
    return found


@cache
def offsets(name: str) -> list[tuple[dt.datetime, dt.timedelta]]:
    """From when on a zone has which offset, found by asking it each week and halving where the answer has changed."""
    zone, at = ZoneInfo(name), dt.datetime(2019, 12, 25, tzinfo=dt.UTC)
    found = [(at, _offset(at, zone))]
    while at < dt.datetime(2031, 1, 7, tzinfo=dt.UTC):
        low, high = at, at + 7 * DAY
        if _offset(high, zone) != found[-1][1]:
            while high - low > dt.timedelta(minutes=1):
                middle = low + (high - low) // 2 // dt.timedelta(minutes=1) * dt.timedelta(minutes=1)
                low, high = (middle, high) if _offset(middle, zone) == found[-1][1] else (low, middle)
            found.append((high, _offset(high, zone)))
        at += 7 * DAY
    return found


def _offset(at: dt.datetime, zone: ZoneInfo) -> dt.timedelta:
    offset = at.astimezone(zone).utcoffset()
    assert offset is not None
    return offset


def first_shown(date: dt.date, time: dt.time, known: list[tuple[dt.datetime, dt.timedelta]]) -> dt.datetime:
    """The first instant at which a zone's clocks show a time, worked out from its offsets; where they leap over it, the
    instant at which they would have shown it without the leap.
    """
    wall = dt.datetime.combine(date, time, dt.UTC)
    ends = [since for since, _ in known[1:]] + [dt.datetime.max.replace(tzinfo=dt.UTC)]
    for (since, offset), until in zip(known, ends, strict=True):
        if since <= wall - offset < until:
            return wall - offset
    return next(
        wall - before for (_, before), (at, after) in itertools.pairwise(known) if at + before <= wall < at + after
    )


def test_the_zones_of_these_years_have_hundreds_of_changes_and_none_that_leaves_out_a_date() -> None:
    assert len(EVERY_ZONE) > 500
    assert len(changes()) > 200
    assert all(abs(after - before) < DAY for _, before, after in changes())
    assert {before - after for _, before, after in changes()} > {dt.timedelta(minutes=30), dt.timedelta(hours=1)}


def test_each_date_around_every_change_of_every_clock_has_one_instant() -> None:
    """At times on both sides of the change, at its edges, and within what is left out or comes twice."""
    for (at, before, after), name in changes().items():
        zone, known = ZoneInfo(name), offsets(name)
        walls = [(at + offset).replace(tzinfo=None) for offset in (before, after)]
        middle = walls[0] + (walls[1] - walls[0]) / 2
        minute = dt.timedelta(minutes=1)
        for time in {each.time() for each in (*walls, walls[0] - minute, walls[1] + minute, middle)}:
            dates = _days(walls[0].date() - 2 * DAY, walls[0].date() + 2 * DAY)
            found = [instant(date, time, zone) for date in dates]
            assert found == [first_shown(date, time, known) for date in dates], (name, time)
            assert all(one < next_ for one, next_ in itertools.pairwise(filter(None, found))), (name, time)
            assert found[0] is not None
            follows = next_due(time, zone, EVERY_DAY, found[0])
            assert follows == (dates[1], found[1]), (name, time)


@pytest.mark.parametrize("month", range(1, 13))
def test_every_zone_has_one_instant_for_a_day_of_each_month(month: int) -> None:
    for number, name in enumerate(EVERY_ZONE):
        zone, year = ZoneInfo(name), 2020 + (number + month) % 11
        date = dt.date(year, month, 1 + (number * 7 + month) % 28)
        time = dt.time((number + 5 * month) % 24, number % 60)
        moment = instant(date, time, zone)
        assert moment == first_shown(date, time, offsets(name)), (name, date, time)
        assert next_due(time, zone, EVERY_DAY, moment - dt.timedelta(microseconds=1)) == (date, moment), name
        assert latest_due(time, zone, EVERY_DAY, moment) == (date, moment), name


@pytest.mark.slow
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("time", ["00:00", "02:30"])
def test_every_date_of_every_zone_has_one_instant(time: str) -> None:
    """Zones whose clocks are always alike are looked at once."""
    at = dt.time.fromisoformat(time)
    unlike = {tuple(offsets(name)): name for name in EVERY_ZONE}
    assert len(unlike) > 50, "as many as the system’s zones differ in"
    for known, name in unlike.items():
        zone = ZoneInfo(name)
        found = [instant(date, at, zone) for date in _days(FIRST, AFTER_LAST)]
        assert None not in found, name
        assert all(one < after for one, after in itertools.pairwise(filter(None, found))), name
        for number, date in enumerate(_days(FIRST, AFTER_LAST)):
            assert found[number] == first_shown(date, at, list(known)), (name, date)


# ---------------------------------------------------------------- another zone


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Europe/Berlin", "America/New_York"),
        ("America/New_York", "Europe/Berlin"),
        ("Pacific/Kiritimati", "Pacific/Pago_Pago"),  # 25 hours back: a date and an hour come again
        ("Pacific/Pago_Pago", "Pacific/Kiritimati"),
        ("Asia/Beirut", "Australia/Lord_Howe"),
    ],
)
@pytest.mark.parametrize("hour", range(0, 24, 3))
def test_a_schedule_that_moves_to_another_zone_has_one_question_for_each_date(
    before: str, after: str, hour: int
) -> None:
    """Dates that have had theirs are passed over, as `claims.upcoming` does."""
    time, moved = dt.time(9), dt.datetime(2025, 3, 28, hour, tzinfo=dt.UTC)
    had: dict[dt.date, dt.datetime] = {}
    at = moved - 5 * DAY
    while (due := next_due(time, ZoneInfo(before), EVERY_DAY, at))[1] <= moved:
        had[due[0]] = at = due[1]
    at = moved
    for _ in range(5):
        at = (due := next_due(time, ZoneInfo(after), EVERY_DAY, at))[1]
        had.setdefault(*due)
    dates, moments = list(had), list(had.values())
    assert dates == sorted(dates)
    assert moments == sorted(moments)
    missing = set(_days(dates[0], dates[-1])) - set(dates)
    assert len(missing) <= (1 if _offset(moved, ZoneInfo(after)) > _offset(moved, ZoneInfo(before)) else 0)


# ---------------------------------------------------------------- closing


@pytest.mark.parametrize(
    ("following", "wanted", "closes"),
    [
        ("2026-07-02 09:00", None, "2026-07-02 08:00"),  # an hour before the next one
        ("2026-07-03 09:00", None, "2026-07-02 08:00"),  # at most 23 hours
        ("2026-07-02 08:00", None, "2026-07-02 07:00"),  # a day of 23 hours
        ("2026-07-01 10:30", None, "2026-07-01 10:30"),  # the next one is too near for an hour's rest
        ("2026-07-02 09:00", 5, "2026-07-01 14:00"),
        ("2026-07-02 09:00", 25, "2026-07-02 09:00"),  # never beside the next one
        ("2026-07-06 09:00", 72, "2026-07-04 09:00"),
    ],
)
def test_a_question_closes_before_the_next_one(following: str, wanted: int | None, closes: str) -> None:
    hours = None if wanted is None else dt.timedelta(hours=wanted)
    assert closing(utc("2026-07-01 09:00"), utc(following), hours) == utc(closes)
