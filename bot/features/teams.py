"""`/quiz team list|show|rename`: the teams of a season."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.events import NAMELESS, Command, Completion, Press, display_name
from bot.features import bound, ranking
from bot.features.bound import Bound
from bot.features.prose import people
from bot.features.turn import Outcome, Turn
from bot.messages import (
    LIMITS,
    Action,
    Block,
    Button,
    Choice,
    Choices,
    Fields,
    Heading,
    Message,
    Style,
    Table,
    Text,
    button_rows,
    clip,
)
from bot.platform import Post
from bot.quiz.periods import Period
from bot.store import team_boards, teams
from bot.store.people import Community
from bot.store.teams import Refusal, Team
from bot.words import N_, _, aloud, ngettext, number

MOST: Final = teams.MOST
LETTERS: Final = 40
PAGE = 10
NAMED = 30
"""Members whose names are shown."""

GONE: Final = N_("That team is no longer here.")


_UNKEPT = str.maketrans({"\N{REPLACEMENT CHARACTER}": "", '"': "’", "“": "‘", "”": "’"})
"""The first is what a form's field has in place of controls."""


def to_make() -> Button:
    return Button(_("Make a team"), Action.of("team-form"))


def to_all() -> Button:
    return Button(_("Teams"), Action.of("teams"))


def to_board() -> Button:
    return Button(_("Leaderboard"), Action.of("board", Period.SEASON, "teams"))


class Unfit(Exception):
    """A name that no team can have, or no team's; `str` is the sentence that says why."""


def read_name(raw: str) -> str:
    """A team's name as it is kept: one line, nothing unseen, and no quotes that would end it where it is typed. Unfit otherwise."""
    name = display_name(raw.translate(_UNKEPT))
    if name == NAMELESS and raw.strip().casefold() != NAMELESS.casefold():
        raise Unfit(_("There is nothing to read in that name. Try /quiz team create Red Pandas."))
    if len(name) > LETTERS:
        raise Unfit(
            _("A team’s name has {most} characters at most, and that one has more. Please shorten it.", most=LETTERS)
        )
    return name


# ---------------------------------------------------------------- which there are


