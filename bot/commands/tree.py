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
    membership,
    play,
    privacy,
    review,
    schedules,
    scheduling,
    selection,
    stats,
    team_admin,
    teams,
    today,
)
from bot.features.guide import Typed
from bot.features.turn import Feature, Outcome, Turn
from bot.messages import Message, OptionValue
from bot.quiz.cards import Level
from bot.quiz.periods import Period


class ChannelId(str):
    """The type of an option that is a channel. People write `#general`; platforms that know better say `<#C123|general>`."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Option:
    """One option of a command.

    `source` names the list that completes it, as `app.COMPLETIONS` does. `like`: what a bare word for it looks like, where
    that can be told. `named`: no bare word is taken for it. `words`: bare words that follow belong to it too.
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
        return Outcome(guide.below(outcome.answer, word, [Typed(each.spelled, each.help) for each in _under(word)]))

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
        Typed(each.spelled, each.help, tuple((option.name, _explained(option)) for option in each.options))
        for each in commands
    ]
    return Outcome(guide.full(word, typed, admin=any(each.admin for each in commands)))


def _explained(option: Option) -> str:
    return f"{option.help} ({', '.join(option.choices)})" if option.choices else option.help


DECK = Option("deck", "Which deck", source="decks")
LEVEL = Option("level", "How hard", choices=tuple(Level))
TOPIC = Option("topic", "About what", source="topics")
NAME = Option("name", "Its name, 40 characters at most", required=True, words=True)
TEAM = Option("team", "Which team", source="teams", required=True, words=True)
SCHEDULE = Option("id", "Which daily question, where there are several", int, most=999_999_999)
SCHEDULED = (
    Option("time", "When: 09:00, 9am or 9", like=r"[0-9]{1,4}([:.h].*|\s?[ap]m)?|noon|midnight"),
    Option("channel", "Where [here]", ChannelId),
    Option("zone", "In which time zone [the community’s]", source="zones", like=r"[A-Za-z]+/.+|UTC"),
    Option("days", "weekdays, daily, weekends or mon,wed,fri [weekdays]", source="days", like=scheduling.DAYS_LIKE),
    Option("decks", "From which decks, divided by commas [all]", source="several decks"),
    Option("level", "How hard [all]", choices=(*Level, selection.ALL)),
    Option("topic", "About what [all]", source="topics"),
    Option("mode", "How people answer [buttons]", choices=("buttons", "reactions")),
    Option("feedback", "When people learn how they did [now]", choices=("now", "at_close")),
    Option(
        "open", "For how many hours; 0: until an hour before the next [0]", int, least=0, most=7 * 24 - 1, named=True
    ),
    Option("recap", "Whether the channel is told of its week on Mondays [on]", choices=("on", "off"), named=True),
    Option("id", "Which daily question to change; what you don’t name stays", int, most=999_999_999, named=True),
)

