"""How a board looks: its table, where the asker stands, and who has no rank yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.features.prose import answers, points
from bot.messages import Block, Table, Text, clip
from bot.quiz.standings import RANKED_FROM, Scoring, Standing
from bot.store.boards import NEAR, Board, Row
from bot.store.team_boards import TeamBoard
from bot.words import N_, _, both, decimal, ngettext, number, percent

TOP = 10
NAMED = 10
"""Teams without a rank that are named."""

MEDALS = {1: "🥇 1", 2: "🥈 2", 3: "🥉 3"}
HEADS = {
    Scoring.FAIR: N_("Fair accuracy"),
    Scoring.MEAN: N_("Points a member"),
    Scoring.TOP3: N_("Points of the best 3"),
    Scoring.SUM: N_("Points"),
}
ABOUT = {
    Scoring.FAIR: N_(
        "Fair accuracy: the points won of those on offer, drawn towards everyone’s where little was answered."
    ),
    Scoring.MEAN: N_("Whoever is absent counts 0."),
    Scoring.TOP3: "",
    Scoring.SUM: "",
}
HIDDEN = N_("You are hidden from boards. You keep your points, streak and stats, and count for your team unnamed.")


def moved(rank: int, was: int | None) -> str:
    """`↑2`, `↓1`, `–`, `new`."""
    if was is None:
        return _("new")
    return f"↑{was - rank}" if was > rank else f"↓{rank - was}" if was < rank else "–"


def _moved_words(rank: int, was: int | None, since: str) -> str:
    if was is None or not since:
        return ""
    places = {"number": number(abs(was - rank)), "since": _(since)}
    if was == rank:
        return _("as {since}", **places)
    return _("up {number} since {since}", **places) if was > rank else _("down {number} since {since}", **places)


# ---------------------------------------------------------------- people


def people(board: Board, person_id: int, since: str, *, past: bool, live: bool = False) -> list[Block]:
    """The top ten, the asker's neighbours when further down, and where the asker stands; with `live` in live rounds."""
    since = since if board.compared else ""
    shown: list[Block] = []
    if board.top:
        shown.append(of_people(board.top, person_id, since))
    elif past:
        shown.append(Text.of(_("Nobody had points.")))
    elif live:
        shown.append(Text.woven(_("Nobody has points yet. `/quiz live` begins a round.")))
    else:
        shown.append(Text.of(_("Nobody has points yet. Answer today’s question and be the first.")))
    if board.around:
        shown.append(of_people(board.around, person_id, since))
    if board.me:
        change = _moved_words(board.me.rank, board.me.was, since)
        told = {
            "rank": number(board.me.rank),
            "people": number(board.people),
            "points": points(board.me.points),
            "change": change,
        }
        if past:
            said = _("You were {rank} of {people} with {points}.", **told)
        elif change:
            said = _("You are {rank} of {people} with {points}, {change}.", **told)
        else:
            said = _("You are {rank} of {people} with {points}.", **told)
        shown.append(Text.of(said, quiet=True))
    elif board.hidden:
        here = _("Here you have {points}.", points=points(board.hidden.points))
        shown.append(Text.of(f"{_(HIDDEN)} {here}", quiet=True))
    elif board.top:
        none = _("You had no points in this period.") if past else _("You have no points in this period yet.")
        shown.append(Text.of(none, quiet=True))
    return shown


def of_people(rows: Sequence[Row], person_id: int | None, since: str) -> Table:
    mine = next((at for at, row in enumerate(rows) if row.person_id == person_id), None)
    return Table(
        (_("Rank"), _("Name"), _("Points"), _("Right"), *_head(since)),
        tuple(
            (
                MEDALS.get(row.rank, number(row.rank)) if row.points else number(row.rank),
                clip(row.name, 40),
                number(row.points),
                _("{some} of {all}", some=number(row.correct), all=number(row.answered)),
                *([moved(row.rank, row.was)] if since else []),
            )
            for row in rows
        ),
        numeric=frozenset({2, 3}),
        mark=mine,
    )


