"""Problems that people report with cards: kept once a person and version, told to admins without names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.cards import KeptCard
from bot.store.sessions import Learner
from bot.store.tables import reports
from bot.store.upsert import insert

QUOTED: Final = 5
"""Reports of a card whose words are read back."""


class Reason(StrEnum):
    KEY = "key"
    MINE = "mine"
    UNCLEAR = "unclear"
    DATED = "dated"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Reported:
    """A card with problems that no admin has settled. `card_id` is the version reported last; `reasons` how many gave each,
    most first; `words` what the latest wrote.
    """

    deck: str
    card: str
    card_id: int
    number: int
    reasons: tuple[tuple[Reason, int], ...]
    words: tuple[str, ...]


async def report(
    tx: AsyncConnection, learner: Learner, card: KeptCard, reason: Reason, words: str, now: datetime
) -> bool:
    """Keep a problem that somebody has with a card; False when they have reported this version of it already, by whichever
    of their accounts.
    """
    mine = reports.c.person_id == learner.person_id
    if (
        await tx.execute(select(reports.c.card_id).where(mine, reports.c.card_id == card.id).limit(1))
    ).first() is not None:
        return False
    row = {
        "platform": learner.place.platform,
        "workspace": learner.place.workspace,
        "deck": card.deck,
        "card": card.card.id,
        "account_id": learner.account_id,
        "community_id": learner.community_id,
        "person_id": learner.person_id,
        "card_id": card.id,
        "reason": reason,
        "words": words,
        "reported_at": now,
        "settled_at": None,
    }
    made = insert(tx, reports).values(row)
    anew = {name: made.excluded[name] for name in ("card_id", "reason", "words", "reported_at", "settled_at")}
    key = ["platform", "workspace", "deck", "card", "account_id"]
    another = reports.c.card_id != made.excluded.card_id
    made = made.on_conflict_do_update(index_elements=key, set_=anew, where=another)
    return (await tx.execute(made.returning(reports.c.card_id))).scalar_one_or_none() is not None


async def open_cards(tx: AsyncConnection, community_id: int, most: int) -> list[Reported]:
    """Cards with unsettled reports, those with the most first."""
    number = func.count().label("number")
    query = select(reports.c.deck, reports.c.card, number).where(_open(community_id))
    query = query.group_by(reports.c.deck, reports.c.card).order_by(number.desc(), reports.c.deck, reports.c.card)
    rows = (await tx.execute(query.limit(most))).all()
    return [found for row in rows if (found := await of_card(tx, community_id, row.deck, row.card)) is not None]


async def of_card(tx: AsyncConnection, community_id: int, deck: str, card: str) -> Reported | None:
    """The unsettled reports of a card, if there are."""
    here = _open(community_id, deck, card)
    number = func.count().label("number")
    counted = select(reports.c.reason, number).where(here).group_by(reports.c.reason)
    reasons = (await tx.execute(counted.order_by(number.desc(), reports.c.reason))).all()
    if not reasons:
        return None
    query = select(reports.c.card_id, reports.c.words).where(here).order_by(reports.c.reported_at.desc())
    last: Sequence[tuple[int, str]] = [(row.card_id, row.words) for row in await tx.execute(query.limit(50))]
    return Reported(
        deck,
        card,
        last[0][0],
        sum(row.number for row in reasons),
        tuple((Reason(row.reason), row.number) for row in reasons),
        tuple([words for _, words in last if words][:QUOTED]),
    )


async def count(tx: AsyncConnection, community_id: int) -> int:
    """How many unsettled reports there are."""
    return int((await tx.execute(select(func.count()).select_from(reports).where(_open(community_id)))).scalar_one())


async def settle(tx: AsyncConnection, community_id: int, deck: str, card: str, now: datetime) -> int:
    """No admin's hand is needed any more; how many reports that were."""
    return (await tx.execute(update(reports).where(_open(community_id, deck, card)).values(settled_at=now))).rowcount


def _open(community_id: int, deck: str | None = None, card: str | None = None) -> ColumnElement[bool]:
    here = (reports.c.community_id == community_id) & reports.c.settled_at.is_(None)
    return here if deck is None else here & (reports.c.deck == deck) & (reports.c.card == card)
