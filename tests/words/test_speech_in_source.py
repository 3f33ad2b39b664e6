"""Everything that people read goes through the catalogue."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.tree import ROOT
from tests.words.unspoken import unspoken

SPEAKING = [
    *sorted((ROOT / "bot/features").glob("*.py")),
    *sorted((ROOT / "bot/commands").glob("*.py")),
    *(ROOT / "bot" / f"{name}.py" for name in ("app", "teller", "examiner", "quizmaster", "postman", "steward", "herald", "courier", "timetable")),
    *(ROOT / "adapters/discord" / f"{name}.py" for name in ("access", "client", "errors", "parse", "reply", "tree")),
    *(
        ROOT / "adapters/slack" / f"{name}.py"
        for name in (
            "access", "api", "arrivals", "channels", "courtesy", "errors", "forms", "installs", "kept", "many", "pace", "lifecycle", "menus", "parse", "posts",
            "render", "reply", "source", "speech", "spot", "table", "uploads",
        )
    ),
    *(ROOT / "adapters/web" / f"{name}.py" for name in ("client", "desk", "gate", "parse", "pages", "render")),
    *(ROOT / "bot/quiz" / f"{name}.py" for name in ("grading", "rubric")),
    *(ROOT / "bot/pictures" / f"{name}.py" for name in ("board", "numerals", "recap", "stats")),
]  # fmt: skip
"""What people in a chat read comes from these. Operators are spoken to in English: the command line, the doctor, the log."""


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", SPEAKING, ids=name)
def test_what_a_file_says_is_in_the_catalogue(path: Path) -> None:
    assert [str(each) for each in unspoken(path)] == []


# ---------------------------------------------------------------- what is public is said aloud


def deliveries(path: Path) -> Iterator[tuple[int, bool]]:
    """Each `Post(…)`, `Edit(…)` or `Tell(…)` that a feature makes, and whether that is inside `aloud()` or `speaking(…)`."""

    def walk(node: ast.AST, loud: bool) -> Iterator[tuple[int, bool]]:
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("Post", "Edit", "Tell"):
            yield node.lineno, loud
        inside = loud or (
            isinstance(node, ast.With)
            and any(ast.unparse(item.context_expr).startswith(("aloud(", "speaking(")) for item in node.items)
        )
        for child in ast.iter_child_nodes(node):
            yield from walk(child, inside)

    yield from walk(ast.parse(path.read_text(encoding="utf-8")), False)


@pytest.mark.parametrize("path", [path for path in SPEAKING if path.parent.name == "features"], ids=name)
def test_what_all_can_read_is_made_in_the_communitys_language(path: Path) -> None:
    assert [line for line, loud in deliveries(path) if not loud] == []


@pytest.mark.parametrize("path", [path for path in SPEAKING if path.parent.name == "features"], ids=name)
def test_a_form_says_what_its_button_does(path: Path) -> None:
    """Where it doesn't, the message has an English word for it."""
    forms = [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]
    silent = [
        node.lineno
        for node in forms
        if ast.unparse(node.func) == "Form" and "send" not in {each.arg for each in node.keywords}
    ]
    assert silent == []


# ---------------------------------------------------------------- the check itself


@pytest.mark.parametrize(
    ("source", "count"),
    [
        ("Message.of('No such deck.')", 1),
        ("Message.of(_('No such deck.'))", 0),
        ("Button('Go on', action)", 1),
        ("Button('A', action)", 0),
        ("Button(label, action, hint='Take it away')", 1),
        ("Text.of('Type ', code('/quiz play'), '.')", 1),
        ("Text.of(_('Type'), ' ', code('/quiz play'), '.')", 0),
        ("Text.of(f'{name} has left')", 1),
        ("Text.of(f'{name} · {_(level)}')", 0),
        ("Text.of('yes' if so else _('no'))", 1),
        ("Fields((('Rank', rank),))", 1),
        ("Fields(((_('Rank'), rank),))", 0),
        ("Text.woven(_('**{number} cards**'), number='3')", 0),
        ("Text.woven('`/quiz play` {rest}', rest=rest)", 0),
        ("HOW = 'Answer with a reaction.'", 1),
        ("HOW = N_('Answer with a reaction.')", 0),
        ("MODES = {1: 'answered with buttons'}", 1),
        ("def f():\n    return 'It is over now.'", 1),
        ("def f():\n    return 'week'", 0),
        ("raise Unfit(f'There is no {what}')", 1),
        ("log.warning('not sent for now: %s', error)", 0),
        ("raise ValueError('a time without a zone')", 0),
        ("_(f'There is no {what}')", 1),
        ("_('There is no ' + what)", 1),
        ("_('There are {} of them')", 1),
        ("f'{_('No')} {rest}'".replace("'No'", '"No"'), 1),
        ("ngettext(one, many, 3)", 2),
        ("count(3, 'card')", 1),
        ("prose.count(3, 'card')", 1),
    ],
)
def test_the_check_finds_what_is_said_past_the_catalogue(tmp_path: Path, source: str, count: int) -> None:
    file = tmp_path / "said.py"
    file.write_text(source)
    assert len(unspoken(file)) == count
