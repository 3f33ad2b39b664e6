"""Regrading: answers get the grades of a corrected key, a few hundred in a transaction, and all that is derived from them moves
along.

An answer knows the correction by which it is graded. So whatever is left is found by asking, a kill in the middle loses
nothing, and doing a part twice changes nothing. A part takes its locks as a batch of ballots does: the posts' table, the people by
id, the teams' totals, the counts of scores.
"""

# ruff: noqa: S608 - statements are put together from this file's own words; values are always bound

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar

import orjson
from sqlalchemy import Row as Record
from sqlalchemy import Table, TextClause, and_, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.quiz.periods import keys, team_keys
from bot.quiz.seasons import Seasons
from bot.store.corrections import State
from bot.store.tables import (
    answers,
    cards,
    communities,
    corrections,
    later_answers,
    people,
    posts,
    practice_answers,
    teams,
)

AT_ONCE = 250
"""Answers in one transaction. Whoever presses meanwhile waits for one such part at most."""

LISTED = 5000
"""Answers that are read at once to be graded."""

K = TypeVar("K", bound=Hashable)


class Waiting(NamedTuple):
    """An answer that is to be regraded."""

    id: int
    card_id: int
    given: str


class Practised(NamedTuple):
    """The same of practice."""

    session_id: int
    position: int
    card_id: int
    given: str


@dataclass(frozen=True, slots=True)
class Mark:
    """An answer's new grade: `fraction` 0 to 1, `points` of those `on_offer`."""

    id: int
    fraction: float
    correct: bool
    points: int
    on_offer: int


async def waiting(tx: AsyncConnection, correction_id: int, most: int = LISTED) -> list[Waiting]:
    """Answers that are still graded by another key, and such that count for nothing for now."""
    concerned = select(posts.c.id).where(posts.c.card_id.in_(await _cards(tx, correction_id)))
    asked = list((await tx.execute(concerned)).scalars())  # a list: no plan goes through all answers
    found: list[Waiting] = []
    for table in (answers, later_answers):
        query = select(table.c.id, table.c.card_id, table.c.given)
        query = query.where(table.c.post_id.in_(asked), table.c.correction != correction_id)
        found += [Waiting(*row) for row in await tx.execute(query.limit(most))]
    return found[:most]


async def practised(tx: AsyncConnection, correction_id: int, most: int = LISTED) -> list[Practised]:
    """Answers in practice that are still graded by another key. They are on no board."""
    rows = practice_answers.c
    query = select(rows.session_id, rows.position, rows.card_id, rows.given)
    query = query.where(rows.card_id.in_(await _cards(tx, correction_id)), rows.correction != correction_id)
    return [Practised(*row) for row in await tx.execute(query.limit(most))]


async def _cards(tx: AsyncConnection, correction_id: int) -> list[int]:
    """The versions of the card that go by this correction: none when another has taken its place."""
    here = and_(
        cards.c.community_id == corrections.c.community_id,
        cards.c.deck == corrections.c.deck,
        cards.c.card == corrections.c.card,
        cards.c.correction == corrections.c.id,
    )
    query = select(cards.c.id).join(corrections, here).where(corrections.c.id == correction_id)
    return list((await tx.execute(query)).scalars())


async def regrade(tx: AsyncConnection, correction_id: int, marks: Sequence[Mark]) -> bool:
    """Give answers their new grades, and move what is derived from them; False when another correction has taken over."""
    if tx.dialect.name == "postgresql":
        # As a batch of ballots begins: whoever rebuilds the boards, or corrects the card again, comes before this or after.
        await tx.execute(text("LOCK TABLE posts IN ROW SHARE MODE"))
    state = select(corrections.c.state, corrections.c.community_id, communities.c.seasons)
    state = state.join(communities, communities.c.id == corrections.c.community_id)
    state_now, community, seasons = (await tx.execute(state.where(corrections.c.id == correction_id))).one()
    if state_now != State.REGRADING:
        return False
    by_id = {mark.id: mark for mark in marks}
    theirs = select(answers.c.person_id).where(answers.c.id.in_(by_id)).distinct()
    everyone = sorted((await tx.execute(theirs)).scalars())
    held = select(people.c.id).where(people.c.id.in_(everyone)).order_by(people.c.id)
    await tx.execute(held.with_for_update(key_share=True))
    aside = await _graded_otherwise(tx, later_answers, correction_id, by_id)
    await put(tx, correction_id, [by_id[row.id] for row in aside])  # they count for nothing, so nothing moves
    before = await _graded_otherwise(tx, answers, correction_id, by_id)
    if not before:
        return True
    await put(tx, correction_id, [by_id[row.id] for row in before])
    moved = [(row, by_id[row.id]) for row in before if _differ(row, by_id[row.id])]
    await _move(tx, community, seasons, moved)
    await _note(tx, community, correction_id, moved)
    more = {"done": corrections.c.done + len(before), "changed": corrections.c.changed + len(moved)}
    await tx.execute(update(corrections).where(corrections.c.id == correction_id).values(more))
    return True


