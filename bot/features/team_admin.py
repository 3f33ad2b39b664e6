"""`/quiz team assign|balance|size|continue|remove`: what admins do with a season's teams."""

from __future__ import annotations

import re

from bot.events import Command, Press
from bot.features import bound, teams, whom
from bot.features.prose import people as counted
from bot.features.teams import GONE, Unfit, to_all, to_make
from bot.features.turn import Outcome, Turn
from bot.messages import Action, Button, Message, Style, Text, button_rows, clip, plain, woven
from bot.quiz import periods
from bot.quiz.periods import Period
from bot.quiz.standings import dealt
from bot.store import bindings, memberships
from bot.store import teams as kept
from bot.store.memberships import Moved
from bot.store.people import Person
from bot.store.teams import MOST, Refusal, Team
from bot.words import _, aloud, either, ngettext, number

# ---------------------------------------------------------------- who goes where


async def assign(turn: Turn, event: Command) -> Outcome:
    """Put somebody into a team, full or not."""
    try:
        team = await teams.named(turn, event)
        person = await _person(turn, event)
    except Unfit as unfit:
        return Outcome(Message.of(str(unfit), *button_rows([to_all()])))
    me = turn.member
    moved = await memberships.join(turn.tx, me.community_id, turn.season, person.id, team.id, turn.now, forced=True)
    who = clip(person.name, 60)
    match moved:
        case Moved(left=left):
            if left is None:
                done = Text.woven(_("**{name}** is in **{team}** now."), name=who, team=team.name)
            else:
                told = _("**{name}** is in **{team}** now; before that in **{before}**.")
                done = Text.woven(told, name=who, team=team.name, before=left.name)
        case Refusal.ALREADY:
            done = Text.woven(_("**{name}** is in **{team}** already."), name=who, team=team.name)
        case Refusal.BOUND:
            done = await bound.refused(turn, event, team)
        case Refusal.HELD:
            held = await bound.holding(turn, person.id)
            assert held is not None
            done = held
        case _:
            done = Text.of(_(GONE))
    return Outcome(Message.of(done, *button_rows([Button(_("Show it"), Action.of("team", team.id)), to_all()])))


async def _person(turn: Turn, event: Command) -> Person:
    """Whom an admin means, by a mention or a name. Unfit where that is nobody, or more than one."""
    unmet = _("I haven’t met them yet. Once they have pressed a button or used /quiz, you can put them into a team.")
    found = await whom.person(turn, event, str(event.options["person"]), unmet)
    if isinstance(found, str):
        raise Unfit(found)
    return found


async def balance(turn: Turn, event: Command) -> Outcome:
    """Tells what would happen, and asks."""
    standing = await kept.of_season(turn.tx, turn.member.community_id, turn.season)
    every = await bindings.unbound(turn.tx, standing)
    wanted = int(event.options.get("teams", len(every)))
    points = await memberships.to_deal(turn.tx, turn.member.community_id, turn.season, _months(turn))
    rules = await kept.rules(turn.tx, turn.member.community_id)
    if (problem := _undealt(len(every), wanted, len(points), rules.most)) is not None:
        return Outcome(Message.of(problem, *button_rows([to_all()])))
    least, most = len(points) // wanted, -(-len(points) // wanted)
    each = str(most) if least == most else either([str(least), str(most)])
    new = wanted - len(every)
    made = ngettext("{number} team of them new.", "{number} teams of them new.", new)
    told = _("**Deal {people} out to {teams} teams?** {each} to each.")
    return Outcome(
        Message.of(
            Text.of(
                *woven(told, people=counted(len(points)), teams=number(wanted), each=each),
                *([plain(" "), plain(made)] if new > 0 else []),
            ),
            _(
                "Everyone goes who is in a team, or answered since the beginning of last month: at random, so that teams are "
                "alike by last month’s points. What was answered stays counted where it was."
            ),
            *_left_out(len(standing) - len(every)),
            *button_rows([Button(_("Deal them out"), Action.of("team-balanced", wanted), Style.DANGER), to_all()]),
        )
    )


