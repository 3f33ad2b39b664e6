"""Cards as they were when first used: kept once per community and version, so that nothing asked changes its meaning."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import Row, bindparam, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.events import Place
from bot.quiz.cards import Card, Deck, from_json, to_json, version
from bot.store.tables import cards, retired_cards
from bot.store.upsert import insert

BODY = func.coalesce(cards.c.corrected, cards.c.body).label("body")
"""A card as it holds now: as the community has corrected it, or else as it was first used."""

_Key: TypeAlias = tuple[int, str, str, str]
"""Community, deck, card, version."""


@dataclass(frozen=True, slots=True)
class KeptCard:
    """A row of `cards`; `card` as the community has corrected it, if it has."""

    id: int
    deck: str
    deck_title: str
    card: Card
    correction: int = 0
    """The latest, by which the card is as it is; 0: as the deck has it."""


# Column by column, and not a tuple in a list: for that SQLite would go through every card.
_FOUND = select(
    cards.c.id,
    cards.c.community_id,
    cards.c.deck,
    cards.c.card,
    cards.c.version,
    cards.c.corrected,
    cards.c.correction,
).where(
    cards.c.community_id.in_(bindparam("communities", expanding=True)),
    cards.c.deck.in_(bindparam("decks", expanding=True)),
    cards.c.card.in_(bindparam("cards", expanding=True)),
)


async def keep(tx: AsyncConnection, community_id: int, chosen: Sequence[tuple[Deck, Card]]) -> list[KeptCard]:
    """The rows of these cards as they are now, made where they are missing; in the order given."""
    return await keep_each(tx, [(community_id, deck, card) for deck, card in chosen])


async def keep_each(tx: AsyncConnection, chosen: Sequence[tuple[int, Deck, Card]]) -> list[KeptCard]:
    """As `keep`, each of them in a community of its own."""
    keys = [(community_id, deck.id, card.id, version(card)) for community_id, deck, card in chosen]
    rows = await _rows(tx, keys)
    new = {
        key: {
            "community_id": community_id,
            "deck": deck.id,
            "deck_title": deck.title,
            "card": card.id,
            "version": key[-1],
            "body": to_json(card),
        }
        for (community_id, deck, card), key in zip(chosen, keys, strict=True)
        if key not in rows
    }
    if new:
        await tx.execute(
            insert(tx, cards).on_conflict_do_nothing(), [*new.values()]
        )  # another worker may keep the same
        rows = await _rows(tx, keys)
    return [
        KeptCard(
            rows[key].id,
            deck.id,
            deck.title,
            card if rows[key].corrected is None else from_json(rows[key].corrected),
            rows[key].correction,
        )
        for (_, deck, card), key in zip(chosen, keys, strict=True)
    ]


async def _rows(tx: AsyncConnection, keys: Sequence[_Key]) -> dict[_Key, Row[*tuple[Any, ...]]]:
    asked = {name: sorted({key[at] for key in keys}) for at, name in enumerate(("communities", "decks", "cards"))}
    found = await tx.execute(_FOUND, asked)
    return {(row.community_id, row.deck, row.card, row.version): row for row in found}


async def put_aside(tx: AsyncConnection, card_id: int, why: str) -> None:
    """Never ask this version of a card again: no platform takes it."""
    await tx.execute(update(cards).where(cards.c.id == card_id).values(set_aside=why))


_SET_ASIDE = select(cards.c.community_id, cards.c.deck, cards.c.card, cards.c.version).where(
    cards.c.community_id.in_(bindparam("communities", expanding=True)), cards.c.set_aside.is_not(None)
)


async def set_aside(tx: AsyncConnection, communities: Iterable[int]) -> dict[int, set[tuple[str, str, str]]]:
    """Which cards are not asked again, by community: deck, card and version of each."""
    aside: dict[int, set[tuple[str, str, str]]] = {}
    for row in await tx.execute(_SET_ASIDE, {"communities": sorted(set(communities))}):
        aside.setdefault(row.community_id, set()).add((row.deck, row.card, row.version))
    return aside


async def by_ids(tx: AsyncConnection, ids: Iterable[int]) -> dict[int, KeptCard]:
    """The rows with these ids."""
    asked = select(cards.c.id, cards.c.deck, cards.c.deck_title, BODY, cards.c.correction).where(
        cards.c.id.in_(list(ids))
    )
    return {
        row.id: KeptCard(row.id, row.deck, row.deck_title, from_json(row.body), row.correction)
        for row in await tx.execute(asked)
    }


async def of_community(tx: AsyncConnection, community_id: int, card_id: int) -> KeptCard | None:
    """The row with this id, if it is a community's."""
    mine = select(cards.c.id).where(cards.c.id == card_id, cards.c.community_id == community_id)
    return (await by_ids(tx, (await tx.execute(mine)).scalars())).get(card_id)


# ---------------------------------------------------------------- taken out of the daily question


async def retire(tx: AsyncConnection, card: KeptCard, community_id: int, place: Place, now: datetime) -> None:
    """Never post a card again in a community, whatever its version. It was said in `place`, to whose workspace that belongs."""
    row = {
        "platform": place.platform,
        "workspace": place.workspace,
        "deck": card.deck,
        "card": card.card.id,
        "community_id": community_id,
        "retired_at": now,
    }
    await tx.execute(insert(tx, retired_cards).values(row).on_conflict_do_nothing())


async def bring_back(tx: AsyncConnection, card: KeptCard, community_id: int) -> None:
    here = (retired_cards.c.community_id == community_id) & (retired_cards.c.deck == card.deck)
    await tx.execute(delete(retired_cards).where(here, retired_cards.c.card == card.card.id))


async def retired(tx: AsyncConnection, communities: Iterable[int]) -> dict[int, set[tuple[str, str]]]:
    """Which cards are not posted, by community: deck and card of each."""
    query = select(retired_cards.c.community_id, retired_cards.c.deck, retired_cards.c.card)
    found: dict[int, set[tuple[str, str]]] = {}
    for row in await tx.execute(query.where(retired_cards.c.community_id.in_(sorted(set(communities))))):
        found.setdefault(row.community_id, set()).add((row.deck, row.card))
    return found
