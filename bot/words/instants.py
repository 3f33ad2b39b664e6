"""Instants in words, where no platform shows them in the reader's own zone: in titles, menus and replies about a schedule."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bot.words.formats import day, weekday
from bot.words.speech import _


def instant(at: datetime, zone: str) -> str:
    """`Monday 23 November, 09:00 there, 08:00 UTC`; the day in UTC where it is another one. Times are in 24 hours, as
    they are typed.
    """
    there, here = at.astimezone(ZoneInfo(zone)), at.astimezone(UTC)
    given = {"weekday": weekday(there.weekday()), "day": day(there.date()), "time": f"{there:%H:%M}"}
    if there.utcoffset() == here.utcoffset():
        # For translators: “Monday 23 November, 09:00 UTC”
        return _("{weekday} {day}, {time} UTC", **given)
    if there.date() == here.date():
        # For translators: “Monday 23 November, 09:00 there, 08:00 UTC”; “there” is the channel's time zone
        return _("{weekday} {day}, {time} there, {utc} UTC", **given, utc=f"{here:%H:%M}")
    return _(
        "{weekday} {day}, {time} there, {utc_weekday} {utc} UTC",
        **given,
        utc_weekday=weekday(here.weekday()),
        utc=f"{here:%H:%M}",
    )