async def _graded_otherwise(
    tx: AsyncConnection, table: Table, correction_id: int, ids: Collection[int]
) -> Sequence[Record[*tuple[Any, ...]]]:
    """Those of some answers whose card goes by a correction, and that are graded by another key."""
    query = select(table).join(posts, posts.c.id == table.c.post_id).where(posts.c.correction == correction_id)
    return (await tx.execute(query.where(table.c.id.in_(ids), table.c.correction != correction_id))).all()


async def put(tx: AsyncConnection, correction_id: int, marks: Collection[Mark]) -> None:
    """Write down grades by a correction, whether the answers count or not. What is derived from them is the caller's."""
    rows = [(mark.id, mark.fraction, mark.correct, mark.points, mark.on_offer) for mark in marks]
    if rows:
        for template in (_ANSWERS, _LATER_ANSWERS):
            await _run(tx, template, rows, correction=correction_id)


async def regrade_practice(
    tx: AsyncConnection, correction_id: int, marks: Mapping[Practised, tuple[float, bool]]
) -> None:
    """Give answers in practice their new fraction and whether they are right."""
    rows = [(each.session_id, each.position, *grade) for each, grade in marks.items()]
    await _run(tx, _PRACTISED, rows, correction=correction_id)


def _differ(row: Record[*tuple[Any, ...]], mark: Mark) -> bool:
    before = (row.fraction, row.correct, row.points, row.on_offer)
    return before != (mark.fraction, mark.correct, mark.points, mark.on_offer)


# ---------------------------------------------------------------- what is derived


def _summed(every: Iterable[tuple[K, tuple[int, ...]]]) -> dict[K, list[int]]:
    sums: dict[K, list[int]] = {}
    for who, more in every:
        sums[who] = [so_far + each for so_far, each in zip(sums.get(who, (0,) * len(more)), more, strict=True)]
    return sums


async def _move(
    tx: AsyncConnection, community: int, seasons: Seasons, moved: Collection[tuple[Record[*tuple[Any, ...]], Mark]]
) -> None:
    """Boards of people and of teams. A board that is no longer kept is not made anew."""
    steps = [
        (row, (mark.points - row.points, mark.on_offer - row.on_offer, int(mark.correct) - int(row.correct)))
        for row, mark in moved
    ]
    steps = [(row, step) for row, step in steps if any(step)]
    periods = {day: keys(day, seasons.key(day)) for day in {row.day for row, _ in steps}}
    gains = _summed(((period, row.person_id), step) for row, step in steps for period in periods[row.day])
    season_of = await _seasons(tx, {row.team_id for row, _ in steps if row.team_id is not None})
    shares = _summed(
        ((period, row.team_id, row.person_id), step)
        for row, step in steps
        if row.team_id is not None
        for period in team_keys(row.day, season_of[row.team_id])
    )
    if shares:
        totals = _summed((who[:2], (*step,)) for who, step in shares.items())
        await _run(tx, _TEAM_SCORES, [(*who, *step) for who, step in shares.items()], community=community)
        await _run(tx, _TEAM_TOTALS, [(*who, *step) for who, step in totals.items()], community=community)
    if gains:
        rows = [(*who, *step) for who, step in gains.items()]
        await _run(tx, _SCORES, rows, community=community)
        await _run(tx, _COUNTS, rows, community=community)


async def _seasons(tx: AsyncConnection, some: Collection[int]) -> dict[int, str]:
    """The seasons of some teams."""
    if not some:
        return {}
    query = select(teams.c.id, teams.c.season).where(teams.c.id.in_(some))
    return {row.id: row.season for row in await tx.execute(query)}


async def _note(
    tx: AsyncConnection,
    community: int,
    correction_id: int,
    moved: Collection[tuple[Record[*tuple[Any, ...]], Mark]],
) -> None:
    """Whose grade it changed, and by how much."""
    points: dict[int, int] = defaultdict(int)
    fractions: dict[int, float] = defaultdict(float)
    for row, mark in moved:
        points[row.person_id] += mark.points - row.points
        fractions[row.person_id] += mark.fraction - row.fraction
    rows = [(person, more, fractions[person]) for person, more in points.items()]
    if rows:
        await _run(tx, _REGRADED, rows, community=community, correction=correction_id)


_TYPES = {"float": "double precision"}


