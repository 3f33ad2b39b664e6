"""Reading a payload whose shape nobody promises: what isn't there, or is of another type, reads as nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, TypeAlias

from bot.events import legible

Payload: TypeAlias = Mapping[str, Any]

_LONGEST = 255
_ID = re.compile(rf"[A-Za-z0-9_.:-]{{1,{_LONGEST}}}")


def at(payload: object, *path: str) -> object:
    """What stands at a path of names; None where it ends before."""
    found = payload
    for name in path:
        if not isinstance(found, dict):
            return None
        found = found.get(name)
    return found


def text(payload: object, *path: str) -> str:
    found = at(payload, *path)
    return legible(found) if isinstance(found, str) else ""


def ident(payload: object, *path: str) -> str:
    """An id as Slack makes them; empty for anything else."""
    found = payload
    for name in path:  # as `at`, which is a call more, and a press asks for two dozen
        if not isinstance(found, dict):
            return ""
        found = found.get(name)
    if not isinstance(found, str):
        return ""
    plain = found.isascii() and found.isalnum() and len(found) <= _LONGEST  # as most are, and that is quickly seen
    return found if plain or _ID.fullmatch(found) else ""


def mapping(payload: object, *path: str) -> Payload:
    found = at(payload, *path)
    return found if isinstance(found, dict) else {}


def items(payload: object, *path: str) -> list[Any]:
    found = at(payload, *path)
    return found if isinstance(found, list) else []
