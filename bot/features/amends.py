"""What somebody is told whose grade a correction changed."""

from __future__ import annotations

from bot.features import faces, prose, verdicts
from bot.features.prose import points
from bot.messages import Message, Text, clip, woven
from bot.quiz import grading
from bot.quiz.cards import Card
from bot.store.notices import Notice
from bot.words import _, ngettext


def told(notice: Notice, card: Card, *, streaks: bool) -> Message:
    """What somebody is told whose grade changed. `streaks`: whether their community keeps them."""
    grade = grading.grade(card, notice.given or "")
    said = clip(verdicts.said_in_full(card, notice.given or ""), 300)
    outcome = _better(notice, correct=grade.correct) if notice.fraction > 0 else _worse(notice, correct=grade.correct)
    stays = [" ", _("Your streak stays.")] if streaks and notice.points and notice.fraction <= 0 else []
    return prose.fitted(
        Text.woven(_("**A question that you answered was corrected.**")),
        Text.of(clip(" ".join(faces.asked(card).split()), 300), quiet=True),
        Text.of(*woven(_("Your answer was **{answer}**."), answer=said), " ", outcome, *stays),
        verdicts.right_block(card),
    )


def _better(notice: Notice, *, correct: bool) -> str:
    if not notice.points:
        return _("It is right after all.") if correct else _("It is worth more now.")
    won = f"+{points(abs(notice.points))}"
    # For translators: {won} is “+20 points”
    return _("It is right after all: {won}.", won=won) if correct else _("It is worth more now: {won}.", won=won)


def _worse(notice: Notice, *, correct: bool) -> str:
    fewer = abs(notice.points)
    if not notice.points:
        if correct:
            return _("It is graded anew; your points stay.")
        return _("It is not right any more; your points stay.")
    if correct:
        return ngettext("It is graded anew: {number} point fewer.", "It is graded anew: {number} points fewer.", fewer)
    return ngettext(
        "It is not right any more: {number} point fewer.", "It is not right any more: {number} points fewer.", fewer
    )
