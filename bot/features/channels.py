"""The channels of a daily question, in words: which they are, what is wrong in one of them, which are told of their weeks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.events import Place
from bot.messages import Block, Channel, Run, Text, clip, plain, woven
from bot.store.questions import Question
from bot.words import _, both, ngettext, number, said

FEW = 3
"""Channels that a line of a list names."""


def named(places: Sequence[Place], most: int = 0) -> tuple[Run, ...]:
    """`#general`, `#a and #b`: inside a sentence. Those past `most`, if there is a most, are counted."""
    shown = places[:most] if most and len(places) > most + 1 else places
    marks = [f"channel_{chr(ord('a') + at)}" for at in range(len(shown))]
    parts: dict[str, Run] = {mark: Channel(place.channel) for mark, place in zip(marks, shown, strict=True)}
    listed = [f"{{{mark}}}" for mark in marks]
    if len(shown) < len(places):
        # For translators: at the end of a list, such as “#general, #hall, #talk and 17 more”
        parts["more"] = plain(_("{number} more", number=number(len(places) - len(shown))))
        listed.append("{more}")
    return woven(both(listed) if len(listed) > 1 else listed[0], **parts)


def warnings(question: Question, troubles: Mapping[Place, str]) -> list[Block]:
    """What is wrong, with its channel where the question has several; `troubles` before what is known."""
    found = {line.place: said(line.trouble) for line in question.lines if line.trouble} | dict(troubles)
    if len(question.lines) == 1:
        return [Text.of(f"⚠️ {why}") for why in found.values()]
    return [Text.of("⚠️ ", Channel(place.channel), f": {why}") for place, why in found.items()]


def troubled(question: Question) -> tuple[Run | str, ...]:
    """The same, more briefly: below a line of a list, of a few channels."""
    wrong = [(line.place, said(line.trouble)) for line in question.lines if line.trouble]
    runs: list[Run | str] = []
    for place, why in wrong[:FEW]:
        where = () if len(question.lines) == 1 else (Channel(place.channel), ": ")
        runs += ["\n⚠️ ", *where, clip(why, 180)]
    if len(wrong) > FEW:
        more = ngettext(
            "Something is wrong in {number} other channel.",
            "Something is wrong in {number} other channels.",
            len(wrong) - FEW,
        )
        runs.append(f"\n⚠️ {more}")
    return tuple(runs)


def recap(question: Question) -> str:
    """Who is told of their week: a sentence."""
    told = [line.recap_at is not None for line in question.lines]
    if not any(told):
        return _("There is no weekly recap.")
    if len(told) == 1:
        return _("On Mondays the channel gets a recap of its week.")
    if all(told):
        return _("On Mondays each channel gets a recap of its week.")
    return _("On Mondays some of the channels get a recap of their week.")
