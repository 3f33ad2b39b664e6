"""Finding what a method and a path ask for. Templates are written as the published document writes them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeAlias

from tests.emulators.discord.compose import Upload
from tests.emulators.discord.world import World


@dataclass(slots=True)
class Call:
    """One request, read. `ids` are the path's variable parts in order."""

    world: World
    ids: tuple[str, ...]
    query: Mapping[str, str]
    body: Any
    uploads: Mapping[int, Upload]


Answer: TypeAlias = tuple[int, bytes]


class Route(NamedTuple):
    """`bare` needs no bot token: the path has one of its own."""

    method: str
    template: str
    run: Callable[[Call], Answer]
    bare: bool = False


@dataclass(slots=True)
class _Node:
    literal: dict[str, _Node] = field(default_factory=dict)
    variable: _Node | None = None
    routes: dict[str, Route] = field(default_factory=dict)


class Router:
    def __init__(self, routes: list[Route]) -> None:
        self._root = _Node()
        for route in routes:
            node = self._root
            for part in route.template.strip("/").split("/"):
                if part.startswith("{"):
                    node.variable = node.variable or _Node()
                    node = node.variable
                else:
                    node = node.literal.setdefault(part, _Node())
            node.routes[route.method] = route

    def find(self, method: str, path: str) -> tuple[Route | None, tuple[str, ...], bool]:
        """The route, its variable parts, and whether the path is known at all."""
        node = self._root
        ids: list[str] = []
        for part in path.strip("/").split("/"):
            if (literal := node.literal.get(part)) is not None:
                node = literal
            elif node.variable is not None:
                ids.append(part)
                node = node.variable
            else:
                return None, (), False
        return node.routes.get(method), tuple(ids), bool(node.routes)
