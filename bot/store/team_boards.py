"""Boards of teams: read from kept totals, a row for each team, whatever the number of answers and of members."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.quiz.periods import Period
from bot.quiz.standings import Scoring, Standing, Tally, standings

_BEST = """(
    SELECT coalesce(sum(points), 0) FROM (
        SELECT points FROM team_scores
        WHERE community_id = :community AND period = {period} AND team_id = team.id ORDER BY points DESC LIMIT 3
    ) AS best
)"""

_OF_SEASON = "team.season = :season"

_TEAMS = """
    SELECT team.id, team.name, team.season, team.members, people, points, on_offer, answered, {best} AS best
    FROM teams AS team LEFT JOIN team_totals AS total
        ON total.community_id = :community AND total.period = {period} AND total.team_id = team.id
    WHERE team.community_id = :community AND team.removed_at IS NULL AND {wanted}
    ORDER BY team.sort_name, team.season DESC
"""


@dataclass(frozen=True, slots=True)
class TeamBoard:
    """The teams in order, those without a rank last. `seasons` has each team's season; `was` the ranks of the period before,
    by team, and is empty where nobody had one.
    """

    standings: tuple[Standing, ...]
    seasons: Mapping[int, str]
    was: Mapping[int, int]

    @property
    def ranked(self) -> tuple[Standing, ...]:
        return tuple(each for each in self.standings if each.rank is not None)

    @property
    def unranked(self) -> tuple[Standing, ...]:
        return tuple(each for each in self.standings if each.rank is None)


async def team_board(
    tx: AsyncConnection, community_id: int, period: str, season: str, scoring: Scoring, earlier: str | None = None
) -> TeamBoard:
    """A board of a season's teams under a period's key; under that of all time, of every team that was ever answered for.

    `earlier` is the key of the period that ranks are compared with.
    """
    tallies, seasons = await _tallies(tx, community_id, period, season, scoring)
    was: dict[int, int] = {}
    if earlier is not None:
        before, _ = await _tallies(tx, community_id, earlier, season, scoring)
        was = {each.tally.team_id: each.rank for each in standings(before, scoring) if each.rank is not None}
    return TeamBoard(standings(tallies, scoring), seasons, was)


async def _tallies(
    tx: AsyncConnection, community_id: int, period: str, season: str, scoring: Scoring
) -> tuple[list[Tally], dict[int, str]]:
    """The teams by name, and their seasons."""
    ever = period == Period.ALL
    # A team lasts a season: what it did in that is all that it ever did.
    words = {"period": "team.season", "wanted": "answered > 0"} if ever else {"period": ":period", "wanted": _OF_SEASON}
    best = _BEST.format(**words) if scoring is Scoring.TOP3 else "0"
    asked = {"community": community_id} | ({} if ever else {"period": period, "season": season})
    query = _TEAMS.format(best=best, **words)
    rows = (await tx.execute(text(query), asked)).all()
    tallies = [
        Tally(
            row.id,
            row.name,
            row.members,
            row.people or 0,
            row.points or 0,
            row.on_offer or 0,
            row.answered or 0,
            row.best,
        )
        for row in rows
    ]
    return tallies, {row.id: row.season for row in rows}