async def catalogue(turn: Turn, event: Command | Press) -> Outcome:
    """`teams:2`: a page of this season's teams, with a button for each that joins it."""
    every = await teams.of_season(turn.tx, turn.member.community_id, turn.season)
    if isinstance(event, Command) and event.options["public"]:
        if not every:
            return Outcome(_none())
        with aloud():
            here = await bound.of_teams(turn, event, every)
            listed = Message.of(*_listed(every, 0, None, here), *button_rows([to_all(), to_make()]))
            post = Post(event.place, listed, f"teams:{event.id}")
        return Outcome(Message.of(_("Posted for everyone here.")), (post,))
    if not every:
        return Outcome(_none())
    asked = event.action.args[0] if isinstance(event, Press) and event.action.args else "0"
    page = min(int(asked) if re.fullmatch(r"[0-9]{1,3}", asked) else 0, (len(every) - 1) // PAGE)
    mine = await teams.of_person(turn.tx, turn.member.person_id, turn.season)
    turns = [Button(_("← Back"), Action.of("teams", page - 1))] if page else []
    if (page + 1) * PAGE < len(every):
        turns.append(Button(_("More →"), Action.of("teams", page + 1)))
    own = [to_make()] if mine is None else [Button(_("My team"), Action.of("team", mine.id))]
    here = await bound.of_teams(turn, event, every)
    return Outcome(Message.of(*_listed(every, page, mine, here), *button_rows([*turns, *own, to_board()])))


def _none() -> Message:
    return Message.of(
        Text.woven(_("There are no teams this season. Make the first: `/quiz team create Red Pandas`.")),
        *button_rows([to_make()]),
    )


def _listed(every: list[Team], page: int, mine: Team | None, here: Bound) -> list[Block]:
    shown = every[page * PAGE : (page + 1) * PAGE]
    at = next((at for at, team in enumerate(shown) if mine is not None and team.id == mine.id), None)
    rows = tuple((team.name, number(team.members)) for team in shown)
    blocks: list[Block] = [
        Heading(_("Teams, this season")),
        Table((_("Team"), _("Members")), rows, frozenset({1}), at),
    ]
    if mine is not None:
        blocks.append(
            Text.woven(_("You are in **{team}**. Joining another takes you out of it."), team=mine.name, quiet=True)
        )
    if len(every) > PAGE:
        told = {"page": page + 1, "pages": -(-len(every) // PAGE), "teams": number(len(every))}
        blocks.append(Text.of(_("Page {page} of {pages}, {teams} teams.", **told), quiet=True))
    open_to_all = [team for team in shown if team.id not in here.closed]
    joins = [joining(team) for team in open_to_all if mine is None or team.id != mine.id]
    return [*blocks, *bound.listed(here, shown), *button_rows(joins)]


def counted(many: int) -> str:
    """`1 team`, `12 teams`."""
    return ngettext("{number} team", "{number} teams", many)


def joining(team: Team) -> Button:
    return Button(clip(_("Join {team}", team=team.name), LIMITS.LABEL), Action.of("team-join", team.id))


def ways(team: Team) -> tuple[Block, ...]:
    """Where to go on from a team."""
    return button_rows([Button(_("My team"), Action.of("team", team.id)), to_all(), to_board()])


async def complete(tx: AsyncConnection, community: Community, event: Completion, now: datetime) -> Choices:
    """Teams of the season whose names hold what is being typed."""
    season = community.seasons.key(now.astimezone(ZoneInfo(community.zone)).date())
    typed = teams.sort_name(event.typed.strip())
    every = await teams.of_season(tx, community.id, season)
    found = [team.name for team in every if typed in teams.sort_name(team.name)]
    return Choices(tuple(Choice(name, name) for name in found[: LIMITS.CHOICES]))


async def named(turn: Turn, event: Command | Press) -> Team:
    """The team that an option names, or a button. Unfit where there is none of this community and season."""
    if isinstance(event, Press):
        id_ = event.action.args[0] if event.action.args else ""
        known = re.fullmatch(r"[0-9]{1,15}", id_)
        team = await teams.by_id(turn.tx, turn.member.community_id, int(id_)) if known else None
        if team is None or team.season != turn.season:
            raise Unfit(_("That team is no longer here. /quiz team list shows which there are."))
        return team
    asked = " ".join(str(event.options["team"]).split())
    team = await teams.named(turn.tx, turn.member.community_id, turn.season, display_name(asked))
    if team is None:
        raise Unfit(
            _("There is no team “{team}” this season. /quiz team list shows which there are.", team=clip(asked, 60))
        )
    return team


# ---------------------------------------------------------------- one team


async def show(turn: Turn, event: Command | Press) -> Outcome:
    """A team's members, those who hide unnamed, and its place on the season's board. Without a name, one's own."""
    me = turn.member
    mine = await teams.of_person(turn.tx, me.person_id, turn.season)
    if isinstance(event, Command) and "team" not in event.options:
        if mine is None:
            return Outcome(Message.of(_("You are in no team yet."), *button_rows([to_all(), to_make()])))
        team = mine
    else:
        try:
            team = await named(turn, event)
        except Unfit as unfit:
            return Outcome(Message.of(str(unfit), *button_rows([to_all()])))
    own = mine is not None and mine.id == team.id
    scoring = (await teams.rules(turn.tx, me.community_id)).scoring
    board = await team_boards.team_board(turn.tx, me.community_id, team.season, team.season, scoring)
    standing = next(each for each in board.standings if each.tally.team_id == team.id)
    if standing.rank:
        place = _("{rank} of {number}", rank=number(standing.rank), number=number(len(board.ranked)))
    else:
        place = _("None yet: it needs {answers}", answers=ranking.needs(standing))
    fields = [
        (_("Rank"), place),
        (_("Members"), number(team.members)),
        (_("Took part"), number(standing.tally.people)),
    ]
    if standing.rank:
        fields.insert(1, (_(ranking.HEADS[scoring]), ranking.score(standing, scoring)))
    if own:
        held = await bound.holding(turn, me.person_id) is not None
        ways = [] if held else [Button(_("Leave it"), Action.of("team-leave"), Style.DANGER)]
    else:
        ways = [] if team.id in (await bound.of_teams(turn, event, [team])).closed else [joining(team)]
    return Outcome(
        Message.of(
            Heading(_("{team}, this season", team=team.name)),
            Fields(tuple(fields)),
            Text.of(await _members(turn, team)),
            *await bound.shown(turn, event, team),
            *button_rows([*ways, to_all(), to_board()]),
        )
    )


async def _members(turn: Turn, team: Team) -> str:
    names = await teams.named_members(turn.tx, team.id, NAMED)
    if not team.members:
        return _("Nobody is in it yet.")
    others = team.members - len(names)
    listed = ", ".join(clip(name, 40) for name in names)
    if not names:
        return _("In it: {people}.", people=people(team.members))
    if others <= 0:
        return _("In it: {people}.", people=listed)
    return ngettext(
        "In it: {people} and {number} other.", "In it: {people} and {number} others.", others, people=listed
    )


async def rename(turn: Turn, event: Command) -> Outcome:
    """One's own team; any, for admins."""
    me = turn.member
    mine = await teams.of_person(turn.tx, me.person_id, turn.season)
    try:
        name = read_name(str(event.options["name"]))
        team = await named(turn, event) if "team" in event.options else mine
    except Unfit as unfit:
        return Outcome(Message.of(str(unfit)))
    if team is None:
        return Outcome(Message.of(_("You are in no team that could have another name."), *button_rows([to_all()])))
    if (mine is None or mine.id != team.id) and not (event.actor.is_admin and not event.place.direct):
        return Outcome(Message.of(_("Another team’s name is for its members and admins to change.")))
    match await teams.rename(turn.tx, me.community_id, team, name):
        case None:
            return Outcome(
                Message.of(
                    Text.woven(_("**{team}** is called **{name}** now."), team=team.name, name=name), *ways(team)
                )
            )
        case Refusal.TAKEN:
            return Outcome(Message.of(_("There is a team {team} already. Find another name.", team=name)))
        case _:
            return Outcome(Message.of(_(GONE), *button_rows([to_all()])))
