"""Somebody's streak as it stands now, and what freezes did for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.features.turn import Turn
from bot.quiz.streaks import FREEZES_HELD, Streak
from bot.store import question_days, streaks
from bot.words import both, ngettext, weekday

RECENT = timedelta(days=6)
"""How long a freeze's day goes by its weekday: on the seventh it would be another week's."""


@dataclass(frozen=True, slots=True)
class Standing:
    """The streak, and the days on which a freeze kept one, oldest first."""

    streak: Streak
    frozen: Sequence[date]


async def current_streak(turn: Turn) -> Streak:
    """The member's streak: question days that are over without an answer have cost their freezes, or the streak."""
    streak, _number = await _seen(turn)
    return streak


async def shown_streak(turn: Turn) -> Streak | None:
    """`current_streak`, where the community keeps streaks."""
    return await current_streak(turn) if turn.member.settings.streaks else None


async def shown(turn: Turn) -> Standing | None:
    """`standing`, where the community keeps streaks."""
    return await standing(turn) if turn.member.settings.streaks else None


async def standing(turn: Turn) -> Standing:
    """The member's streak and their freezes spent."""
    streak, number = await _seen(turn)
    me = turn.member
    return Standing(streak, await streaks.frozen(turn.tx, me.person_id, me.community_id, number))


async def _seen(turn: Turn) -> tuple[Streak, int]:
    """The streak as of the first question day that isn't over, and that day's number."""
    kept = await streaks.streak(turn.tx, turn.member.person_id)
    number = await question_days.next_number(turn.tx, turn.member.community_id, kept.last)
    return kept.seen_from(number), number


def spent(stands: Standing, today: date) -> str:
    """`❄️ A freeze kept your streak on Monday.`, of the last days; empty where none did, or in vain."""
    recent = [day for day in stands.frozen if today - day <= RECENT][-FREEZES_HELD:]
    if not recent or not stands.streak.current:
        return ""
    return ngettext(
        "❄️ A freeze kept your streak on {days}.",
        "❄️ {number} freezes kept your streak, on {days}.",
        len(recent),
        days=both([weekday(day.weekday()) for day in recent]),
    )
