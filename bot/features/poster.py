"""A board as a picture: the rows that its tables have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from bot.features.ranking import TOP, near
from bot.quiz.standings import Scoring, Standing
from bot.store.boards import Board, Row
from bot.store.team_boards import TeamBoard
from bot.words import _

if TYPE_CHECKING:  # loaded with the first picture: a start can do without
    from bot import pictures


def of_people(
    board: Board, person_id: int | None, period: str, since: str, *, live: bool = False
) -> pictures.Board | None:
    """The top ten, and the asker with their neighbours when further down; None where nobody has points. `live`: in live
    rounds.
    """
    from bot import pictures

    def rows(every: Sequence[Row]) -> tuple[pictures.Person, ...]:
        return tuple(
            pictures.Person(each.rank, each.name, each.points, _moved(each.rank, each.was), each.person_id == person_id)
            for each in every
        )

    if not board.top:
        return None
    compared = _(since) if since and board.compared else ""
    return pictures.Board(period, rows(board.top), board.people, rows(board.around), compared, live)


def of_teams(board: TeamBoard, mine: int | None, scoring: Scoring, period: str, since: str) -> pictures.Board | None:
    """The top ten, and the asker's team with its neighbours when further down; None where none has a rank."""
    from bot import pictures

    ranked = board.ranked
    if not ranked:
        return None
    compared = _(since) if since and board.was else ""
    top, around = (team_rows(every, scoring, board.was, mine) for every in (ranked[:TOP], near(ranked, mine)))
    return pictures.Board(period, top, len(ranked), around, compared)


def team_rows(
    every: Sequence[Standing], scoring: Scoring, was: Mapping[int, int], mine: int | None
) -> tuple[pictures.Team, ...]:
    """Teams with a rank, as a picture shows them; `was` has their ranks of the period before."""
    from bot import pictures

    unit = {
        Scoring.FAIR: pictures.Unit.ACCURACY,
        Scoring.MEAN: pictures.Unit.MEAN,
        Scoring.TOP3: pictures.Unit.BEST,
        Scoring.SUM: pictures.Unit.POINTS,
    }[scoring]
    return tuple(
        pictures.Team(
            each.rank or 1,
            each.tally.name,
            float(each.score),
            float(each.tally.participation),
            _moved(each.rank or 1, was.get(each.tally.team_id)),
            each.tally.team_id == mine,
            unit,
        )
        for each in every
    )


def _moved(rank: int, was: int | None) -> int | None:
    """Places won; None for one who wasn't there."""
    return None if was is None else was - rank
