"""Reads who imports whom out of the source, and holds it to a table of rooms."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from pathlib import Path


@dataclass(frozen=True)
class Room:
    """What the modules of one room may import besides the standard library and each other.

    `ours`: rooms, by prefix (`bot` alone is its `__init__`). `theirs`: distributions' top-level modules. None: anything.
    `never` wins over both, and over None.
    """

    ours: frozenset[str] | None = frozenset()
    theirs: frozenset[str] | None = None
    never: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Import:
    """`module` is imported in line `line`, or `name` from it; `at_start`: as soon as the importing module is."""

    module: str
    name: str | None
    line: int
    at_start: bool


def modules(root: Path, packages: tuple[str, ...]) -> dict[str, Path]:
    """Every module under `root` that belongs to `packages`, by its dotted name."""
    found: dict[str, Path] = {}
    for package in packages:
        for path in sorted((root / package).rglob("*.py")):
            parts = path.relative_to(root).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imports(name: str, path: Path) -> Iterator[Import]:
    """Every import in a module, those inside functions and under TYPE_CHECKING too."""
    package = name if path.stem == "__init__" else name.rpartition(".")[0]
    yield from _walk(ast.parse(path.read_text(encoding="utf-8")), package, at_start=True)


def _walk(node: ast.AST, package: str, *, at_start: bool) -> Iterator[Import]:
    match node:
        case ast.Import(names=names, lineno=line):
            for alias in names:
                yield Import(alias.name, None, line, at_start)
        case ast.ImportFrom(module=module, names=names, level=level, lineno=line):
            above = package.rsplit(".", level - 1)[0] if level else ""
            source = ".".join(part for part in (above, module) if part)
            for alias in names:
                yield Import(source, alias.name, line, at_start)
        case ast.Call(func=ast.Name(id="import_module" | "__import__") | ast.Attribute(attr="import_module")):
            if node.args and isinstance(node.args[0], ast.Constant) and isinstance(node.args[0].value, str):
                yield Import(node.args[0].value, None, node.lineno, at_start)
    for child in ast.iter_child_nodes(node):
        later = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) or (
            isinstance(node, ast.If) and child in node.body and ast.unparse(node.test).endswith("TYPE_CHECKING")
        )
        yield from _walk(child, package, at_start=at_start and not later)


def room_of(module: str, rooms: Mapping[str, Room]) -> str | None:
    """The longest of the rooms' names that is `module` or stands above it; a top-level name is its `__init__` alone."""
    names = [name for name in rooms if module == name or ("." in name and module.startswith(f"{name}."))]
    return max(names, key=len, default=None)


def breaches(root: Path, rooms: Mapping[str, Room]) -> list[str]:
    """A sentence for each import that the rooms forbid, and one for a cycle."""
    packages = tuple(sorted({name.partition(".")[0] for name in rooms}))
    known = modules(root, packages)
    found: list[str] = []
    started: dict[str, set[str]] = {}
    for module, path in known.items():
        room = room_of(module, rooms)
        if room is None:
            found.append(f"{module} is in no room of the table")
            continue
        for imported in imports(module, path):
            whole = f"{imported.module}.{imported.name}"
            target = whole if whole in known else imported.module
            if target.partition(".")[0] in packages:
                if target not in known:
                    found.append(f"{module}:{imported.line} imports {target}, which does not exist")
                    continue
                if imported.at_start and target != module:
                    started.setdefault(module, set()).add(target)
                reason = _ours(module, room, target, imported.name, rooms)
            else:
                reason = _theirs(target.partition(".")[0], rooms[room])
            if reason:
                found.append(f"{module}:{imported.line} imports {whole if imported.name else target}: {reason}")
    try:
        TopologicalSorter(started).prepare()
    except CycleError as circle:
        found.append("a circle of imports: " + " → ".join(reversed(circle.args[1])))
    return found


def _ours(module: str, room: str, target: str, name: str | None, rooms: Mapping[str, Room]) -> str | None:
    there = room_of(target, rooms)
    if (
        name and name.startswith("_") and name != "_" and not name.startswith("__") and target != module
    ):  # `_` says things
        return f"{name} is {target}'s private name"
    if there in rooms[room].never:
        return f"{room} never imports {there}"
    allowed = rooms[room].ours
    if there == room or allowed is None or there in allowed:
        return None
    return f"{room} may not import {there or target}"


def _theirs(top: str, room: Room) -> str | None:
    if top in room.never:
        return f"{top} has no place here"
    if top in sys.stdlib_module_names or room.theirs is None or top in room.theirs:
        return None
    return f"of others' packages this room takes {', '.join(sorted(room.theirs)) or 'none'}"
