"""`/quiz leaderboard`: the top ten of a period, people or teams, and where the asker stands."""

from __future__ import annotations

import re
from calendar import month_abbr, month_name
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Self

from bot.events import Command, Press
from bot.features import ranking
from bot.features.turn import Outcome, Turn
from bot.messages import Action, Block, Button, Heading, Message, Style, button_rows
from bot.platform import Post
from bot.quiz import periods
from bot.quiz.periods import Period
from bot.store import boards, people, team_boards, teams
from bot.store.team_boards import TeamBoard

TITLES = {
    Period.TODAY: "today",
    Period.WEEK: "this week",
    Period.MONTH: "this month",
    Period.SEASON: "this season",
    Period.ALL: "all time",
}
SINCE = {Period.TODAY: "yesterday", Period.WEEK: "last week", Period.MONTH: "last month"}
"""What ranks are compared with; seasons begin anew."""


class By(StrEnum):
    PEOPLE = "people"
    TEAMS = "teams"


@dataclass(frozen=True, slots=True)
class View:
    """A page: a period, by people or by teams. `season` is the key of a season that is past, and None otherwise."""

    period: Period
    by: By = By.PEOPLE
    season: str | None = None

    @classmethod
    def of(cls, args: tuple[str, ...], current: str) -> Self:
        """`month:teams`, `season:people:s2026-3`; whatever else it says is the week. `current` is the season that is on."""
        name, by, season = (*args, "", "", "")[:3]
        period = Period(name) if name in tuple(Period) else Period.WEEK
        past = period is Period.SEASON and re.fullmatch(r"s[0-9]{4}-[1-4]", season) is not None and season < current
        return cls(period, By(by) if by in tuple(By) else By.PEOPLE, season if past else None)

    @property
    def action(self) -> Action:
        return Action.of("board", self.period, self.by, *([self.season] if self.season else []))

    @property
    def title(self) -> str:
        head = "Leaderboard" if self.by is By.PEOPLE else "Leaderboard of teams"
        return f"{head}, {months(self.season) if self.season else TITLES[self.period]}"


def months(season: str, *, short: bool = False) -> str:
    """`July to September 2026`, or `Jul–Sep 2026`."""
    year, last = season[1:5], 3 * int(season[6:])
    names, joint = (month_abbr, "–") if short else (month_name, " to ")
    return f"{names[last - 2]}{joint}{names[last]} {year}"


async def show(turn: Turn, event: Command) -> Outcome:
    view = View(Period(str(event.options["period"])), By(str(event.options["by"])))
    if not event.options["public"]:
        return Outcome(await _private(turn, view))
    shown = await _ranked(turn, view, public=True)
    if not shown:
        who = "Nobody has points" if view.by is By.PEOPLE else "No team has a rank"
        return Outcome(Message.of(f"{who} {TITLES[view.period]} yet, so there is nothing to post."))
    post = Post(event.place, Message.of(Heading(view.title), *shown), f"board:{event.id}")
    return Outcome(Message.of("Posted for everyone here."), (post,))


async def turn_page(turn: Turn, event: Press) -> Outcome:
    """`board:month:teams`: another page, in place."""
    return Outcome(await _private(turn, View.of(event.action.args, turn.season)))


async def hide(turn: Turn, event: Press) -> Outcome:
    """`hide:week:people`: from all boards, and the page again."""
    await people.hide(turn.tx, turn.member.community_id, turn.member.person_id)
    return Outcome(await _private(turn, View.of(event.action.args, turn.season)))


async def unhide(turn: Turn, event: Press) -> Outcome:
    await people.hide(turn.tx, turn.member.community_id, turn.member.person_id, hidden=False)
    return Outcome(await _private(turn, View.of(event.action.args, turn.season)))


async def _private(turn: Turn, view: View) -> Message:
    shown = await _ranked(turn, view)
    return Message.of(Heading(view.title), *shown, *await _buttons(turn, view))


async def _ranked(turn: Turn, view: View, *, public: bool = False) -> list[Block]:
    """What a page ranks. In public nobody is told where they stand, and nothing is shown where there is no rank."""
    community = turn.member.community_id
    season = view.season or turn.season
    key = view.season or periods.key(view.period, turn.today)
    earlier = None if view.season else periods.before(view.period, turn.today)
    since = SINCE.get(view.period, "")
    if view.by is By.PEOPLE:
        asker = None if public else turn.member.person_id
        board = await boards.board(turn.tx, community, key, asker, earlier=earlier)
        if public:
            return [ranking.of_people(board.top, None, since if board.compared else "")] if board.top else []
        return ranking.people(board, turn.member.person_id, since, past=view.season is not None)
    scoring = (await teams.rules(turn.tx, community)).scoring
    team_board = await team_boards.team_board(turn.tx, community, key, season, scoring, earlier)
    if view.period is Period.ALL:
        team_board = _of_seasons(team_board)
    if public:
        top = team_board.ranked[: ranking.TOP]
        return [ranking.of_teams(top, None, team_board.was, scoring, since)] if top else []
    mine = await teams.of_person(turn.tx, turn.member.person_id, season)
    return ranking.teams(team_board, None if mine is None else mine.id, scoring, since, past=view.season is not None)


def _of_seasons(board: TeamBoard) -> TeamBoard:
    """Each team with its season: of all time there may be several of a name."""
    named = (
        replace(each.tally, name=f"{each.tally.name} · {months(board.seasons[each.tally.team_id], short=True)}")
        for each in board.standings
    )
    placed = zip(board.standings, named, strict=True)
    return replace(board, standings=tuple(replace(each, tally=tally) for each, tally in placed))


async def _buttons(turn: Turn, view: View) -> tuple[Block, ...]:
    """The periods; and below them teams or people, seasons before and after, and hiding."""
    pages = [
        Button(
            period.capitalize() if period is not Period.ALL else "All time",
            View(period, view.by).action,
            Style.PRIMARY if period is view.period and view.season is None else Style.PLAIN,
        )
        for period in Period
    ]
    other = By.PEOPLE if view.by is By.TEAMS else By.TEAMS
    rest = [Button(f"By {other}", replace(view, by=other).action)]
    if view.period is Period.SEASON:
        shown, community = view.season or turn.season, turn.member.community_id
        if (before := await boards.season_before(turn.tx, community, shown)) is not None:
            rest.append(Button(f"← {months(before, short=True)}", replace(view, season=before).action))
        if view.season and (after := await boards.season_after(turn.tx, community, shown)) is not None:
            later = after if after < turn.season else None
            rest.append(Button(f"{months(after, short=True)} →", replace(view, season=later).action))
    if view.by is By.TEAMS:
        rest.append(Button("Teams", Action.of("teams")))
    else:
        hidden = await people.is_hidden(turn.tx, turn.member.person_id)
        label, verb = ("Show me again", "unhide") if hidden else ("Hide me from boards", "hide")
        rest.append(Button(label, Action.of(verb, *view.action.args)))
    return (*button_rows(pages), *button_rows(rest))