def _head(since: str) -> tuple[str, ...]:
    return (_("Since {since}", since=_(since)),) if since else ()


# ---------------------------------------------------------------- teams


def teams(board: TeamBoard, mine: int | None, scoring: Scoring, since: str, *, past: bool) -> list[Block]:
    """The top ten, the asker's own team and its neighbours when further down, and who has no rank."""
    ranked, unranked = board.ranked, board.unranked
    if not board.standings:
        none = _("There were no teams.") if past else _("There are no teams yet. Make one, and tell the others.")
        return [Text.of(none)]
    shown: list[Block] = []
    if ranked:
        shown.append(of_teams(ranked[:TOP], mine, board.was, scoring, since))
    place = _place(ranked, mine)
    if around := near(ranked, mine):
        shown.append(of_teams(around, mine, board.was, scoring, since))
    if place is not None:
        own = ranked[place]
        change = _moved_words(own.rank or 0, board.was.get(own.tally.team_id), since) if board.was else ""
        told = {"rank": number(own.rank or 0), "teams": number(len(ranked)), "change": change}
        if past:
            said = _("Your team was {rank} of {teams}.", **told)
        elif change:
            said = _("Your team is {rank} of {teams}, {change}.", **told)
        else:
            said = _("Your team is {rank} of {teams}.", **told)
        shown.append(Text.of(said, quiet=True))
    elif mine is None and not past:
        shown.append(Text.of(_("You are in no team yet."), quiet=True))
    if unranked:
        shown.append(Text.of(_without_rank(unranked, mine, scoring, past=past), quiet=True))
    if ranked and ABOUT[scoring]:
        shown.append(Text.of(_(ABOUT[scoring]), quiet=True))
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
        (_("Rank"), _("Team"), _(HEADS[scoring]), _("Took part"), *_head(compared)),
        tuple(
            (
                MEDALS.get(each.rank or 0, str(each.rank)),
                clip(each.tally.name, 60),
                score(each, scoring),
                _("{some} of {all}", some=number(each.tally.people), all=number(each.tally.size)),
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
            return percent(float(standing.score), 1)
        case Scoring.MEAN:
            return decimal(float(standing.score), 1)
        case Scoring.TOP3 | Scoring.SUM:
            return number(int(standing.score))


def needs(standing: Standing) -> str:
    """`1 more member and 4 more answers`."""
    members, more = standing.members_lacking, standing.answers_lacking
    lacking = [
        *([ngettext("{number} more member", "{number} more members", members)] if members else []),
        *([ngettext("{number} more answer", "{number} more answers", more)] if more else []),
    ]
    return both(lacking) if lacking else ""


def _without_rank(unranked: Sequence[Standing], mine: int | None, scoring: Scoring, *, past: bool) -> str:
    own_first = sorted(unranked, key=lambda each: each.tally.team_id != mine)
    listed = ", ".join(_lacking(each, mine, past=past) for each in own_first[:NAMED])
    if len(unranked) > NAMED:
        listed = _("{teams}, and {number} more", teams=listed, number=number(len(unranked) - NAMED))
    from_members, from_answers = RANKED_FROM[scoring]
    told = {
        "members": ngettext("{number} member", "{number} members", from_members),
        "answers": answers(from_answers),
        "teams": listed,
    }
    if past:
        return _("Ranked from {members} and {answers}; without a rank: {teams}.", **told)
    return _("Ranked from {members} and {answers}; without a rank yet: {teams}.", **told)


def _lacking(each: Standing, mine: int | None, *, past: bool) -> str:
    told = {"team": clip(each.tally.name, 60), "answers": needs(each)}
    if past:
        return told["team"]
    if each.tally.team_id == mine:
        return _("{team} (yours, needs {answers})", **told)
    return _("{team} (needs {answers})", **told)
