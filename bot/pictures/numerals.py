"""Numbers as the pictures and their alt texts write them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from bot import words
from bot.words import _, number

MOST = 99_999_999
"""The largest number that a picture has room for."""


def within(what: str, value: int, most: int = MOST, least: int = 0) -> None:
    """ValueError unless `value` is from `least` to `most`."""
    if not least <= value <= most:
        raise ValueError(f"{what} is {value}; {least} to {most} can be shown")


def percent(share: float) -> str:
    """`42 %` for 0.42, halves rounded up."""
    return f"{number(int(100 * share + 0.5))}\N{NARROW NO-BREAK SPACE}%"


def exact(share: float) -> str:
    """`67.4 %`, in German `67,4 %`, as boards of teams say it."""
    return f"{words.decimal(100 * share, 1)}\N{NARROW NO-BREAK SPACE}%"


def share(part: int, whole: int) -> float:
    """0 to 1, and 0 of nothing."""
    return part / whole if whole else 0.0


def day(at: date) -> str:
    """`16 November 2026`."""
    return words.day(at, year=True)


def days(since: date, until: date) -> str:
    """`16–22 November 2026`, naming month and year twice only where they differ."""
    if (since.year, since.month) == (until.year, until.month):
        # For translators: days of one month, as in 16–22 November
        return _("{first}–{last}", first=since.day, last=day(until)) if since != until else day(until)
    if since.year == until.year:
        return f"{words.day(since)} – {day(until)}"
    return f"{day(since)} – {day(until)}"


def listed(parts: Iterable[str]) -> str:
    return ", ".join(parts)
