"""Cards as they were when first used: kept once per community and version, so that nothing asked changes its meaning."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.quiz.cards import Card, Deck, from_json, to_json, version
from bot.store.tables import cards
from bot.store.upsert import insert


@dataclass(frozen=True, slots=True)
class KeptCard:
    """A row of `cards`."""

    id: int
    deck: str
    deck_title: str
    card: Card


async def keep(tx: AsyncConnection, community_id: int, chosen: Sequence[tuple[Deck, Card]]) -> list[KeptCard]:
    """The rows of these cards as they are now, made where they are missing; in the order given."""
    keys = [(deck.id, card.id, version(card)) for deck, card in chosen]
    asked = (cards.c.community_id == community_id) & tuple_(cards.c.deck, cards.c.card, cards.c.version).in_(keys)
    found = select(cards.c.id, cards.c.deck, cards.c.card, cards.c.version).where(asked)
    ids = {(row.deck, row.card, row.version): row.id for row in await tx.execute(found)}
    new = [
        {
            "community_id": community_id,
            "deck": deck.id,
            "deck_title": deck.title,
            "card": card.id,
            "version": key[2],
            "body": to_json(card),
        }
        for (deck, card), key in zip(chosen, keys, strict=True)
        if key not in ids
    ]
    if new:
        await tx.execute(insert(tx, cards).on_conflict_do_nothing(), new)  # another worker may keep the same ones
        ids = {(row.deck, row.card, row.version): row.id for row in await tx.execute(found)}
    return [KeptCard(ids[key], deck.id, deck.title, card) for (deck, card), key in zip(chosen, keys, strict=True)]


async def put_aside(tx: AsyncConnection, card_id: int, why: str) -> None:
    """Never ask this version of a card again: no platform takes it."""
    await tx.execute(update(cards).where(cards.c.id == card_id).values(set_aside=why))


_SET_ASIDE = select(cards.c.deck, cards.c.card, cards.c.version).where(
    cards.c.community_id == bindparam("community"), cards.c.set_aside.is_not(None)
)


async def set_aside(tx: AsyncConnection, community_id: int, every: Iterable[tuple[Deck, Card]]) -> set[str]:
    """Which of these are not asked again as they are now, as `deck/card`."""
    found = await tx.execute(_SET_ASIDE, {"community": community_id})
    aside = {(row.deck, row.card, row.version) for row in found}
    return {f"{deck.id}/{card.id}" for deck, card in every if aside and (deck.id, card.id, version(card)) in aside}


async def by_ids(tx: AsyncConnection, ids: Iterable[int]) -> dict[int, KeptCard]:
    """The rows with these ids."""
    asked = select(cards.c.id, cards.c.deck, cards.c.deck_title, cards.c.body).where(cards.c.id.in_(list(ids)))
    return {row.id: KeptCard(row.id, row.deck, row.deck_title, from_json(row.body)) for row in await tx.execute(asked)}
