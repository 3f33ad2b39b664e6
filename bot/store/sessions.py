"""Practice sessions: the cards in the order asked, and what was answered at each position."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.events import Place
from bot.store.cards import KeptCard, by_ids
from bot.store.tables import practice_answers, sessions
from bot.store.upsert import insert


@dataclass(frozen=True, slots=True)
class PracticeAnswer:
    position: int
    given: str
    fraction: float
    correct: bool


@dataclass(frozen=True, slots=True)
class Session:
    """A practice run of one person. `cards` in the order asked; `answers` by position, from 0."""

    id: int
    person_id: int
    community_id: int
    cards: tuple[KeptCard, ...]
    answers: dict[int, PracticeAnswer]

    @property
    def position(self) -> int:
        """The first card that is not answered yet; the number of cards when all are."""
        return next((at for at in range(len(self.cards)) if at not in self.answers), len(self.cards))


@dataclass(frozen=True, slots=True)
class Learner:
    """Who practises, by which account, and where."""

    community_id: int
    person_id: int
    account_id: int
    place: Place


async def begin(tx: AsyncConnection, learner: Learner, chosen: Sequence[KeptCard], now: datetime) -> Session:
    """A new session over these cards."""
    row = {
        "community_id": learner.community_id,
        "person_id": learner.person_id,
        "account_id": learner.account_id,
        "platform": learner.place.platform,
        "workspace": learner.place.workspace,
        "cards": [card.id for card in chosen],
        "started_at": now,
    }
    made = await tx.execute(insert(tx, sessions).values(row).returning(sessions.c.id))
    return Session(made.scalar_one(), learner.person_id, learner.community_id, tuple(chosen), {})


async def load(tx: AsyncConnection, session_id: int, person_id: int) -> Session | None:
    """The person's session with this id; None when there is none, or it is somebody else's."""
    mine = (sessions.c.id == session_id) & (sessions.c.person_id == person_id)
    row = (await tx.execute(select(sessions).where(mine))).one_or_none()
    if row is None:
        return None
    kept = await by_ids(tx, row.cards)
    given = await tx.execute(select(practice_answers).where(practice_answers.c.session_id == session_id))
    answered = {a.position: PracticeAnswer(a.position, a.given, a.fraction, a.correct) for a in given}
    return Session(row.id, person_id, row.community_id, tuple(kept[card_id] for card_id in row.cards), answered)


async def record(
    tx: AsyncConnection, session: Session, answer: PracticeAnswer, *, hinted: bool, now: datetime, day: date
) -> bool:
    """Keep the answer at its position; False when one stands there already. `day` is the community's."""
    row = {
        "session_id": session.id,
        "position": answer.position,
        "community_id": session.community_id,
        "person_id": session.person_id,
        "card_id": session.cards[answer.position].id,
        "given": answer.given,
        "fraction": answer.fraction,
        "correct": answer.correct,
        "hinted": hinted,
        "answered_at": now,
        "correction": session.cards[answer.position].correction,
        "day": day,
    }
    kept = insert(tx, practice_answers).values(row).on_conflict_do_nothing().returning(practice_answers.c.position)
    if (await tx.execute(kept)).scalar_one_or_none() is None:
        return False
    if session.position == answer.position == len(session.cards) - 1:
        await tx.execute(update(sessions).where(sessions.c.id == session.id).values(finished_at=now))
    return True
