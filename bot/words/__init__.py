"""Words: what we say, in the language of whoever reads it.

Sentences are written in English where they are said, inside `_()`; `languages/` holds what they are in others.
"""

from __future__ import annotations

from bot.words.formats import both, day, days, decimal, either, month, native, number, percent, weekday
from bot.words.instants import instant
from bot.words.language import ENGLISH, aloud, conversing, known, languages, speaking, spoken
from bot.words.speech import N_, _, in_each, ngettext, pgettext, said

__all__ = [
    "ENGLISH",
    "N_",
    "_",
    "aloud",
    "both",
    "conversing",
    "day",
    "days",
    "decimal",
    "either",
    "in_each",
    "instant",
    "known",
    "languages",
    "month",
    "native",
    "ngettext",
    "number",
    "percent",
    "pgettext",
    "said",
    "speaking",
    "spoken",
    "weekday",
]
