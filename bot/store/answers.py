"""Answers to posts, read back: tallies for the results, a person's own, and what they come to by topic and level."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Integer, Row, case, cast, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.cards import BODY
from bot.store.posts import PostRow
from bot.store.tables import (
    answers,
    cards,
    forgotten_answers,
    people,
    posts,
    practice_answers,
    schedules,
    streaks,
)


@dataclass(frozen=True, slots=True)
class Tally:
    """What a post's answers come to. `by_given`: how many gave each answer, most first; `first_correct`: the names of the first
    three who were right and don't hide.
    """

    answered: int
    correct: int
    by_given: tuple[tuple[str, int], ...]
    first_correct: tuple[str, ...]
    streaks_kept: int

    def shown(self, *, boards: bool, streaks: bool) -> Tally:
        """What a community shows of it: who was first only where it has boards, kept streaks only where it keeps some."""
        first = self.first_correct if boards else ()
        return replace(self, first_correct=first, streaks_kept=self.streaks_kept if streaks else 0)


async def tally(tx: AsyncConnection, post_id: int, day_number: int, *, most: int = 30) -> Tally:
    """Count a post's answers. At most `most` different answers are listed: enough for every option of a choice card."""
    here = answers.c.post_id == post_id
    number = func.count().label("number")
    counted = select(answers.c.given, number).where(here).group_by(answers.c.given)
    counted = counted.order_by(number.desc(), answers.c.given).limit(most)
    total = select(func.count(), func.coalesce(func.sum(cast(answers.c.correct, Integer)), 0)).where(here)
    answered, correct = (await tx.execute(total)).one()
    first = (
        select(people.c.name)
        .join(answers, answers.c.person_id == people.c.id)
        .where(here & answers.c.correct & ~people.c.hidden)
    )
    first = first.order_by(answers.c.answered_at, answers.c.id).limit(3)
    kept = select(func.count()).select_from(answers.join(streaks, streaks.c.person_id == answers.c.person_id))
    kept = kept.where(here & (streaks.c.last_number >= day_number) & (streaks.c.current >= 2))
    gone = select(forgotten_answers).where(forgotten_answers.c.post_id == post_id)
    by_given = Counter({row.given: row.number for row in await tx.execute(counted)})
    for row in await tx.execute(gone):  # whoever was forgotten is counted still
        answered += row.people
        correct += row.people * row.correct
        by_given.update({row.given: row.people} if row.given else {})
    return Tally(
        answered=answered,
        correct=correct,
        by_given=tuple(sorted(by_given.items(), key=lambda each: (-each[1], each[0]))),
        first_correct=tuple((await tx.execute(first)).scalars()),
        streaks_kept=(await tx.execute(kept)).scalar_one(),
    )


async def elsewhere(tx: AsyncConnection, post: PostRow) -> int:
    """How many answered the post's card on its day in another channel of the community, where their answer counts."""
    ours = select(schedules.c.id).where(schedules.c.community_id == post.community_id)
    twins = select(posts.c.id).where(posts.c.schedule_id.in_(ours), posts.c.day == post.day, posts.c.id != post.id)
    there = twins.where(posts.c.card_id == post.card_id)
    number: int = (await tx.execute(select(func.count()).where(answers.c.post_id.in_(there)))).scalar_one()
    gone = select(func.coalesce(func.sum(forgotten_answers.c.people), 0)).where(forgotten_answers.c.post_id.in_(there))
    return number + int((await tx.execute(gone)).scalar_one())


@dataclass(frozen=True, slots=True)
class OwnAnswer:
    """A person's answer to a post's card on its day, wherever it was given."""

    id: int
    given: str
    fraction: float
    correct: bool
    points: int
    on_offer: int
    guessed: bool
    answered_at: datetime
    correction: int = 0
    """Of the card, by which the answer is graded."""


def _own(row: Row[Any]) -> OwnAnswer:
    return OwnAnswer(
        row.id,
        row.given,
        row.fraction,
        row.correct,
        row.points,
        row.on_offer,
        row.guessed,
        row.answered_at,
        row.correction,
    )


async def own(tx: AsyncConnection, person_id: int, card_id: int, day: date) -> OwnAnswer | None:
    """The person's answer to a card on a question day."""
    mine = (answers.c.person_id == person_id) & (answers.c.card_id == card_id) & (answers.c.day == day)
    row = (await tx.execute(select(answers).where(mine))).one_or_none()
    return None if row is None else _own(row)


async def mark_guess(tx: AsyncConnection, person_id: int, answer_id: int) -> bool:
    """Note that the person guessed; False when it is no answer of theirs."""
    mine = (answers.c.id == answer_id) & (answers.c.person_id == person_id)
    return (await tx.execute(update(answers).where(mine).values(guessed=True))).rowcount == 1


@dataclass(frozen=True, slots=True)
class CardRecord:
    """How a person did at a card, in posts and in practice. `body` is the version that they answered last; `known`: that last
    answer was right, and no guess.
    """

    body: str
    answered: int
    correct: int
    guessed: int
    known: bool


async def records(tx: AsyncConnection, person_id: int) -> Sequence[CardRecord]:
    """Every card that the person answered, whichever version of it, and how it went."""
    posted = select(
        answers.c.card_id,
        cast(answers.c.correct, Integer).label("correct"),
        cast(answers.c.guessed, Integer).label("guessed"),
        answers.c.answered_at,
    ).where(answers.c.person_id == person_id)
    practised = select(
        practice_answers.c.card_id,
        cast(practice_answers.c.correct, Integer).label("correct"),
        cast(0, Integer).label("guessed"),
        practice_answers.c.answered_at,
    ).where(practice_answers.c.person_id == person_id)
    every = posted.union_all(practised).subquery()
    lately = func.row_number().over(
        partition_by=(cards.c.deck, cards.c.card), order_by=(every.c.answered_at.desc(), every.c.card_id.desc())
    )
    placed = select(cards.c.deck, cards.c.card, every, lately.label("nth")).join(cards, cards.c.id == every.c.card_id)
    each = placed.subquery()
    last = each.c.nth == 1
    tallied = (
        select(
            func.count().label("answered"),
            func.sum(each.c.correct).label("correct"),
            func.sum(each.c.guessed).label("guessed"),
            func.sum(case((last, each.c.correct * (1 - each.c.guessed)), else_=0)).label("known"),
            func.sum(case((last, each.c.card_id), else_=0)).label("card_id"),
        )
        .group_by(each.c.deck, each.c.card)
        .subquery()
    )
    found = await tx.execute(select(tallied, BODY).join(cards, cards.c.id == tallied.c.card_id))
    return [CardRecord(row.body, row.answered, row.correct, row.guessed, bool(row.known)) for row in found]
