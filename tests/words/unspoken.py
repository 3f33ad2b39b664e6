"""Finds what a file says past the catalogue: English literals that reach people without `_`."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

SAYS: Mapping[str, frozenset[int | str] | None] = {
    "Text.of": None,
    "Text.woven": frozenset({0}),
    "woven": frozenset({0}),
    "Message.of": None,
    "Heading": frozenset({0}),
    "Button": frozenset({0, "label", "hint"}),
    "Select": frozenset({1, "placeholder"}),
    "Choice": frozenset({0, 2, "label", "note"}),
    "TextInput": frozenset({1, "label", "placeholder"}),
    "SelectInput": frozenset({1, "label"}),
    "Form": frozenset({0, "title", "intro", "send"}),
    "Fields": None,
    "Table": frozenset({0, "head"}),
    "Picture": frozenset({1, "alt"}),
    "plain": frozenset({0}),
    "bold": frozenset({0}),
    "italic": frozenset({0}),
    "Unfit": frozenset({0}),
    "Unclear": frozenset({0, "sentence"}),
    "Misread": frozenset({0}),
    "Forbidden": frozenset({0}),
    "Missing": frozenset({0}),
    "Rejected": frozenset({0}),
    "Unavailable": frozenset({0}),
    "Unheard": frozenset({0}),
    "SignedOut": frozenset({0}),
    "Marked": frozenset({0}),
    "HTTPException": frozenset({1}),
    "Option": frozenset({1, "help"}),
    "Entry": frozenset({1, "help"}),
    "Typed": frozenset({1}),
    "count": None,
}
"""What shows words to people: by which arguments, or by all (None)."""

MARKS = ("_", "N_", "ngettext", "pgettext")
QUIET = ("code", "CodeBlock", "Action.of", "Action")
"""What is typed, or seen by nobody."""

OPERATOR = "# to the operator"
"""Stands behind what only whoever runs the bot reads: they are spoken to in English, as the log is."""

_SENTENCE = re.compile(r"[A-Za-z’]{2,}[,;:]? [A-Za-z’]{2,}|[A-Za-z’]{3,}[.!?]$")
_WORD = re.compile(r"[^\W\d_]{2,}")
_MARKED = re.compile(r"`[^`]*`|\{[a-z_]+\}")
_TYPED = re.compile(
    r'/quiz(?: [a-z]+(?::[a-z0-9:]+)?){0,3}|[a-z]+/[a-z]+(?:; charset=utf-8)?|(?:public|private), [a-z0-9=, -]+|attachment; filename="'
)


@dataclass(frozen=True)
class Finding:
    path: Path
    line: int
    what: str

    def __str__(self) -> str:
        return f"{self.path.name}:{self.line}: {self.what}"


def unspoken(path: Path) -> list[Finding]:
    """Every literal that is said without being looked up, in the order of the lines."""
    source = path.read_text(encoding="utf-8")
    lines = source.splitlines()
    found = {(line, text) for line, text in _walk(ast.parse(source)) if OPERATOR not in lines[line - 1]}
    return [Finding(path, line, text) for line, text in sorted(found)]


def _walk(node: ast.AST) -> Iterator[tuple[int, str]]:
    if isinstance(node, ast.Call):
        name = ast.unparse(node.func)
        if name.split(".")[0] in ("log", "logging") or name.endswith(("Error", "Exception")):
            return
        if name in MARKS:
            yield from _given(node, name)
            return
        short = name.split(".")[-1] if name not in SAYS else name
        if short in SAYS and name not in QUIET:
            for at, argument in _shown(node, SAYS[short]):
                yield from _words(argument, at)
    if isinstance(node, ast.JoinedStr):
        for part in ast.walk(node):
            if (
                isinstance(part, ast.Call)
                and ast.unparse(part.func) in MARKS
                and isinstance(part.args[0], ast.Constant)
            ):
                yield node.lineno, f"inside an f-string nothing is gathered: {ast.unparse(part)[:60]}"
    if isinstance(node, ast.Return) and node.value is not None:
        yield from _sentences(node.value)
    if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
        yield from _sentences(node.value)
    for child in ast.iter_child_nodes(node):
        yield from _walk(child)


def _shown(call: ast.Call, which: frozenset[int | str] | None) -> Iterator[tuple[int, ast.AST]]:
    for at, argument in enumerate(call.args):
        if which is None or at in which:
            yield argument.lineno, argument
    for keyword in call.keywords:
        if keyword.arg is not None and (which is None or keyword.arg in which):
            yield keyword.value.lineno, keyword.value


def _words(node: ast.AST, line: int) -> Iterator[tuple[int, str]]:
    """Literals with a word in them, in what is shown."""
    for text in _literals(node):
        if _WORD.search(_MARKED.sub("", text)) and not _TYPED.fullmatch(text):
            yield line, text


def _sentences(node: ast.AST) -> Iterator[tuple[int, str]]:
    """Literals that read like a sentence, wherever they may go from here."""
    for text in _literals(node):
        if _SENTENCE.search(_MARKED.sub("", text)) and not _TYPED.fullmatch(text):
            yield getattr(node, "lineno", 0), text


def _literals(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Constant(value=str() as text):
            yield text
        case ast.JoinedStr():
            for part in node.values:
                yield from _literals(part)
        case ast.FormattedValue():
            yield from _literals(node.value)
        case ast.BinOp():
            yield from _literals(node.left)
            yield from _literals(node.right)
        case ast.IfExp():
            yield from _literals(node.body)
            yield from _literals(node.orelse)
        case ast.BoolOp():
            for part in node.values:
                yield from _literals(part)
        case ast.Tuple() | ast.List() | ast.Set():
            for part in node.elts:
                yield from _literals(part)
        case ast.Dict():
            for part in node.values:
                yield from _literals(part)
        case ast.Starred():
            yield from _literals(node.value)
        case ast.Call(func=ast.Name(id="clip")) if node.args:
            yield from _literals(node.args[0])
        case ast.Call(func=ast.Attribute(attr="join", value=ast.Constant(value=str()))) if node.args:
            yield from _literals(node.args[0])
        case ast.ListComp() | ast.GeneratorExp():
            yield from _literals(node.elt)
        case _:
            return


def _given(call: ast.Call, name: str) -> Iterator[tuple[int, str]]:
    """What is wrong with a look-up: a text that is made up as it goes, which no tool can gather."""
    texts = call.args[:2] if name in ("ngettext", "pgettext") else call.args[:1]
    for text in texts:
        if isinstance(text, ast.JoinedStr | ast.BinOp) or (name != "_" and not isinstance(text, ast.Constant)):
            yield call.lineno, f"{name} can't be gathered: {ast.unparse(text)[:60]}"
        elif (
            isinstance(text, ast.Constant) and isinstance(text.value, str) and re.search(r"%[sd(]|\{[0-9}]", text.value)
        ):
            yield call.lineno, f"{name} has a place without a name: {text.value[:60]}"
