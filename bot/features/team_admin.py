"""`/quiz team assign|balance|size|continue|remove`: what admins do with a season's teams."""

from __future__ import annotations

import re

from bot.events import Command, Press
from bot.features import teams, whom
from bot.features.prose import count
from bot.features.teams import EVERY, MAKE, Unfit
from bot.features.turn import Outcome, Turn
from bot.messages import Action, Button, Message, Style, Text, bold, button_rows, clip
from bot.quiz import periods
from bot.quiz.periods import Period
from bot.quiz.standings import dealt
from bot.store import memberships, people
from bot.store import teams as kept
from bot.store.memberships import Moved
from bot.store.people import Person
from bot.store.teams import MOST, Refusal, Team

# ---------------------------------------------------------------- who goes where


async def assign(turn: Turn, event: Command) -> Outcome:
    """Put somebody into a team, full or not."""
    try:
        team = await teams.named(turn, event)
        person = await _person(turn, event)
    except Unfit as unfit:
        return Outcome(Message.of(str(unfit), *button_rows([EVERY])))
    me = turn.member
    moved = await memberships.join(turn.tx, me.community_id, turn.season, person.id, team.id, turn.now, forced=True)
    who = bold(clip(person.name, 60))
    match moved:
        case Moved(left=left):
            before = () if left is None else ("; before that in ", bold(left.name))
            done = Text.of(who, " is in ", bold(team.name), " now", *before, ".")
        case Refusal.ALREADY:
            done = Text.of(who, " is in ", bold(team.name), " already.")
        case _:
            done = Text.of("That team is no longer here.")
    return Outcome(Message.of(done, *button_rows([Button("Show it", Action.of("team", team.id)), EVERY])))


async def _person(turn: Turn, event: Command) -> Person:
    """Whom an admin means, by a mention or a name. Unfit where that is nobody, or more than one."""
    asked, community = str(event.options["person"]), turn.member.community_id
    if (account := whom.account(asked, event)) is not None:
        person = await people.find_person(turn.tx, community, account)
        if person is None:
            raise Unfit(
                "I haven’t met them yet. Once they have pressed a button or used /quiz, you can put them into a team."
            )
        return person
    name = whom.name(asked)
    found = await people.called(turn.tx, community, name)
    if not found:
        raise Unfit(f"I know nobody called “{clip(name, 60)}”. Mention them, or write the name as boards show it.")
    if len(found) > 1:
        raise Unfit(f"Several people are called “{clip(name, 60)}”. Mention the one you mean.")
    return found[0]


async def balance(turn: Turn, event: Command) -> Outcome:
    """Tells what would happen, and asks."""
    every = await kept.of_season(turn.tx, turn.member.community_id, turn.season)
    wanted = int(event.options.get("teams", len(every)))
    points = await memberships.to_deal(turn.tx, turn.member.community_id, turn.season, _months(turn))
    rules = await kept.rules(turn.tx, turn.member.community_id)
    if (problem := _undealt(len(every), wanted, len(points), rules.most)) is not None:
        return Outcome(Message.of(problem, *button_rows([EVERY])))
    least, most = len(points) // wanted, -(-len(points) // wanted)
    each = str(most) if least == most else f"{least} or {most}"
    made = f" {count(wanted - len(every), 'team')} of them new." if wanted > len(every) else ""
    return Outcome(
        Message.of(
            Text.of(
                bold(f"Deal {count(len(points), 'person', 'people')} out to {wanted} teams?"), f" {each} to each.{made}"
            ),
            "Everyone goes who is in a team, or answered since the beginning of last month: at random, so that teams are alike by "
            "last month’s points. What was answered stays counted where it was.",
            *button_rows([Button("Deal them out", Action.of("team-balanced", wanted), Style.DANGER), EVERY]),
        )
    )


