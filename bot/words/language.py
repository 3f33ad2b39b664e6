"""Which languages there are, and which one is spoken.

What answers a person is in theirs; what all can read is in the community's, and is made inside `aloud()`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Final

ENGLISH: Final = "en"
"""The language in which the source is written: it needs no catalogue."""

FOLDER: Final = Path(__file__).parent / "languages"

_private: ContextVar[str] = ContextVar("language", default=ENGLISH)
_public: ContextVar[str] = ContextVar("community's language", default=ENGLISH)


@cache
def languages() -> tuple[str, ...]:
    """Every language there is, English first."""
    return (ENGLISH, *sorted(path.stem for path in FOLDER.glob("*.po")))


@cache
def known(locale: str | None) -> str | None:
    """The language of ours for a locale such as `de`, `de-AT` or `pt_BR`; None where there is none."""
    if not locale:
        return None
    wanted = locale.replace("-", "_").lower()
    every = {language.lower(): language for language in languages()}
    return every.get(wanted) or every.get(wanted.partition("_")[0])


def spoken() -> str:
    """The language that is spoken right now. Whatever keeps what was said keeps this beside it."""
    return _private.get()


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """What is said inside is in `language`, to whomever."""
    with _set(_private, language), _set(_public, language):
        yield


@contextmanager
def conversing(language: str, community: str) -> Iterator[None]:
    """What is said inside is in a person's `language`, but for what is said `aloud`."""
    with _set(_private, language), _set(_public, community):
        yield


@contextmanager
def aloud() -> Iterator[None]:
    """What is said inside is for all to read, so it is in the community's language."""
    with _set(_private, _public.get()):
        yield


@contextmanager
def _set(variable: ContextVar[str], language: str) -> Iterator[None]:
    before = variable.set(language)
    try:
        yield
    finally:
        variable.reset(before)
