"""Time zones as people write and pick them: by city, by IANA name, by what they call it at home."""

from __future__ import annotations

import difflib
import unicodedata
from collections import defaultdict
from collections.abc import Mapping
from functools import lru_cache
from typing import Final
from zoneinfo import available_timezones

from bot.events import Completion
from bot.library.shelf import Shelf
from bot.messages import LIMITS, Choice, Choices, clip
from bot.words import _, either

UTC: Final = "UTC"

FIRST: Final = (
    UTC, "Europe/London", "Europe/Berlin", "Europe/Paris", "Europe/Helsinki", "Europe/Istanbul", "Africa/Cairo",
    "Africa/Lagos", "Africa/Johannesburg", "Asia/Dubai", "Asia/Kolkata", "Asia/Jakarta", "Asia/Singapore",
    "Asia/Shanghai", "Asia/Tokyo", "Australia/Sydney", "Pacific/Auckland", "America/Sao_Paulo", "America/New_York",
    "America/Mexico_City", "America/Chicago", "America/Denver", "America/Los_Angeles",
)  # fmt: skip
"""Offered before anything is typed."""

ABBREVIATED: Mapping[str, str] = {
    "est": "America/New_York", "edt": "America/New_York", "et": "America/New_York",
    "cst": "America/Chicago", "cdt": "America/Chicago", "ct": "America/Chicago",
    "mst": "America/Denver", "mdt": "America/Denver", "mt": "America/Denver",
    "pst": "America/Los_Angeles", "pdt": "America/Los_Angeles", "pt": "America/Los_Angeles",
    "hst": "Pacific/Honolulu", "bst": "Europe/London", "cet": "Europe/Berlin", "cest": "Europe/Berlin",
    "eet": "Europe/Helsinki", "ist": "Asia/Kolkata", "jst": "Asia/Tokyo", "aest": "Australia/Sydney",
}  # fmt: skip
"""What people call a zone at home. Some of these are IANA names too, of zones whose clocks never change, which nobody means:
so all of them are answered with a proposal."""


@lru_cache(maxsize=1)
def offered() -> tuple[str, ...]:
    """Every zone that is called by its area and city, and UTC."""
    named = (name for name in available_timezones() if "/" in name and not name.startswith(("Etc/", "SystemV/")))
    return (UTC, *sorted(named))


def read(text: str) -> str | None:
    """The zone in `Europe/Berlin`, `europe/berlin`, `Berlin` or `new york`; None for what names none, or several."""
    wanted = _plain(text)
    if wanted in ABBREVIATED:
        return None
    if (name := _by_name().get(wanted)) is not None:
        return name
    cities = _by_city().get(wanted, ())
    return cities[0] if len(cities) == 1 else None


def nearest(text: str) -> tuple[str, ...]:
    """At most three zones that somebody may have meant."""
    wanted = _plain(text)
    if not wanted:
        return ()
    if (meant := ABBREVIATED.get(wanted)) is not None:
        return (meant,)
    if wanted in _by_city():
        return _by_city()[wanted][:3]
    if matching := _matching(wanted):
        return tuple(matching[:3])
    close = difflib.get_close_matches(wanted[:60], [*_by_city(), *_by_name()], n=3, cutoff=0.6)
    return tuple(dict.fromkeys(zone for each in close for zone in _named(each)))[:3]


def _named(plain: str) -> tuple[str, ...]:
    """The zones that a city, a name or an abbreviation stands for."""
    if (meant := ABBREVIATED.get(plain)) is not None:
        return (meant,)
    return _by_city().get(plain) or (_by_name()[plain],)


def unknown(text: str) -> str:
    """The sentence that refuses what names no zone, or several, with those that may have been meant."""
    told = clip(text, 60)
    if close := nearest(text):
        return _("There is no one time zone called “{text}”. Did you mean {zones}?", text=told, zones=either(close))
    return _(
        "There is no one time zone called “{text}”. Write a big city near you, or a name such as Europe/Berlin.",
        text=told,
    )


def complete(shelf: Shelf, event: Completion) -> Choices:
    """Zones that match what is being typed, those first whose city begins so; the asker's own before anything is typed."""
    typed = _plain(event.typed)
    if typed:
        found = _matching(typed) or list(nearest(typed))
    else:
        own = [event.actor.tz] if event.actor.tz in offered() else []
        found = list(dict.fromkeys([*own, *FIRST]))
    return Choices(tuple(Choice(name, name) for name in found[: LIMITS.CHOICES]))


def words(zone: str) -> str:
    """A zone as it stands behind a time: `in New York`, `UTC`."""
    city = zone.rsplit("/", 1)[-1].replace("_", " ")
    # For translators: behind a time: “09:00 in Berlin”
    return _("in {city}", city=city) if "/" in zone and not zone.startswith("Etc/") else city


def _matching(typed: str) -> list[str]:
    def rank(name: str) -> tuple[int, str]:
        plain = _plain(name)
        city = plain.rsplit("/", 1)[-1]
        starts = city.startswith(typed), f" {city}".find(f" {typed}") >= 0, plain.startswith(typed)
        return (starts.index(True) if any(starts) else len(starts)), name

    return sorted((name for name in offered() if typed in _plain(name)), key=rank)


def _plain(text: str) -> str:
    """As people may write it: without accents, in small letters, with spaces."""
    bare = "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))
    return " ".join(bare.replace("_", " ").casefold().split())


@lru_cache(maxsize=1)
def _by_name() -> Mapping[str, str]:
    """Every zone that can be named, by its name as people may write it."""
    unnamed = {"localtime", "posixrules", "Factory"}
    return {_plain(name): name for name in sorted(available_timezones() - unnamed)}


@lru_cache(maxsize=1)
def _by_city() -> Mapping[str, tuple[str, ...]]:
    cities: defaultdict[str, tuple[str, ...]] = defaultdict(tuple)
    for name in offered():
        cities[_plain(name).rsplit("/", 1)[-1]] += (name,)
    return dict(cities)
