"""Boards: a ranking read from kept scores by index ranges, whatever the number of answers.

Ties share a rank (1, 2, 2, 4); inside a tie the order is by name, case-folded, and then by person.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import and_, func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.tables import scores

NEAR = 2
"""Neighbours shown above and below the asker."""

_HERE = "community_id = :community AND period = :period"
_THEN = "community_id = :community AND period = :earlier"
_LINE = "SELECT {part} AS part, person_id, points, sort_name, answered, correct, hidden FROM scores WHERE {where}"
_TOP, _NEAR = (_LINE.format(part=part, where=f"{_HERE} AND NOT hidden") for part in (0, 1))
_ME = _LINE.format(part=1, where=f"{_HERE} AND person_id = :person")
_DOWN = "ORDER BY points DESC, sort_name, person_id LIMIT"
_UP = "ORDER BY points, sort_name DESC, person_id DESC LIMIT"  # the same index, read backwards
_TIED = "points = (SELECT points FROM me) AND (sort_name, person_id)"

# One statement, because a hop to the database costs more than the look-up. Every part is a few rows of an index: those with
# my points before and after me, and the next with more and with fewer, of which only the nearest are shown.
_BOARD = text(f"""
    WITH me AS (SELECT points, sort_name FROM scores WHERE {_HERE} AND person_id = :person),
    line AS (
        SELECT * FROM ({_TOP} {_DOWN} :top) AS top
        UNION ALL {_ME}
        UNION ALL SELECT * FROM ({_NEAR} AND {_TIED} < ((SELECT sort_name FROM me), :person) {_UP} {NEAR}) AS before_me
        UNION ALL SELECT * FROM ({_NEAR} AND points > (SELECT points FROM me) {_UP} {NEAR}) AS more
        UNION ALL SELECT * FROM ({_NEAR} AND {_TIED} > ((SELECT sort_name FROM me), :person) {_DOWN} {NEAR}) AS after_me
        UNION ALL SELECT * FROM ({_NEAR} AND points < (SELECT points FROM me) {_DOWN} {NEAR}) AS fewer
    )
    SELECT part, person_id, points, answered, correct, hidden,
        (SELECT name FROM people WHERE people.id = line.person_id) AS name,
        1 + (SELECT coalesce(sum(people), 0) FROM score_counts WHERE {_HERE} AND points > line.points) AS rank,
        (SELECT coalesce(sum(people), 0) FROM score_counts WHERE {_HERE}) AS everyone,
        (
            SELECT 1 + (
                SELECT coalesce(sum(people), 0) FROM score_counts WHERE {_THEN} AND points > earlier.points
            ) FROM scores AS earlier WHERE {_THEN} AND person_id = line.person_id AND NOT hidden
        ) AS was,
        EXISTS (SELECT 1 FROM scores WHERE {_THEN}) AS compared
    FROM line ORDER BY part, line.points DESC, sort_name, person_id
""")  # noqa: S608 - put together from the lines above alone


@dataclass(frozen=True, slots=True)
class Row:
    """A person's line on a board. `was`: their rank in the period before, None if they had none."""

    rank: int
    person_id: int
    name: str
    points: int
    answered: int
    correct: int
    was: int | None = None


@dataclass(frozen=True, slots=True)
class Board:
    """`me` is the asker's row, None when they have no points yet or hide; `people` counts everyone on the board.

    `around` is the asker between the neighbours just above and below, in order, without those who are in `top`; empty when
    the asker is in `top`. `hidden` is the row of an asker who hides, with the rank that they would have; it is theirs alone
    to see. `compared`: there is a board of the period before.
    """

    top: tuple[Row, ...]
    around: tuple[Row, ...]
    me: Row | None
    people: int
    hidden: Row | None = None
    compared: bool = False


async def board(
    tx: AsyncConnection,
    community_id: int,
    period: str,
    person_id: int | None,
    top: int = 10,
    earlier: str | None = None,
) -> Board:
    """A community's board under a period's key (`quiz.periods.key`), as `person_id` sees it; `earlier` is the key of the
    period that ranks are compared with.
    """
    asked = {"community": community_id, "period": period, "person": person_id, "top": top, "earlier": earlier}
    lines = (await tx.execute(_BOARD, asked)).all()
    rows = [
        Row(line.rank, line.person_id, line.name, line.points, line.answered, line.correct, line.was) for line in lines
    ]
    leading = tuple(row for row, line in zip(rows, lines, strict=True) if line.part == 0)
    people = lines[0].everyone if lines else 0
    compared = bool(lines and lines[0].compared)
    hidden = next((row for row, line in zip(rows, lines, strict=True) if line.hidden), None)
    near = rows[len(leading) :]
    place = next((place for place, row in enumerate(near) if row.person_id == person_id), None)
    if hidden is not None or place is None:
        return Board(leading, (), None, people, hidden, compared)
    me = near[place]
    nearest = near[max(0, place - NEAR) : place + NEAR + 1]
    around = () if me in leading else tuple(row for row in nearest if row not in leading)
    return Board(leading, around, me, people, None, compared)


async def season_before(tx: AsyncConnection, community_id: int, season: str) -> str | None:
    """The last season before one of which there is a board; keys of `periods.live` are of that kind, too."""
    first = season[: season.index("s") + 1]
    here = and_(scores.c.community_id == community_id, scores.c.period >= first, scores.c.period < season)
    key: str | None = (await tx.execute(select(func.max(scores.c.period)).where(here))).scalar()
    return key


async def season_after(tx: AsyncConnection, community_id: int, season: str) -> str | None:
    """The first season after one of which there is a board."""
    last = season[: season.index("s")] + "t"
    here = and_(scores.c.community_id == community_id, scores.c.period > season, scores.c.period < last)
    key: str | None = (await tx.execute(select(func.min(scores.c.period)).where(here))).scalar()
    return key
