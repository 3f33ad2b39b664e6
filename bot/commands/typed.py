"""Commands as people type them: `play level:advanced`, or in plain order; and what could come next."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.commands.tree import ABOUT, BY_PATH, TREE, ChannelId, Entry, GroupId, Option
from bot.commands.values import Misread, unknown_command, unknown_option
from bot.messages import LIMITS, Choice, OptionValue, clip
from bot.words import _

READ_MOST = 4000
"""Characters of a typed command that are read; none of ours needs a tenth of it."""


def read(text: str) -> tuple[tuple[str, ...], dict[str, OptionValue]]:
    """The path and options of what someone typed after `/quiz`: `play level:advanced`, or in plain order.

    Values with spaces stand in quotes. Misread when it is no command of ours; `check` judges the values.
    """
    words = _words(text[:READ_MOST])
    if words and words[0].lower() in ("/quiz", "quiz"):
        words = words[1:]
    if len(words) == 2 and words[1].lower() == "help" and words[0].lower() in ABOUT.choices:  # the other way round
        words = [words[1], words[0].lower()]
    entry, rest = _entry(words)
    if entry is None:
        raise Misread(unknown_command(" ".join(word for word in words[:2])))
    options: dict[str, OptionValue] = {}
    growing: Option | None = None  # what the next bare word goes on with
    for word in rest:
        name, colon, value = word.partition(":")
        if colon and (named := entry.option(name.lower())):
            options[named.name] = _unquoted(value)
            growing = named if named.words else None
            continue
        called = next((one for one in entry.options if one.type is GroupId and one.name not in options), None)
        if called is not None and _lists(called, word.lower()):  # a mention is no part of a name before it
            options[called.name] = word
            continue
        if growing is not None:
            options[growing.name] = f"{options[growing.name]} {_unquoted(word)}".strip()
            continue
        if colon and re.fullmatch(r"[A-Za-z]+", name) and not value.startswith("//"):
            raise Misread(unknown_option(entry, name))
        free = _free(entry, options, word)
        if free is None:
            raise Misread(unknown_option(entry, word))
        options[free.name] = "yes" if free.type is bool and word.lower() == free.name else _unquoted(word)
        growing = free if free.words else None
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
        Choice(clip(other.spelled, LIMITS.OPTION), " ".join(other.path) + (" " if other.options else ""), _(other.help))
        for other in TREE
        if " ".join(other.path).startswith(" ".join(text.lower().split())) and not other.group
        if other.path not in ((), ("help",))
    ]
    if entry is None or not entry.path or entry.group or not before.strip():
        return tuple(deeper[: LIMITS.CHOICES])
    name, colon, value = typing.partition(":")
    if colon and (option := entry.option(name.lower())):
        head = f"{before}{option.name}:"
        if option.source:
            return Ask(entry.path, option.name, _unquoted(value), head)
        values = ("yes", "no") if option.type is bool else option.choices
        return tuple(Choice(v, f"{head}{v} ", _(option.help)) for v in values if v.startswith(value.lower()))
    given = {word.partition(":")[0].lower() for word in rest}
    return tuple(
        Choice(f"{option.name}:", f"{before}{option.name}:", _(option.help))
        for option in entry.options
        if option.name not in given and option.name.startswith(typing.lower())
    )


def quoted(value: str) -> str:
    """A value as it can be typed: in quotes when it has spaces."""
    return f'"{value}"' if re.search(r"\s", value) else value


_WORD = re.compile(r'[^\s"“”:]+:"[^"]*"|[^\s"“”:]+:“[^”]*”|"[^"]*"|“[^”]*”|\S+')


def _words(text: str) -> list[str]:
    """The words; those of a list, and a time and its half of the day, are one: `days:mon, wed`, `time:9 am`."""
    spans: list[tuple[int, int]] = []
    for found in _WORD.finditer(text):
        before = text[slice(*spans[-1])] if spans else ""
        listed = before.endswith(",") and not re.match(r"[A-Za-z]+:", found[0])
        if listed or (found[0].lower() in ("am", "pm") and before[-1:].isdecimal()):
            spans[-1] = spans[-1][0], found.end()
        else:
            spans.append(found.span())
    return [text[start:end] for start, end in spans]


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
            and not (entry.group and len(words) > length)
        ):
            return entry, words[length:]
    return (None if words else BY_PATH[()]), words


def _free(entry: Entry, given: Mapping[str, OptionValue], word: str) -> Option | None:
    """The option that a bare word is for: the first still free that lists it, or the first that takes any text."""
    free = [option for option in entry.options if option.name not in given and not option.named]
    listed = (option for option in free if _lists(option, _unquoted(word).lower()))
    return next(listed, None) or next((o for o in free if o.type is str and not o.choices), None)


def _lists(option: Option, word: str) -> bool:
    """Whether an option can be nothing but this word, of all options: a choice, a number, a yes by its name."""
    if option.type is bool:
        return word == option.name
    if option.type is ChannelId:
        return word.startswith(("#", "<#"))
    if option.type is GroupId:
        return word.startswith(("@", "<@&", "<!subteam^"))
    if option.like:
        return re.fullmatch(option.like, word, re.IGNORECASE) is not None
    if option.several:
        word = word.partition(",")[0]
    return word.isdecimal() if option.type is int else word in option.choices
