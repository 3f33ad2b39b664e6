"""Cards and question days when communities join and part: each community has its own, and numbers its own."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, case, delete, exists, func, insert, literal, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.tables import (
    answers,
    cards,
    corrections,
    later_answers,
    live_rounds,
    posts,
    practice_answers,
    question_days,
    reports,
    sessions,
)
from bot.store.whereabouts import chunks


def twin(community: int, other: int) -> ColumnElement[bool]:
    """The community's cards that the other one has as well."""
    return and_(cards.c.community_id == community, _has(other))


async def recard(tx: AsyncConnection, community: int, source: int, target: int) -> None:
    """Let what is a community's name the `target`'s cards where it names the same of the `source`'s."""
    old, new = cards.alias(), cards.alias()
    same = and_(new.c.deck == old.c.deck, new.c.card == old.c.card, new.c.version == old.c.version)
    both = and_(same, old.c.community_id == source, new.c.community_id == target)
    pairs = {row[0]: row[1] for row in await tx.execute(select(old.c.id, new.c.id).where(both))}
    if not pairs:
        return
    for table in (posts, answers, later_answers, practice_answers, corrections, reports):
        twin = select(new.c.id).where(both, old.c.id == table.c.card_id).scalar_subquery()
        known = select(old.c.id).where(both)
        mine = and_(table.c.community_id == community, table.c.card_id.in_(known))
        await tx.execute(update(table).where(mine).values(card_id=twin))
    for table in (sessions, live_rounds):
        played = select(table.c.id, table.c.cards).where(table.c.community_id == community)
        for row in (await tx.execute(played)).all():
            renamed = [pairs.get(card, card) for card in row.cards]
            if renamed != row.cards:
                await tx.execute(update(table).where(table.c.id == row.id).values(cards=renamed))


async def copy_cards(tx: AsyncConnection, source: int, target: int) -> None:
    """Give a community the cards that what is its own names and that are another's."""
    named: set[int] = set()
    for table in (posts, practice_answers, corrections, reports):
        query = select(table.c.card_id).where(table.c.community_id == target).distinct()
        named |= {*(await tx.execute(query)).scalars()}
    for table in (sessions, live_rounds):
        for listed in (await tx.execute(select(table.c.cards).where(table.c.community_id == target))).scalars():
            named |= {*listed}
    names = [column.name for column in cards.c if column.name not in ("id", "community_id")]
    for few in chunks(sorted(named)):
        foreign = and_(cards.c.id.in_(few), cards.c.community_id == source, ~_has(target))
        copied = select(literal(target), *(cards.c[name] for name in names)).where(foreign)
        await tx.execute(insert(cards).from_select(["community_id", *names], copied))


def _has(community: int) -> ColumnElement[bool]:
    theirs = cards.alias()
    same = and_(theirs.c.deck == cards.c.deck, theirs.c.card == cards.c.card, theirs.c.version == cards.c.version)
    return exists().where(same, theirs.c.community_id == community)


async def renumber(tx: AsyncConnection, community: int) -> None:
    """Number a community's question days anew: the days of its posts, of which those that failed are none, nor those that
    were asked where no streaks were kept.
    """
    await tx.execute(delete(question_days).where(question_days.c.community_id == community))
    shown = and_(posts.c.community_id == community, posts.c.state != "failed", posts.c.numbered)
    found = (await tx.execute(select(posts.c.day).where(shown).distinct())).scalars()
    rows = [{"community_id": community, "day": day, "number": at} for at, day in enumerate(sorted(found), 1)]
    if rows:
        await tx.execute(insert(question_days), rows)
    until = and_(question_days.c.community_id == community, question_days.c.day <= posts.c.day)
    number = select(func.count()).select_from(question_days).where(until).scalar_subquery()
    first = case((number > 0, number), else_=1)
    await tx.execute(update(posts).where(posts.c.community_id == community).values(day_number=first))
