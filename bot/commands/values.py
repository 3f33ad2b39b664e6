"""What a command was given, however it came: each option of its type, and what to say where it can't be."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping

from bot.commands.tree import BY_PATH, TREE, ChannelId, Entry, Option
from bot.messages import OptionValue, clip


class Misread(Exception):
    """What someone typed is no command; `str` is the sentence to answer with."""


def check(path: tuple[str, ...], options: Mapping[str, OptionValue]) -> tuple[Entry, dict[str, OptionValue]]:
    """The command that `path` names and its options, each of its type, defaults filled in. Misread otherwise.

    Options that were typed arrive as text; a platform's own menus give the right type, and are checked all the same.
    """
    if (entry := BY_PATH.get(path)) is None:
        raise Misread(unknown_command(" ".join(path)))
    checked: dict[str, OptionValue] = {
        option.name: option.default for option in entry.options if option.default is not None
    }
    for name, value in options.items():
        if (option := entry.option(name)) is None:
            raise Misread(unknown_option(entry, name))
        checked[name] = _value(option, value)
    for option in entry.options:
        if option.required and option.name not in checked:
            raise Misread(f"{entry.spelled} needs to know {option.help[0].lower()}{option.help[1:]}.")
    return entry, checked


_CHANNEL = re.compile(r"<#(?P<id>[A-Za-z0-9]+)(\|[^<>]*)?>|#?(?P<name>[^\s#<>|,]{1,100})")


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
    if option.type is ChannelId:
        if (found := _CHANNEL.fullmatch(text)) is None:
            raise Misread(f"{option.name} is a channel, such as #general, not “{clip(text, 40)}”.")
        return found["id"] or found["name"]
    if option.choices:
        if text.lower() in option.choices:
            return text.lower()
        raise Misread(
            f"{option.name} can be {_either(option.choices)}, not “{clip(text, 40)}”."
            + _did_you_mean(text, option.choices)
        )
    return text


def unknown_command(typed: str) -> str:
    names = [" ".join(entry.path) for entry in TREE if entry.path and not entry.group]
    first = typed.partition(" ")[0].lower()
    group = [name for name in names if name.partition(" ")[0] == first]
    if close := group or _nearest(typed, names) or _nearest(first, names):
        return f"There is no /quiz {clip(typed, 40)}. Did you mean {_either([f'/quiz {name}' for name in close])}?"
    return f"There is no /quiz {clip(typed, 40)}. /quiz help shows what there is."


def unknown_option(entry: Entry, typed: str) -> str:
    if not entry.options:
        return f"{entry.spelled} takes no options, so I don’t know what to do with “{clip(typed, 40)}”."
    alone = len(entry.options) == 1 and bool(entry.options[0].choices)  # nobody has to name it
    names = [] if alone else [option.name for option in entry.options]
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
