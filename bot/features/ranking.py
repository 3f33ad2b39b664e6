"""How a board looks: its table, where the asker stands, and who has no rank yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.features.prose import count
from bot.messages import Block, Table, Text, clip
from bot.quiz.standings import RANKED_FROM, Scoring, Standing
from bot.store.boards import NEAR, Board, Row
from bot.store.team_boards import TeamBoard

TOP = 10
NAMED = 10
"""Teams without a rank that are named."""

MEDALS = {1: "🥇 1", 2: "🥈 2", 3: "🥉 3"}
HEADS = {
    Scoring.FAIR: "Fair accuracy",
    Scoring.MEAN: "Points a member",
    Scoring.TOP3: "Points of the best 3",
    Scoring.SUM: "Points",
}
ABOUT = {
    Scoring.FAIR: "Fair accuracy: the points won of those on offer, drawn towards everyone’s where little was answered.",
    Scoring.MEAN: "Whoever is absent counts 0.",
    Scoring.TOP3: "",
    Scoring.SUM: "",
}
HIDDEN = "You are hidden from boards. You keep your points, streak and stats, and count for your team unnamed."


def moved(rank: int, was: int | None) -> str:
    """`↑2`, `↓1`, `–`, `new`."""
    if was is None:
        return "new"
    return f"↑{was - rank}" if was > rank else f"↓{rank - was}" if was < rank else "–"


def _moved_words(rank: int, was: int | None, since: str) -> str:
    if was is None:
        return ""
    if was == rank:
        return f", as {since}"
    return f", {'up' if was > rank else 'down'} {abs(was - rank)} since {since}"


# ---------------------------------------------------------------- people


def people(board: Board, person_id: int, since: str, *, past: bool) -> list[Block]:
    """The top ten, the asker's neighbours when further down, and where the asker stands."""
    since = since if board.compared else ""
    shown: list[Block] = []
    if board.top:
        shown.append(of_people(board.top, person_id, since))
    elif past:
        shown.append(Text.of("Nobody had points."))
    else:
        shown.append(Text.of("Nobody has points yet. Answer today’s question and be the first."))
    if board.around:
        shown.append(of_people(board.around, person_id, since))
    if board.me:
        points = count(board.me.points, "point")
        change = _moved_words(board.me.rank, board.me.was, since) if since else ""
        shown.append(
            Text.of(
                f"You {'were' if past else 'are'} {board.me.rank} of {board.people} with {points}{change}.", quiet=True
            )
        )
    elif board.hidden:
        shown.append(Text.of(f"{HIDDEN} Here you have {count(board.hidden.points, 'point')}.", quiet=True))
    elif board.top:
        shown.append(
            Text.of(f"You {'had' if past else 'have'} no points in this period{'' if past else ' yet'}.", quiet=True)
        )
    return shown


def of_people(rows: Sequence[Row], person_id: int | None, since: str) -> Table:
    mine = next((at for at, row in enumerate(rows) if row.person_id == person_id), None)
    return Table(
        ("Rank", "Name", "Points", "Right", *_head(since)),
        tuple(
            (
                MEDALS.get(row.rank, str(row.rank)) if row.points else str(row.rank),
                clip(row.name, 40),
                str(row.points),
                f"{row.correct} of {row.answered}",
                *([moved(row.rank, row.was)] if since else []),
            )
            for row in rows
        ),
        numeric=frozenset({2, 3}),
        mark=mine,
    )


def _head(since: str) -> tuple[str, ...]:
    return (f"Since {since}",) if since else ()


# ---------------------------------------------------------------- teams


def teams(board: TeamBoard, mine: int | None, scoring: Scoring, since: str, *, past: bool) -> list[Block]:
    """The top ten, the asker's own team and its neighbours when further down, and who has no rank."""
    ranked, unranked = board.ranked, board.unranked
    if not board.standings:
        return [Text.of("There were no teams." if past else "There are no teams yet. Make one, and tell the others.")]
    shown: list[Block] = []
    if ranked:
        shown.append(of_teams(ranked[:TOP], mine, board.was, scoring, since))
    place = _place(ranked, mine)
    if around := near(ranked, mine):
        shown.append(of_teams(around, mine, board.was, scoring, since))
    if place is not None:
        own, verb = ranked[place], "was" if past else "is"
        change = _moved_words(own.rank or 0, board.was.get(own.tally.team_id), since) if since and board.was else ""
        shown.append(Text.of(f"Your team {verb} {own.rank} of {len(ranked)}{change}.", quiet=True))
    elif mine is None and not past:
        shown.append(Text.of("You are in no team yet.", quiet=True))
    if unranked:
        shown.append(Text.of(_without_rank(unranked, mine, scoring, past=past), quiet=True))
    if ranked and ABOUT[scoring]:
        shown.append(Text.of(ABOUT[scoring], quiet=True))
    return shown


def _place(ranked: Sequence[Standing], mine: int | None) -> int | None:
    """Where the asker's team stands among those with a rank, from 0."""
    return next((at for at, each in enumerate(ranked) if each.tally.team_id == mine), None)


def near(ranked: Sequence[Standing], mine: int | None) -> Sequence[Standing]:
    """The asker's team between its neighbours, without those of the top; empty when it is there itself."""
    place = _place(ranked, mine)
    return ranked[max(TOP, place - NEAR) : place + NEAR + 1] if place is not None and place >= TOP else ()


def of_teams(rows: Sequence[Standing], mine: int | None, was: Mapping[int, int], scoring: Scoring, since: str) -> Table:
    compared = since if was else ""
    return Table(
        ("Rank", "Team", HEADS[scoring], "Took part", *_head(compared)),
        tuple(
            (
                MEDALS.get(each.rank or 0, str(each.rank)),
                clip(each.tally.name, 60),
                score(each, scoring),
                f"{each.tally.people} of {each.tally.size}",
                *([moved(each.rank or 0, was.get(each.tally.team_id))] if compared else []),
            )
            for each in rows
        ),
        numeric=frozenset({2, 3}),
        mark=next((at for at, each in enumerate(rows) if each.tally.team_id == mine), None),
    )


def score(standing: Standing, scoring: Scoring) -> str:
    """`67.4 %`, `12.5`, `80`."""
    match scoring:
        case Scoring.FAIR:
            return f"{float(100 * standing.score):.1f} %"
        case Scoring.MEAN:
            return f"{float(standing.score):.1f}"
        case Scoring.TOP3 | Scoring.SUM:
            return str(int(standing.score))


def needs(standing: Standing) -> str:
    """`1 more member and 4 more answers`."""
    lacking = ((standing.members_lacking, "more member"), (standing.answers_lacking, "more answer"))
    return " and ".join(count(number, what) for number, what in lacking if number)


def _without_rank(unranked: Sequence[Standing], mine: int | None, scoring: Scoring, *, past: bool) -> str:
    own_first = sorted(unranked, key=lambda each: each.tally.team_id != mine)
    names = [
        clip(each.tally.name, 60)
        + ("" if past else f" ({'yours, ' if each.tally.team_id == mine else ''}needs {needs(each)})")
        for each in own_first[:NAMED]
    ]
    more = f", and {len(unranked) - NAMED} more" if len(unranked) > NAMED else ""
    members, answers = RANKED_FROM[scoring]
    since = f"Ranked from {count(members, 'member')} and {count(answers, 'answer')}; without a rank"
    return f"{since}{'' if past else ' yet'}: {', '.join(names)}{more}."
