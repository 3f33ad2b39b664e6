"""Scores of people and teams, days and streaks derived anew from the answers; and the boards that nobody asks for any more.

Whoever changes answers that are recorded (a corrected key, two people who are one) rebuilds the people concerned.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator, Collection, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Table,
    and_,
    bindparam,
    cast,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
    text,
    union_all,
    update,
)
from sqlalchemy import Row as Record
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.quiz.live import MOST
from bot.quiz.periods import kept, keys, live, team_keys
from bot.quiz.seasons import Seasons
from bot.quiz.streaks import walk
from bot.store import upsert
from bot.store.live_answers import counting
from bot.store.people import BOARDS
from bot.store.tables import (
    answers,
    communities,
    days,
    forgotten_shares,
    later_answers,
    live_answers,
    live_rounds,
    memberships,
    people,
    posts,
    score_counts,
    scores,
    streaks,
    team_scores,
    team_totals,
    teams,
)

CHUNK = 500
"""People at a time."""


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """How much was gone through, and how many lines of boards it made."""

    people: int
    answers: int
    scores: int


async def rebuild_scores(
    tx: AsyncConnection, community_id: int, today: date, only: Collection[int] | None = None
) -> Rebuilt:
    """Make scores, teams' scores, streaks and the questions of `days` what a community's answers say, for everyone or `only`
    some.

    `today` is the community's date: boards that `prune_scores` removes are not made. Nobody's answer is recorded meanwhile.
    """
    if tx.dialect.name == "postgresql":
        # The first lock that a batch of ballots takes, so batches wait before they hold anything.
        await tx.execute(text("LOCK TABLE posts IN EXCLUSIVE MODE"))
    listed = text(f"{BOARDS} SELECT period FROM boards WHERE period IS NOT NULL")  # noqa: S608 - nothing from outside
    boards = (await tx.execute(listed, {"community_id": community_id})).scalars().all()
    seasons = (await tx.execute(select(communities.c.seasons).where(communities.c.id == community_id))).scalar_one()
    if only is None:
        await tx.execute(delete(team_scores).where(team_scores.c.community_id == community_id))
    oldest = kept_from(today)
    gone_through = answered = lines = 0
    async for chunk in _chunks(tx, community_id, only):
        mine = [row.id for row in chunk]
        days_of = await _gains(tx, mine)
        shares = await _shares(tx, mine)
        won_live = await _live_gains(tx, mine)
        await _forget(tx, community_id, boards, mine)
        if only is not None:
            await _forget_teams(tx, community_id, boards, mine, {share.team_id for share in shares})
        rows: list[dict[str, Any]] = []
        for person in chunk:
            rows += _scores(community_id, person, days_of.get(person.id, ()), seasons, oldest)
            played = _scores(community_id, person, won_live.get(person.id, ()), seasons, oldest)
            rows += [{**line, "period": live(line["period"])} for line in played]
        if rows:
            await tx.execute(insert(scores), rows)
        if shares:
            await tx.execute(insert(team_scores), _team_scores(community_id, shares, oldest))
        await _days(tx, community_id, mine, days_of)
        await _streaks(tx, community_id, days_of)
        gone_through += len(mine)
        answered += sum(gain.answered for gains in days_of.values() for gain in gains)
        lines += len(rows)
    await _count(tx, community_id)
    await _total(tx, community_id)
    return Rebuilt(gone_through, answered, lines)


def kept_from(today: date) -> dict[str, str]:
    """The first key kept of each kind, by the letter that begins it."""
    return {name[0]: min(other for other in kept(today) if other[0] == name[0]) for name in kept(today)}


async def prune_scores(tx: AsyncConnection, communities: Collection[int], today: date) -> int:
    """Remove communities' boards of days, weeks and months before the previous ones, by the date that all of them have; how
    many lines that was.
    """
    asked: dict[str, Any] = {"communities": sorted(communities), **bounds(today)}
    removed = 0
    for table, prune in PRUNING:
        gone = await tx.execute(prune, asked)
        removed += gone.rowcount if table is scores else 0
    return removed


def bounds(today: date) -> dict[str, str]:
    """The ranges of keys that are not kept any more, each from and up to one: of each kind, and of its live boards."""
    kinds = kept_from(today)
    ranges = {**kinds, **{live(kind): live(first) for kind, first in kinds.items()}}
    return {f"{end}_{kind}": key for kind, first in ranges.items() for end, key in (("since", kind), ("until", first))}


_KINDS = ("d", "w", "m", *map(live, "dwm"))


def _stale(table: Table) -> ColumnElement[bool]:
    """Ranges of the primary key, each with the communities: else SQLite goes through every line that they have."""
    here, period = table.c.community_id.in_(bindparam("communities", expanding=True)), table.c.period
    return or_(
        *(and_(here, period >= bindparam(f"since_{each}"), period < bindparam(f"until_{each}")) for each in _KINDS)
    )


_EMPTY = and_(score_counts.c.community_id.in_(bindparam("communities", expanding=True)), score_counts.c.people == 0)
PRUNING = (
    (score_counts, delete(score_counts).where(_stale(score_counts))),
    (score_counts, delete(score_counts).where(_EMPTY)),
    *((table, delete(table).where(_stale(table))) for table in (team_scores, team_totals, forgotten_shares, scores)),
)


async def _chunks(
    tx: AsyncConnection, community_id: int, only: Collection[int] | None
) -> AsyncIterator[Sequence[Record[int, str, bool]]]:
    wanted = None if only is None else sorted(set(only))
    last = 0
    while True:
        query = select(people.c.id, people.c.name, people.c.hidden).where(
            people.c.community_id == community_id, people.c.id > last
        )
        if wanted is not None:
            query = query.where(people.c.id.in_([person for person in wanted if person > last][:CHUNK]))
        chunk = (await tx.execute(query.order_by(people.c.id).limit(CHUNK))).all()
        if not chunk:
            return
        yield chunk
        last = chunk[-1].id


async def _gains(tx: AsyncConnection, mine: Sequence[int]) -> Mapping[int, list[Record[*tuple[Any, ...]]]]:
    """What each person answered, by day, in order."""
    query = (
        select(
            answers.c.person_id,
            answers.c.day,
            func.max(posts.c.day_number).label("number"),
            func.sum(answers.c.points).label("points"),
            func.sum(answers.c.on_offer).label("on_offer"),
            func.count().label("answered"),
            func.sum(cast(answers.c.correct, Integer)).label("correct"),
        )
        .join(posts, posts.c.id == answers.c.post_id)
        .where(answers.c.person_id.in_(mine))
        .group_by(answers.c.person_id, answers.c.day)
        .order_by(answers.c.person_id, answers.c.day)
    )
    rows = (await tx.execute(query)).all()
    return {person: list(gains) for person, gains in groupby(rows, lambda row: row.person_id)}


async def _live_gains(tx: AsyncConnection, mine: Sequence[int]) -> Mapping[int, list[Record[*tuple[Any, ...]]]]:
    """What each person won in live rounds, by day, in order."""
    won = counting(live_answers.c.person_id.in_(mine)).subquery()
    by = (won.c.person_id, live_rounds.c.day)
    query = (
        select(
            *by,
            func.sum(won.c.points).label("points"),
            (MOST * func.count()).label("on_offer"),
            func.count().label("answered"),
            func.sum(cast(won.c.correct, Integer)).label("correct"),
        )
        .join(live_rounds, live_rounds.c.id == won.c.round_id)
        .group_by(*by)
        .order_by(*by)
    )
    rows = (await tx.execute(query)).all()
    return {person: list(gains) for person, gains in groupby(rows, lambda row: row.person_id)}


async def _shares(tx: AsyncConnection, mine: Sequence[int]) -> Sequence[Record[*tuple[Any, ...]]]:
    """What each person answered for a team, by team and day, in order; and the team's season."""
    by = (answers.c.person_id, answers.c.team_id, teams.c.season, answers.c.day)
    query = (
        select(
            *by,
            func.sum(answers.c.points).label("points"),
            func.sum(answers.c.on_offer).label("on_offer"),
            func.count().label("answered"),
            func.sum(cast(answers.c.correct, Integer)).label("correct"),
        )
        .join(teams, teams.c.id == answers.c.team_id)
        .where(answers.c.person_id.in_(mine))
        .group_by(*by)
        .order_by(*by)
    )
    return (await tx.execute(query)).all()


