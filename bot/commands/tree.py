"""The one command tree: names, help, options, who may, and which feature function runs. Discord registers it as it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.events import Command
from bot.features import (
    community,
    decks,
    fix,
    guide,
    home,
    leaderboard,
    link,
    live,
    membership,
    play,
    privacy,
    review,
    schedules,
    scheduling,
    seasons,
    selection,
    settings,
    stats,
    team_admin,
    team_binding,
    teams,
    today,
)
from bot.features.guide import Typed
from bot.features.turn import Feature, Outcome, Turn
from bot.messages import Message, OptionValue
from bot.quiz.cards import Level
from bot.quiz.periods import Period
from bot.words import N_, _


class GroupId(str):
    """The type of an option that is a role or a user group. Platforms that have them write `<@&123|Moderators>` or
    `<!subteam^S123|@mods>`; checked it is `123|Moderators`.
    """

    __slots__ = ()


class ChannelId(str):
    """The type of an option that is a channel. People write `#general`; platforms that know better say `<#C123|general>`.
    Where it is typed it may be several, divided by commas; checked they are their ids, in that way.
    """

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Option:
    """One option of a command. `help` is marked, to be looked up in the catalogue where it is shown.

    `source` names the list that completes it, as `app.COMPLETIONS` does. `like`: what a bare word for it looks like, where
    that can be told. `named`: no bare word is taken for it. `words`: bare words that follow belong to it too. `several`: more
    than one of `choices` may be said, divided by commas.
    """

    name: str
    help: str
    type: type[str] | type[int] | type[bool] = str
    choices: tuple[str, ...] = ()
    default: OptionValue | None = None
    least: int = 1
    most: int = 100
    source: str = ""
    required: bool = False
    like: str = ""
    named: bool = False
    words: bool = False
    several: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """One command. `writes`: it needs a transaction that may write; others read beside the writer.

    `group`: its word is the first of others. Where nothing can be typed but those, as on Discord, it is only their heading.
    """

    path: tuple[str, ...]
    help: str
    run: Feature
    options: tuple[Option, ...] = ()
    writes: bool = False
    admin: bool = False
    group: bool = False

    @property
    def spelled(self) -> str:
        return " ".join(("/quiz", *self.path))

    def option(self, name: str) -> Option | None:
        return next((option for option in self.options if option.name == name), None)


def _group(word: str, help_: str, listing: Feature, *, admin: bool = False) -> Entry:
    """A group's word alone: what its `list` shows, and what else there is to type."""

    async def run(turn: Turn, event: Command) -> Outcome:
        options = [option for entry in _under(word) if entry.run is listing for option in entry.options]
        defaults = {option.name: option.default for option in options if option.default is not None}
        outcome: Outcome = await listing(turn, replace(event, options=defaults))
        assert isinstance(outcome.answer, Message)
        return Outcome(guide.below(outcome.answer, word, [Typed(each.spelled, _(each.help)) for each in _under(word)]))

    return Entry((word,), help_, run, admin=admin, group=True)


def _under(word: str) -> list[Entry]:
    return [entry for entry in COMMANDS if entry.path[0] == word and not entry.group]


async def _help(turn: Turn, event: Command) -> Outcome:
    """Home, or all that there is to type about one thing."""
    if "about" not in event.options:
        return await home.show(turn, event)
    word = str(event.options["about"])
    commands = _under(word)
    typed = [
        Typed(each.spelled, _(each.help), tuple((option.name, _explained(option)) for option in each.options))
        for each in commands
    ]
    return Outcome(guide.full(word, typed, admin=any(each.admin for each in commands)))


def _explained(option: Option) -> str:
    return f"{_(option.help)} ({', '.join(option.choices)})" if option.choices else _(option.help)


DECK = Option("deck", N_("Which deck"), source="decks")
LEVEL = Option(
    "level",
    N_("How hard; several divided by commas [all]"),
    choices=(*Level, selection.ALL),
    source="levels",
    several=True,
)
TOPIC = Option("topic", N_("About what; several divided by commas [all]"), source="topics")
NAME = Option("name", N_("Its name, 40 characters at most"), required=True, words=True)
TEAM = Option("team", N_("Which team"), source="teams", required=True, words=True)
SCHEDULE = Option("id", N_("Which daily question, where there are several"), int, most=999_999_999)
SCHEDULED = (
    Option("time", N_("When: 09:00, 9am or 9"), like=r"[0-9]{1,4}([:.h].*|\s?[ap]m)?|noon|midnight"),
    Option("channel", N_("Where [here]"), ChannelId),
    Option("also", N_("In which channel it stands, too, with the same card"), ChannelId),
    Option("without", N_("From which of its channels it goes, with id"), ChannelId, named=True),
    Option("zone", N_("In which time zone [the community’s]"), source="zones", like=r"[A-Za-z]+/.+|UTC"),
    Option("days", N_("weekdays, daily, weekends or mon,wed,fri [weekdays]"), source="days", like=scheduling.DAYS_LIKE),
    Option("decks", N_("From which decks, divided by commas [all]"), source="several decks"),
    LEVEL,
    TOPIC,
    Option("mode", N_("How people answer [buttons]"), choices=("buttons", "reactions")),
    Option("feedback", N_("When people learn how they did [now]"), choices=("now", "at_close")),
    Option(
        "open",
        N_("For how many hours; 0: until an hour before the next [0]"),
        int,
        least=0,
        most=7 * 24 - 1,
        named=True,
    ),
    Option("recap", N_("Whether the channel is told of its week on Mondays [on]"), choices=("on", "off"), named=True),
    Option(
        "tell",
        N_("Who hears of it when it can’t be posted: mention them, or write a name [you]"),
        named=True,
        words=True,
    ),
    Option("id", N_("Which daily question to change; what you don’t name stays"), int, most=999_999_999, named=True),
)

