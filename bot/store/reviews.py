"""What a person has answered to each card, in posts and in practice: all that reviews are derived from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import false, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.tables import answers, cards, practice_answers


@dataclass(frozen=True, slots=True)
class Given:
    """One answer; `at` aware, in UTC."""

    given: str
    fraction: float
    correct: bool
    hinted: bool
    guessed: bool
    at: datetime


async def by_card(tx: AsyncConnection, person_id: int) -> Mapping[str, Sequence[Given]]:
    """A person's answers by `deck/card`, to whichever version of it."""
    posted, practised = answers.c, practice_answers.c
    kept = select(
        posted.card_id,
        posted.given,
        posted.fraction,
        posted.correct,
        posted.hinted,
        posted.guessed,
        posted.answered_at,
    ).where(posted.person_id == person_id)
    more = select(
        practised.card_id,
        practised.given,
        practised.fraction,
        practised.correct,
        practised.hinted,
        false().label("guessed"),
        practised.answered_at,
    ).where(practised.person_id == person_id)
    every = kept.union_all(more).subquery()
    query = select(cards.c.deck, cards.c.card, every).join(cards, cards.c.id == every.c.card_id)
    found: dict[str, list[Given]] = defaultdict(list)
    for row in await tx.execute(query):
        found[f"{row.deck}/{row.card}"].append(
            Given(row.given, row.fraction, row.correct, row.hinted, row.guessed, row.answered_at)
        )
    return found
