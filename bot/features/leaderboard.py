"""`/quiz leaderboard`: the top ten of a period, people, teams or live rounds, and where the asker stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Self

from bot.events import Command, Press
from bot.features import poster, ranking
from bot.features.seasons import named
from bot.features.turn import Outcome, Pictured, Turn
from bot.messages import Action, Block, Button, Heading, Message, Picture, Style, Table, button_rows
from bot.platform import Post
from bot.quiz import periods
from bot.quiz.periods import Period
from bot.quiz.seasons import QUARTERS, Seasons
from bot.store import boards, people, team_boards, teams
from bot.store.team_boards import TeamBoard
from bot.words import N_, _, aloud

if TYPE_CHECKING:  # loaded with the first picture: a start can do without
    from bot.pictures import Board

TITLES = {
    Period.TODAY: N_("today"),
    Period.WEEK: N_("this week"),
    Period.MONTH: N_("this month"),
    Period.SEASON: N_("this season"),
    Period.ALL: N_("all time"),
}
PAGES = {
    Period.TODAY: N_("Today"),
    Period.WEEK: N_("Week"),
    Period.MONTH: N_("Month"),
    Period.SEASON: N_("Season"),
    Period.ALL: N_("All time"),
}
SINCE = {
    # For translators: these stand behind “since”
    Period.TODAY: N_("yesterday"),
    # For translators: these stand behind “since”
    Period.WEEK: N_("last week"),
    # For translators: these stand behind “since”
    Period.MONTH: N_("last month"),
}
"""What ranks are compared with; seasons begin anew."""


class By(StrEnum):
    PEOPLE = "people"
    TEAMS = "teams"
    LIVE = "live"


OTHERS = {By.PEOPLE: N_("By people"), By.TEAMS: N_("By teams"), By.LIVE: N_("Live rounds")}


@dataclass(frozen=True, slots=True)
class View:
    """A page: a period, by people, by teams, or by people in live rounds, whose board stands apart. `season` is the key of a
    season that is past, one of the community's `seasons`, and None otherwise.
    """

    period: Period
    by: By = By.PEOPLE
    season: str | None = None
    seasons: Seasons = field(default=QUARTERS, repr=False)

    @classmethod
    def of(cls, args: tuple[str, ...], seasons: Seasons, today: date) -> Self:
        """`month:teams`, `season:people:s2026-07-01`; whatever else it says is the week."""
        name, by, season = (*args, "", "", "")[:3]
        period = Period(name) if name in tuple(Period) else Period.WEEK
        past = period is Period.SEASON and seasons.days(season) is not None and season < seasons.key(today)
        return cls(period, By(by) if by in tuple(By) else By.PEOPLE, season if past else None, seasons)

    @property
    def action(self) -> Action:
        return Action.of("board", self.period, self.by, *([self.season] if self.season else []))

    @property
    def period_words(self) -> str:
        """The period, short enough for a picture: `this week`, `Jul–Sep 2026`."""
        return named(self.season, self.seasons, short=True) if self.season else _(TITLES[self.period])

    @property
    def title(self) -> str:
        period = named(self.season, self.seasons) if self.season else _(TITLES[self.period])
        if self.by is By.PEOPLE:
            return _("Leaderboard, {period}", period=period)
        if self.by is By.LIVE:
            return _("Leaderboard of live rounds, {period}", period=period)
        return _("Leaderboard of teams, {period}", period=period)

    def board(self, key: str) -> str:
        """The key of the board that the page reads, from that of its period."""
        return periods.live(key) if self.by is By.LIVE else key


async def show(turn: Turn, event: Command) -> Outcome:
    view = View(Period(str(event.options["period"])), By(str(event.options["by"])))
    if not event.options["public"]:
        return await _private(turn, view)
    with aloud():
        ranked = await _ranked(turn, view, public=True)
    if (sheet := ranked.sheet) is None:
        period = _(TITLES[view.period])
        if view.by is not By.TEAMS:
            return Outcome(Message.of(_("Nobody has points {period} yet, so there is nothing to post.", period=period)))
        return Outcome(Message.of(_("No team has a rank {period} yet, so there is nothing to post.", period=period)))

    def shown(picture: Picture | None) -> Outcome:
        with aloud():
            post = Post(event.place, Message.of(*ranked.blocks(picture)), f"board:{event.id}")
        return Outcome(Message.of(_("Posted for everyone here.")), (post,))

    return Outcome(pictured=Pictured(sheet, shown))


async def turn_page(turn: Turn, event: Press) -> Outcome:
    """`board:month:teams`: another page, in place."""
    return await _private(turn, View.of(event.action.args, turn.seasons, turn.today))


async def hide(turn: Turn, event: Press) -> Outcome:
    """`hide:week:people`: from all boards, and the page again."""
    await people.hide(turn.tx, turn.member.community_id, turn.member.person_id)
    return await _private(turn, View.of(event.action.args, turn.seasons, turn.today))


async def unhide(turn: Turn, event: Press) -> Outcome:
    await people.hide(turn.tx, turn.member.community_id, turn.member.person_id, hidden=False)
    return await _private(turn, View.of(event.action.args, turn.seasons, turn.today))


@dataclass(frozen=True, slots=True)
class Ranked:
    """What a page ranks: in words, its tables among them, and as a picture where there is anything to rank."""

    title: str
    words: Sequence[Block]
    sheet: Board | None

    def blocks(self, picture: Picture | None) -> Sequence[Block]:
        """The picture in place of the title and the tables."""
        if picture is None:
            return Heading(self.title), *self.words
        return picture, *(block for block in self.words if not isinstance(block, Table))


async def _private(turn: Turn, view: View) -> Outcome:
    ranked, buttons = await _ranked(turn, view), await _buttons(turn, view)

    def shown(picture: Picture | None) -> Outcome:
        return Outcome(Message.of(*ranked.blocks(picture), *buttons))

    return shown(None) if ranked.sheet is None else Outcome(pictured=Pictured(ranked.sheet, shown))


async def _ranked(turn: Turn, view: View, *, public: bool = False) -> Ranked:
    """In public nobody is told where they stand."""
    community = turn.member.community_id
    season = view.season or turn.season
    key = view.season or periods.key(view.period, turn.today, turn.seasons)
    earlier = None if view.season else periods.before(view.period, turn.today)
    since = SINCE.get(view.period, "")
    if view.by is not By.TEAMS:
        asker = None if public else turn.member.person_id
        then = None if earlier is None else view.board(earlier)
        board = await boards.board(turn.tx, community, view.board(key), asker, earlier=then)
        sheet = poster.of_people(board, asker, view.period_words, since, live=view.by is By.LIVE)
        if public:
            return Ranked(view.title, [ranking.of_people(board.top, None, since if board.compared else "")], sheet)
        return Ranked(
            view.title,
            ranking.people(board, turn.member.person_id, since, past=view.season is not None, live=view.by is By.LIVE),
            sheet,
        )
    scoring = (await teams.rules(turn.tx, community)).scoring
    team_board = await team_boards.team_board(turn.tx, community, key, season, scoring, earlier)
    if view.period is Period.ALL:
        team_board = _of_seasons(team_board, turn.seasons)
    if public:
        top = team_board.ranked[: ranking.TOP]
        sheet = poster.of_teams(team_board, None, scoring, view.period_words, since)
        return Ranked(view.title, [ranking.of_teams(top, None, team_board.was, scoring, since)], sheet)
    own = await teams.of_person(turn.tx, turn.member.person_id, season)
    mine = None if own is None else own.id
    words = ranking.teams(team_board, mine, scoring, since, past=view.season is not None)
    return Ranked(view.title, words, poster.of_teams(team_board, mine, scoring, view.period_words, since))


def _of_seasons(board: TeamBoard, seasons: Seasons) -> TeamBoard:
    """Each team with its season: of all time there may be several of a name."""
    tallies = (
        replace(each.tally, name=f"{each.tally.name} · {named(board.seasons[each.tally.team_id], seasons, short=True)}")
        for each in board.standings
    )
    placed = zip(board.standings, tallies, strict=True)
    return replace(board, standings=tuple(replace(each, tally=tally) for each, tally in placed))


async def _buttons(turn: Turn, view: View) -> tuple[Block, ...]:
    """The periods; and below them teams or people, seasons before and after, and hiding."""
    pages = [
        Button(
            _(PAGES[period]),
            View(period, view.by).action,
            Style.PRIMARY if period is view.period and view.season is None else Style.PLAIN,
        )
        for period in Period
    ]
    rest = [Button(_(label), replace(view, by=by).action) for by, label in OTHERS.items() if by is not view.by]
    if view.period is Period.SEASON:
        shown, community = view.season or turn.season, turn.member.community_id
        if (before := await boards.season_before(turn.tx, community, view.board(shown))) is not None:
            earlier = before.removeprefix(view.board(""))
            rest.append(Button(f"← {named(earlier, turn.seasons, short=True)}", replace(view, season=earlier).action))
        if view.season and (after := await boards.season_after(turn.tx, community, view.board(shown))) is not None:
            later = after.removeprefix(view.board(""))
            on = replace(view, season=later if later < turn.season else None)
            rest.append(Button(f"{named(later, turn.seasons, short=True)} →", on.action))
    if view.by is By.TEAMS:
        rest.append(Button(_("Teams"), Action.of("teams")))
    else:
        hidden = await people.is_hidden(turn.tx, turn.member.person_id)
        label, verb = (_("Show me again"), "unhide") if hidden else (_("Hide me from boards"), "hide")
        rest.append(Button(label, Action.of(verb, *view.action.args)))
    return (*button_rows(pages), *button_rows(rest))
