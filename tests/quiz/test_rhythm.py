"""Times and days as people write them."""

from __future__ import annotations

import datetime as dt
import itertools
import zoneinfo
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.features.plans import capital, days_words
from bot.quiz import due
from bot.quiz.rhythm import DAILY, WEEKDAYS, WEEKENDS, read_days, read_time, written

NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
ZONES = sorted(name for name in zoneinfo.available_timezones() if "/" in name)

MINUTE = dt.timedelta(minutes=1)

any_time = st.builds(dt.time, st.integers(0, 23), st.integers(0, 59))
any_days = st.frozensets(st.integers(0, 6), min_size=1)


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("09:00", "09:00"),
        ("9:00", "09:00"),
        ("9", "09:00"),
        ("9am", "09:00"),
        (" 9 AM ", "09:00"),
        ("9:30 p.m.", "21:30"),
        ("12am", "00:00"),
        ("12pm", "12:00"),
        ("0930", "09:30"),
        ("9.30", "09:30"),
        ("21h15", "21:15"),
        ("0", "00:00"),
        ("noon", "12:00"),
        ("Midnight", "00:00"),
    ],
)
def test_a_time_is_understood_as_people_write_it(text: str, time: str) -> None:
    assert read_time(text) == dt.time.fromisoformat(time)


@pytest.mark.parametrize("text", ["", "24:00", "9:60", "13pm", "0am", "9:0", "nine", "9:00:00", "-9", "٩", "9 o", "am"])
def test_what_is_no_time_is_refused(text: str) -> None:
    assert read_time(text) is None


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("weekdays", WEEKDAYS),
        ("Weekends", WEEKENDS),
        ("daily", DAILY),
        ("every day", DAILY),
        ("mon,wed,fri", {0, 2, 4}),
        ("Mon, Wed & Fri", {0, 2, 4}),
        ("tues thurs", {1, 3}),
        ("weds", {2}),
        ("Mondays and Thursdays", {0, 3}),
        ("mon-thu", {0, 1, 2, 3}),
        ("monday to thursday", {0, 1, 2, 3}),
        ("mon – wed, sat", {0, 1, 2, 5}),
        ("fri-mon", {4, 5, 6, 0}),
        ("weekends and wed", {2, 5, 6}),
        ("we", {2}),
    ],
)
def test_days_are_understood_as_people_write_them(text: str, days: set[int]) -> None:
    assert read_days(text) == frozenset(days)


@pytest.mark.parametrize(
    "text", ["", "s", "t", "month", "mon,", "mon-wed-fri", "mon-", "-", "never", "1,2", "mondayish"]
)
def test_what_is_no_days_is_refused(text: str) -> None:
    assert read_days(text) is None


def test_days_are_said_shortly() -> None:
    said = {
        "daily": "Every day",
        "weekdays": "Weekdays",
        "weekends": "Weekends",
        "mon": "Mondays",
        "mon,thu": "Mondays and Thursdays",
        "mon,wed,fri": "Mondays, Wednesdays and Fridays",
        "tue-thu": "Tuesdays to Thursdays",
        "fri-mon": "Fridays to Mondays",
        "mon-sat": "Mondays to Saturdays",
    }
    assert {text: capital(days_words(read_days(text) or frozenset())) for text in said} == said


def test_all_days_come_back_from_every_way_of_writing_them() -> None:
    for length in range(1, 8):
        for some in itertools.combinations(range(7), length):
            days = frozenset(some)
            ways = [days_words(days), written(days), days_words(days).upper(), " ".join(NAMES[day] for day in some)]
            ways += [joint.join(NAMES[day][:3] for day in some) for joint in (",", ", ", " and ", " & ", "; ")]
            assert {read_days(way) for way in ways} == {days}


@given(any_time)
def test_a_time_comes_back_from_every_way_of_writing_it(time: dt.time) -> None:
    half = f"{time.hour % 12 or 12}:{time:%M}{'pm' if time.hour >= 12 else 'am'}"
    ways = [f"{time:%H:%M}", f"{time.hour}:{time:%M}", f"{time:%H%M}", f"{time:%H.%M}", half, half.upper()]
    assert {read_time(way) for way in ways} == {time}


@given(st.text(max_size=30))
def test_any_text_is_understood_or_not(text: str) -> None:
    assert isinstance(read_time(text), dt.time | None)
    days = read_days(text)
    assert days is None or (days and days <= DAILY)


@settings(max_examples=150)
@given(
    any_time,
    any_days,
    st.sampled_from(ZONES),
    st.integers(0, 10 * 365 * 24 * 60).map(lambda minutes: dt.datetime(2020, 1, 1, tzinfo=dt.UTC) + minutes * MINUTE),
)
def test_what_was_said_in_words_is_due_when_it_was_meant(
    time: dt.time, days: frozenset[int], zone_name: str, after: dt.datetime
) -> None:
    zone = ZoneInfo(zone_name)
    read = read_time(f"{time:%H:%M}"), read_days(days_words(days))
    assert read[0] is not None
    assert read[1] is not None
    date, at = due.next_due(read[0], zone, read[1], after)
    assert (date, at) == due.next_due(time, zone, days, after)
    assert at > after
    assert date.weekday() in days
    assert due.latest_due(time, zone, days, at) == (date, at)
    following = due.next_due(time, zone, days, at)[1]
    closes = due.closing(at, following, None)
    assert at < closes <= following
    assert closes - at <= due.LONGEST
