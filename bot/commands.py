"""The one command tree, for every platform: names, help, options, who may, and which feature function runs.

Discord builds real subcommands from `TREE`; where people type, `read` and `suggest` understand the same words.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.features import decks, home, leaderboard, play, stats, today
from bot.features.turn import Feature
from bot.messages import LIMITS, Choice, OptionValue, clip
from bot.quiz.cards import Level
from bot.quiz.periods import Period


@dataclass(frozen=True, slots=True)
class Option:
    """One option of a command. `source` names the list that completes it (`decks`, `topics`)."""

    name: str
    help: str
    type: type[str] | type[int] | type[bool] = str
    choices: tuple[str, ...] = ()
    default: OptionValue | None = None
    least: int = 1
    most: int = 100
    source: str = ""
    required: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """One command. `writes`: it needs a transaction that may write; others read beside the writer."""

    path: tuple[str, ...]
    help: str
    run: Feature
    options: tuple[Option, ...] = ()
    writes: bool = False
    admin: bool = False

    @property
    def spelled(self) -> str:
        return " ".join(("/quiz", *self.path))

    def option(self, name: str) -> Option | None:
        return next((option for option in self.options if option.name == name), None)


DECK = Option("deck", "Which deck", source="decks")
LEVEL = Option("level", "How hard", choices=tuple(Level))
TOPIC = Option("topic", "About what", source="topics")

TREE: tuple[Entry, ...] = (
    Entry((), "Home: today’s question, your streak, and what you can do", home.show),
    Entry(("help",), "Home: today’s question, your streak, and what you can do", home.show),
    Entry(("today",), "Today’s question, to answer here if you haven’t yet", today.show),
    Entry(
        ("play",),
        "Practise: one card after the other, just for you",
        play.start,
        (DECK, LEVEL, TOPIC, Option("count", "How many cards", int, default=10, most=50)),
        writes=True,
    ),
    Entry(
        ("leaderboard",),
        "Who has the most points",
        leaderboard.show,
        (
            Option("period", "Over which time", choices=tuple(Period), default="week"),
            Option("public", "Post it for everyone here", bool, default=False),
        ),
    ),
    Entry(("stats",), "Your answers, accuracy, streak and topics", stats.show),
    Entry(("deck", "list"), "The decks that questions come from", decks.catalogue),
    Entry(
        ("deck", "show"),
        "What is in a deck",
        decks.show,
        (Option("deck", "Which deck", source="decks", required=True),),
    ),
)

BY_PATH: Mapping[tuple[str, ...], Entry] = {entry.path: entry for entry in TREE}


READ_MOST = 4000
"""Characters of a typed command that are read; none of ours needs a tenth of it."""


class Misread(Exception):
    """What someone typed is no command; `str` is the sentence to answer with."""


def check(path: tuple[str, ...], options: Mapping[str, OptionValue]) -> tuple[Entry, dict[str, OptionValue]]:
    """The command that `path` names and its options, each of its type, defaults filled in. Misread otherwise.

    Options that were typed arrive as text; a platform's own menus give the right type, and are checked all the same.
    """
    if (entry := BY_PATH.get(path)) is None:
        raise Misread(_unknown_command(" ".join(path)))
    checked: dict[str, OptionValue] = {
        option.name: option.default for option in entry.options if option.default is not None
    }
    for name, value in options.items():
        if (option := entry.option(name)) is None:
            raise Misread(_unknown_option(entry, name))
        checked[name] = _value(option, value)
    for option in entry.options:
        if option.required and option.name not in checked:
            raise Misread(f"{entry.spelled} needs to know {option.help[0].lower()}{option.help[1:]}.")
    return entry, checked


def read(text: str) -> tuple[tuple[str, ...], dict[str, OptionValue]]:
    """The path and options of what someone typed after `/quiz`: `play level:advanced`, or in plain order.

    Values with spaces stand in quotes. Misread when it is no command of ours; `check` judges the values.
    """
    words = _words(text[:READ_MOST])
    if words and words[0].lower() in ("/quiz", "quiz"):
        words = words[1:]
    entry, rest = _entry(words)
    if entry is None:
        raise Misread(_unknown_command(" ".join(word for word in words[:2])))
    options: dict[str, OptionValue] = {}
    for word in rest:
        name, colon, value = word.partition(":")
        if colon and entry.option(name.lower()):
            options[name.lower()] = _unquoted(value)
            continue
        if colon and re.fullmatch(r"[A-Za-z]+", name):
            raise Misread(_unknown_option(entry, name))
        free = _free(entry, options, word)
        if free is None:
            raise Misread(_unknown_option(entry, word))
        options[free.name] = "yes" if free.type is bool and word.lower() == free.name else _unquoted(word)
    return entry.path, options


@dataclass(frozen=True, slots=True)
class Ask:
    """An option's value is being typed, and only a feature knows the list: send a `Completion` with these."""

    path: tuple[str, ...]
    option: str
    typed: str
    head: str
    """What stands before the value; `head` and the chosen value make the whole text."""