async def _forget(tx: AsyncConnection, community_id: int, boards: Sequence[str], mine: Sequence[int]) -> None:
    """Remove what is derived."""
    here = scores.c.community_id == community_id
    await tx.execute(delete(scores).where(here, scores.c.period.in_(boards), scores.c.person_id.in_(mine)))
    await tx.execute(delete(streaks).where(streaks.c.person_id.in_(mine)))
    await tx.execute(update(days).where(days.c.person_id.in_(mine)).values(questions=0, number=None))


async def _forget_teams(
    tx: AsyncConnection, community_id: int, boards: Sequence[str], mine: Sequence[int], whose: Set[int]
) -> None:
    """Remove what people brought to the teams that they have answers for or were ever in: there is no index by person."""
    every = set(whose)
    for table in (memberships, later_answers):
        every |= set((await tx.execute(select(table.c.team_id).where(table.c.person_id.in_(mine)))).scalars())
    seasons = (await tx.execute(select(teams.c.season).where(teams.c.id.in_(every - {None})).distinct())).scalars()
    here = team_scores.c.community_id == community_id
    here &= team_scores.c.period.in_({*boards, *seasons}) & team_scores.c.team_id.in_(every - {None})
    await tx.execute(delete(team_scores).where(here, team_scores.c.person_id.in_(mine)))


