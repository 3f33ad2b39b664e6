"""The daily question's life in its channel: which card, when it is over, what the channel sees at either end."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.features import daily, faces, prose, reactions, verdicts
from bot.features.prose import count
from bot.library.shelf import Shelf
from bot.messages import (
    Action,
    Block,
    Button,
    Heading,
    Message,
    Run,
    Text,
    When,
    bold,
    button_rows,
    clip,
    plain,
)
from bot.quiz import due, picking
from bot.quiz.cards import LETTERS, Card, Deck, Explain, Flashcard, Level, MultiChoice, SingleChoice, TrueFalse
from bot.quiz.picking import Candidate
from bot.store import cards, posts, schedules
from bot.store.answers import Tally
from bot.store.posts import PostRow
from bot.store.schedules import Mode, Schedule

EVERY_DAY = frozenset(range(7))
BAR = 12
"""Characters of the longest bar; what a phone shows on one line beside the share."""


async def claim(
    tx: AsyncConnection, schedule: Schedule, zone: ZoneInfo, shelf: Shelf, now: datetime, chance: random.Random
) -> PostRow | None:
    """Claim the schedule's due question for us and set the schedule to its next instant.

    After downtime only the latest date is posted, and only while it can still be answered. None when nothing is to be
    posted: its window is over, another worker has it, or there are no cards.
    """
    at = time.fromisoformat(schedule.time)
    own_zone = ZoneInfo(schedule.zone)
    next_date, next_at = due.next_due(at, own_zone, EVERY_DAY, now)
    await schedules.advance(tx, schedule.id, next_at, next_date)
    latest = due.latest_due(at, own_zone, EVERY_DAY, now)
    if latest is None:
        return None
    closes_at = min(latest[1] + timedelta(minutes=schedule.open_minutes), next_at)
    chosen = choose(shelf, await posts.history(tx, schedule.place), chance, schedule.mode)
    if closes_at <= now or chosen is None:
        return None
    kept = (await cards.keep(tx, schedule.community_id, [chosen]))[0]
    day = now.astimezone(zone).date()
    post_id = await posts.claim(tx, schedule, latest[0], kept.id, day, now, closes_at)
    return None if post_id is None else await posts.by_id(tx, post_id)


def choose(
    shelf: Shelf, history: list[str], chance: random.Random, mode: Mode = Mode.BUTTONS
) -> tuple[Deck, Card] | None:
    """The next question for a channel that had `history` (`deck/card`, oldest first); None when there are no cards.

    In reaction mode only cards that an emoji can answer.
    """
    by_key = {
        f"{deck.id}/{card.id}": (deck, card)
        for deck, card in shelf.cards()
        if mode is Mode.BUTTONS or reactions.options(card)
    }
    if not history:  # a channel's very first question is answered with one press, by everybody
        easy = {key: (deck, card) for key, (deck, card) in by_key.items() if _easy(card)}
        by_key = easy or by_key
    candidates = [Candidate(key, card.level, card.topics) for key, (_, card) in by_key.items()]
    return by_key[picking.pick(candidates, history, chance).key] if candidates else None


def _easy(card: Card) -> bool:
    return isinstance(card, SingleChoice) and card.level is Level.BEGINNER


def question(post: PostRow, shelf: Shelf) -> Message:
    """The post while it is open."""
    about = Text.of(f"{post.deck_title} · {post.card.level} · closes ", When(post.closes_at), quiet=True)
    return prose.fitted(Heading("Question of the day"), about, *asked(post, shelf))


def asked(post: PostRow, shelf: Shelf) -> tuple[Block, ...]:
    """The question, and the way to answer it."""
    here = daily.frame(post)
    shown = faces.question_blocks(post.card, here, shelf.picture(post.deck, post.card), _labels(post))
    return *shown, *([reactions.HOW] if post.mode is Mode.REACTIONS else faces.controls(post.card, here))


def _labels(post: PostRow) -> Sequence[str]:
    return faces.KEYCAPS if post.mode is Mode.REACTIONS else LETTERS


def results(post: PostRow, tally: Tally, shelf: Shelf) -> Message:
    """The post after closing: the answer, how the channel did, and why."""
    labels = _labels(post)
    picture = shelf.picture(post.deck, post.card)
    blocks: list[Block] = [
        Heading("Question of the day · closed"),
        Text.of(f"{post.deck_title} · {post.card.level}", quiet=True),
        *faces.question_blocks(post.card, daily.frame(post), picture, labels),
        verdicts.right_block(post.card, labels),
    ]
    if tally.answered:
        blocks += [bars(post.card, tally, labels), Text.of(*_who(post.card, tally))]
    else:
        blocks.append(Text.of("Nobody answered this one."))
    blocks += faces.explanation_blocks(post.card)
    blocks += button_rows([Button("Practise it", Action.of("practise", post.id))])
    return prose.fitted(*blocks)


def bars(card: Card, tally: Tally, labels: Sequence[str] = LETTERS) -> Text:
    """A line per option, or per verdict where answers are written: a bar, its share and its count."""
    lines = _shares(card, tally, labels)
    longest = max(number for _, number, _ in lines) or 1
    runs: list[Run] = []
    for label, number, right in lines:
        length = round(BAR * number / longest)
        share = round(100 * number / tally.answered)
        runs += [
            plain(("\n" if runs else "") + ("✅ " if right else "▫️ ")),
            bold(label),
            plain(f"  {'█' * length}{'░' * (BAR - length)}  {share} % ({number})"),
        ]
    return Text(tuple(runs))


def _shares(card: Card, tally: Tally, labels: Sequence[str]) -> list[tuple[str, int, bool]]:
    """Label, number of people, whether it is right."""
    given = dict(tally.by_given)
    match card:
        case SingleChoice():
            letters = LETTERS[: len(card.options)]
            return [(labels[i], given.get(letter, 0), card.options[i].correct) for i, letter in enumerate(letters)]
        case MultiChoice():
            letters = LETTERS[: len(card.options)]
            return [
                (letter, sum(n for picks, n in given.items() if letter in picks), card.options[i].correct)
                for i, letter in enumerate(letters)
            ]
        case TrueFalse():
            return [(str(value), given.get(str(value).lower(), 0), card.answer is value) for value in (True, False)]
        case Flashcard():
            return [(grade.capitalize(), given.get(grade, 0), False) for grade in ("again", "hard", "good", "easy")]
        case Explain():
            return [("All concepts", tally.correct, True), ("Some or none", tally.answered - tally.correct, False)]
        case _:
            return [("Right", tally.correct, True), ("Not right", tally.answered - tally.correct, False)]


def _who(card: Card, tally: Tally) -> list[Run | str]:
    parts: list[Run | str] = [bold(count(tally.answered, "person", "people")), " answered"]
    if not isinstance(card, Flashcard):
        parts.append(f", {tally.correct} got it right")
    parts.append(".")
    if tally.first_correct and not isinstance(card, Flashcard):
        parts.append(f" First right: {', '.join(clip(name, 40) for name in tally.first_correct)}.")
    if tally.streaks_kept:
        parts.append(f" {count(tally.streaks_kept, 'person', 'people')} kept a streak going.")
    return parts
