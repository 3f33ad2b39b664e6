"""Boards: a ranking read from kept scores by index ranges, whatever the number of answers.

Ties share a rank (1, 2, 2, 4); inside a tie the order is by name, case-folded, and then by person.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

_HERE = "community_id = :community AND period = :period"
_LINE = f"SELECT {{part}} AS part, person_id, points, sort_name, answered, correct FROM scores WHERE {_HERE}"  # noqa: S608
_TOP, _NEAR = _LINE.format(part=0), _LINE.format(part=1)
_DOWN = "ORDER BY points DESC, sort_name, person_id LIMIT"
_UP = "ORDER BY points, sort_name DESC, person_id DESC LIMIT"  # the same index, read backwards
_TIED = "points = (SELECT points FROM me) AND (sort_name, person_id)"

# One statement, because a hop to the database costs more than the look-up. Every part is a few rows of an index: those with
# my points before and after me, and the next with more and with fewer, of which only the two nearest are shown.
_BOARD = text(f"""
    WITH me AS (SELECT points, sort_name FROM scores WHERE {_HERE} AND person_id = :person),
    line AS (
        SELECT * FROM ({_TOP} {_DOWN} :top) AS top
        UNION ALL {_NEAR} AND person_id = :person
        UNION ALL SELECT * FROM ({_NEAR} AND {_TIED} < ((SELECT sort_name FROM me), :person) {_UP} 1) AS before_me
        UNION ALL SELECT * FROM ({_NEAR} AND points > (SELECT points FROM me) {_UP} 1) AS more
        UNION ALL SELECT * FROM ({_NEAR} AND {_TIED} > ((SELECT sort_name FROM me), :person) {_DOWN} 1) AS after_me
        UNION ALL SELECT * FROM ({_NEAR} AND points < (SELECT points FROM me) {_DOWN} 1) AS fewer
    )
    SELECT part, person_id, points, answered, correct,
        (SELECT name FROM people WHERE people.id = line.person_id) AS name,
        1 + (SELECT coalesce(sum(people), 0) FROM score_counts WHERE {_HERE} AND points > line.points) AS rank,
        (SELECT sum(people) FROM score_counts WHERE {_HERE}) AS everyone
    FROM line ORDER BY part, line.points DESC, sort_name, person_id
""")  # noqa: S608 - put together from the lines above alone


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
    asked = {"community": community_id, "period": period, "person": person_id, "top": top}
    lines = (await tx.execute(_BOARD, asked)).all()
    rows = [Row(line.rank, line.person_id, line.name, line.points, line.answered, line.correct) for line in lines]
    leading = tuple(row for row, line in zip(rows, lines, strict=True) if line.part == 0)
    near = rows[len(leading) :]
    place = next((place for place, row in enumerate(near) if row.person_id == person_id), None)
    if place is None:
        return Board(leading, (), None, lines[0].everyone if lines else 0)
    me = near[place]
    around = () if me in leading else tuple(near[max(0, place - 1) : place + 2])
    return Board(leading, around, me, lines[0].everyone)