def _scores(
    community_id: int,
    person: Record[int, str, bool],
    gains: Sequence[Record[*tuple[Any, ...]]],
    seasons: Seasons,
    oldest: Mapping[str, str],
) -> list[dict[str, Any]]:
    counted = ((keys(gain.day, seasons.key(gain.day)), gain) for gain in gains)
    who = {"person_id": person.id, "sort_name": person.name.casefold(), "hidden": person.hidden}
    return [{"community_id": community_id, **who, **line} for line in _lines(counted, oldest)]


def _team_scores(
    community_id: int, shares: Sequence[Record[*tuple[Any, ...]]], oldest: Mapping[str, str]
) -> list[dict[str, Any]]:
    """From shares that are in order of person and team."""
    return [
        {"community_id": community_id, "person_id": person, "team_id": team, **line}
        for (person, team), days in groupby(shares, lambda share: (share.person_id, share.team_id))
        for line in _lines(((team_keys(share.day, share.season), share) for share in days), oldest)
    ]


def _lines(
    gains: Iterable[tuple[Sequence[str], Record[*tuple[Any, ...]]]], oldest: Mapping[str, str]
) -> Iterator[dict[str, Any]]:
    """What days of answers, each with the keys under which it counts, come to in each period whose boards are kept."""
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for counts_under, gain in gains:
        for period in counts_under:
            if period >= oldest.get(period[0], ""):
                more = (gain.points, gain.on_offer, gain.answered, gain.correct)
                sums[period] = [so_far + each for so_far, each in zip(sums[period], more, strict=True)]
    for period, (points, on_offer, answered, correct) in sums.items():
        yield {"period": period, "points": points, "on_offer": on_offer, "answered": answered, "correct": correct}


async def _days(
    tx: AsyncConnection,
    community_id: int,
    mine: Sequence[int],
    days_of: Mapping[int, Sequence[Record[*tuple[Any, ...]]]],
) -> None:
    rows = [
        {
            "person_id": person,
            "day": gain.day,
            "community_id": community_id,
            "number": gain.number,
            "questions": gain.answered,
            "practised": 0,
        }
        for person, gains in days_of.items()
        for gain in gains
    ]
    if rows:
        made = upsert.insert(tx, days)
        now = {"number": made.excluded.number, "questions": made.excluded.questions}
        await tx.execute(made.on_conflict_do_update(index_elements=[days.c.person_id, days.c.day], set_=now), rows)
    idle = and_(days.c.questions == 0, days.c.practised == 0)
    await tx.execute(delete(days).where(days.c.person_id.in_(mine), idle))


async def _streaks(
    tx: AsyncConnection, community_id: int, days_of: Mapping[int, Sequence[Record[*tuple[Any, ...]]]]
) -> None:
    walked = {person: walk(gain.number for gain in gains) for person, gains in days_of.items()}
    rows = [
        {
            "person_id": person,
            "community_id": community_id,
            "current": streak.current,
            "best": streak.best,
            "freezes": streak.freezes,
            "last_number": streak.last,
        }
        for person, streak in walked.items()
    ]
    if rows:
        await tx.execute(insert(streaks), rows)


async def _count(tx: AsyncConnection, community_id: int) -> None:
    await tx.execute(delete(score_counts).where(score_counts.c.community_id == community_id))
    counted = select(scores.c.community_id, scores.c.period, scores.c.points, func.count())
    counted = counted.where(scores.c.community_id == community_id, ~scores.c.hidden)
    counted = counted.group_by(scores.c.community_id, scores.c.period, scores.c.points)
    await tx.execute(insert(score_counts).from_select(["community_id", "period", "points", "people"], counted))


async def _total(tx: AsyncConnection, community_id: int) -> None:
    """What the members brought to each team, and what is left of those who were forgotten."""
    await tx.execute(delete(team_totals).where(team_totals.c.community_id == community_id))
    names = [column.name for column in team_totals.c if column.name != "people"]
    brought = union_all(
        *(
            select(*(table.c[name] for name in names), number.label("people")).where(
                table.c.community_id == community_id
            )
            for table, number in ((team_scores, literal(1)), (forgotten_shares, forgotten_shares.c.people))
        )
    ).subquery()
    by = [brought.c[name] for name in ("community_id", "period", "team_id")]
    sums = [func.sum(brought.c[name]) for name in ("points", "on_offer", "answered", "correct", "people")]
    summed = select(*by, *sums).group_by(*by)
    columns = ["community_id", "period", "team_id", "points", "on_offer", "answered", "correct", "people"]
    await tx.execute(insert(team_totals).from_select(columns, summed))
