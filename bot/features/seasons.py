"""`/quiz season show|close|undo`: when a season began and when it ends; an admin ends it earlier.

A season that is closed ends with the day, so each day is in one season alone, and until then it can be undone.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from bot.events import Command, Press
from bot.features.turn import Outcome, Turn
from bot.messages import Action, Block, Button, Heading, Message, Style, Text, When, button_rows
from bot.quiz.periods import Period
from bot.quiz.seasons import Seasons, begins, end, quarter
from bot.store import seasons as kept
from bot.store.settings import TeamMode
from bot.words import _, day, days, month

PAGE = 10
"""Past seasons with a button each."""


def named(season: str, seasons: Seasons, *, short: bool = False) -> str:
    """`July to September 2026`, or `Jul–Sep 2026`; `1 Oct – 23 Nov 2026` where it isn't a whole quarter."""
    first = begins(season)
    assert first is not None, season
    last = seasons.last(first)
    if (first, last) != (quarter(first), end(first)):
        return days(first, last)
    told = {
        "first": month(first.month, short=short),
        "last": month(last.month, short=short),
        "year": f"{first.year:04}",
    }
    return _("{first}–{last} {year}", **told) if short else _("{first} to {last} {year}", **told)


# ---------------------------------------------------------------- shown


async def show(turn: Turn, event: Command | Press) -> Outcome:
    """`season:s2026-10-01`: with the past seasons before that one."""
    before = event.action.args[0] if isinstance(event, Press) and event.action.args else turn.season
    return Outcome(await _page(turn, event, turn.seasons, _("This season"), before))


async def _page(turn: Turn, event: Command | Press, seasons: Seasons, head: str, before: str) -> Message:
    first, last = seasons.first(turn.today), seasons.last(turn.today)
    closed = last != end(first)
    if closed:
        told = _(
            "It began on {first}. An admin has closed it: its last day is {last}, and the next one begins {instant}."
        )
    else:
        told = _("It began on {first}. Its last day is {last}, and the next one begins {instant}.")
    ways: list[Button] = []
    if event.actor.is_admin and closed:
        ways = [_to_undo(last)]
    elif event.actor.is_admin:
        ways = [Button(_("Close this season"), Action.of("season-close"))]
    return Message.of(
        Heading(head),
        Text.woven(told, first=day(first), last=day(last), instant=_midnight(turn, last)),
        *button_rows([Button(_("Leaderboard"), Action.of("board", Period.SEASON)), *ways]),
        *await _past(turn, seasons, before),
    )


async def _past(turn: Turn, seasons: Seasons, before: str) -> tuple[Block, ...]:
    """Past seasons before one, each with a button to its board."""
    if not turn.member.settings.boards:
        return ()
    every = await kept.past(turn.tx, turn.member.community_id, min(before, turn.season), PAGE + 1)
    if not every:
        return ()
    boards = [
        Button(named(each, seasons, short=True), Action.of("board", Period.SEASON, "people", each))
        for each in every[:PAGE]
    ]
    turns = [] if before >= turn.season else [Button(_("← Back"), Action.of("season"))]
    if len(every) > PAGE:
        turns.append(Button(_("More →"), Action.of("season", every[PAGE - 1])))
    return Text.of(_("The boards of past seasons:")), *button_rows(boards), *button_rows(turns)


def _midnight(turn: Turn, last: date) -> When:
    """When a season that ends with a day is over."""
    return When(datetime.combine(last + timedelta(days=1), time(), turn.member.zone))


# ---------------------------------------------------------------- closed


async def close(turn: Turn, event: Command | Press) -> Outcome:
    """Says what it means, and asks."""
    return Outcome(_asked(turn, *await kept.standing(turn.tx, turn.member.community_id, turn.today)))


def _asked(turn: Turn, seasons: Seasons, today: date) -> Message:
    if seasons.last(today) == today:
        return _ending(turn, seasons, today, _("This season ends with today in any case."))
    ends = _(
        "Its last day is {last} then: what is asked on it still counts for it. The next one begins {instant} and lasts until {end}."
    )
    teams = _(
        "**Teams** end with it. Nobody is in one then, until people make some or an admin goes on with these: "
        "`/quiz team continue`."
    )
    people = _("The season’s **board of people** begins anew. All-time points, streaks and reviews go on.")
    mine = turn.member.settings
    return Message.of(
        Text.woven(
            _("**Close this season?** It began on {first}, and its last day would be {last}."),
            first=day(seasons.first(today)),
            last=day(seasons.last(today)),
        ),
        Text.woven(ends, last=day(today), instant=_midnight(turn, today), end=day(end(today + timedelta(days=1)))),
        *([Text.woven(teams)] if mine.team_mode is not TeamMode.OFF else []),
        *([Text.woven(people)] if mine.boards else []),
        _("Nothing is lost: past seasons stay on the leaderboard. Until the next one begins this can be undone."),
        *button_rows(
            [
                Button(_("Close it"), Action.of("season-closed", today.isoformat()), Style.DANGER),
                Button(_("Not now"), Action.of("season")),
            ]
        ),
    )


async def closed(turn: Turn, event: Press) -> Outcome:
    """`season-closed:2026-11-23`: yes, with that day."""
    community = turn.member.community_id
    seasons, today = await kept.held(turn.tx, community, turn.today)
    if event.action.args != (today.isoformat(),) or seasons.last(today) == today:
        return Outcome(_asked(turn, seasons, today))  # it was on another day, or somebody else has done it meanwhile
    after = seasons.and_on(today + timedelta(days=1))
    await kept.keep(turn.tx, community, after)
    return Outcome(_ending(turn, after, today, _("This season is closed.")), resettled=True)


def _ending(turn: Turn, seasons: Seasons, today: date, head: str) -> Message:
    """A season whose last day is the one that is on."""
    by_itself = today == end(today)
    return Message.of(
        head,
        Text.woven(
            _("Its last day is {last}, and the next one begins {instant}."),
            last=day(today),
            instant=_midnight(turn, today),
        ),
        *button_rows([*([] if by_itself else [_to_undo(today)]), Button(_("This season"), Action.of("season"))]),
    )


def _to_undo(last: date) -> Button:
    return Button(_("Undo"), Action.of("season-undo", last.isoformat()))


async def undo(turn: Turn, event: Command | Press) -> Outcome:
    """`season-undo:2026-11-23`: the season that was to end with that day goes on."""
    community = turn.member.community_id
    seasons, today = await kept.held(turn.tx, community, turn.today)
    after = seasons.until(today)
    said = event.action.args if isinstance(event, Press) else ()
    if after == seasons or (said and said != (seasons.last(today).isoformat(),)):
        none = _("There is nothing to undo: a season that was closed can go on only until the next one begins.")
        return Outcome(Message.of(none, *button_rows([Button(_("This season"), Action.of("season"))])))
    await kept.keep(turn.tx, community, after)
    return Outcome(await _page(turn, event, after, _("The season goes on"), turn.season), resettled=True)
