"""Cards as they were when first used: kept once per community and version, so that nothing asked changes its meaning."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from sqlalchemy import bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.quiz.cards import Card, Deck, from_json, to_json, version
from bot.store.tables import cards
from bot.store.upsert import insert

_Key: TypeAlias = tuple[int, str, str, str]
"""Community, deck, card, version."""


@dataclass(frozen=True, slots=True)
class KeptCard:
    """A row of `cards`."""

    id: int
    deck: str
    deck_title: str
    card: Card


# Column by column, and not a tuple in a list: for that SQLite would go through every card.
_FOUND = select(cards.c.id, cards.c.community_id, cards.c.deck, cards.c.card, cards.c.version).where(
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
    ids = await _ids(tx, keys)
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
        if key not in ids
    }
    if new:
        await tx.execute(
            insert(tx, cards).on_conflict_do_nothing(), [*new.values()]
        )  # another worker may keep the same
        ids = await _ids(tx, keys)
    return [KeptCard(ids[key], deck.id, deck.title, card) for (_, deck, card), key in zip(chosen, keys, strict=True)]


async def _ids(tx: AsyncConnection, keys: Sequence[_Key]) -> dict[_Key, int]:
    asked = {name: sorted({key[at] for key in keys}) for at, name in enumerate(("communities", "decks", "cards"))}
    found = await tx.execute(_FOUND, asked)
    return {(row.community_id, row.deck, row.card, row.version): row.id for row in found}


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
    asked = select(cards.c.id, cards.c.deck, cards.c.deck_title, cards.c.body).where(cards.c.id.in_(list(ids)))
    return {row.id: KeptCard(row.id, row.deck, row.deck_title, from_json(row.body)) for row in await tx.execute(asked)}