SETTINGS = (
    Option("zone", N_("The time zone in which days begin and end"), source="zones", like=r"[A-Za-z]+/.+|UTC"),
    Option("language", N_("The language of what I post"), source="languages"),
    Option("admins", N_("A role or user group whose members are admins, too"), GroupId),
    Option("teams", N_("Who puts people into teams"), choices=tuple(settings.TEAM_MODES), named=True),
    Option("scoring", N_("How teams compare"), choices=tuple(settings.SCORINGS), named=True),
    Option("boards", N_("Leaderboards"), choices=("on", "off"), named=True),
    Option("streaks", N_("Streaks"), choices=("on", "off"), named=True),
    Option("hosts", N_("Who may begin a live round"), choices=tuple(settings.HOSTS), named=True),
)

COMMANDS: tuple[Entry, ...] = (
    Entry(("today",), N_("Today’s question, to answer here if you haven’t yet"), today.show),
    Entry(
        ("play",),
        N_("Practise: one card after the other, just for you"),
        play.start,
        (DECK, LEVEL, TOPIC, Option("count", N_("How many cards"), int, default=10, most=50)),
        writes=True,
    ),
    Entry(
        ("review",),
        N_("The cards that are due again for you today"),
        review.start,
        (Option("count", N_("How many cards"), int, default=review.COUNT, most=50),),
        writes=True,
    ),
    Entry(
        ("live",),
        N_("A timed round for everyone in this channel: join, answer quickly, see who wins"),
        live.begin,
        (
            replace(DECK, required=True),
            LEVEL,
            TOPIC,
            Option("count", N_("How many questions"), int, default=live.COUNT, most=50),
            Option("seconds", N_("How long each is open"), int, default=live.SECONDS, least=5, most=120),
        ),
        writes=True,
    ),
    Entry(
        ("leaderboard",),
        N_("Who has the most points"),
        leaderboard.show,
        (
            Option("period", N_("Over which time"), choices=tuple(Period), default="week"),
            Option(
                "by", N_("People, teams, or people in live rounds"), choices=tuple(leaderboard.By), default="people"
            ),
            Option("public", N_("Post it for everyone here"), bool, default=False),
        ),
    ),
    Entry(
        ("stats",),
        N_("Days practised, streak, topics and accuracy"),
        stats.show,
        (Option("person", N_("Whose, if they share them [yours]"), source="people", words=True),),
    ),
    _group("team", N_("The teams of this season: join one, or make one"), teams.catalogue),
    Entry(
        ("team", "list"),
        N_("The teams of this season, to join one"),
        teams.catalogue,
        (Option("public", N_("Post it for everyone here"), bool, default=False),),
    ),
    Entry(("team", "create"), N_("Make a team"), membership.create, (NAME,), writes=True),
    Entry(("team", "join"), N_("Join a team; you leave the one you are in"), membership.join, (TEAM,), writes=True),
    Entry(("team", "leave"), N_("Leave your team"), membership.leave, writes=True),
    Entry(
        ("team", "show"),
        N_("A team: who is in it, and where it stands"),
        teams.show,
        (replace(TEAM, help=N_("Which team [yours]"), required=False),),
    ),
    Entry(
        ("team", "rename"),
        N_("Give your team another name"),
        teams.rename,
        (NAME, replace(TEAM, help=N_("Which team, for admins [yours]"), required=False, named=True)),
        writes=True,
    ),
    Entry(
        ("team", "assign"),
        N_("Put somebody into a team"),
        team_admin.assign,
        (Option("person", N_("Who: mention them, or write their name"), required=True), TEAM),
        writes=True,
        admin=True,
    ),
    Entry(
        ("team", "balance"),
        N_("Deal everyone out to teams at random, alike by last month’s points"),
        team_admin.balance,
        (Option("teams", N_("How many teams [as many as there are]"), int, least=2, most=teams.MOST),),
        admin=True,
    ),
    Entry(
        ("team", "size"),
        N_("How many may be in a team"),
        team_admin.size,
        (Option("most", N_("So many at most; 0: any number"), int, least=0, most=100_000, required=True),),
        writes=True,
        admin=True,
    ),
    Entry(
        ("team", "bind"),
        N_("Let a role or user group say who is in a team"),
        team_binding.bind,
        (Option("role", N_("Whose members are in it: a role or user group"), GroupId, required=True), TEAM),
        writes=True,
        admin=True,
    ),
    Entry(
        ("team", "unbind"),
        N_("Let people join and leave a team again"),
        team_binding.unbind,
        (TEAM,),
        writes=True,
        admin=True,
    ),
    Entry(("team", "continue"), N_("Go on with last season’s teams"), team_admin.go_on, writes=True, admin=True),
    Entry(("team", "remove"), N_("End a team; its answers stay counted"), team_admin.remove, (TEAM,), admin=True),
    _group("season", N_("This season and past ones: when they begin and end"), seasons.show),
    Entry(("season", "show"), N_("When this season began and when it ends, and past ones"), seasons.show),
    Entry(("season", "close"), N_("End this season with today, before its quarter is over"), seasons.close, admin=True),
    Entry(("season", "undo"), N_("Let a season that was closed today go on"), seasons.undo, writes=True, admin=True),
    Entry(
        ("fix",),
        N_("Correct a question’s key: its answers are graded anew (for admins)"),
        fix.fix,
        (
            Option("right", N_("What is right: letters, or an answer to accept"), words=True),
            Option("post", N_("Which question: its link [this channel’s latest]"), source="posts", like=fix.LIKE_POST),
        ),
        writes=True,
        admin=True,
    ),
    _group("deck", N_("The decks that questions come from"), decks.catalogue),
    Entry(("deck", "list"), N_("The decks that questions come from"), decks.catalogue),
    Entry(
        ("deck", "show"),
        N_("What is in a deck"),
        decks.show,
        (Option("deck", N_("Which deck"), source="decks", required=True),),
    ),
    _group(
        "schedule",
        N_("The daily question: when, where, from which cards (for admins)"),
        schedules.catalogue,
        admin=True,
    ),
    Entry(
        ("schedule", "set"),
        N_("Set up a daily question, or change one"),
        scheduling.set_up,
        SCHEDULED,
        writes=True,
        admin=True,
    ),
    Entry(("schedule", "list"), N_("The daily questions there are"), schedules.catalogue, admin=True),
    Entry(
        ("schedule", "show"),
        N_("A daily question: when, where, from which cards"),
        schedules.show,
        (SCHEDULE,),
        admin=True,
    ),
    Entry(("schedule", "pause"), N_("Post nothing for now"), schedules.pause, (SCHEDULE,), writes=True, admin=True),
    Entry(("schedule", "resume"), N_("Go on after a pause"), schedules.resume, (SCHEDULE,), writes=True, admin=True),
    Entry(("schedule", "remove"), N_("End a daily question for good"), schedules.remove, (SCHEDULE,), admin=True),
    Entry(("schedule", "now"), N_("Post a question at once"), schedules.post_now, (SCHEDULE,), writes=True, admin=True),
    Entry(
        ("settings",),
        N_("How this community wants things: time zone, language, teams, boards (for admins)"),
        settings.show,
        SETTINGS,
        writes=True,
        admin=True,
    ),
    Entry(
        ("link",),
        N_("Join your accounts on two platforms: a code to enter on the other one"),
        link.show,
        (Option("code", N_("The code that your other account got")),),
        writes=True,
    ),
    Entry(("unlink",), N_("Separate this account from your others again"), link.separate, writes=True),
    _group(
        "community",
        N_("Which workspaces share this community; join another, and leave (for admins)"),
        community.here,
        admin=True,
    ),
    Entry(
        ("community", "link"),
        N_("Join this workspace and another into one community with one board"),
        community.show,
        (Option("code", N_("The code that an admin of the other workspace got")),),
        writes=True,
        admin=True,
    ),
    _group("privacy", N_("What is kept about you: show it, take it with you, erase it"), privacy.show),
    Entry(("privacy", "show"), N_("What is kept about you"), privacy.show),
    Entry(
        ("privacy", "export"),
        N_("A file of everything that is kept about you, for you alone"),
        privacy.give,
        (
            Option(
                "format", N_("For programs (json) or for a spreadsheet (csv)"), choices=("json", "csv"), default="json"
            ),
        ),
    ),
    Entry(("privacy", "forget"), N_("Erase everything that is kept about you"), privacy.ask),
    Entry(("community", "leave"), N_("Leave a joint community, and lose nothing"), community.leave, admin=True),
)

ABOUT = Option("about", N_("What to explain"), choices=tuple(dict.fromkeys(entry.path[0] for entry in COMMANDS)))
HOME = N_("Home: today’s question, your streak, and what you can do")

TREE: tuple[Entry, ...] = (Entry((), HOME, home.show), Entry(("help",), HOME, _help, (ABOUT,)), *COMMANDS)
"""All commands; `COMMANDS` are those that help explains."""

BY_PATH: Mapping[tuple[str, ...], Entry] = {entry.path: entry for entry in TREE}


def source(path: tuple[str, ...], option: str) -> str:
    """The name of the list that completes a command's option; empty where there is none."""
    entry = BY_PATH.get(path)
    found = None if entry is None else entry.option(option)
    return "" if found is None else found.source