async def balanced(turn: Turn, event: Press) -> Outcome:
    """`team-balanced:4`: yes."""
    community, asked = turn.member.community_id, event.action.args[0] if event.action.args else ""
    standing = await kept.hold_all(turn.tx, community, turn.season)
    every = await bindings.unbound(turn.tx, standing)
    wanted = int(asked) if re.fullmatch(r"[0-9]{1,3}", asked) else 0
    points = await memberships.to_deal(turn.tx, community, turn.season, _months(turn))
    rules = await kept.rules(turn.tx, community)
    if (problem := _undealt(len(every), wanted, len(points), rules.most)) is not None:
        return Outcome(Message.of(problem, *button_rows([to_all()])))
    names = {kept.sort_name(team.name) for team in standing}
    with aloud():
        free = [name for at in range(1, 2 * MOST) if kept.sort_name(name := _("Team {at}", at=at)) not in names]
    left = iter(free)
    while len(every) < wanted:
        made = await kept.create(turn.tx, community, turn.season, next(left), turn.now, lasting=True, place=event.place)
        assert isinstance(made, Team)
        every.append(made)
    places = dealt(points, [team.id for team in every], turn.chance)
    await memberships.deal(turn.tx, community, turn.season, places, turn.now)
    return Outcome(
        Message.of(
            _(
                "Done: {people} in {teams}. Tell them with /quiz team list public.",
                people=counted(len(places)),
                teams=teams.counted(len(every)),
            ),
            *button_rows([to_all()]),
        )
    )


def _left_out(many: int) -> tuple[str, ...]:
    if not many:
        return ()
    told = ngettext(
        "{number} team that goes by a role or group is left out, with whoever is in it.",
        "{number} teams that go by a role or group are left out, with whoever is in them.",
        many,
    )
    return (told,)


def _months(turn: Turn) -> tuple[str, str]:
    """Last month's board and this one's."""
    last = periods.before(Period.MONTH, turn.today)
    assert last is not None
    return last, periods.key(Period.MONTH, turn.today, turn.seasons)


def _undealt(standing: int, wanted: int, there: int, most: int | None) -> str | None:
    """Why people can't be dealt out, and what can be done."""
    if wanted < 2:
        return _("It takes two teams at least. Say how many you want: /quiz team balance teams:4.")
    if wanted > MOST:
        return _("There can be {most} teams at most.", most=MOST)
    if wanted < standing:
        return _("There are {teams} teams. Remove some first, or leave the number out.", teams=number(standing))
    if there < wanted:
        return _(
            "There are {teams} teams and {people} to deal out. Let more people answer first.",
            teams=number(wanted),
            people=counted(there),
        )
    if most is not None and there > wanted * most:
        return _(
            "{people} people don’t fit into {teams} teams of {most} at most. Say more teams, or change /quiz team size.",
            people=number(there),
            teams=number(wanted),
            most=number(most),
        )
    return None


# ---------------------------------------------------------------- the teams themselves


async def size(turn: Turn, event: Command) -> Outcome:
    most = int(event.options["most"])
    await kept.set_most(turn.tx, turn.member.community_id, most or None)
    if not most:
        return Outcome(Message.of(_("Any number of people may be in a team."), *button_rows([to_all()])))
    done = ngettext(
        "A team takes {number} member at most from now on. Nobody has to leave one that has more.",
        "A team takes {number} members at most from now on. Nobody has to leave one that has more.",
        most,
    )
    return Outcome(Message.of(done, *button_rows([to_all()])))


async def go_on(turn: Turn, event: Command) -> Outcome:
    """Last season's teams once more, and whoever was in them."""
    community = turn.member.community_id
    earlier = await memberships.season_before(turn.tx, community, turn.season)
    if earlier is None:
        return Outcome(Message.of(_("There were no teams in an earlier season."), *button_rows([to_all(), to_make()])))
    made, placed = await memberships.go_on(turn.tx, community, earlier, turn.season, turn.now)
    told = {"teams": teams.counted(made), "people": counted(placed)}
    done = _("{teams} made again, {people} put into their team.", **told)
    return Outcome(Message.of(done, *button_rows([to_all()])))


async def remove(turn: Turn, event: Command) -> Outcome:
    """Asks first."""
    try:
        team = await teams.named(turn, event)
    except Unfit as unfit:
        return Outcome(Message.of(str(unfit), *button_rows([to_all()])))
    return Outcome(
        Message.of(
            Text.woven(
                ngettext(
                    "**Remove {team}?** {number} member will be in no team.",
                    "**Remove {team}?** {number} members will be in no team.",
                    team.members,
                ),
                team=team.name,
            ),
            _("It leaves the boards for good. Everyone keeps their own points and streaks."),
            *button_rows([Button(_("Remove it"), Action.of("team-removed", team.id), Style.DANGER), to_all()]),
        )
    )


async def removed(turn: Turn, event: Press) -> Outcome:
    """`team-removed:3`: yes."""
    try:
        team = await teams.named(turn, event)
    except Unfit as unfit:
        return Outcome(Message.of(str(unfit), *button_rows([to_all()])))
    if await memberships.remove_team(turn.tx, turn.member.community_id, team.id, turn.now) is not None:
        return Outcome(Message.of(_(GONE), *button_rows([to_all()])))
    return Outcome(Message.of(Text.woven(_("**{team}** is removed."), team=team.name), *button_rows([to_all()])))