COMMANDS: tuple[Entry, ...] = (
    Entry(("today",), "Today’s question, to answer here if you haven’t yet", today.show),
    Entry(
        ("play",),
        "Practise: one card after the other, just for you",
        play.start,
        (DECK, LEVEL, TOPIC, Option("count", "How many cards", int, default=10, most=50)),
        writes=True,
    ),
    Entry(
        ("review",),
        "The cards that are due again for you today",
        review.start,
        (Option("count", "How many cards", int, default=review.COUNT, most=50),),
        writes=True,
    ),
    Entry(
        ("leaderboard",),
        "Who has the most points",
        leaderboard.show,
        (
            Option("period", "Over which time", choices=tuple(Period), default="week"),
            Option("by", "People or teams", choices=tuple(leaderboard.By), default="people"),
            Option("public", "Post it for everyone here", bool, default=False),
        ),
    ),
    Entry(
        ("stats",),
        "Days practised, streak, topics and accuracy",
        stats.show,
        (Option("person", "Whose, if they share them [yours]", source="people", words=True),),
    ),
    _group("team", "The teams of this season: join one, or make one", teams.catalogue),
    Entry(
        ("team", "list"),
        "The teams of this season, to join one",
        teams.catalogue,
        (Option("public", "Post it for everyone here", bool, default=False),),
    ),
    Entry(("team", "create"), "Make a team", membership.create, (NAME,), writes=True),
    Entry(("team", "join"), "Join a team; you leave the one you are in", membership.join, (TEAM,), writes=True),
    Entry(("team", "leave"), "Leave your team", membership.leave, writes=True),
    Entry(
        ("team", "show"),
        "A team: who is in it, and where it stands",
        teams.show,
        (replace(TEAM, help="Which team [yours]", required=False),),
    ),
    Entry(
        ("team", "rename"),
        "Give your team another name",
        teams.rename,
        (NAME, replace(TEAM, help="Which team, for admins [yours]", required=False, named=True)),
        writes=True,
    ),
    Entry(
        ("team", "assign"),
        "Put somebody into a team",
        team_admin.assign,
        (Option("person", "Who: mention them, or write their name", required=True), TEAM),
        writes=True,
        admin=True,
    ),
    Entry(
        ("team", "balance"),
        "Deal everyone out to teams at random, alike by last month’s points",
        team_admin.balance,
        (Option("teams", "How many teams [as many as there are]", int, least=2, most=teams.MOST),),
        admin=True,
    ),
    Entry(
        ("team", "size"),
        "How many may be in a team",
        team_admin.size,
        (Option("most", "So many at most; 0: any number", int, least=0, most=100_000, required=True),),
        writes=True,
        admin=True,
    ),
    Entry(("team", "continue"), "Go on with last season’s teams", team_admin.go_on, writes=True, admin=True),
    Entry(("team", "remove"), "End a team; its answers stay counted", team_admin.remove, (TEAM,), admin=True),
    Entry(
        ("fix",),
        "Correct a question’s key: its answers are graded anew (for admins)",
        fix.fix,
        (
            Option("right", "What is right: letters, or an answer to accept", words=True),
            Option("post", "Which question: its link [this channel’s latest]", source="posts", like=fix.LIKE_POST),
        ),
        writes=True,
        admin=True,
    ),
    _group("deck", "The decks that questions come from", decks.catalogue),
    Entry(("deck", "list"), "The decks that questions come from", decks.catalogue),
    Entry(
        ("deck", "show"),
        "What is in a deck",
        decks.show,
        (Option("deck", "Which deck", source="decks", required=True),),
    ),
    _group(
        "schedule",
        "The daily question: when, where, from which cards (for admins)",
        schedules.catalogue,
        admin=True,
    ),
    Entry(
        ("schedule", "set"),
        "Set up a daily question, or change one",
        scheduling.set_up,
        SCHEDULED,
        writes=True,
        admin=True,
    ),
    Entry(("schedule", "list"), "The daily questions there are", schedules.catalogue, admin=True),
    Entry(
        ("schedule", "show"), "A daily question: when, where, from which cards", schedules.show, (SCHEDULE,), admin=True
    ),
    Entry(("schedule", "pause"), "Post nothing for now", schedules.pause, (SCHEDULE,), writes=True, admin=True),
    Entry(("schedule", "resume"), "Go on after a pause", schedules.resume, (SCHEDULE,), writes=True, admin=True),
    Entry(("schedule", "remove"), "End a daily question for good", schedules.remove, (SCHEDULE,), admin=True),
    Entry(("schedule", "now"), "Post a question at once", schedules.post_now, (SCHEDULE,), writes=True, admin=True),
    Entry(
        ("link",),
        "Join your accounts on two platforms: a code to enter on the other one",
        link.show,
        (Option("code", "The code that your other account got"),),
        writes=True,
    ),
    Entry(("unlink",), "Separate this account from your others again", link.separate, writes=True),
    _group(
        "community",
        "Which workspaces share this community; join another, and leave (for admins)",
        community.here,
        admin=True,
    ),
    Entry(
        ("community", "link"),
        "Join this workspace and another into one community with one board",
        community.show,
        (Option("code", "The code that an admin of the other workspace got"),),
        writes=True,
        admin=True,
    ),
    _group("privacy", "What is kept about you: show it, take it with you, erase it", privacy.show),
    Entry(("privacy", "show"), "What is kept about you", privacy.show),
    Entry(
        ("privacy", "export"),
        "A file of everything that is kept about you, for you alone",
        privacy.give,
        (Option("format", "For programs (json) or for a spreadsheet (csv)", choices=("json", "csv"), default="json"),),
    ),
    Entry(("privacy", "forget"), "Erase everything that is kept about you", privacy.ask),
    Entry(("community", "leave"), "Leave a joint community, and lose nothing", community.leave, admin=True),
)

ABOUT = Option("about", "What to explain", choices=tuple(dict.fromkeys(entry.path[0] for entry in COMMANDS)))
HOME = "Home: today’s question, your streak, and what you can do"

TREE: tuple[Entry, ...] = (Entry((), HOME, home.show), Entry(("help",), HOME, _help, (ABOUT,)), *COMMANDS)
"""All commands; `COMMANDS` are those that help explains."""

BY_PATH: Mapping[tuple[str, ...], Entry] = {entry.path: entry for entry in TREE}


def source(path: tuple[str, ...], option: str) -> str:
    """The name of the list that completes a command's option; empty where there is none."""
    entry = BY_PATH.get(path)
    found = None if entry is None else entry.option(option)
    return "" if found is None else found.source