async def balanced(turn: Turn, event: Press) -> Outcome:
    """`team-balanced:4`: yes."""
    community, number = turn.member.community_id, event.action.args[0] if event.action.args else ""
    every = await kept.hold_all(turn.tx, community, turn.season)
    wanted = int(number) if re.fullmatch(r"[0-9]{1,3}", number) else 0
    points = await memberships.to_deal(turn.tx, community, turn.season, _months(turn))
    rules = await kept.rules(turn.tx, community)
    if (problem := _undealt(len(every), wanted, len(points), rules.most)) is not None:
        return Outcome(Message.of(problem, *button_rows([EVERY])))
    names = {kept.sort_name(team.name) for team in every}
    free = (name for at in range(1, 2 * MOST) if kept.sort_name(name := f"Team {at}") not in names)
    while len(every) < wanted:
        made = await kept.create(turn.tx, community, turn.season, next(free), turn.now, lasting=True, place=event.place)
        assert isinstance(made, Team)
        every.append(made)
    places = dealt(points, [team.id for team in every], turn.chance)
    await memberships.deal(turn.tx, community, turn.season, places, turn.now)
    return Outcome(
        Message.of(
            f"Done: {count(len(places), 'person', 'people')} in {count(len(every), 'team')}. Tell them with /quiz team list public.",
            *button_rows([EVERY]),
        )
    )


def _months(turn: Turn) -> tuple[str, str]:
    """Last month's board and this one's."""
    last = periods.before(Period.MONTH, turn.today)
    assert last is not None
    return last, periods.key(Period.MONTH, turn.today)


def _undealt(standing: int, wanted: int, number: int, most: int | None) -> str | None:
    """Why people can't be dealt out, and what can be done."""
    if wanted < 2:
        return "It takes two teams at least. Say how many you want: /quiz team balance teams:4."
    if wanted > MOST:
        return f"There can be {MOST} teams at most."
    if wanted < standing:
        return f"There are {standing} teams. Remove some first, or leave the number out."
    if number < wanted:
        return f"There are {wanted} teams and {count(number, 'person', 'people')} to deal out. Let more people answer first."
    if most is not None and number > wanted * most:
        return f"{number} people don’t fit into {wanted} teams of {most} at most. Say more teams, or change /quiz team size."
    return None


# ---------------------------------------------------------------- the teams themselves


async def size(turn: Turn, event: Command) -> Outcome:
    most = int(event.options["most"])
    await kept.set_most(turn.tx, turn.member.community_id, most or None)
    if not most:
        return Outcome(Message.of("Any number of people may be in a team.", *button_rows([EVERY])))
    done = f"A team takes {count(most, 'member')} at most from now on. Nobody has to leave one that has more."
    return Outcome(Message.of(done, *button_rows([EVERY])))


async def go_on(turn: Turn, event: Command) -> Outcome:
    """Last season's teams once more, and whoever was in them."""
    community = turn.member.community_id
    earlier = await memberships.season_before(turn.tx, community, turn.season)
    if earlier is None:
        return Outcome(Message.of("There were no teams in an earlier season.", *button_rows([EVERY, MAKE])))
    made, placed = await memberships.go_on(turn.tx, community, earlier, turn.season, turn.now)
    done = f"{count(made, 'team')} made again, {count(placed, 'person', 'people')} put into their team."
    return Outcome(Message.of(done, *button_rows([EVERY])))


async def remove(turn: Turn, event: Command) -> Outcome:
    """Asks first."""
    try:
        team = await teams.named(turn, event)
    except Unfit as unfit:
        return Outcome(Message.of(str(unfit), *button_rows([EVERY])))
    return Outcome(
        Message.of(
            Text.of(bold(f"Remove {team.name}?"), f" {count(team.members, 'member')} will be in no team."),
            "It leaves the boards for good. Everyone keeps their own points and streaks.",
            *button_rows([Button("Remove it", Action.of("team-removed", team.id), Style.DANGER), EVERY]),
        )
    )


async def removed(turn: Turn, event: Press) -> Outcome:
    """`team-removed:3`: yes."""
    try:
        team = await teams.named(turn, event)
    except Unfit as unfit:
        return Outcome(Message.of(str(unfit), *button_rows([EVERY])))
    if await memberships.remove_team(turn.tx, turn.member.community_id, team.id, turn.now) is not None:
        return Outcome(Message.of("That team is no longer here.", *button_rows([EVERY])))
    return Outcome(Message.of(Text.of(bold(team.name), " is removed."), *button_rows([EVERY])))
