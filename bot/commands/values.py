"""What a command was given, however it came: each option of its type, and what to say where it can't be."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping

from bot.commands.tree import BY_PATH, TREE, ChannelId, Entry, GroupId, Option
from bot.messages import OptionValue, clip
from bot.quiz.truths import truth
from bot.words import _, either, number


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
            raise Misread(
                # For translators: “/quiz deck show needs to know one thing more. deck: Which deck”
                _(
                    "{command} needs to know one thing more. {option}: {about}",
                    command=entry.spelled,
                    option=option.name,
                    about=_(option.help),
                )
            )
    return entry, checked


SWITCHES = {"on": True, "1": True, "an": True, "off": False, "0": False, "aus": False}
"""Typed for yes and no, besides what means that anyway."""

_CHANNEL = re.compile(r"<#(?P<id>[A-Za-z0-9]+)(\|[^<>]*)?>|#?(?P<name>[^\s#<>|,]{1,100})")
_GROUP = re.compile(r"<(@&|!subteam\^)(?P<id>[A-Za-z0-9]+)(\|@?(?P<name>[^<>|]*))?>")
NOBODY = "none"
"""Typed in the place of a group."""


def _value(option: Option, value: OptionValue) -> OptionValue:
    text = str(value).strip()
    if option.type is bool:
        if isinstance(value, bool):
            return value
        if (meant := SWITCHES.get(text.lower(), truth(text))) is not None:
            return meant
        raise Misread(_("{option} is yes or no, not “{text}”.", option=option.name, text=clip(text, 40)))
    if option.type is int:
        if not re.fullmatch(r"\d{1,9}", text) or not option.least <= int(text) <= option.most:
            raise Misread(
                _(
                    "{option} is a number from {least} to {most}, not “{text}”.",
                    option=option.name,
                    least=number(option.least),
                    most=number(option.most),
                    text=clip(text, 40),
                )
            )
        return int(text)
    if option.type is ChannelId:
        channels: list[str] = []
        for each in re.split(r"\s*,\s*", text.strip(", ")):
            if (found := _CHANNEL.fullmatch(each)) is None:
                raise Misread(
                    _("{option} is a channel, such as #general, not “{text}”.", option=option.name, text=clip(each, 40))
                )
            channels.append(found["id"] or found["name"])
        return ",".join(dict.fromkeys(channels))
    if option.type is GroupId:
        if text.lower() == NOBODY:
            return NOBODY
        if (found := _GROUP.fullmatch(text)) is None:
            raise Misread(
                _(
                    "{option} is a role or user group that is here, chosen from the list that opens, not “{text}”.",
                    option=option.name,
                    text=clip(text, 40),
                )
            )
        return f"{found['id']}|{found['name'] or ''}"
    if option.choices:
        named = [each.strip().lower() for each in text.split(",") if each.strip()] if option.several else [text.lower()]
        unknown = next((each for each in named if each not in option.choices), None)
        if named and unknown is None:
            return ",".join(named)
        text = unknown or text
        said = _(
            "{option} can be {choices}, not “{text}”.",
            option=option.name,
            choices=either(option.choices),
            text=clip(text, 40),
        )
        raise Misread(said + _did_you_mean(text, option.choices))
    return text


def unknown_command(typed: str) -> str:
    names = [" ".join(entry.path) for entry in TREE if entry.path and not entry.group]
    first = typed.partition(" ")[0].lower()
    group = [name for name in names if name.partition(" ")[0] == first]
    if close := group or _nearest(typed, names) or _nearest(first, names):
        meant = either([f"/quiz {name}" for name in close])
        return _("There is no /quiz {typed}. Did you mean {commands}?", typed=clip(typed, 40), commands=meant)
    return _("There is no /quiz {typed}. /quiz help shows what there is.", typed=clip(typed, 40))


def unknown_option(entry: Entry, typed: str) -> str:
    told = {"command": entry.spelled, "text": clip(typed, 40)}
    if not entry.options:
        return _("{command} takes no options, so I don’t know what to do with “{text}”.", **told)
    alone = len(entry.options) == 1 and bool(entry.options[0].choices)  # nobody has to name it
    names = [] if alone else [option.name for option in entry.options]
    every = [*names, *(choice for option in entry.options for choice in option.choices)]
    if close := _nearest(typed, every):
        return _("{command} doesn’t know “{text}”. Did you mean {choices}?", **told, choices=either(close))
    return _("{command} doesn’t know “{text}”. It takes {choices}.", **told, choices=either(every))


def _nearest(typed: str, names: list[str] | tuple[str, ...]) -> list[str]:
    return difflib.get_close_matches(typed.lower()[:60], names, n=3, cutoff=0.6)


def _did_you_mean(typed: str, names: list[str] | tuple[str, ...]) -> str:
    """A sentence of its own, behind another; empty where nothing is near."""
    close = _nearest(typed, names)
    return " " + _("Did you mean {choices}?", choices=either(close)) if close else ""
