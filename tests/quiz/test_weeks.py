from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.quiz.weeks import WEEK, following, latest, monday, told_at

ZONES = (
    "UTC", "Europe/Berlin", "America/New_York", "America/Los_Angeles", "Pacific/Auckland", "Pacific/Apia", "Asia/Beirut",
    "Australia/Lord_Howe", "Pacific/Kiritimati", "America/Santiago", "Asia/Kolkata",
)  # fmt: skip

zones = st.sampled_from(ZONES).map(ZoneInfo)
times = st.times().map(lambda at: at.replace(second=0, microsecond=0))
instants = st.datetimes(datetime(2020, 1, 1), datetime(2030, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 - zone beside it


@pytest.mark.parametrize(
    ("zone", "home", "told"),
    [
        ("UTC", "UTC", datetime(2026, 11, 23, 9, tzinfo=UTC)),
        ("Europe/Berlin", "Europe/Berlin", datetime(2026, 11, 23, 8, tzinfo=UTC)),
        ("America/Los_Angeles", "Europe/Berlin", datetime(2026, 11, 23, 17, tzinfo=UTC)),
        (
            "Pacific/Auckland",
            "UTC",
            datetime(2026, 11, 23, 20, tzinfo=UTC),
        ),  # their Tuesday: at their Monday's it is Sunday still
    ],
)
def test_a_week_is_told_of_at_the_first_nine_oclock_after_it(zone: str, home: str, told: datetime) -> None:
    assert told_at(date(2026, 11, 16), time(9), ZoneInfo(zone), ZoneInfo(home)) == told


def test_the_first_day_of_a_week_is_monday() -> None:
    assert {monday(date(2026, 11, 16) + timedelta(days=day)) for day in range(7)} == {date(2026, 11, 16)}


@given(times, zones, zones, instants)
def test_no_week_is_left_out_and_none_is_told_of_before_it_is_over(
    at: time, zone: ZoneInfo, home: ZoneInfo, now: datetime
) -> None:
    first, told = latest(at, zone, home, now)
    coming = following(at, zone, home, now)
    assert first.weekday() == 0
    assert told <= now < coming
    assert latest(at, zone, home, coming) == (first + WEEK, coming)
    assert latest(at, zone, home, coming - timedelta(microseconds=1)) == (first, told)
    over = told.astimezone(home).date()
    assert timedelta(days=7) <= over - first <= timedelta(days=9)


@given(times, st.sampled_from(ZONES[:4]).map(ZoneInfo), instants)
def test_in_the_communitys_own_zone_it_is_monday(at: time, zone: ZoneInfo, now: datetime) -> None:
    local = following(at, zone, zone, now).astimezone(zone)
    assert local.weekday() == 0
    assert local.time().minute == at.minute
