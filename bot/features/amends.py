"""What somebody is told whose grade a correction changed."""

from __future__ import annotations

from bot.features import faces, prose, verdicts
from bot.features.prose import count
from bot.messages import Message, Text, bold, clip
from bot.quiz import grading
from bot.quiz.cards import Card
from bot.store.notices import Notice


def told(notice: Notice, card: Card) -> Message:
    """What somebody is told whose grade changed."""
    grade = grading.grade(card, notice.given or "")
    said = clip(verdicts.said_in_full(card, notice.given or ""), 300)
    return prose.fitted(
        Text.of(bold("A question that you answered was corrected.")),
        Text.of(clip(" ".join(faces.asked(card).split()), 300), quiet=True),
        Text.of("Your answer was ", bold(said), f". {_outcome(notice, correct=grade.correct)}"),
        verdicts.right_block(card),
    )


def _outcome(notice: Notice, *, correct: bool) -> str:
    points = count(abs(notice.points), "point")
    if notice.fraction > 0:
        first = "It is right after all" if correct else "It is worth more now"
        return f"{first}: +{points}." if notice.points else f"{first}."
    first = "It is not right any more" if not correct else "It is graded anew"
    return f"{first}: {points} fewer. Your streak stays." if notice.points else f"{first}; your points stay."
