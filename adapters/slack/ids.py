"""What the parts of our messages and forms are called: the action that each asks for, once a message."""

from __future__ import annotations

from bot.messages import Action

_SUGGEST = "suggest"


def unique(action: Action, taken: set[str]) -> str:
    """The action, and where a message offers it twice a number after `#`, as Slack wants each id once."""
    written = str(action)
    found, number = written, 0
    while found in taken:
        number += 1
        found = f"{written}#{number}"
    taken.add(found)
    return found


def to_action(action_id: str) -> Action:
    """The action in an id that `unique` made. ValueError for any other."""
    return Action.parse(action_id.partition("#")[0])


def suggesting(path: tuple[str, ...], option: str) -> str:
    """The id of a menu that asks for suggestions for a command's option as somebody types."""
    return str(Action.of(_SUGGEST, *path, option))


def to_option(action_id: str) -> tuple[tuple[str, ...], str]:
    """The command's path and the option in an id that `suggesting` made. ValueError for any other."""
    action = to_action(action_id)
    if action.verb != _SUGGEST or not action.args:
        raise ValueError(f"not a menu that asks for suggestions: {action_id!r}")
    return action.args[:-1], action.args[-1]