def suggest(text: str) -> tuple[Choice, ...] | Ask:
    """What could come next after `/quiz …` as typed so far. A choice's `value` is the whole text it makes."""
    words = _words(text[:READ_MOST])
    entry, rest = _entry(words)
    typing = "" if not text or text[-1].isspace() else words.pop() if words else ""
    before = text[: len(text) - len(typing)]
    if rest and typing and rest[-1] == typing:
        rest = rest[:-1]
    deeper = [
        Choice(clip(other.spelled, LIMITS.OPTION), " ".join(other.path) + (" " if other.options else ""), other.help)
        for other in TREE
        if other.path and " ".join(other.path).startswith(" ".join(text.lower().split())) and other.path != ("help",)
    ]
    if entry is None or not entry.path or not before.strip():
        return tuple(deeper[: LIMITS.CHOICES])
    name, colon, value = typing.partition(":")
    if colon and (option := entry.option(name.lower())):
        head = f"{before}{option.name}:"
        if option.source:
            return Ask(entry.path, option.name, _unquoted(value), head)
        values = ("yes", "no") if option.type is bool else option.choices
        return tuple(Choice(v, f"{head}{v} ", option.help) for v in values if v.startswith(value.lower()))
    given = {word.partition(":")[0].lower() for word in rest}
    return tuple(
        Choice(f"{option.name}:", f"{before}{option.name}:", option.help)
        for option in entry.options
        if option.name not in given and option.name.startswith(typing.lower())
    )


def quoted(value: str) -> str:
    """A value as it can be typed: in quotes when it has spaces."""
    return f'"{value}"' if re.search(r"\s", value) else value


_WORD = re.compile(r'[^\s"“”:]+:"[^"]*"|[^\s"“”:]+:“[^”]*”|"[^"]*"|“[^”]*”|\S+')


def _words(text: str) -> list[str]:
    return _WORD.findall(text)


def _unquoted(word: str) -> str:
    return word[1:-1] if len(word) > 1 and word[0] in '"“' and word[-1] in '"”' else word


def _entry(words: list[str]) -> tuple[Entry | None, list[str]]:
    """The command that the first words name, and the words after it."""
    if words and words[0].lower() in ("/quiz", "quiz"):
        words = words[1:]
    for length in (2, 1):
        if (
            len(words) >= length
            and (entry := BY_PATH.get(tuple(word.lower() for word in words[:length])))
            and entry.path
        ):
            return entry, words[length:]
    return (None if words else BY_PATH[()]), words


def _free(entry: Entry, given: Mapping[str, OptionValue], word: str) -> Option | None:
    """The option that a bare word is for: the first still free that lists it, or the first that takes any text."""
    free = [option for option in entry.options if option.name not in given]
    listed = (option for option in free if _lists(option, _unquoted(word).lower()))
    return next(listed, None) or next((o for o in free if o.type is str and not o.choices), None)


def _lists(option: Option, word: str) -> bool:
    """Whether an option can be nothing but this word, of all options: a choice, a number, a yes by its name."""
    if option.type is bool:
        return word == option.name
    return word.isdecimal() if option.type is int else word in option.choices


def _value(option: Option, value: OptionValue) -> OptionValue:
    text = str(value).strip()
    if option.type is bool:
        if isinstance(value, bool):
            return value
        if text.lower() in ("yes", "true", "on", "1", "no", "false", "off", "0"):
            return text.lower() in ("yes", "true", "on", "1")
        raise Misread(f"{option.name} is yes or no, not “{clip(text, 40)}”.")
    if option.type is int:
        if not re.fullmatch(r"\d{1,9}", text) or not option.least <= int(text) <= option.most:
            raise Misread(f"{option.name} is a number from {option.least} to {option.most}, not “{clip(text, 40)}”.")
        return int(text)
    if option.choices:
        if text.lower() in option.choices:
            return text.lower()
        raise Misread(
            f"{option.name} can be {_either(option.choices)}, not “{clip(text, 40)}”."
            + _did_you_mean(text, option.choices)
        )
    return text


def _unknown_command(typed: str) -> str:
    names = [" ".join(entry.path) for entry in TREE if entry.path]
    first = typed.partition(" ")[0].lower()
    group = [name for name in names if name.partition(" ")[0] == first]
    if close := group or _nearest(typed, names) or _nearest(first, names):
        return f"There is no /quiz {clip(typed, 40)}. Did you mean {_either([f'/quiz {name}' for name in close])}?"
    return f"There is no /quiz {clip(typed, 40)}. /quiz help shows what there is."


def _unknown_option(entry: Entry, typed: str) -> str:
    if not entry.options:
        return f"{entry.spelled} takes no options, so I don’t know what to do with “{clip(typed, 40)}”."
    names = [option.name for option in entry.options]
    values = [choice for option in entry.options for choice in option.choices]
    return f"{entry.spelled} doesn’t know “{clip(typed, 40)}”." + (
        _did_you_mean(typed, [*names, *values]) or f" It takes {_either([*names, *values])}."
    )


def _nearest(typed: str, names: list[str] | tuple[str, ...]) -> list[str]:
    return difflib.get_close_matches(typed.lower()[:60], names, n=3, cutoff=0.6)


def _did_you_mean(typed: str, names: list[str] | tuple[str, ...]) -> str:
    close = _nearest(typed, names)
    return f" Did you mean {_either(close)}?" if close else ""


def _either(names: list[str] | tuple[str, ...]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
