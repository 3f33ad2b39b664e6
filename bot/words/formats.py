"""Numbers, dates and lists as a language writes them, from Unicode's data (CLDR) by Babel, which is loaded with its first use."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache

from bot.words.language import spoken

_LOCALES = {"en": "en_GB"}
"""English as the texts are written: day before month, no comma before `and`."""


def _locale(language: str | None = None) -> str:
    language = language or spoken()
    return _LOCALES.get(language, language)


def number(value: int, language: str | None = None) -> str:
    """`7`, `1,234`, in German `1.234`."""
    return str(value) if -1000 < value < 1000 else _number(value, _locale(language))


@lru_cache(maxsize=1024)
def _number(value: int, locale: str) -> str:
    from babel.numbers import format_decimal

    return format_decimal(value, locale=locale)


def percent(share: float, digits: int = 0) -> str:
    """A share, 0 to 1: `67 %`, `67.4 %`, in German `67,4 %`."""
    from babel.numbers import format_decimal

    pattern = "0." + "0" * digits if digits else "0"
    return f"{format_decimal(100 * share, format=pattern, locale=_locale())} %"


def decimal(value: float, digits: int) -> str:
    """`12.5`, in German `12,5`."""
    from babel.numbers import format_decimal

    return format_decimal(value, format="0." + "0" * digits, locale=_locale())


def month(at: int, *, short: bool = False) -> str:
    """`September` for 9, or `Sep`."""
    from babel.dates import get_month_names

    return str(get_month_names("abbreviated" if short else "wide", "stand-alone", spoken())[at])


def both(items: Sequence[str]) -> str:
    """`a, b and c`."""
    return _listed(tuple(items), "standard", _locale())


def either(items: Sequence[str]) -> str:
    """`a, b or c`."""
    return _listed(tuple(items), "or", _locale())


@lru_cache(maxsize=1024)
def _listed(items: tuple[str, ...], style: str, locale: str) -> str:
    from babel.lists import format_list

    return format_list(items, style=style, locale=locale)  # type: ignore[arg-type]  # a str for one of its literals


def weekday(day: int, *, initial: bool = False) -> str:
    """`Monday` for 0, or `M`."""
    from babel.dates import get_day_names

    return str(get_day_names("narrow" if initial else "wide", "stand-alone", _locale())[day])


def day(on: date, *, year: bool = False) -> str:
    """`23 November`, in German `23. November`."""
    from babel.dates import format_date, format_skeleton

    if year:
        return format_date(on, "long", locale=_locale())
    return format_skeleton("MMMMd", datetime(on.year, on.month, on.day), locale=_locale())  # noqa: DTZ001 - a date


def days(first: date, last: date) -> str:
    """`1 Oct – 23 Nov 2026`, in German `1. Okt. – 23. Nov. 2026`; one day alone where they are the same."""
    from babel.dates import format_interval

    # CLDR's thin spaces are letters that not every font has.
    return format_interval(first, last, "yMMMd", locale=_locale()).replace("\u2009", " ")


@lru_cache(maxsize=64)
def native(language: str) -> str:
    """A language's own name: `English`, `Deutsch`."""
    from babel import Locale

    name = Locale.parse(language).get_display_name(language) or language
    return name[0].upper() + name[1:]