@lru_cache(maxsize=32)
def _statement(dialect: str, template: str) -> TextClause:
    """A statement for one kind of database. In a template `{rows: name type, …}` are the rows that are bound as one JSON text."""
    head, _, rest = template.partition("{rows:")
    listed, _, tail = rest.partition("}")
    columns = [column.split() for column in listed.split(",")]
    if dialect == "postgresql":
        each = [f"CAST(value->>{at} AS {_TYPES.get(kind, kind)}) AS {name}" for at, (name, kind) in enumerate(columns)]
        source = "jsonb_array_elements(CAST(:rows AS jsonb)) AS each (value)"
    else:
        each = [f"json_extract(value, '$[{at}]') AS {name}" for at, (name, _) in enumerate(columns)]
        source = "json_each(:rows)"
    return text(f"{head}SELECT {', '.join(each)} FROM {source}{tail}")


async def _run(tx: AsyncConnection, template: str, rows: Sequence[tuple[Any, ...]], **values: int) -> None:
    await tx.execute(_statement(tx.dialect.name, template), {"rows": orjson.dumps(rows).decode(), **values})


_ANSWERS = """
    WITH mark AS MATERIALIZED ({rows: id bigint, fraction float, correct boolean, points smallint, on_offer smallint})
    UPDATE answers SET fraction = mark.fraction, correct = mark.correct, points = mark.points, on_offer = mark.on_offer,
        correction = :correction
    FROM mark WHERE answers.id = mark.id
"""

_LATER_ANSWERS = _ANSWERS.replace("answers", "later_answers")

_PRACTISED = """
    WITH mark AS MATERIALIZED ({rows: session_id bigint, position int, fraction float, correct boolean})
    UPDATE practice_answers SET fraction = mark.fraction, correct = mark.correct, correction = :correction
    FROM mark WHERE practice_answers.session_id = mark.session_id AND practice_answers.position = mark.position
"""

_SCORES = """
    WITH gain AS MATERIALIZED ({rows: period text, person_id bigint, points int, on_offer int, correct int})
    UPDATE scores SET points = scores.points + gain.points, on_offer = scores.on_offer + gain.on_offer,
        correct = scores.correct + gain.correct
    FROM gain WHERE scores.community_id = :community AND scores.period = gain.period AND scores.person_id = gain.person_id
"""

_COUNTS = """
    WITH gain AS MATERIALIZED ({rows: period text, person_id bigint, points int, on_offer int, correct int}), move AS MATERIALIZED (
        SELECT gain.period, score.points AS now, score.points - gain.points AS before
        FROM gain CROSS JOIN scores AS score
        WHERE score.community_id = :community AND score.period = gain.period AND score.person_id = gain.person_id
            AND gain.points <> 0 AND NOT score.hidden
    ), step AS (
        SELECT period, now AS points, 1 AS people FROM move
        UNION ALL SELECT period, before, -1 FROM move
    )
    INSERT INTO score_counts (community_id, period, points, people)
    SELECT CAST(:community AS bigint), period, points, sum(people) FROM step
    GROUP BY period, points HAVING sum(people) <> 0 ORDER BY period, points
    ON CONFLICT (community_id, period, points) DO UPDATE SET people = score_counts.people + excluded.people
"""
"""After the scores, and in order: every worker of a community meets in these few rows."""

_TEAM_SCORES = """
    WITH share AS MATERIALIZED (
        {rows: period text, team_id bigint, person_id bigint, points int, on_offer int, correct int}
    )
    UPDATE team_scores SET points = team_scores.points + share.points, on_offer = team_scores.on_offer + share.on_offer,
        correct = team_scores.correct + share.correct
    FROM share WHERE team_scores.community_id = :community AND team_scores.period = share.period
        AND team_scores.team_id = share.team_id AND team_scores.person_id = share.person_id
"""

_TEAM_TOTALS = """
    WITH share AS MATERIALIZED ({rows: period text, team_id bigint, points int, on_offer int, correct int})
    INSERT INTO team_totals (community_id, period, team_id, points, on_offer, answered, correct, people)
    SELECT total.community_id, total.period, total.team_id, share.points, share.on_offer, 0, share.correct, 0
    FROM share CROSS JOIN team_totals AS total
    WHERE total.community_id = :community AND total.period = share.period AND total.team_id = share.team_id
    ORDER BY total.community_id, total.period, total.team_id
    ON CONFLICT (community_id, period, team_id) DO UPDATE SET
        points = team_totals.points + excluded.points,
        on_offer = team_totals.on_offer + excluded.on_offer,
        correct = team_totals.correct + excluded.correct
"""
"""Of those that there are, and in order, as a batch of ballots takes them."""

_REGRADED = """
    WITH more AS MATERIALIZED ({rows: person_id bigint, points int, fraction float})
    INSERT INTO regraded (correction_id, person_id, community_id, points, fraction)
    SELECT CAST(:correction AS bigint), person_id, CAST(:community AS bigint), points, fraction FROM more WHERE true
    ON CONFLICT (correction_id, person_id) DO UPDATE SET
        points = regraded.points + excluded.points, fraction = regraded.fraction + excluded.fraction
"""
