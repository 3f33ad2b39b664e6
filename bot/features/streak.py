"""Somebody's streak as it stands today."""

from __future__ import annotations

from bot.features.turn import Turn
from bot.quiz.streaks import Streak
from bot.store import posts, streaks


async def current_streak(turn: Turn) -> Streak:
    """The member's streak: question days missed since have cost their freezes, or the streak."""
    streak = await streaks.streak(turn.tx, turn.member.person_id)
    latest = await posts.latest_day_number(turn.tx, turn.member.community_id)
    return streak.seen_from(max(latest, streak.last))


async def shown_streak(turn: Turn) -> Streak | None:
    """The same, where the community keeps streaks."""
    return await current_streak(turn) if turn.member.settings.streaks else None
