"""Boards: a ranking read from kept scores by index ranges, whatever the number of answers.

Ties share a rank (1, 2, 2, 4); inside a tie the order is by name, case-folded, and then by person.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, and_, func, select, tuple_
from sqlalchemy import Row as Record
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.tables import people, score_counts, scores

Line: TypeAlias = Record[*tuple[Any, ...]]

_DOWNWARDS = (scores.c.points.desc(), scores.c.sort_name, scores.c.person_id)
_UPWARDS = (scores.c.points, scores.c.sort_name.desc(), scores.c.person_id.desc())


@dataclass(frozen=True, slots=True)
class Row:
    """A person's line on a board."""

    rank: int
    person_id: int
    name: str
    points: int
    answered: int
    correct: int


@dataclass(frozen=True, slots=True)
class Board:
    """`me` is the asker's row, None when they have no points yet; `people` counts everyone on the board.

    `around` is the asker between the neighbours just above and below, in order; empty when the asker is in `top`.
    """

    top: tuple[Row, ...]
    around: tuple[Row, ...]
    me: Row | None
    people: int


async def board(tx: AsyncConnection, community_id: int, period: str, person_id: int | None, top: int = 10) -> Board:
    """A community's board under a period's key (`quiz.periods.key`), as `person_id` sees it."""
    here = and_(scores.c.community_id == community_id, scores.c.period == period)
    counts = and_(score_counts.c.community_id == community_id, score_counts.c.period == period)
    leading: list[Row] = []
    for place, line in enumerate(await _lines(tx, here, _DOWNWARDS, top), 1):
        tied = leading and leading[-1].points == line.points
        leading.append(_row(line, leading[-1].rank if tied else place))
    me = next((row for row in leading if row.person_id == person_id), None)
    around: tuple[Row, ...] = ()
    if me is None and person_id is not None and len(leading) == top:
        around = await _around(tx, here, counts, person_id)
        me = next((row for row in around if row.person_id == person_id), None)
    return Board(tuple(leading), around, me, await _people(tx, counts))


async def _around(
    tx: AsyncConnection, here: ColumnElement[bool], counts: ColumnElement[bool], person_id: int
) -> tuple[Row, ...]:
    mine = await _lines(tx, and_(here, scores.c.person_id == person_id), _DOWNWARDS, 1)
    if not mine:
        return ()
    (me,) = mine
    tied = and_(here, scores.c.points == me.points)
    order, place = tuple_(scores.c.sort_name, scores.c.person_id), (me.sort_name, me.person_id)
    above = await _lines(tx, and_(tied, order < place), _UPWARDS, 1)
    above = above or await _lines(tx, and_(here, scores.c.points > me.points), _UPWARDS, 1)
    below = await _lines(tx, and_(tied, order > place), _DOWNWARDS, 1)
    below = below or await _lines(tx, and_(here, scores.c.points < me.points), _DOWNWARDS, 1)
    lines = [*above, me, *below]
    ranks = {
        points: 1 + await _people(tx, and_(counts, score_counts.c.points > points))
        for points in {line.points for line in lines}
    }
    return tuple(_row(line, ranks[line.points]) for line in lines)


async def _lines(
    tx: AsyncConnection, where: ColumnElement[bool], order: Sequence[ColumnElement[Any]], limit: int
) -> Sequence[Line]:
    """Rows of a stretch of the board's index. The name is a subquery, so that it is looked up for these few alone."""
    name = select(people.c.name).where(people.c.id == scores.c.person_id).scalar_subquery().label("name")
    return (await tx.execute(select(scores, name).where(where).order_by(*order).limit(limit))).all()


async def _people(tx: AsyncConnection, where: ColumnElement[bool]) -> int:
    """How many people a range of counts comes to."""
    counted: int = (
        await tx.execute(select(func.coalesce(func.sum(score_counts.c.people), 0)).where(where))
    ).scalar_one()
    return counted


def _row(line: Line, rank: int) -> Row:
    return Row(rank, line.person_id, line.name, line.points, line.answered, line.correct)
