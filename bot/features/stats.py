"""`/quiz stats`: what I answered, how well, and what I know by topic and level."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from bot.events import Command, Press
from bot.features.prose import count, streak_words
from bot.features.streak import shown_streak
from bot.features.turn import Outcome, Turn
from bot.messages import Action, Button, Fields, Heading, Message, Style, Table, Text, button_rows
from bot.quiz.cards import Card, Flashcard, Level, from_json
from bot.store import answers, streaks

TOPICS_SHOWN = 8


@dataclass(slots=True)
class _Mastery:
    """Answers and the sum of their fractions, 0 to 1 each."""

    answered: int = 0
    right: float = 0.0

    @property
    def share(self) -> str:
        return f"{round(100 * self.right / self.answered)} %" if self.answered else "–"


async def show(turn: Turn, event: Command | Press) -> Outcome:
    records = [(from_json(record.body), record) for record in await answers.records(turn.tx, turn.member.person_id)]
    if not records:
        return Outcome(
            Message.of(
                Heading("Your stats"),
                "You haven’t answered anything yet. Your first answer starts your stats.",
                *button_rows(
                    [
                        Button("Today’s question", Action.of("today"), Style.PRIMARY),
                        Button("Practise", Action.of("play")),
                    ]
                ),
            )
        )
    graded = [(card, record) for card, record in records if not isinstance(card, Flashcard)]
    answered = sum(record.answered for _, record in records)
    total = _Mastery(sum(record.answered for _, record in graded), sum(record.right for _, record in graded))
    guesses = sum(record.guessed for _, record in graded)
    streak = await shown_streak(turn)
    practised = await streaks.days_practised(turn.tx, turn.member.person_id, turn.today.replace(day=1), turn.today)
    fields = [
        ("Days practised this month", str(practised)),
        *([] if streak is None else [("Streak", streak_words(streak)), ("Best streak", count(streak.best, "day"))]),
        ("Answered", str(answered)),
        ("Accuracy", total.share),
    ]
    if guesses:
        fields.append(("Right by a guess", str(guesses)))
    topics = _by(((topic, card, record) for card, record in graded for topic in card.topics))
    levels = _by(((card.level.value, card, record) for card, record in graded))
    tables = [
        Table(
            ("Topic", "Right", "Answers"),
            _rows(sorted(topics.items(), key=lambda item: (-item[1].answered, item[0]))),
            frozenset({1, 2}),
        ),
        Table(
            ("Level", "Right", "Answers"),
            _rows([(level, levels[level]) for level in Level if level in levels]),
            frozenset({1, 2}),
        ),
    ]
    return Outcome(
        Message.of(
            Heading("Your stats"),
            Fields(tuple(fields)),
            *(table for table in tables if table.rows),
            Text.of("Only you can see these. Flashcards count as answered, not towards accuracy.", quiet=True),
        )
    )


def _by(answers_by: Iterable[tuple[str, Card, answers.CardRecord]]) -> dict[str, _Mastery]:
    masteries: dict[str, _Mastery] = defaultdict(_Mastery)
    for name, _, record in answers_by:
        masteries[name].answered += record.answered
        masteries[name].right += record.right
    return masteries


def _rows(named: list[tuple[str, _Mastery]]) -> tuple[tuple[str, ...], ...]:
    return tuple((name, mastery.share, str(mastery.answered)) for name, mastery in named[:TOPICS_SHOWN])
