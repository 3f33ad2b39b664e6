"""Corrections when communities join and part.

A correction is the workspace's in which it was made, and holds in whichever community that is in at the time. Of several for
one version of a card the latest holds. So after joining and after parting cards go by what their community has, and answers
are graded by that, as if it had always been so.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import and_, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.quiz import grading, scoring
from bot.quiz.cards import Card, from_json
from bot.store import regrading, residue
from bot.store.cards import BODY
from bot.store.corrections import State
from bot.store.regrading import Mark, Practised
from bot.store.tables import answers, cards, corrections, later_answers, posts, practice_answers, regraded
from bot.store.whereabouts import chunks


async def part(
    tx: AsyncConnection, joint: int, own: int, platform: str, workspace: str, moved: Mapping[int, int]
) -> None:
    """Give a workspace the corrections that were made there. `moved`: who people of the joint community are in its own."""
    there = and_(corrections.c.platform == platform, corrections.c.workspace == workspace)
    mine = and_(corrections.c.community_id == joint, there)
    rows = (await tx.execute(select(corrections.c.id, corrections.c.person_id).where(mine))).all()
    for row in rows:
        values = {"community_id": own, "person_id": moved.get(row.person_id, 0)}
        await tx.execute(update(corrections).where(corrections.c.id == row.id).values(values))
    for few in chunks([row.id for row in rows]):
        to_tell = select(regraded.c.correction_id, regraded.c.person_id).where(regraded.c.correction_id.in_(few))
        for row in (await tx.execute(to_tell)).all():
            here = and_(regraded.c.correction_id == row.correction_id, regraded.c.person_id == row.person_id)
            if row.person_id in moved:
                values = {"community_id": own, "person_id": moved[row.person_id]}
                await tx.execute(update(regraded).where(here).values(values))
            else:  # who is not of that workspace: their answers go by another key by now
                await tx.execute(delete(regraded).where(here))


class _InForce(NamedTuple):
    """By which correction a version of a card goes, since when, and what it is by that; 0 and None: as in the deck."""

    number: int = 0
    since: datetime | None = None
    body: str | None = None


async def settle(tx: AsyncConnection, community: int) -> None:
    """Let cards go by the latest correction that their community has, with what was answered to them. The boards are the
    caller's to rebuild.
    """
    its = corrections.c
    made = select(its.id, its.deck, its.card, its.at, its.bodies).where(its.community_id == community, its.after != "")
    latest: dict[tuple[str, str, str], _InForce] = {}
    for row in await tx.execute(made.order_by(its.id)):
        for version, body in row.bodies.items():
            latest[row.deck, row.card, version] = _InForce(row.id, row.at, body)
    every = select(cards.c.id, cards.c.deck, cards.c.card, cards.c.version, cards.c.correction)
    changed: set[int] = set()
    for row in (await tx.execute(every.where(cards.c.community_id == community))).all():
        in_force = latest.get((row.deck, row.card, row.version), _InForce())
        if row.correction != in_force.number:
            values = {"corrected": in_force.body, "correction": in_force.number}
            await tx.execute(update(cards).where(cards.c.id == row.id).values(values))
        if (row.correction or in_force.number) and await _go_by(tx, row.id, in_force):
            changed.add(in_force.number)
    await _end(tx, community)
    over = and_(corrections.c.id.in_(changed), corrections.c.state.in_((State.DONE, State.SUPERSEDED)))
    await tx.execute(update(corrections).where(over).values(state=State.TELLING))  # closed posts are to show it


async def _go_by(tx: AsyncConnection, card_id: int, in_force: _InForce) -> bool:
    """Grade what was answered to a card by the correction that is in force; whether posts went by another one."""
    number = in_force.number
    outdated = and_(posts.c.card_id == card_id, posts.c.correction != number)
    found = (await tx.execute(select(posts.c.id, posts.c.opens_at).where(outdated))).all()
    card = from_json((await tx.execute(select(BODY).where(cards.c.id == card_id))).scalar_one())
    for row in found:
        since = in_force.since is not None and row.opens_at < in_force.since
        values = {"correction": number, "corrected": since}
        await tx.execute(update(posts).where(posts.c.id == row.id).values(values))
    for few in chunks([row.id for row in found]):
        for table in (answers, later_answers):
            query = select(table.c.id, table.c.given).where(table.c.post_id.in_(few), table.c.correction != number)
            given = {row.id: row.given for row in await tx.execute(query)}
            for some in chunks([*given]):
                await regrading.put(tx, number, _marks(card, {each: given[each] for each in some}))
    if found:
        await residue.regrade(tx, card_id, card)
    await _practice(tx, card_id, number, card)
    return bool(found)


def _marks(card: Card, given: Mapping[int, str]) -> Collection[Mark]:
    grades = {said: grading.grade(card, said) for said in {*given.values()}}
    return [
        Mark(number, grades[said].fraction, grades[said].correct, *scoring.points(card, grades[said]))
        for number, said in given.items()
    ]


async def _practice(tx: AsyncConnection, card_id: int, number: int, card: Card) -> None:
    rows = practice_answers.c
    query = select(rows.session_id, rows.position, rows.card_id, rows.given)
    query = query.where(rows.card_id == card_id, rows.correction != number)
    every = [Practised(*row) for row in await tx.execute(query)]
    for some in chunks(every):
        await regrading.regrade_practice(tx, number, _practised(card, some))


def _practised(card: Card, some: Iterable[Practised]) -> dict[Practised, tuple[float, bool]]:
    grades = {each: grading.grade(card, each.given) for each in some}
    return {each: (grade.fraction, grade.correct) for each, grade in grades.items()}


async def _end(tx: AsyncConnection, community: int) -> None:
    """Corrections by which nothing goes any more end here, and nobody is told of them."""
    in_force = select(cards.c.correction).where(cards.c.community_id == community)
    going_on = corrections.c.state.in_((State.REGRADING, State.TELLING))
    ended = and_(corrections.c.community_id == community, going_on, corrections.c.id.not_in(in_force))
    ids = list((await tx.execute(select(corrections.c.id).where(ended))).scalars())
    await tx.execute(delete(regraded).where(regraded.c.correction_id.in_(ids)))
    await tx.execute(update(corrections).where(corrections.c.id.in_(ids)).values(state=State.SUPERSEDED))
